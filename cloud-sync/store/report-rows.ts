import type { Algorithm, Words } from '#shared/domain/catalogue.ts'
import type { Dimension, Tally, TicketRow } from '#shared/project/figures.ts'
import type { Shift } from '#shared/project/shifts.ts'
import type { LinesBy, ToldRangeError } from '#shared/wire/reports.ts'
import type { Names } from './branches.ts'
import { listSent, ofSentBody } from './catalogue-rows.ts'
import type { TenantDb } from './database.ts'
import { NUMBER_COLUMNS, tallyOf } from './rollup-rows.ts'
import { FIGURE_COLUMNS, type FigureColumns, figureRowOf } from './ticket-rows.ts'

/** Business dates of some branches: every read of a report goes along an index by these. */
export interface Stretch {
  readonly tenantId: string
  readonly branchIds: readonly string[]
  readonly from: string
  readonly to: string
}

/** Of which cells, and by what they are summed. */
export interface Summing {
  readonly dimension: Dimension
  /** null: all of them */
  readonly id: string | null
  readonly by: readonly ('branch_id' | 'business_date' | 'id')[]
}

/** A sum, and what it is of; of what it was not summed by, nothing. */
export interface Sum {
  readonly branchId?: string
  readonly date?: string
  readonly id?: string
  readonly tally: Tally
}

const WHERE = `tenant_id = $1 and branch_id = any($2) and business_date between $3 and $4`

interface SumRow {
  readonly [column: string]: unknown
  readonly branch_id?: string
  readonly business_date?: string
  readonly id?: string
}

const BUCKETS = ['wait_buckets', 'to_service_buckets', 'service_buckets'] as const

/** Buckets add up in Postgres: the rows of a year would be millions of numbers on the line. */
const bucketSums = (keys: string): string =>
  `select ${keys}, duration, array_agg(bucket) as buckets, array_agg(count) as counts from (
     select ${keys}, duration, buckets[at] as bucket, sum(buckets[at + 1]) as count
     from rollup,
       lateral (values (0, wait_buckets), (1, to_service_buckets), (2, service_buckets)) as lying (duration, buckets),
       lateral generate_series(1, cardinality(buckets) - 1, 2) as at
     where ${WHERE} and dimension = $5 and ($6::text is null or id = $6)
     group by ${keys}, duration, buckets[at]) as each
   group by ${keys}, duration`

const keyOf = ({ branch_id, business_date, id }: SumRow): string => JSON.stringify([branch_id, business_date, id])

/** Sums of the daily rollups: counts and sums exact, durations as buckets. */
export async function sumRollups(
  db: TenantDb,
  { tenantId, branchIds, from, to }: Stretch,
  { dimension, id, by }: Summing,
): Promise<readonly Sum[]> {
  const keys = by.join(', ')
  const values = [tenantId, branchIds, from, to, dimension, id]
  const sums = NUMBER_COLUMNS.map((column) => `sum(${column}) as ${column}`).join(', ')
  const [rows, buckets] = await Promise.all([
    db.query<SumRow>(
      `select ${keys}, ${sums} from rollup where ${WHERE} and dimension = $5 and ($6::text is null or id = $6)
       group by ${keys}`,
      values,
    ),
    db.query<SumRow & { duration: number; buckets: readonly number[]; counts: readonly string[] }>(
      bucketSums(keys),
      values,
    ),
  ])
  const pairsByKey = new Map<string, Record<string, readonly number[]>>()
  for (const row of buckets) {
    const pairs = row.buckets.flatMap((bucket, at) => [bucket, Number(row.counts[at])])
    const name = BUCKETS[row.duration] ?? BUCKETS[0]
    pairsByKey.set(keyOf(row), { ...pairsByKey.get(keyOf(row)), [name]: pairs })
  }
  const none = Object.fromEntries(BUCKETS.map((name) => [name, []]))
  return rows.map((row) => ({
    ...(row.branch_id !== undefined && { branchId: row.branch_id }),
    ...(row.business_date !== undefined && { date: row.business_date }),
    ...(row.id !== undefined && { id: row.id }),
    tally: tallyOf({ ...row, ...none, ...pairsByKey.get(keyOf(row)) }),
  }))
}

/** How many tickets count: training ones and ghosts do not, and neither do those set aside. */
export async function countIssued(db: TenantDb, { tenantId, branchIds, from, to }: Stretch): Promise<number> {
  const [row] = await db.query<{ issued: string | null }>(
    `select sum(issued) as issued from rollup where ${WHERE} and dimension = 'branch'`,
    [tenantId, branchIds, from, to],
  )
  return Number(row?.issued ?? 0)
}

/** Tickets of one hour of one weekday. */
export interface HeatSum {
  readonly weekday: number
  readonly hour: number
  readonly issued: number
  readonly called: number
  readonly abandoned: number
  readonly targeted: number
  readonly onTarget: number
}

export async function sumHours(db: TenantDb, { tenantId, branchIds, from, to }: Stretch): Promise<readonly HeatSum[]> {
  const rows = await db.query<Record<string, string>>(
    `select extract(isodow from business_date::date) as weekday, id as hour, sum(issued) as issued,
       sum(called) as called, sum(abandoned) as abandoned, sum(targeted) as targeted, sum(on_target) as "onTarget"
     from rollup where ${WHERE} and dimension = 'hour' group by 1, 2 order by 1, 2`,
    [tenantId, branchIds, from, to],
  )
  return rows
    .map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)])))
    .map((row) => row as unknown as HeatSum)
}

/** A row of a branch. */
export type OfBranch<Row> = Row & { readonly branchId: string }

/** @param countMax - rows that are read at most: whoever asks knows that there are no more */
export async function readFigureRows(
  db: TenantDb,
  { tenantId, branchIds, from, to }: Stretch,
  countMax: number,
): Promise<readonly OfBranch<TicketRow>[]> {
  const rows = await db.query<FigureColumns & { branch_id: string }>(
    `select branch_id, ${FIGURE_COLUMNS} from ticket
     where ${WHERE} and not is_set_aside and not is_training and ending is distinct from 'superseded' limit ${countMax}`,
    [tenantId, branchIds, from, to],
  )
  return rows.map((row) => ({ ...figureRowOf(row), branchId: row.branch_id }))
}

/**
 * What customers were told with their tickets, held against their waits. It lies in the tickets' bodies, which are parsed
 * one by one: for as many as a report reads from its rows.
 * @param serviceId - null: of all
 * @returns null: nobody was told anything
 */
export async function readRangeError(
  db: TenantDb,
  { tenantId, branchIds, from, to }: Stretch,
  serviceId: string | null,
): Promise<ToldRangeError | null> {
  const [row] = await db.query<Record<string, string | null>>(
    `select count(*), avg(mid - wait_ms) as bias, avg(abs(mid - wait_ms)) as error,
       avg((wait_ms between low and high)::int) as inside, avg((wait_ms > high)::int) as above
     from ticket, lateral (select body::json #> '{facts,told}' as told) as born,
       lateral (select (told ->> 'lowMs')::float8 as low, (told ->> 'midMs')::float8 as mid,
         (told ->> 'highMs')::float8 as high) as range
     where ${WHERE} and not is_set_aside and not is_training and wait_ms is not null and mid is not null
       and ($5::text is null or service_id = $5)`,
    [tenantId, branchIds, from, to, serviceId],
  )
  if (row === undefined || Number(row['count']) === 0) return null
  const of = (column: string): number => Number(row[column])
  return {
    ...{ count: of('count'), biasMs: of('bias'), absoluteErrorMs: of('error') },
    ...{ insideShare: of('inside'), aboveShare: of('above') },
  }
}

/** Counter time by branch, date, counter and agent; who learns is in no figure. */
export async function readShiftSums(
  db: TenantDb,
  { tenantId, branchIds, from, to }: Stretch,
): Promise<readonly OfBranch<Shift>[]> {
  const rows = await db.query<Record<string, string>>(
    `select branch_id, business_date, counter_id, agent_id, sum(signed_in_ms) as signed_in_ms,
       sum(break_ms) as break_ms, sum(serving_ms) as serving_ms
     from shift where ${WHERE} and not is_training group by 1, 2, 3, 4`,
    [tenantId, branchIds, from, to],
  )
  return rows.map((row) => ({
    ...{ branchId: row['branch_id'] ?? '', businessDate: row['business_date'] ?? '' },
    ...{ counterId: row['counter_id'] ?? '', agentId: row['agent_id'] ?? '', isTraining: false, shiftId: null },
    ...{ signedInMs: Number(row['signed_in_ms']), breakMs: Number(row['break_ms']) },
    ...{ servingMs: Number(row['serving_ms']), sinceSteadyMs: 0, breakSinceSteadyMs: null, serving: null },
  }))
}

/** A branch as reports name it. */
export interface ReportedBranch {
  readonly branchId: string
  readonly name: Names
  readonly timeZone: string
  readonly heardAtMs: number | null
}

/** @param branchId - null: all of them; then as many as asked for at most */
export async function readReportedBranches(
  db: TenantDb,
  tenantId: string,
  { branchId, countMax }: { readonly branchId: string | null; readonly countMax: number },
): Promise<readonly ReportedBranch[]> {
  const rows = await db.query<{ branch_id: string; name: Names; time_zone: string; received_at: Date | null }>(
    `select branch_id, name, time_zone, received_at from branch left join branch_now using (tenant_id, branch_id)
     where tenant_id = $1 and ($2::uuid is null or branch_id = $2) order by branch_id limit ${countMax}`,
    [tenantId, branchId],
  )
  return rows.map((row) => ({
    ...{ branchId: row.branch_id, name: row.name, timeZone: row.time_zone },
    heardAtMs: row.received_at?.getTime() ?? null,
  }))
}

const LISTS: Readonly<Record<LinesBy, string>> = { service: 'services', queue: 'queues', agent: 'agents' }

const isName = (name: unknown): boolean =>
  typeof name === 'string' ||
  (typeof name === 'object' && name !== null && Object.values(name).every((word) => typeof word === 'string'))

/** What the catalogue that each branch sent last calls its services, queues or agents. */
export async function readCatalogueNames(
  db: TenantDb,
  tenantId: string,
  branchIds: readonly string[],
  by: LinesBy,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Words | string>>> {
  const rows = await db.query<{ branch_id: string; list: unknown }>(
    `select distinct on (branch_id) branch_id, ${ofSentBody('-> $3')} as list from branch_catalogue
     where tenant_id = $1 and branch_id = any($2) order by branch_id, received_at desc, version desc`,
    [tenantId, branchIds, LISTS[by]],
  )
  return new Map(
    rows.map(({ branch_id: branchId, list }) => {
      const named = listSent<{ id: string; name: Words | string }>(list)
      return [branchId, new Map(named.filter(({ name }) => isName(name)).map(({ id, name }) => [id, name]))]
    }),
  )
}

const placeOf = (branchId: string, queueId: string): string => JSON.stringify([branchId, queueId])

/**
 * How many tickets of each queue have a priority. It lies in their bodies, which are parsed one by one: for as many as a
 * report reads from its rows.
 */
async function readPriorityShares(
  db: TenantDb,
  { tenantId, branchIds, from, to }: Stretch,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<{ branch_id: string; queue_id: string | null; share: number }>(
    `select branch_id, passes::json -> 0 ->> 0 as queue_id,
       avg(((body::json #>> '{facts,priorityValue}')::float8 > 0)::int)::float8 as share
     from ticket where ${WHERE} and not is_set_aside and not is_training group by 1, 2`,
    [tenantId, branchIds, from, to],
  )
  return new Map(
    rows.map(({ branch_id: branchId, queue_id: queueId, share }) => [placeOf(branchId, queueId ?? ''), share]),
  )
}

/** In which order each queue is called, as each branch sent it last, and what else that is judged by. */
export async function readQueueOrders(
  db: TenantDb,
  stretch: Stretch,
  { withPriorities }: { readonly withPriorities: boolean },
) {
  const shares = withPriorities ? await readPriorityShares(db, stretch) : new Map<string, number>()
  const rows = await db.query<{ branch_id: string; queues: unknown }>(
    `select distinct on (branch_id) branch_id, ${ofSentBody("-> 'queues'")} as queues from branch_catalogue
     where tenant_id = $1 and branch_id = any($2) order by branch_id, received_at desc, version desc`,
    [stretch.tenantId, stretch.branchIds],
  )
  const orders = rows.flatMap(({ branch_id: branchId, queues }) =>
    listSent<{ id: string; algorithm?: Algorithm }>(queues).map(({ id, algorithm = 'fifo' }) => {
      const place = placeOf(branchId, id)
      return [place, { now: algorithm, priorityShare: shares.get(place) ?? null }] as const
    }),
  )
  const byPlace = new Map(orders)
  return (branchId: string | null, queueId: string) => byPlace.get(placeOf(branchId ?? '', queueId))
}
