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
const CONNECT_MS_MAX = 10_000
/** Whoever does not answer a goodbye by then is not there. */
const GOODBYE_MS_MAX = 1_000

/** Listens for ever, on a connection of its own. */
export function openNotices({ url, channel, heard, listening, log }: NoticeParts): Notices {
  const closing = new AbortController()

  async function listenOnce(): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS_MAX,
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
      await Promise.race([client.connect(), lost])
      if (closing.signal.aborted) return
      await client.query(`listen ${client.escapeIdentifier(channel)}`)
      listening()
      await lost
    } finally {
      const goodbye = client.end().catch(() => {})
      await Promise.race([goodbye, pause(GOODBYE_MS_MAX, undefined, { ref: false })])
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
