import type { Database } from '../store/database.ts'

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
