import type { Database } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** One life of a branch's log, as it is held. */
export interface HeldHistory {
  readonly epoch: string
  readonly parentEpoch: string | null
  readonly parentSeq: number | null
  readonly lastSeq: number
  readonly firstSeenAtMs: number
  /** A second box began it while the branch went on without it; null: it is the branch's own, or was. */
  readonly setAsideAtMs: number | null
}

/** A part of a log that contradicts what is held, or came of a box that is not the branch. */
export interface PartAside {
  readonly partId: string
  readonly epoch: string
  readonly fromSeq: number
  readonly eventCount: number
  readonly seenAtMs: number
}

/** All that a branch, and boxes that said that they were it, have brought: oldest first. */
export function historiesOf(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
): Promise<{ readonly epochs: readonly HeldHistory[]; readonly aside: readonly PartAside[] }> {
  const of = [tenantId, branchId]
  return database.asTenant(tenantId, async (db) => {
    const epochs = await db.query<{
      epoch: string
      parent_epoch: string | null
      parent_seq: string | null
      acked_seq: string
      first_seen_at: Date
      quarantined_at: Date | null
    }>(
      `select epoch, parent_epoch, parent_seq, acked_seq, first_seen_at, quarantined_at from branch_log
       where tenant_id = $1 and branch_id = $2 order by first_seen_at, epoch`,
      of,
    )
    const aside = await db.query<{ fork_id: string; epoch: string; from_seq: string; count: number; seen_at: Date }>(
      `select fork_id, epoch, from_seq, cardinality(bodies) as count, seen_at from fork
       where tenant_id = $1 and branch_id = $2 order by seen_at, from_seq`,
      of,
    )
    return {
      epochs: epochs.map((row) => ({
        ...{ epoch: row.epoch, parentEpoch: row.parent_epoch, lastSeq: Number(row.acked_seq) },
        parentSeq: row.parent_seq === null ? null : Number(row.parent_seq),
        firstSeenAtMs: row.first_seen_at.getTime(),
        setAsideAtMs: row.quarantined_at?.getTime() ?? null,
      })),
      aside: aside.map((row) => ({
        ...{ partId: row.fork_id, epoch: row.epoch, fromSeq: Number(row.from_seq) },
        ...{ eventCount: row.count, seenAtMs: row.seen_at.getTime() },
      })),
    }
  })
}

/** The events of a part that is kept aside, as they were stored; null: there is none such. */
export async function eventsAside(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  partId: string,
): Promise<readonly string[] | null> {
  const [row] = await database.asTenant(tenantId, (db) =>
    db.query<{ bodies: readonly string[] }>(
      'select bodies from fork where tenant_id = $1 and branch_id = $2 and fork_id = $3',
      [tenantId, branchId, partId],
    ),
  )
  return row?.bodies ?? null
}
