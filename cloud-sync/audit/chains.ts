import type { Database } from '../store/database.ts'
import { LISTED_MAX, listTenants } from '../store/listing.ts'
import { PLATFORM } from './entries.ts'

/** What the chain is called that is no tenant's. */
export const THE_PLATFORM = 'the platform'

/** Every chain there is, by whose it is. */
export async function* auditChains(database: Database): AsyncGenerator<readonly [string, string]> {
  yield [THE_PLATFORM, PLATFORM]
  let page = await listTenants(database, '')
  while (page.length > 0) {
    for (const { slug, tenantId } of page) yield [slug, tenantId]
    page = page.length < LISTED_MAX ? [] : await listTenants(database, page.at(-1)?.slug ?? '')
  }
}
