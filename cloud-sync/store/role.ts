import type { RoleBody } from '#shared/wire/role.ts'
import type { Database } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** What is handed back to a box that takes a branch's place, beside the log. */
export interface SealedVisit {
  readonly ticketId: string
  readonly key: string
  readonly sealed: string
}

/** Visits that one answer brings. */
const VISITS_MAX = 200

export async function keepRole(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  { key, sealed }: RoleBody,
): Promise<void> {
  const of = [tenantId, branchId]
  await database.asTenant(tenantId, async (db) => {
    await db.query(
      `insert into role_row values ($1, $2, $3, now())
       on conflict (tenant_id, branch_id) do update set sealed = excluded.sealed, received_at = now()`,
      [...of, Buffer.from(sealed, 'base64url')],
    )
    await db.query(
      `insert into role_key values ($1, $2, $3)
       on conflict (tenant_id, branch_id) do update set key = excluded.key`,
      [...of, Buffer.from(key, 'base64url')],
    )
  })
}

/** @returns null: the branch has never said */
export async function roleOf(database: Database, { tenantId, branchId }: BranchIdentity): Promise<RoleBody | null> {
  const [row] = await database.asTenant(tenantId, (db) =>
    db.query<{ key: Buffer; sealed: Buffer }>(
      `select key, sealed from role_row join role_key using (tenant_id, branch_id)
       where tenant_id = $1 and branch_id = $2`,
      [tenantId, branchId],
    ),
  )
  return row === undefined ? null : { key: row.key.toString('base64url'), sealed: row.sealed.toString('base64url') }
}

/** What lies beside the log, sealed, in the order of the visits' names. @param after - '' begins */
export async function sealedVisits(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  after: string,
): Promise<readonly SealedVisit[]> {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<{ ticket_id: string; key: Buffer; sealed: Buffer }>(
      `select ticket_id, key, sealed from side_row join side_key using (tenant_id, branch_id, ticket_id)
       where tenant_id = $1 and branch_id = $2 and ticket_id > $3 order by ticket_id limit ${VISITS_MAX}`,
      [tenantId, branchId, after],
    ),
  )
  return rows.map(({ ticket_id: ticketId, key, sealed }) => ({
    ...{ ticketId, key: key.toString('base64url'), sealed: sealed.toString('base64url') },
  }))
}

/** Where the branch stood as it said last, beside its log. */
export interface LastHeard {
  /** The last message of which it said what became of it. */
  readonly inboxNumber: number
  /** Up to where its log went when it was last heard of, which may be further than it came up; null: it never said. */
  readonly present: { readonly epoch: string; readonly seq: number; readonly receivedAtMs: number } | null
}

export async function lastHeard(database: Database, { tenantId, branchId }: BranchIdentity): Promise<LastHeard> {
  const [row] = await database.asTenant(tenantId, (db) =>
    db.query<{ number: string; epoch: string | null; seq: string | null; received_at: Date | null }>(
      `select coalesce((select max(number) from inbox_receipt where tenant_id = $1 and branch_id = $2), 0) as number,
         epoch, seq, received_at
       from branch left join branch_now using (tenant_id, branch_id) where tenant_id = $1 and branch_id = $2`,
      [tenantId, branchId],
    ),
  )
  const { epoch = null, seq = null, received_at: at = null } = row ?? {}
  return {
    inboxNumber: Number(row?.number ?? 0),
    present: epoch === null || at === null ? null : { epoch, seq: Number(seq), receivedAtMs: at.getTime() },
  }
}
