import type { PresentBody } from '#shared/wire/sync.ts'
import type { Database } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** A branch as it said last that it is. */
export interface KeptPresent {
  readonly receivedAtMs: number
  readonly present: PresentBody
}

/**
 * Keeps how a branch is now, unless something later is here. Within an epoch the log says which is later; between two,
 * when the branch signed them, which is by the cloud's own clock.
 * @returns whether it was kept
 */
export async function keepPresent(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  present: PresentBody,
  told: { readonly signedAtMs: number; readonly nowMs: number; readonly catalogueVersion?: number },
): Promise<boolean> {
  const { epoch, seq, steadyMs } = present
  const { signedAtMs, nowMs, catalogueVersion = 0 } = told
  const kept = await database.asTenant(tenantId, (db) =>
    db.query(
      `insert into branch_now (tenant_id, branch_id, epoch, seq, steady_ms, signed_at, received_at, body,
         catalogue_version, catalogue_since)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $7)
       on conflict (tenant_id, branch_id) do update set epoch = excluded.epoch, seq = excluded.seq,
         steady_ms = excluded.steady_ms, signed_at = excluded.signed_at, received_at = excluded.received_at,
         body = excluded.body,
         catalogue_since = case when excluded.catalogue_version > branch_now.catalogue_version
           then excluded.catalogue_since else branch_now.catalogue_since end,
         catalogue_version = greatest(branch_now.catalogue_version, excluded.catalogue_version)
       where case when branch_now.epoch = excluded.epoch
         then (branch_now.seq, branch_now.steady_ms) < (excluded.seq, excluded.steady_ms)
         else branch_now.signed_at < excluded.signed_at end
       returning branch_id`,
      [
        ...[tenantId, branchId, epoch, seq, steadyMs, new Date(signedAtMs), new Date(nowMs)],
        JSON.stringify(present),
        catalogueVersion,
      ],
    ),
  )
  return kept.length > 0
}

/** @returns null: it has never said */
export async function presentOf(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
): Promise<KeptPresent | null> {
  const [row] = await database.asTenant(tenantId, (db) =>
    db.query<{ received_at: Date; body: string }>(
      'select received_at, body from branch_now where tenant_id = $1 and branch_id = $2',
      [tenantId, branchId],
    ),
  )
  return row === undefined
    ? null
    : { receivedAtMs: row.received_at.getTime(), present: JSON.parse(row.body) as PresentBody }
}
