import type { Names } from './branches.ts'
import type { Database } from './database.ts'

/** A page of a list holds this many at most. */
export const LISTED_MAX = 200

export interface ListedTenant {
  readonly tenantId: string
  readonly slug: string
}

/** @param after - the short name that the page before ended with; '' for the first */
export async function listTenants(database: Database, after: string): Promise<readonly ListedTenant[]> {
  const rows = await database.asNobody((db) =>
    db.query<{ tenant_id: string; slug: string }>(
      `select tenant_id, slug from tenant_directory where slug > $1 order by slug limit ${LISTED_MAX}`,
      [after],
    ),
  )
  return rows.map(({ tenant_id: tenantId, slug }) => ({ tenantId, slug }))
}

export interface ListedBranch {
  readonly branchId: string
  readonly name: Names
  readonly timeZone: string
  /** A branch server has taken its place, and was not revoked. */
  readonly isEnrolled: boolean
}

export interface BranchRow {
  readonly [column: string]: unknown
  readonly branch_id: string
  readonly name: Names
  readonly time_zone: string
  readonly is_enrolled: boolean
}

export const BRANCH_COLUMNS =
  'branch.branch_id, name, time_zone, public_key is not null and revoked_at is null as is_enrolled'

export const listedBranchOf = (row: BranchRow): ListedBranch => ({
  ...{ branchId: row.branch_id, name: row.name, timeZone: row.time_zone, isEnrolled: row.is_enrolled },
})

/** @param after - the id that the page before ended with; null for the first */
export async function listBranches(
  database: Database,
  tenantId: string,
  after: string | null,
): Promise<readonly ListedBranch[]> {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<BranchRow>(
      `select ${BRANCH_COLUMNS} from branch
       where tenant_id = $1 and ($2::uuid is null or branch_id > $2) order by branch_id limit ${LISTED_MAX}`,
      [tenantId, after],
    ),
  )
  return rows.map(listedBranchOf)
}
