import { type HeldEpoch, lineOf } from '../fold/line.ts'
import type { UploadedEvent } from '../inbox/read-upload.ts'
import type { TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

// A branch has one holder: the box that goes on with its log. Boxes with the same disk are told apart by what no single
// box does: it never goes on with what it has left. So an epoch that begins beside what is held is believed at first, as of
// a branch that was put back to a backup; once the box before it brings more all the same, there are two, and the one that
// came second is set aside with every epoch that goes on from its own.

/** An upload as its holder is judged by it. */
export interface Claim {
  readonly epoch: string
  /** What of it is not held yet. */
  readonly fresh: readonly UploadedEvent[]
  /** By the cloud's clock, as the branch knew it; null: nobody says. */
  readonly signedAtMs: number | null
  /** The branch says that it has left this epoch: what comes of it is its past, and no going on. */
  readonly isPast: boolean
}

interface Epoch extends HeldEpoch {
  readonly begunAtMs: number | null
  readonly isQuarantined: boolean
}

async function epochsOf(db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<readonly Epoch[]> {
  const rows = await db.query<{
    epoch: string
    parent_epoch: string | null
    parent_seq: string | null
    acked_seq: string
    begun_at: Date | null
    is_quarantined: boolean
  }>(
    `select epoch, parent_epoch, parent_seq, acked_seq, begun_at, quarantined_at is not null as is_quarantined
     from branch_log where tenant_id = $1 and branch_id = $2 order by first_seen_at, epoch`,
    [tenantId, branchId],
  )
  return rows.map((row) => ({
    ...{ epoch: row.epoch, parentEpoch: row.parent_epoch, ackedSeq: Number(row.acked_seq) },
    parentSeq: row.parent_seq === null ? null : Number(row.parent_seq),
    begunAtMs: row.begun_at?.getTime() ?? null,
    isQuarantined: row.is_quarantined,
  }))
}

/**
 * The epoch by which the line has left the one that goes on all the same; null: it has not, or only further on.
 * @param lastSeq - up to which event it goes on
 */
function leftBy(epochs: readonly Epoch[], epoch: string, lastSeq: number): Epoch | null {
  const line = lineOf(epochs)
  const byName = new Map(epochs.map((held) => [held.epoch, held]))
  const seen = new Set<string>()
  let [name, upTo]: [string | null, number] = [epoch, lastSeq]
  // From an epoch beside the line down to where it parts from it.
  while (name !== null && !seen.has(name) && !line.some((stretch) => stretch.epoch === name)) {
    seen.add(name)
    name = byName.get(name)?.parentEpoch ?? null
    upTo = Number.POSITIVE_INFINITY
  }
  const at = line.findIndex((stretch) => stretch.epoch === name)
  const next = byName.get(line[at + 1]?.epoch ?? '') ?? null
  return next !== null && (next.parentSeq ?? 0) < upTo ? next : null
}

/** An epoch, and every one that goes on from it. */
function descendants(epochs: readonly Epoch[], first: string): readonly string[] {
  const names = new Set([first])
  for (const _ of epochs)
    for (const { epoch, parentEpoch } of epochs) if (parentEpoch !== null && names.has(parentEpoch)) names.add(epoch)
  return [...names]
}

/**
 * Who brings this, in the transaction that holds the branch: the box that holds the branch, or a second one. A second one
 * that had been believed is set aside here.
 */
export async function judgeHolder(db: TenantDb, branch: BranchIdentity, claim: Claim): Promise<'first' | 'second'> {
  const { epoch, fresh, signedAtMs, isPast } = claim
  const lastSeq = fresh.at(-1)?.seq
  if (lastSeq === undefined) return 'first'
  const epochs = await epochsOf(db, branch)
  const isAside = (name: unknown): boolean => epochs.some((held) => held.epoch === name && held.isQuarantined)
  if (isAside(epoch)) return 'second'
  if (!epochs.some((held) => held.epoch === epoch)) return isAside(fresh[0]?.event['parentEpoch']) ? 'second' : 'first'
  const other = leftBy(
    epochs.filter(({ isQuarantined }) => !isQuarantined),
    epoch,
    lastSeq,
  )
  // What was under way when the other one began proves nothing.
  const isProof = other?.begunAtMs != null && signedAtMs !== null && signedAtMs > other.begunAtMs && !isPast
  if (other === null || !isProof) return 'first'
  await db.query(
    'update branch_log set quarantined_at = now() where tenant_id = $1 and branch_id = $2 and epoch = any($3)',
    [branch.tenantId, branch.branchId, descendants(epochs, other.epoch)],
  )
  return 'first'
}

/** Up to where what a box has left aside of an epoch is the same as that which is held; null: none of it attaches. */
async function lastInCommon(db: TenantDb, of: readonly string[], upTo: number): Promise<number | null> {
  const [found] = await db.query<{ from_seq: string }>(
    `select fork.from_seq from fork left join event on event.tenant_id = $1 and event.branch_id = $2
       and event.epoch = $3 and event.seq = fork.from_seq - 1
     where fork.tenant_id = $1 and fork.branch_id = $2 and fork.epoch = $3 and fork.from_seq <= $4
       and (fork.from_seq = 1 or encode(event.hash, 'hex') = (fork.bodies[1]::jsonb ->> 'prev'))
     order by fork.from_seq desc limit 1`,
    [...of, upTo],
  )
  return found === undefined ? null : Number(found.from_seq) - 1
}

/**
 * Notes how an epoch began, after its first events were kept. Where it goes on from events that are held otherwise, its
 * line leaves the epoch before at the last event that both have: what came after it there is another box's.
 */
export async function noteBegun(db: TenantDb, branch: BranchIdentity, claim: Claim): Promise<void> {
  const [first] = claim.fresh
  if (first?.seq !== 1) return
  const of = [branch.tenantId, branch.branchId]
  const { parentEpoch, parentSeq, parentHash } = first.event
  if (claim.signedAtMs !== null)
    await db.query('update branch_log set begun_at = $4 where tenant_id = $1 and branch_id = $2 and epoch = $3', [
      ...of,
      claim.epoch,
      new Date(claim.signedAtMs),
    ])
  if (typeof parentEpoch !== 'string' || !Number.isSafeInteger(parentSeq)) return
  const [held] = await db.query<{ hash: Buffer }>(
    'select hash from event where tenant_id = $1 and branch_id = $2 and epoch = $3 and seq = $4',
    [...of, parentEpoch, parentSeq],
  )
  if (held === undefined || held.hash.toString('hex') === parentHash) return
  const common = await lastInCommon(db, [...of, parentEpoch], Number(parentSeq))
  if (common !== null)
    await db.query('update branch_log set parent_seq = $4 where tenant_id = $1 and branch_id = $2 and epoch = $3', [
      ...of,
      claim.epoch,
      common,
    ])
}

/** Head office has said by a code which box the branch is: nothing of it is a second one's any more. */
export const forgiveHolders = (db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<unknown> =>
  db.query('update branch_log set quarantined_at = null where tenant_id = $1 and branch_id = $2', [tenantId, branchId])
