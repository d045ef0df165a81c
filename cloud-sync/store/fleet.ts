import type { FleetBranch } from '#shared/wire/draft.ts'
import type { PresentBody } from '#shared/wire/sync.ts'
import type { Database } from './database.ts'
import { BRANCH_COLUMNS, type BranchRow, LISTED_MAX, listedBranchOf } from './listing.ts'

interface Row extends BranchRow {
  readonly published: number
  readonly received_at: Date | null
  readonly body: string | null
  readonly catalogue_version: number | null
  readonly acked_seq: string | null
}

function heardOf({
  received_at: receivedAt,
  body,
  catalogue_version: version,
  acked_seq: acked,
}: Row): FleetBranch['heard'] {
  if (receivedAt === null || body === null) return null
  const { seq, queues, counters, devices, isClockDoubted } = JSON.parse(body) as PresentBody
  const waits = queues.flatMap(({ longestWaitMs }) => (longestWaitMs === null ? [] : [longestWaitMs]))
  return {
    atMs: receivedAt.getTime(),
    catalogueVersion: version ?? 0,
    unsentCount: acked === null ? null : Math.max(0, seq - Number(acked)),
    waitingCount: queues.reduce((sum, { waitingCount }) => sum + waitingCount, 0),
    longestWaitMs: waits.length === 0 ? null : Math.max(...waits),
    counters: {
      open: counters.filter(({ status }) => status !== 'closed').length,
      serving: counters.filter(({ status }) => status === 'serving').length,
      onBreak: counters.filter(({ status }) => status === 'break').length,
      all: counters.length,
    },
    devices: { inContact: devices.filter((it) => it.isInContact).length, all: devices.length },
    isClockDoubted,
  }
}

/** Which branches: those after one as `listBranches`, or those named; null: any. */
interface FleetChoice {
  readonly after: string | null
  readonly branchIds?: readonly string[] | null
}

/** Each branch of a tenant with how it was when it was heard last. */
export async function fleetOf(
  database: Database,
  tenantId: string,
  { after, branchIds = null }: FleetChoice,
): Promise<readonly FleetBranch[]> {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<Row>(
      `select ${BRANCH_COLUMNS},
         coalesce((select max(version) from catalogue
           where catalogue.tenant_id = $1 and catalogue.branch_id = branch.branch_id), 0) as published,
         received_at, body, catalogue_version, acked_seq
       from branch
       left join branch_now on branch_now.tenant_id = $1 and branch_now.branch_id = branch.branch_id
       left join branch_log on branch_log.tenant_id = $1 and branch_log.branch_id = branch.branch_id
         and branch_log.epoch = branch_now.epoch
       where branch.tenant_id = $1 and ($2::uuid is null or branch.branch_id > $2)
         and ($3::uuid[] is null or branch.branch_id = any($3))
       order by branch.branch_id limit ${LISTED_MAX}`,
      [tenantId, after, branchIds],
    ),
  )
  return rows.map((row) => ({
    ...listedBranchOf(row),
    publishedVersion: row.published,
    heard: heardOf(row),
  }))
}
