import { type Cell, type Cells, createCells } from '#shared/project/cells.ts'
import {
  COUNTS,
  type Dimension,
  DURATIONS,
  emptyTally,
  isEmptyTally,
  type Tally,
  TIMES,
} from '#shared/project/figures.ts'
import { addCount, bucketGrain, type Spread } from '#shared/project/spread.ts'
import { scalars, texts } from './arrays.ts'
import type { TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** The sums of a branch, one row for each business date and thing that figures are about. */

const COUNT_COLUMNS = ['issued', 'called', 'completed', 'no_show', 'cancelled', 'abandoned', 'targeted', 'on_target']
const TIME_COLUMNS = ['signed_in_ms', 'break_ms', 'serving_ms']
const SUM_COLUMNS = ['wait_ms', 'to_service_ms', 'service_ms']
export const BUCKET_COLUMNS = ['wait_buckets', 'to_service_buckets', 'service_buckets']
export const NUMBER_COLUMNS = [...COUNT_COLUMNS, ...TIME_COLUMNS, ...SUM_COLUMNS]
const VALUE_COLUMNS = [...NUMBER_COLUMNS, ...BUCKET_COLUMNS]
const KEY_COLUMNS = ['dimension', 'business_date', 'id']

interface RollupRow {
  readonly business_date: string
  readonly dimension: Dimension
  readonly id: string
  readonly [column: string]: unknown
}

type ValueColumns = Readonly<Record<string, unknown>>

function spreadOf(sumMs: unknown, buckets: unknown): Spread {
  const spread: Spread = { sumMs: Number(sumMs), countByKey: new Map() }
  const pairs = buckets as readonly number[]
  for (let at = 0; at < pairs.length; at += 2) addCount(spread, pairs[at] ?? 0, pairs[at + 1] ?? 0)
  return spread
}

/** Of one row, or of several that were added up. */
export function tallyOf(row: ValueColumns): Tally {
  const tally = emptyTally()
  for (const [index, key] of COUNTS.entries()) tally.counts[key] = Number(row[COUNT_COLUMNS[index] ?? ''])
  for (const [index, key] of TIMES.entries()) tally.times[key] = Number(row[TIME_COLUMNS[index] ?? ''])
  const [wait, toService, service] = SUM_COLUMNS.map((column, index) =>
    spreadOf(row[column], row[BUCKET_COLUMNS[index] ?? '']),
  ) as [Spread, Spread, Spread]
  return { ...tally, spreads: { wait, toService, service } }
}

const cellOf = (row: RollupRow): Cell => {
  const { business_date: period, dimension, id } = row
  return { period, dimension, id, tally: tallyOf(row) }
}

const bucketsOf = ({ countByKey }: Spread): string =>
  `{${[...countByKey]
    .toSorted(([a], [b]) => a - b)
    .flat()
    .join(',')}}`

/** Of some business dates; all of them where none are named. */
export async function readRollups(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  dates: readonly string[] | null,
): Promise<readonly Cell[]> {
  const rows = await db.query<RollupRow & Record<string, unknown>>(
    `select ${[...KEY_COLUMNS, ...VALUE_COLUMNS].join(', ')} from rollup
     where tenant_id = $1 and branch_id = $2 and ($3::text[] is null or business_date = any($3))`,
    [tenantId, branchId, dates],
  )
  return rows.map(cellOf)
}

/** The cells that are there already, of those that change. */
function readSame(db: TenantDb, { tenantId, branchId }: BranchIdentity, cells: readonly Cell[]) {
  return db.often<RollupRow & Record<string, unknown>>(
    `select ${[...KEY_COLUMNS, ...VALUE_COLUMNS].join(', ')} from rollup
     join unnest($3::text[], $4::text[], $5::text[]) as changed (dimension, business_date, id)
       using (dimension, business_date, id)
     where tenant_id = $1 and branch_id = $2`,
    [tenantId, branchId, ...keysOf(cells)],
  )
}

const keysOf = (cells: readonly Cell[]): readonly Buffer[] => [
  texts(cells.map(({ dimension }) => dimension)),
  texts(cells.map(({ period }) => period)),
  texts(cells.map(({ id }) => id)),
]

const numbersOf = (cells: readonly Cell[]): readonly string[] => [
  ...COUNTS.map((key) => scalars(cells.map(({ tally }) => tally.counts[key]))),
  ...TIMES.map((key) => scalars(cells.map(({ tally }) => tally.times[key]))),
  ...DURATIONS.map((key) => scalars(cells.map(({ tally }) => tally.spreads[key].sumMs))),
]

/** Arrays of arrays must be of one length each; texts need not. */
const PUT = `insert into rollup (tenant_id, branch_id, ${[...KEY_COLUMNS, ...VALUE_COLUMNS].join(', ')})
  select $1, $2, ${[...KEY_COLUMNS, ...NUMBER_COLUMNS].join(', ')}, ${BUCKET_COLUMNS.map((it) => `${it}::int[]`).join(', ')}
  from unnest($3::text[], $4::text[], $5::text[], ${NUMBER_COLUMNS.map((_, index) => `$${index + 6}::bigint[]`).join(', ')},
    ${BUCKET_COLUMNS.map((_, index) => `$${index + 6 + NUMBER_COLUMNS.length}::text[]`).join(', ')})
    as changed (${[...KEY_COLUMNS, ...VALUE_COLUMNS].join(', ')})
  on conflict (tenant_id, dimension, branch_id, business_date, id)
  do update set ${VALUE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`

/** Adds to the sums, in two statements however many cells. The caller holds the branch. */
export async function addToRollups(db: TenantDb, branch: BranchIdentity, change: Cells): Promise<void> {
  const changed = [...change.all()].filter(({ tally }) => !isEmptyTally(tally))
  if (changed.length === 0) return
  const sums = createCells(bucketGrain)
  for (const cell of changed) sums.addTally(cell)
  for (const row of await readSame(db, branch, changed)) sums.addTally(cellOf(row))
  const cells = [...sums.all()]
  const buckets = DURATIONS.map((key) => texts(cells.map(({ tally }) => bucketsOf(tally.spreads[key]))))
  await db.often(PUT, [branch.tenantId, branch.branchId, ...keysOf(cells), ...numbersOf(cells), ...buckets])
}
