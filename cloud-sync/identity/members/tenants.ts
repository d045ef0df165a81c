import type { Language } from '#shared/domain/ids.ts'
import type { Database } from '../../store/database.ts'

/** By what names those tenants are called in addresses. */
export async function slugsOf(
  database: Database,
  tenants: readonly { readonly tenantId: string }[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await database.asNobody((db) =>
    db.query<{ tenant_id: string; slug: string }>(
      'select tenant_id, slug from tenant_directory where tenant_id = any($1)',
      [tenants.map(({ tenantId }) => tenantId)],
    ),
  )
  return new Map(rows.map(({ tenant_id: tenantId, slug }) => [tenantId, slug]))
}

/** In her language, else in the first there is; null: there is no such tenant. */
export async function tenantName(database: Database, tenantId: string, language: Language): Promise<string | null> {
  const [row] = await database.asTenant(tenantId, (db) =>
    db.query<{ name: Readonly<Record<string, string>> }>('select name from tenant where tenant_id = $1', [tenantId]),
  )
  return row === undefined ? null : (row.name[language] ?? row.name['fr'] ?? Object.values(row.name)[0] ?? null)
}
