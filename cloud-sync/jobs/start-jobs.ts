import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Jobs } from './open-jobs.ts'

const AGAIN_MS_MIN = 1_000
const AGAIN_MS_MAX = 5 * 60_000

interface Starting {
  readonly open: () => Promise<Jobs>
  readonly log: Pick<FastifyBaseLogger, 'error'>
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/**
 * Begins periodic work, and again until it has begun: a cloud without it answers all the same, and a short fault of the
 * database leaves none without it. @returns ends it
 */
export function startJobs({
  open,
  log,
  wait = (ms, signal) => pause(ms, undefined, { signal }),
}: Starting): () => Promise<void> {
  const ending = new AbortController()
  async function begin(): Promise<Jobs | null> {
    for (let waitMs = AGAIN_MS_MIN; !ending.signal.aborted; waitMs = Math.min(2 * waitMs, AGAIN_MS_MAX)) {
      try {
        return await open()
      } catch (error) {
        log.error({ err: error }, 'periodic work could not be begun; it is tried again')
      }
      // Nobody waits any more once it is ended.
      await wait(waitMs, ending.signal).catch(() => {})
    }
    return null
  }
  const begun = begin()
  return async () => {
    ending.abort()
    await (await begun)?.close()
  }
}
