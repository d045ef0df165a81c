import type { Database } from '../store/database.ts'
import { auditAfter } from './entries.ts'

/** One line an entry, byte for byte as it was written: the hash of each line stands in the next. */
export async function* auditLines(database: Database, tenantId: string): AsyncGenerator<string> {
  const pageAfter = (seq: number) => database.asTenant(tenantId, (db) => auditAfter(db, tenantId, seq))
  for (let page = await pageAfter(0); page.length > 0; page = await pageAfter(page.at(-1)?.seq ?? 0))
    for (const { body } of page) yield `${body}\n`
}
