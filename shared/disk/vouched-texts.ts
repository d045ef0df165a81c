import { hash } from 'node:crypto'
import type { Bookmark } from '../domain/epoch.ts'
import type { Sqlite } from './open.ts'

/** Where the kept feed stood when it was last written; a row of the host's own notes. */
export const HEAD_KEY = 'head'

/** The place of the last event, beside it: nothing that follows tells whether that one is still what was sent. */
export function createHeadSeal(db: Sqlite) {
  const putHead = db.prepare('insert or replace into meta (key, value) values (?, ?)')
  const getHead = db.prepare('select value from meta where key = ?').pluck()
  return {
    put: ({ epoch, seq, headHash }: Bookmark): void => void putHead.run(HEAD_KEY, `${epoch};${seq};${headHash}`),
    get: (): string | null => (getHead.get(HEAD_KEY) as string | undefined) ?? null,
  }
}

function prevOf(text: string): string | null {
  try {
    return (JSON.parse(text) as { prev: string }).prev
  } catch {
    return null
  }
}

/**
 * The events that are still what was sent: each says the hash of the one before it, and the seal that of the last.
 * A device that showed the branch a place that is not its own would make it skip numbers.
 * @param seal - null: the version before wrote none
 * @returns the first so many of the texts; null when not even the snapshot's place is sure
 */
export function vouchedTexts(
  { epoch, seq, headHash }: Bookmark,
  texts: readonly string[],
  seal: string | null,
): readonly string[] | null {
  let before: string = headHash
  for (const [index, text] of texts.entries()) {
    const prev = prevOf(text)
    if (prev === before) {
      before = hash('sha256', text)
      continue
    }
    // One that no longer reads is wrong itself; else it may be the one before it, for which it no longer vouches.
    return prev === null ? texts.slice(0, index) : allButLast(texts.slice(0, index))
  }
  return seal === null || seal === `${epoch};${seq + texts.length};${before}` ? texts : allButLast(texts)
}

const allButLast = (texts: readonly string[]): readonly string[] | null =>
  texts.length === 0 ? null : texts.slice(0, -1)
