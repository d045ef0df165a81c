import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyLearned, type Learned, learnedFrom } from '#shared/wait/learned.ts'
import type { Log } from './log.ts'

const NAME = 'learned-waits.json'
const KEEP_MS = 60_000

/**
 * What the branch has learned about waiting, kept beside the database. It is no truth of the branch: without the file,
 * or with one that cannot be read, the branch learns anew and tells no waits until it knows enough.
 */
export interface LearnedFile {
  readonly learned: Learned
  /** Writes the last of it. */
  close(): Promise<void>
}

function read(file: string, log: Log): Learned {
  try {
    return learnedFrom(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isNew) log.warn({ err: error }, 'what was learned of waits cannot be read; it is learned anew')
  }
  return emptyLearned()
}

export function openLearned(folder: string, log: Log): LearnedFile {
  const file = join(folder, NAME)
  const learned = read(file, log)
  let writing: Promise<void> = Promise.resolve()
  const write = async (): Promise<void> => {
    try {
      // Not flushed: a power cut may cost some minutes of learning, a flush would cost somebody's tap.
      await writeFile(`${file}.new`, JSON.stringify(learned), { mode: 0o600 })
      await rename(`${file}.new`, file)
    } catch (error) {
      log.warn({ err: error }, 'what was learned of waits could not be kept')
    }
  }
  const keep = (): Promise<void> => {
    writing = writing.then(write)
    return writing
  }
  const timer = setInterval(() => void keep(), KEEP_MS).unref()
  return {
    learned,
    async close() {
      clearInterval(timer)
      await keep()
    },
  }
}
