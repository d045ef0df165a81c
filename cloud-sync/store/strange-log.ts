import { randomUUID } from 'node:crypto'
import { isName } from '../fold/is-well.ts'
import type { UploadedEvent } from '../inbox/read-upload.ts'
import type { TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** Uploads kept aside of one branch; whoever brings more of such is only refused. */
const FORKS_MAX = 100

const isParentless = (first: UploadedEvent | undefined): first is UploadedEvent =>
  first?.seq === 1 && first.type === 'EpochStarted' && !isName(first.event['parentEpoch'])

/** Of a branch whose whole file was lost. */
const isSalvaged = ({ event }: UploadedEvent): boolean => event['reason'] === 'salvaged'

/**
 * Whether this is the beginning of a box that knows nothing of the log that is held. Its numbers are given already, and
 * in the figures it would take the place of all that came before. One from which a held epoch says to go on is no such
 * beginning: it comes late.
 */
export async function isStrange(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  epoch: string,
  [first]: readonly UploadedEvent[],
): Promise<boolean> {
  if (!isParentless(first) || isSalvaged(first)) return false
  const held = await db.query(
    `select from branch_log where tenant_id = $1 and branch_id = $2
     having count(*) > 0 and count(*) filter (where $3 in (epoch, parent_epoch)) = 0`,
    [tenantId, branchId, epoch],
  )
  return held.length > 0
}

/** So that a person can read it; each upload once. */
export async function keepStrange(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  epoch: string,
  events: readonly UploadedEvent[],
): Promise<void> {
  await db.query(
    `insert into fork select $1, $2, $3, $4, $5, $6, now()
     where (select count(*) from fork where tenant_id = $1 and branch_id = $2) < ${FORKS_MAX}
     and not exists (select from fork where tenant_id = $1 and branch_id = $2 and epoch = $4 and bodies = $6)`,
    [tenantId, branchId, randomUUID(), epoch, events[0]?.seq, events.map(({ body }) => body)],
  )
}

/**
 * A branch whose whole file was lost begins anew by what its second copy knew, and can name no event before. It is the
 * same branch: its epoch goes on from where what is held ends, and nothing of that is dropped.
 */
export async function goOnFromHeld(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  epoch: string,
  [first]: readonly UploadedEvent[],
): Promise<void> {
  if (!isParentless(first) || !isSalvaged(first)) return
  await db.query(
    `update branch_log begun set parent_epoch = held.epoch, parent_seq = held.acked_seq from (
       select epoch, acked_seq from branch_log leaf
       where tenant_id = $1 and branch_id = $2 and epoch <> $3 and quarantined_at is null and not exists (
         select from branch_log later where later.tenant_id = $1 and later.branch_id = $2 and later.parent_epoch = leaf.epoch)
       order by first_seen_at desc, epoch desc limit 1) held
     where begun.tenant_id = $1 and begun.branch_id = $2 and begun.epoch = $3`,
    [tenantId, branchId, epoch],
  )
}

/** A log that was refused because the branch's own is held, as head office is told of it. */
export interface StrangeLog {
  readonly branchId: string
  readonly epoch: string
  readonly eventCount: number
  readonly seenAtMs: number
}

/** Told at once at most. */
const TOLD_MAX = 100

/** Boxes that began beside the log of their branch, since head office last said by a code which box the branch is. */
export async function strangeLogs(db: TenantDb, tenantId: string): Promise<readonly StrangeLog[]> {
  const rows = await db.query<{ branch_id: string; epoch: string; count: number; seen_at: Date }>(
    `select fork.branch_id, fork.epoch, max(cardinality(fork.bodies)) as count, min(fork.seen_at) as seen_at
     from fork join branch using (tenant_id, branch_id)
     where tenant_id = $1 and fork.from_seq = 1 and fork.seen_at > branch.enrolled_at and not exists (
       select from branch_log held where held.tenant_id = $1 and held.branch_id = fork.branch_id and held.epoch = fork.epoch)
     group by fork.branch_id, fork.epoch order by seen_at desc, fork.branch_id limit ${TOLD_MAX}`,
    [tenantId],
  )
  return rows.map(({ branch_id: branchId, epoch, count: eventCount, seen_at: seenAt }) => ({
    ...{ branchId, epoch, eventCount, seenAtMs: seenAt.getTime() },
  }))
}
