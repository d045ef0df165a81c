import type { Algorithm, Words } from '#shared/domain/catalogue.ts'
import type { TicketRow } from '#shared/project/figures.ts'
import type { Shift } from '#shared/project/shifts.ts'
import type { LinesBy, ToldRangeError } from '#shared/wire/reports.ts'
import type { Names } from './branches.ts'
import { listSent, ofSentBody } from './catalogue-rows.ts'
import type { TenantDb } from './database.ts'
import { FIGURE_COLUMNS, type FigureColumns, figureRowOf } from './ticket-rows.ts'

/** Business dates of some branches: every read of a report goes along an index by these. */
export interface Stretch {
  readonly tenantId: string
  readonly branchIds: readonly string[]
  readonly from: string
  readonly to: string
}

const WHERE = `tenant_id = $1 and branch_id = any($2) and business_date between $3 and $4`

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
