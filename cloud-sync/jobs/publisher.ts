import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../store/database.ts'
import { LISTED_MAX, listTenants } from '../store/listing.ts'
import { publishDue } from '../store/publish-due.ts'

/** So late a publication is at most; nobody plans one to the second. */
const LOOK_MS = 30_000

interface PublisherParts {
  readonly database: Database
  readonly log: FastifyBaseLogger
  readonly nowMs: () => number
}

/**
 * Publishes drafts whose time has come, of every tenant; what is due stands in the database, so a start misses nothing.
 * @returns ends it, once what it is at is done
 */
export function startPublisher({ database, log, nowMs }: PublisherParts): () => Promise<void> {
  let looking: Promise<void> | null = null

  async function look(): Promise<void> {
    for (let page = await listTenants(database, ''); page.length > 0; ) {
      for (const { tenantId, slug } of page) {
        const count = await publishDue(database, tenantId, nowMs())
        if (count > 0) log.info({ slug, count }, 'catalogues were published at their time')
      }
      page = page.length < LISTED_MAX ? [] : await listTenants(database, page.at(-1)?.slug ?? '')
    }
  }
  const lookOnce = (): void => {
    looking ??= look()
      .catch((error: unknown) => log.error({ err: error }, 'what is due could not be published; it is tried again'))
      .finally(() => {
        looking = null
      })
  }
  const timer = setInterval(lookOnce, LOOK_MS)
  lookOnce()
  return async () => {
    clearInterval(timer)
    await looking
  }
}
