import { createHash } from 'node:crypto'
import type { Pause } from '../../../branch-server/sync/within.ts'

/** What has been begun and must come to rest before simulated time goes on: a request to the real database, a commit. */
type Act = () => unknown

interface Due {
  readonly atMs: number
  readonly act: Act
}

/** Turns of the event loop in which everything that waits for nobody comes to rest. */
const TURNS = 3

/**
 * Simulated time. One thing happens at a time, and whatever it sets going has come to rest before the next: so what is
 * slow in our own time, and how slow, changes nothing, and the same seed tells the same story.
 */
export interface Timeline {
  /** Milliseconds since the story began. */
  nowMs(): number
  /** @returns takes it back */
  after(ms: number, act: Act): () => void
  readonly pause: Pause
  /** Time stands still until this is done; for work that takes our own time. */
  during<Result>(work: Promise<Result>): Promise<Result>
  /** Lets everything happen that is due by then. */
  runUntil(ms: number): Promise<void>
  /** Notes what happened to whom; the same story has the same notes. @param what - is counted */
  note(who: string, what: string, more?: string): void
  /** How often what has happened. */
  readonly counts: ReadonlyMap<string, number>
  /** Of all notes so far. */
  readonly transcriptHash: () => string
  /** The last of them, for whoever looks for a fault. */
  readonly lastNotes: () => readonly string[]
}

const NOTES_KEPT = 400

export function openTimeline(): Timeline {
  let nowMs = 0
  /** In the order in which they are due; of those due at once the one that was asked for first. */
  const due: Due[] = []
  const underWay = new Set<Promise<unknown>>()
  const transcript = createHash('sha256')
  const notes: string[] = []
  const counts = new Map<string, number>()

  function after(ms: number, act: Act): () => void {
    const it: Due = { atMs: nowMs + Math.max(0, ms), act }
    const place = due.findLastIndex(({ atMs }) => atMs <= it.atMs) + 1
    due.splice(place, 0, it)
    return () => {
      const at = due.indexOf(it)
      if (at !== -1) due.splice(at, 1)
    }
  }

  async function during<Result>(work: Promise<Result>): Promise<Result> {
    underWay.add(work)
    try {
      return await work
    } finally {
      underWay.delete(work)
    }
  }

  async function comeToRest(): Promise<void> {
    do {
      await Promise.allSettled(underWay)
      for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    } while (underWay.size > 0)
  }

  return {
    nowMs: () => nowMs,
    after,
    during,
    pause: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const end = (): void => {
          takeBack()
          signal.removeEventListener('abort', end)
          resolve()
        }
        const takeBack = after(ms, end)
        signal.addEventListener('abort', end)
      }),
    async runUntil(ms) {
      await comeToRest()
      for (let next = due[0]; next !== undefined && next.atMs <= ms; next = due[0]) {
        due.shift()
        nowMs = Math.max(nowMs, next.atMs)
        await next.act()
        await comeToRest()
      }
      nowMs = Math.max(nowMs, ms)
    },
    counts,
    note(who, what, more = '') {
      counts.set(what, (counts.get(what) ?? 0) + 1)
      const line = `${nowMs} ${who} ${what} ${more}`
      transcript.update(`${line}\n`)
      notes.push(line)
      if (notes.length > NOTES_KEPT) notes.shift()
    },
    transcriptHash: () => transcript.copy().digest('hex'),
    lastNotes: () => notes,
  }
}
