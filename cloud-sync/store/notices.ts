import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import pg from 'pg'

/** What clouds on one database tell each other. */
export interface Notices {
  close(): Promise<void>
}

export interface NoticeParts {
  readonly url: string
  readonly channel: string
  readonly heard: (text: string) => void
  /** It listens, for the first time or again: what was said before was not heard. */
  readonly listening: () => void
  readonly log: FastifyBaseLogger
}

const AGAIN_MS_MIN = 200
const AGAIN_MS_MAX = 10_000
/** A connection on which nothing is said for long may be dead without a word. */
const KEEP_ALIVE_MS = 10_000

/** Listens for ever, on a connection of its own. */
export function openNotices({ url, channel, heard, listening, log }: NoticeParts): Notices {
  const closing = new AbortController()

  async function listenOnce(): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    })
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve())
      client.on('end', () => resolve())
      closing.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    client.on('notification', ({ payload = '' }) => heard(payload))
    try {
      await client.connect()
      await client.query(`listen ${client.escapeIdentifier(channel)}`)
      listening()
      await lost
    } finally {
      await client.end().catch(() => {})
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !closing.signal.aborted; failures += 1) {
      try {
        await listenOnce()
        failures = 0
      } catch (error) {
        log.warn({ err: error }, 'the database does not tell what happens; it is tried again')
      }
      const waitMs = Math.min(AGAIN_MS_MAX, AGAIN_MS_MIN * 2 ** Math.min(failures, 10))
      await pause(waitMs, undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  const running = run()
  return {
    async close() {
      closing.abort()
      await running
    },
  }
}
