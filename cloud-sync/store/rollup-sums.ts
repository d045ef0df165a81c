import { addTally, type Dimension, type Tally } from '#shared/project/figures.ts'
import type { TenantDb } from './database.ts'
import { type Dates, monthsOf, OF_TENANT, PACKED_COLUMNS, splitDates, unpack } from './gathered.ts'
import type { Stretch } from './report-rows.ts'
import { BUCKET_COLUMNS, NUMBER_COLUMNS, tallyOf } from './rollup-rows.ts'

/** What of some business dates can be read from sums that were gathered. */
export interface Gathered {
  readonly months: ReadonlySet<string>
  /** It is all branches of a tenant that are asked about. */
  readonly isWholeTenant: boolean
}

export async function readGathered(db: TenantDb, { tenantId, branchIds, from, to }: Stretch): Promise<Gathered> {
  const [row] = await db.query<{ months: readonly string[]; branch_count: string }>(
    `select (select coalesce(array_agg(month), '{}') from gathered_month
       where tenant_id = $1 and is_ready and month = any($2)) as months,
       (select count(*) from branch where tenant_id = $1) as branch_count`,
    [tenantId, monthsOf({ from, to })],
  )
  const isWholeTenant = Number(row?.branch_count) === branchIds.length
  return { months: new Set(row?.months), isWholeTenant }
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

interface SumRow {
  readonly [column: string]: unknown
  readonly branch_id?: string
  readonly business_date?: string
  readonly id?: string
}

/** Rows of the days themselves. Each stretch of dates goes along the key by branch and date. */
const DAILY = `unnest($5::text[], $6::text[]) as piece (since, until)
  join rollup on tenant_id = $1 and dimension = $3 and branch_id = any($2::uuid[])
    and business_date between piece.since and piece.until and ($4::text is null or id = $4)`
const OF_MONTHS = `unnest($5::text[], $6::text[]) as piece (since, until)
  join rollup_of_month on tenant_id = $1 and dimension = $3 and branch_id = any($2::uuid[])
    and month between left(piece.since, 7) and left(piece.until, 7) and ($4::text is null or id = $4)`
const OF_DATES = `unnest($5::text[], $6::text[]) as piece (since, until)
  join rollup_of_tenant on tenant_id = $1 and dimension = $3 and $2::uuid[] is not null
    and business_date between piece.since and piece.until and ($4::text is null or id = $4)`

/** Rows, and what they are asked with. */
interface Source {
  readonly from: string
  readonly values: readonly unknown[]
}

interface Sources {
  readonly daily: Source | null
  readonly gathered: Source | null
}

/** The fewest rows that tell it: what was gathered, and the days of what was not. Each date is in one of them. */
function sourcesOf(stretch: Stretch, { months, isWholeTenant }: Gathered, { dimension, id, by }: Summing): Sources {
  const isOfTenant = isWholeTenant && OF_TENANT.has(dimension) && !by.includes('branch_id')
  const isOfMonths = !isOfTenant && !by.includes('business_date') && dimension !== 'hour'
  const ready = isOfTenant || isOfMonths ? months : new Set<string>()
  const { gathered, daily } = splitDates(stretch, ready, isOfMonths)
  const source = (from: string, dates: readonly Dates[]): Source | null => {
    const columns = [dates.map((it) => it.from), dates.map((it) => it.to)]
    const values = [stretch.tenantId, stretch.branchIds, dimension, id, ...columns]
    return dates.length === 0 ? null : { from, values }
  }
  return { daily: source(DAILY, daily), gathered: source(isOfTenant ? OF_DATES : OF_MONTHS, gathered) }
}

type Tallies = ReadonlyMap<string, { readonly row: SumRow; readonly tally: Tally }>

const keyOf = ({ branch_id, business_date, id }: SumRow): string => JSON.stringify([branch_id, business_date, id])
const SUMS = NUMBER_COLUMNS.map((column) => `sum(${column}) as ${column}`).join(', ')
const NO_BUCKETS = Object.fromEntries(BUCKET_COLUMNS.map((name) => [name, []]))

/** Buckets add up in Postgres: they are many. */
const bucketSums = (keys: string, from: string): string =>
  `select ${keys}, duration, array_agg(bucket) as buckets, array_agg(count) as counts from (
     select ${keys}, duration, buckets[at] as bucket, sum(buckets[at + 1]) as count
     from ${from},
       lateral (values ${BUCKET_COLUMNS.map((name, index) => `(${index}, ${name})`).join(', ')}) as lying (duration, buckets),
       lateral generate_series(1, cardinality(buckets) - 1, 2) as at
     group by ${keys}, duration, buckets[at]) as each
   group by ${keys}, duration`

async function sumDays(db: TenantDb, { from, values }: Source, keys: string): Promise<Tallies> {
  const [rows, buckets] = await Promise.all([
    db.query<SumRow>(`select ${keys}, ${SUMS} from ${from} group by ${keys}`, values),
    db.query<SumRow & { duration: number; buckets: readonly number[]; counts: readonly string[] }>(
      ...([bucketSums(keys, from), values] as const),
    ),
  ])
  const pairsByKey = new Map<string, Record<string, readonly number[]>>()
  for (const row of buckets) {
    const pairs = row.buckets.flatMap((bucket, at) => [bucket, Number(row.counts[at])])
    const name = BUCKET_COLUMNS[row.duration] ?? ''
    pairsByKey.set(keyOf(row), { ...pairsByKey.get(keyOf(row)), [name]: pairs })
  }
  const of = (row: SumRow) => ({ row, tally: tallyOf({ ...row, ...NO_BUCKETS, ...pairsByKey.get(keyOf(row)) }) })
  return new Map(rows.map((row) => [keyOf(row), of(row)]))
}

async function sumGathered(db: TenantDb, { from, values }: Source, keys: string): Promise<Tallies> {
  const packed = PACKED_COLUMNS.map((name) => `sum(${name}) as ${name}`).join(', ')
  const rows = await db.query<SumRow>(`select ${keys}, ${SUMS}, ${packed} from ${from} group by ${keys}`, values)
  const bucketsOf = (row: SumRow) =>
    Object.fromEntries(BUCKET_COLUMNS.map((name, at) => [name, unpack(String(row[PACKED_COLUMNS[at] ?? '']))]))
  return new Map(rows.map((row) => [keyOf(row), { row, tally: tallyOf({ ...row, ...bucketsOf(row) }) }]))
}

/** Sums of the rollups: counts and sums exact, durations as buckets. */
export async function sumRollups(
  db: TenantDb,
  stretch: Stretch,
  gathered: Gathered,
  summing: Summing,
): Promise<readonly Sum[]> {
  const keys = summing.by.join(', ')
  const sources = sourcesOf(stretch, gathered, summing)
  const [days, months] = await Promise.all([
    sources.daily === null ? new Map() : sumDays(db, sources.daily, keys),
    sources.gathered === null ? new Map() : sumGathered(db, sources.gathered, keys),
  ] as const satisfies readonly (Tallies | Promise<Tallies>)[])
  const sums = new Map(days)
  for (const [key, sum] of months) {
    const there = sums.get(key)
    if (there === undefined) sums.set(key, sum)
    else addTally(there.tally, sum.tally)
  }
  return [...sums.values()].map(({ row, tally }) => ({
    ...(row.branch_id !== undefined && { branchId: row.branch_id }),
    ...(row.business_date !== undefined && { date: row.business_date }),
    ...(row.id !== undefined && { id: row.id }),
    tally,
  }))
}

/** How many tickets count: training ones and ghosts do not, and neither do those set aside. */
export async function countIssued(db: TenantDb, stretch: Stretch, gathered: Gathered): Promise<number> {
  const sources = sourcesOf(stretch, gathered, { dimension: 'branch', id: null, by: [] })
  let count = 0
  for (const source of [sources.daily, sources.gathered]) {
    if (source === null) continue
    const [row] = await db.query<{ issued: string | null }>(
      `select sum(issued) as issued from ${source.from}`,
      source.values,
    )
    count += Number(row?.issued ?? 0)
  }
  return count
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

const HOURS: Summing = { dimension: 'hour', id: null, by: ['business_date', 'id'] }

export async function sumHours(db: TenantDb, stretch: Stretch, gathered: Gathered): Promise<readonly HeatSum[]> {
  const sources = sourcesOf(stretch, gathered, HOURS)
  const cells = new Map<string, HeatSum>()
  for (const source of [sources.daily, sources.gathered]) {
    if (source === null) continue
    const rows = await db.query<Record<string, string>>(
      `select extract(isodow from business_date::date) as weekday, id as hour, sum(issued) as issued,
         sum(called) as called, sum(abandoned) as abandoned, sum(targeted) as targeted, sum(on_target) as on_target
       from ${source.from} group by 1, 2`,
      source.values,
    )
    for (const row of rows) {
      const [weekday, hour] = [Number(row['weekday']), Number(row['hour'])]
      const before = cells.get(`${weekday} ${hour}`)
      const sum = (column: string, there = 0): number => there + Number(row[column])
      cells.set(`${weekday} ${hour}`, {
        ...{ weekday, hour, issued: sum('issued', before?.issued), called: sum('called', before?.called) },
        ...{ abandoned: sum('abandoned', before?.abandoned), targeted: sum('targeted', before?.targeted) },
        onTarget: sum('on_target', before?.onTarget),
      })
    }
  }
  return [...cells.values()].toSorted((a, b) => a.weekday - b.weekday || a.hour - b.hour)
}
