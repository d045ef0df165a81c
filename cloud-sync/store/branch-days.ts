import type { Names } from './branches.ts'
import { ofSentBody } from './catalogue-rows.ts'
import type { DayCheck } from './check-day.ts'
import type { TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** A business date of a branch of which something is still to be done. */
export interface OpenDay extends BranchIdentity {
  readonly date: string
  readonly name: Names
  readonly timeZone: string
  /** Local time at which its days begin, by the catalogue that it sent last; null: it says none. */
  readonly startsAt: string | null
  readonly heardAtMs: number | null
  /** All of its log that it said it has, has come up. */
  readonly isComplete: boolean
  readonly isReported: boolean
  readonly isChecked: boolean
}

interface Row {
  readonly [column: string]: unknown
  readonly branch_id: string
  readonly business_date: string
  readonly name: Names
  readonly time_zone: string
  readonly starts_at: string | null
  readonly received_at: Date | null
  readonly is_complete: boolean | null
  readonly is_reported: boolean
  readonly is_checked: boolean
}

/**
 * Days of a tenant's branches in the last week of which something is still to be done; those that go on are among them.
 * @param after - the last that was read; null: from the first
 */
export async function openDays(
  db: TenantDb,
  tenantId: string,
  { since, after, countMax }: { readonly since: string; readonly after: OpenDay | null; readonly countMax: number },
): Promise<readonly OpenDay[]> {
  const rows = await db.query<Row>(
    `select branch.branch_id, day.business_date, name, time_zone, received_at, acked_seq >= now.seq as is_complete,
       reported_at is not null as is_reported, checked_at is not null as is_checked,
       (select ${ofSentBody("#>> '{branch,businessDayStartsAt}'")} from branch_catalogue sent
        where sent.tenant_id = $1 and sent.branch_id = branch.branch_id
        order by version desc, received_at desc limit 1) as starts_at
     from branch
     cross join lateral (select business_date from rollup where tenant_id = $1 and dimension = 'branch'
       and rollup.branch_id = branch.branch_id and business_date >= $2) day
     left join branch_day done on done.tenant_id = $1 and done.branch_id = branch.branch_id
       and done.business_date = day.business_date
     left join branch_now now on now.tenant_id = $1 and now.branch_id = branch.branch_id
     left join branch_log log on log.tenant_id = $1 and log.branch_id = branch.branch_id and log.epoch = now.epoch
     where branch.tenant_id = $1 and (reported_at is null or checked_at is null)
       and ($3::text is null or (day.business_date, branch.branch_id) > ($3::text, $4::uuid))
     order by day.business_date, branch.branch_id limit ${countMax}`,
    [tenantId, since, after?.date ?? null, after?.branchId ?? null],
  )
  return rows.map((row) => ({
    ...{ tenantId, branchId: row.branch_id, date: row.business_date, name: row.name, timeZone: row.time_zone },
    ...{ startsAt: row.starts_at, heardAtMs: row.received_at?.getTime() ?? null, isComplete: row.is_complete === true },
    ...{ isReported: row.is_reported, isChecked: row.is_checked },
  }))
}

/**
 * Notes that a day's report is written, in the transaction that writes it.
 * @returns false: it was before, by whichever cloud
 */
export async function takeReport(
  db: TenantDb,
  { tenantId, branchId, date }: Pick<OpenDay, 'tenantId' | 'branchId' | 'date'>,
  nowMs: number,
): Promise<boolean> {
  const rows = await db.query(
    `insert into branch_day as day (tenant_id, branch_id, business_date, reported_at) values ($1, $2, $3, $4)
     on conflict (tenant_id, branch_id, business_date) do update set reported_at = excluded.reported_at
       where day.reported_at is null
     returning branch_id`,
    [tenantId, branchId, date, new Date(nowMs)],
  )
  return rows.length > 0
}

export const keepCheck = (
  db: TenantDb,
  { tenantId, branchId, date }: Pick<OpenDay, 'tenantId' | 'branchId' | 'date'>,
  { differingCount, findings }: DayCheck,
  nowMs: number,
): Promise<unknown> =>
  db.query(
    `insert into branch_day (tenant_id, branch_id, business_date, checked_at, differing_count, findings)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (tenant_id, branch_id, business_date) do update set checked_at = excluded.checked_at,
       differing_count = excluded.differing_count, findings = excluded.findings`,
    [tenantId, branchId, date, new Date(nowMs), differingCount, JSON.stringify(findings)],
  )
