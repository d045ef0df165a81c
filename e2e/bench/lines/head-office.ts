import { randomUUID } from 'node:crypto'
import { type FigureQuestion, figureReport } from '../../../cloud-sync/reports/figure-report.ts'
import { addTenant } from '../../../cloud-sync/store/branches.ts'
import { type Database, openDatabase } from '../../../cloud-sync/store/database.ts'
import { gatherMonth, monthsOf } from '../../../cloud-sync/store/gathered.ts'
import { readReportedBranches } from '../../../cloud-sync/store/report-rows.ts'
import { asAdministrator, openTestDatabase, silent } from '../../../cloud-sync/testing/test-database.ts'
import { bucketGrain } from '../../../shared/project/spread.ts'
import { type Goal, goals } from '../goals.ts'
import type { Measured } from '../report.ts'
import type { Line } from './context.ts'

const BRANCHES = 200
const DAYS = 365
const FROM = '2025-01-01'
const TO = '2025-12-31'
const BRANCH_DAYS = BRANCHES * DAYS
const SMALL = 100_000
/** Asking the rows takes minutes at the long size: there it is done once for each report. */
const ROUNDS_MAX = 3
const LONG = 3_000_000

const REPORTS = ['wait-times', 'queue-stats', 'agent-performance'] as const

/** Where each bucket begins, found by asking which one a duration falls into. */
function bucketStarts(): readonly number[] {
  const starts: number[] = []
  for (let ms = 0, key = 0; ms < 40_000_000; ms += Math.max(1, Math.floor(ms / 4_096)))
    if (bucketGrain.keyOf(ms) > key) {
      let low = ms
      while (bucketGrain.keyOf(low - 1) > key) low -= 1
      key = bucketGrain.keyOf(ms)
      starts.push(low)
    }
  return starts
}

const QUEUE = 'passes::json -> 0 ->> 0'
const AGENT = 'passes::json -> 0 ->> 2'

/**
 * Days as they are drawn, and repeated over branches and dates: each ticket a row of its own, but what a day sums up to is
 * worked out once for each drawn day, or laying a year would take an hour.
 */
const DRAWN_DAYS = 100
const DRAW = `create temp table drawn as
  select day, place, 'service-' || place % 6 as service_id, case when place % 17 = 16 then 'no_show' else 'completed' end as status,
    (-420000 * ln(1 - random()))::bigint as wait_ms, (-450000 * ln(1 - random()))::bigint as to_service_ms,
    (30000 - 240000 * ln(1 - random()))::bigint as service_ms, 8 + place % 9 as issued_hour,
    'queue-' || place % 3 as queue_id, 'agent-' || place % 5 as agent_id
  from generate_series(0, ${DRAWN_DAYS - 1}) as day, generate_series(0, $1::int - 1) as place`
/** In the order in which days go by, as uploads would leave them. */
const PLACES = `(select branch_id, to_char(date '${FROM}' + at, 'YYYY-MM-DD') as business_date, at,
    (at * 13 + place * 7) % ${DRAWN_DAYS} as day
  from generate_series(0, ${DAYS - 1}) as at, unnest($2::uuid[]) with ordinality as branch (branch_id, place)
  order by at, place) as lying`

/** A year of a tenant, straight into the tables: what is timed is the reading. */
const TICKETS = `insert into smartqueue.ticket (tenant_id, branch_id, ticket_id, business_date, number, service_id,
    status, wait_ms, to_service_ms, service_ms, issued_hour, target_ms, is_training, passes, body, is_retained,
    is_set_aside, born_ord, changed_ord)
  select $1, branch_id, 't' || lying.at || '-' || place, business_date, 'A001', service_id, status, wait_ms, to_service_ms,
    service_ms, issued_hour, 600000, false, format('[["%s","counter-1","%s",%s,600000,%s,%s,"%s",1]]', queue_id, agent_id,
      wait_ms, to_service_ms, service_ms, status), '{}', false, false, place, place
  from ${PLACES} join drawn using (day)`

const DIMENSIONS: Readonly<Record<string, string>> = {
  branch: "''::text",
  service: 'service_id',
  hour: "lpad(issued_hour::text, 2, '0')",
  queue: 'queue_id',
  agent: 'agent_id',
}

/** The sums of those days, as the fold would have made them; the test of reports holds the fold's own against raw events. */
const cellsOf = (dimension: string, id: string): string => {
  const buckets = (column: string): string =>
    `(select array_agg(number order by bucket, at) from (
       select bucket, unnest(array[bucket, count(*)::int]) as number, unnest(array[0, 1]) as at
       from unnest(array_agg(width_bucket(${column}, $1::bigint[]))) as bucket group by bucket) as pairs)`
  return `select day, '${dimension}' as dimension, ${id} as id, count(*) as issued, count(*) as called,
      count(*) filter (where status = 'completed') as completed, count(*) filter (where status = 'no_show') as no_show,
      count(*) filter (where wait_ms <= 600000) as on_target, sum(wait_ms) as wait_ms, sum(to_service_ms) as to_service_ms,
      sum(service_ms) as service_ms, ${buckets('wait_ms')} as wait_buckets,
      ${buckets('to_service_ms')} as to_service_buckets, ${buckets('service_ms')} as service_buckets
    from drawn group by day, ${id}`
}
const CELLS = `create temp table cell as ${Object.entries(DIMENSIONS)
  .map(([dimension, id]) => cellsOf(dimension, id))
  .join(' union all ')}`
const ROLLUPS = `insert into smartqueue.rollup
  select $1, dimension, branch_id, business_date, id, issued, called, completed, no_show, 0, 0, issued, on_target, 0, 0, 0,
    wait_ms, to_service_ms, service_ms, wait_buckets, to_service_buckets, service_buckets
  from ${PLACES} join cell using (day)`

const SUMMED = ['wait_ms', 'to_service_ms', 'service_ms']
  .map((it) => `count(${it}) as counted, sum(${it}), percentile_disc(array[0.5, 0.9]) within group (order by ${it})`)
  .join(', ')

interface RawLines {
  readonly column: string
  readonly grouping: string
}

const LINES: Readonly<Record<(typeof REPORTS)[number], RawLines>> = {
  'wait-times': { column: 'service_id', grouping: 'service_id' },
  'queue-stats': { column: QUEUE, grouping: `(branch_id, (${QUEUE}))` },
  'agent-performance': { column: AGENT, grouping: `(branch_id, (${AGENT}))` },
}

/** The same question of the rows, in as few readings as Postgres does it in. */
const rawOf = ({ column, grouping }: RawLines): readonly [sums: string, heat: string] => [
  `select branch_id, business_date, ${column}, count(*) as ticket_count, count(*) filter (where status = 'completed'),
     count(*) filter (where status = 'no_show'), count(*) filter (where wait_ms <= target_ms), ${SUMMED}
   from smartqueue.ticket where tenant_id = $1 and business_date between '${FROM}' and '${TO}'
     and not is_training and not is_set_aside group by grouping sets (branch_id, business_date, ${grouping})`,
  `select extract(isodow from business_date::date), issued_hour, count(*) from smartqueue.ticket
   where tenant_id = $1 and business_date between '${FROM}' and '${TO}' group by 1, 2`,
]

interface Year {
  readonly database: Database
  readonly administratorUrl: string
  readonly tenantId: string
  readonly ticketCount: number
}

async function gatherYear(database: Database, tenantId: string): Promise<number> {
  const startMs = performance.now()
  const months = monthsOf({ from: FROM, to: TO })
  for (const month of months)
    if (!(await gatherMonth(database, tenantId, month))) throw new Error(`${month} was not gathered`)
  return (performance.now() - startMs) / months.length
}

async function layYear(administratorUrl: string, database: Database, ticketCount: number): Promise<Year> {
  const tenantId = (await addTenant(database, `bench-${randomUUID()}`, { fr: 'Banc' })) ?? ''
  const ofDay = Math.max(1, Math.round(ticketCount / BRANCH_DAYS))
  await asAdministrator(administratorUrl, async (client) => {
    const branchIds = Array.from({ length: BRANCHES }, () => randomUUID())
    await client.query(
      `insert into smartqueue.branch (tenant_id, branch_id, name, time_zone, created_at)
       select $1, unnest($2::uuid[]), '{"fr": "Agence"}', 'Africa/Dakar', now()`,
      [tenantId, branchIds],
    )
    // Whether each row has its branch is known, and is not asked ten million times.
    await client.query("set session_replication_role = 'replica'")
    await client.query("set work_mem = '256MB'")
    for (const [text, values] of [
      [DRAW.replace('$1', String(ofDay)), []],
      [CELLS.replaceAll('$1', `'{${bucketStarts().join(',')}}'`), []],
      [ROLLUPS, [tenantId, branchIds]],
      [TICKETS, [tenantId, branchIds]],
      ['vacuum analyze smartqueue.ticket', []],
      ['vacuum analyze smartqueue.rollup', []],
    ] as const) {
      const startMs = performance.now()
      await client.query(text, [...values])
      console.error(`${Math.round(performance.now() - startMs)} ms: ${text.slice(0, 40).replaceAll('\n', ' ')}`)
    }
  })
  const monthMs = await gatherYear(database, tenantId)
  console.error(`${ofDay * BRANCH_DAYS} tickets are laid; a month of them was gathered in ${Math.round(monthMs)} ms.`)
  return { database, administratorUrl, tenantId, ticketCount: ofDay * BRANCH_DAYS }
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const startMs = performance.now()
  const result = await work()
  return { result, ms: performance.now() - startMs }
}

const askSums = ({ database, tenantId }: Year, report: FigureQuestion['report']) =>
  database.asTenant(tenantId, async (db) => {
    const branches = await readReportedBranches(db, tenantId, { branchId: null, countMax: BRANCHES + 1 })
    const question = { tenantId, report, branches, from: FROM, to: TO, compareFrom: null, of: null }
    return figureReport(db, { ...question, exactTicketsMax: -1 })
  })

const askRows = ({ administratorUrl, tenantId }: Year, report: (typeof REPORTS)[number]) =>
  asAdministrator(administratorUrl, async (client) => {
    // All that Postgres would want for it, so that nothing is won by a small memory.
    await client.query('set work_mem = "256MB"')
    const [sums, heat] = rawOf(LINES[report])
    const { rows } = await client.query<{ business_date: string | null; ticket_count: string }>(sums, [tenantId])
    await client.query(heat, [tenantId])
    return rows
      .filter(({ business_date: date }) => date !== null)
      .reduce((sum, { ticket_count: count }) => sum + Number(count), 0)
  })

/** Reports of head office: a year of 200 branches from the daily sums, beside the same question on the rows. */
export const headOffice: Line = async ({ historyLong, roundCount }) => {
  const server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
  const { administratorUrl } = server
  const database = await openDatabase({ administratorUrl, log: silent, answerMsMax: 600_000 })
  const long = Number(process.env['REPORT_TICKETS'] ?? 10 * historyLong)
  const [small, large] = [
    await layYear(administratorUrl, database, SMALL),
    await layYear(administratorUrl, database, long),
  ]
  const goalOf: Goal = long >= 10_000_000 ? goals.headReport : goals.headReportQuick
  const results: Measured[] = []
  const growth: { ours: number; limit: number }[] = []
  for (const report of REPORTS) {
    const rounds: { ours: number; limit: number }[] = []
    let rows = await timed(() => askRows(large, report))
    for (let round = -1; round < Math.min(ROUNDS_MAX, roundCount); round += 1) {
      const sums = await timed(() => askSums(large, report))
      const before = await timed(() => askSums(small, report))
      if (rows.result !== sums.result.total.issuedCount || rows.result !== large.ticketCount)
        throw new Error(`The rows tell of ${rows.result} tickets, the sums of ${sums.result.total.issuedCount}`)
      if (round < 0) continue
      if (long < LONG) rows = await timed(() => askRows(large, report))
      rounds.push({ ours: 1_000 / sums.ms, limit: 1_000 / rows.ms })
      growth.push({ ours: sums.ms, limit: before.ms })
    }
    const what = `${report}, a year of ${BRANCHES} branches, ${large.ticketCount} tickets`
    results.push({ goal: { ...goalOf, what }, rounds })
    console.error(
      `${what}: rows ${Math.round(rows.ms)} ms, sums ${rounds.map(({ ours }) => Math.round(1_000 / ours))} ms`,
    )
  }
  await database.close()
  await server.close()
  return [...results, { goal: goals.headReportGrowth, rounds: growth }]
}
