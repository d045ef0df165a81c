import { randomUUID } from 'node:crypto'
import type { Database, TenantDb } from './database.ts'
import { holdBranch } from './inbox.ts'
import { BUCKET_COLUMNS, NUMBER_COLUMNS } from './rollup-rows.ts'

/**
 * Sums of daily sums, for long periods: of each branch over a month, and of all branches of a tenant on a date. They hold
 * only what the daily sums do, and no upload waits for them: one that changes a month which is gathered ends it, by a
 * trigger, and it is gathered anew later. Until then its days are read.
 */

/** Dimensions that a tenant has a date's sums of; ids of queues and agents are each branch's own. */
export const OF_TENANT: ReadonlySet<string> = new Set(['branch', 'service', 'hour'])
const OF_MONTH = ['branch', 'service', 'queue', 'agent']
/** Branches that one statement sums up over a month, far within the limit of its time. */
const BRANCHES_MAX = 10
/** A month's last day is told by most branches some days later; the rest end what was gathered. */
const GRACE_MS = 3 * 24 * 3_600_000
/** In one turn of a tenant: a cloud that begins with years of sums comes to the last of them some hours later. */
const MONTHS_MAX = 24

/** Dates from one to another, both among them. */
export interface Dates {
  readonly from: string
  readonly to: string
}

const monthOf = (date: string): string => date.slice(0, 7)

/** The dates of a month. */
export function datesOf(month: string): Dates {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) }
}

const monthAfter = (month: string): string =>
  monthOf(new Date(Date.parse(datesOf(month).to) + 24 * 3_600_000).toISOString())

/** Months from that of one date to that of another. */
export function monthsOf({ from, to }: Dates): readonly string[] {
  const months: string[] = []
  for (let month = monthOf(from); month <= monthOf(to); month = monthAfter(month)) months.push(month)
  return months
}

/** Digits of a bucket in a packed number: a report would need a million million durations in one to run over. */
const PACKED_DIGITS = 12
export const PACKED_COLUMNS = ['wait_packed', 'to_service_packed', 'service_packed'] as const

/** @returns bucket, count, bucket, count … as the daily sums have them */
export function unpack(packed: string): readonly number[] {
  const pairs: number[] = []
  for (let end = packed.length, bucket = 0; end > 0; end -= PACKED_DIGITS, bucket += 1) {
    const count = Number(packed.slice(Math.max(0, end - PACKED_DIGITS), end))
    if (count > 0) pairs.push(bucket, count)
  }
  return pairs
}

const packedOf = (buckets: string, name: string): string =>
  `(select coalesce(sum(${buckets}[at + 1] * ('1e' || ${PACKED_DIGITS} * ${buckets}[at])::numeric), 0)
    from generate_series(1, cardinality(${buckets}) - 1, 2) as at) as ${name}`

/** @param keys - columns that sums are kept by; the tenant and the period are given */
function gatherInto(table: string, period: string, keys: string, where: string): string {
  const values = [...NUMBER_COLUMNS, ...PACKED_COLUMNS]
  return `insert into ${table} (tenant_id, ${period}, ${keys}, ${values.join(', ')})
    select $1, $2, ${keys}, ${values.map((name) => `sum(${name})`).join(', ')}
    from (select ${keys}, ${NUMBER_COLUMNS.join(', ')},
        ${BUCKET_COLUMNS.map((buckets, index) => packedOf(buckets, PACKED_COLUMNS[index] ?? '')).join(', ')}
      from rollup where tenant_id = $1 and dimension = any($3) and branch_id = any($4) and ${where}) as daily
    group by ${keys}`
}

const MONTH = gatherInto('rollup_of_month', 'month', 'dimension, branch_id, id', 'business_date between $5 and $6')
const DATE = gatherInto('rollup_of_tenant', 'business_date', 'dimension, id', 'business_date = $2')

async function gatherRows(db: TenantDb, tenantId: string, month: string, branchIds: readonly string[]): Promise<void> {
  const { from, to } = datesOf(month)
  await db.query('delete from rollup_of_month where tenant_id = $1 and month = $2', [tenantId, month])
  await db.query('delete from rollup_of_tenant where tenant_id = $1 and business_date between $2 and $3', [
    ...[tenantId, from, to],
  ])
  for (let at = 0; at < branchIds.length; at += BRANCHES_MAX)
    await db.query(MONTH, [tenantId, month, OF_MONTH, branchIds.slice(at, at + BRANCHES_MAX), from, to])
  for (let day = 1; day <= Number(to.slice(8)); day += 1) {
    const date = `${month}-${String(day).padStart(2, '0')}`
    await db.query(DATE, [tenantId, date, [...OF_TENANT], branchIds])
  }
}

/**
 * Gathers a month. Uploads go on meanwhile. From when it is told that the month is being gathered, whoever changes it takes
 * that word back; whoever was changing it before has ended once each branch was held in turn. So what is counted then is
 * either all, or the word is gone and nothing of it stays.
 * @returns false: its sums have changed meanwhile
 */
export async function gatherMonth(database: Database, tenantId: string, month: string): Promise<boolean> {
  const token = randomUUID()
  const branchIds = await database.asTenant(tenantId, async (db) => {
    await db.query(
      `insert into gathered_month values ($1, $2, $3, false)
       on conflict (tenant_id, month) do update set token = excluded.token, is_ready = false`,
      [tenantId, month, token],
    )
    const rows = await db.query<{ branch_id: string }>('select branch_id from branch where tenant_id = $1', [tenantId])
    return rows.map(({ branch_id: branchId }) => branchId)
  })
  for (const branchId of branchIds)
    await database.asTenant(tenantId, async (db) => {
      await holdBranch(db, { tenantId, branchId })
    })
  class ChangedError extends Error {}
  try {
    return await database.asTenant(tenantId, async (db) => {
      await gatherRows(db, tenantId, month, branchIds)
      const [kept] = await db.query(
        'update gathered_month set is_ready = true where tenant_id = $1 and month = $2 and token = $3 returning month',
        [tenantId, month, token],
      )
      if (kept === undefined) throw new ChangedError('the sums have changed')
      return true
    })
  } catch (error) {
    if (error instanceof ChangedError) return false
    throw error
  }
}

const nextDate = (after: string): string =>
  `select business_date from rollup where rollup.tenant_id = $1 and dimension = 'branch'
     and rollup.branch_id = branch.branch_id ${after} order by business_date limit 1`

/** Months of a tenant that have sums, are over, and are not gathered; the latest first. */
export async function openMonths(db: TenantDb, tenantId: string, nowMs: number): Promise<readonly string[]> {
  // From one month that has sums to the next: between a clock that stood in 1970 and today lies nothing.
  const found = await db.query<{ month: string }>(
    `select distinct month from branch, lateral (
       with recursive step as (
         select (${nextDate('')}) as date
         union all
         select (${nextDate("and business_date > left(step.date, 7) || '-31'")}) from step where step.date is not null)
       select left(date, 7) as month from step where date is not null) as months
     where branch.tenant_id = $1 order by month desc`,
    [tenantId],
  )
  const until = new Date(nowMs - GRACE_MS).toISOString().slice(0, 10)
  const ready = await db.query<{ month: string }>(
    'select month from gathered_month where tenant_id = $1 and is_ready',
    [tenantId],
  )
  const there = new Set(ready.map(({ month }) => month))
  return found.map(({ month }) => month).filter((month) => datesOf(month).to < until && !there.has(month))
}

/**
 * Gathers what is not gathered yet, the latest first. What was changed meanwhile is left for the next turn.
 * @throws AggregateError when some could not be gathered; those after them were
 */
export async function gatherOver(database: Database, tenantId: string, nowMs: number): Promise<void> {
  const months = await database.asTenant(tenantId, (db) => openMonths(db, tenantId, nowMs))
  const failures: unknown[] = []
  for (const month of months.slice(0, MONTHS_MAX))
    await gatherMonth(database, tenantId, month).catch((error: unknown) => {
      failures.push(new Error(`The sums of ${month} could not be gathered`, { cause: error }))
    })
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} months could not be gathered`)
}

/** What of some dates is read from what was gathered, and what from the days themselves. */
export interface Split {
  readonly gathered: readonly Dates[]
  readonly daily: readonly Dates[]
}

/** @param ready - months that are gathered @param isWhole - a month that is not asked about as a whole is read by days */
export function splitDates({ from, to }: Dates, ready: ReadonlySet<string>, isWhole: boolean): Split {
  const split = { gathered: [] as Dates[], daily: [] as Dates[] }
  let before: Dates[] | null = null
  for (const month of monthsOf({ from, to })) {
    const whole = datesOf(month)
    const asked = { from: from > whole.from ? from : whole.from, to: to < whole.to ? to : whole.to }
    const isGathered = ready.has(month) && (!isWhole || (asked.from === whole.from && asked.to === whole.to))
    const into: Dates[] = isGathered ? split.gathered : split.daily
    const last = into.at(-1)
    if (into === before && last !== undefined) into[into.length - 1] = { from: last.from, to: asked.to }
    else into.push(asked)
    before = into
  }
  return split
}
