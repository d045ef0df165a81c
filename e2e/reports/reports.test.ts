import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FigureQuestion, figureReport } from '../../cloud-sync/reports/figure-report.ts'
import { addBranch, addTenant } from '../../cloud-sync/store/branches.ts'
import { datesOf, gatherOver } from '../../cloud-sync/store/gathered.ts'
import { type BranchIdentity, receive } from '../../cloud-sync/store/inbox.ts'
import { readReportedBranches } from '../../cloud-sync/store/report-rows.ts'
import { openTestStore, type TestStore } from '../../cloud-sync/testing/test-database.ts'
import type { Figures } from '../../shared/project/figures.ts'
import { BUCKET_ERROR_MAX, BUCKET_ERROR_MS_MAX } from '../../shared/project/spread.ts'
import type { FigureReportAnswer } from '../../shared/wire/reports.ts'
import { epochsOf, sendCatalogues } from '../sync/told-story.ts'
import { branchOfDays, type DrawnDay, drawnDay, FIRST_DATES, ZONES } from './branch-days.ts'
import { type RawEvent, type Seen, seenIn, slowFigures } from './slow-figures.ts'

/** `REPORT_DAYS=30 REPORT_BRANCHES=5` is the long form. */
const DAYS = Number(process.env['REPORT_DAYS'] ?? 3)
const BRANCHES = Number(process.env['REPORT_BRANCHES'] ?? 3)
const RUNS = Number(process.env['REPORT_RUNS'] ?? 2)
const VISITS_MAX = DAYS > 10 ? 60 : 25
const QUESTIONS = 24
const GATHERED_QUESTIONS = 8
const UPLOAD = 500
const SEED = 20_261_128

let server: TestStore
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())

/** A branch that the cloud holds, and what its raw events say. */
interface Held extends BranchIdentity {
  readonly seen: readonly Seen[]
}

async function hold(tenantId: string, zone: string, firstDate: string, days: readonly DrawnDay[]): Promise<Held> {
  using story = branchOfDays(zone, firstDate, days)
  const { database } = server
  const branch = { tenantId, branchId: await addBranch(database, tenantId, { fr: `Agence ${zone}` }, zone) }
  await sendCatalogues(database, branch, story)
  for (const { epoch, events } of epochsOf(story))
    for (let from = 0; from < events.length; from += UPLOAD) {
      const onFailure = (error: unknown): never => {
        throw error
      }
      const some = events.slice(from, from + UPLOAD)
      expect(await receive(database, branch, epoch, some, { onFailure })).toMatchObject({ kind: 'kept' })
    }
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<{ body: Buffer }>('select body from event where tenant_id = $1 and branch_id = $2 order by seq', [
      ...[tenantId, branch.branchId],
    ]),
  )
  const events = rows.map(({ body }) => JSON.parse(body.toString()) as RawEvent)
  return { ...branch, seen: seenIn(events, zone) }
}

/** What of a report both ways must come to. */
interface Told {
  readonly total: Figures
  readonly lines: Readonly<Record<string, Figures>>
  readonly branches: Readonly<Record<string, Figures>>
  readonly days: Readonly<Record<string, Figures>>
  readonly heat: readonly string[] | null
}

const LINES_OF = { 'wait-times': 'service', 'queue-stats': 'queue', 'agent-performance': 'agent' } as const
const isSomething = (figures: Figures): boolean => figures.issuedCount + figures.calledCount + figures.signedInMs > 0

function bySome(seen: readonly Seen[], keyOf: (one: Seen) => string): Record<string, Figures> {
  const groups = Map.groupBy(seen, keyOf)
  const figures = [...groups].map(([key, some]) => [key, slowFigures(some)] as const)
  return Object.fromEntries(figures.filter(([, some]) => isSomething(some)).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The heat map, by weekdays of the calendar: 1970 began on a Thursday. */
function heatOf(seen: readonly Seen[]): readonly string[] {
  const weekdayOf = (date: string): number => ((Date.parse(date) / 86_400_000 + 3) % 7) + 1
  const tickets = seen.filter(({ dimension, issued }) => dimension === 'branch' && issued === 1)
  return [...Map.groupBy(tickets, ({ date, hour }) => JSON.stringify([weekdayOf(date), hour]))]
    .map(([key, some]) => {
      const { issuedCount, calledCount, abandonedCount, slaCompliance, slaCount } = slowFigures(some)
      return JSON.stringify([...JSON.parse(key), issuedCount, calledCount, abandonedCount, slaCompliance, slaCount])
    })
    .toSorted()
}

function slowly(branches: readonly Held[], { report, from, to, of, branches: asked }: FigureQuestion): Told {
  const linesBy = of?.by ?? LINES_OF[report]
  const ids = new Set(asked.map(({ branchId }) => branchId))
  const all = branches
    .filter(({ branchId }) => ids.has(branchId))
    .flatMap(({ branchId, seen }) => seen.map((one) => ({ ...one, branchId })))
    .filter(({ date }) => date >= from && date <= to)
  const about = all.filter(({ dimension, id }) =>
    of === null ? dimension === 'branch' : dimension === of.by && id === of.id,
  )
  const lines = all.filter(({ dimension, id }) => dimension === linesBy && (of === null || id === of.id))
  const branchIdOf = (one: Seen): string => (one as Seen & { branchId: string }).branchId
  return {
    total: slowFigures(about),
    lines: bySome(lines, (one) => JSON.stringify([linesBy === 'service' ? null : branchIdOf(one), one.id])),
    branches: bySome(about, branchIdOf),
    days: bySome(about, ({ date }) => date),
    heat: of === null ? heatOf(all) : null,
  }
}

const FIGURES = Object.keys(slowFigures([])) as (keyof Figures)[]
const figuresIn = (line: Figures): Figures =>
  Object.fromEntries(FIGURES.map((name) => [name, line[name]])) as unknown as Figures

function toldBy({ total, lines, branches, days, heatMap }: FigureReportAnswer): Told {
  const keyed = <Line extends Figures>(all: readonly Line[], keyOf: (line: Line) => string) =>
    Object.fromEntries(all.map((line) => [keyOf(line), figuresIn(line)] as const))
  return {
    total: figuresIn(total),
    lines: keyed(lines, ({ branchId, id }) => JSON.stringify([branchId, id])),
    branches: keyed(branches, ({ id }) => id),
    days: keyed(days, ({ id }) => id),
    heat:
      heatMap
        ?.map(({ weekday, hour, issuedCount, calledCount, abandonedCount, slaCompliance, slaCount }) =>
          JSON.stringify([weekday, hour, issuedCount, calledCount, abandonedCount, slaCompliance, slaCount]),
        )
        .toSorted() ?? null,
  }
}

const DURATIONS = ['wait', 'timeToService', 'serviceTime'] as const

/** Without what buckets may round; that is held against the truth by itself. */
function unrounded({ heat, ...told }: Told): unknown {
  const strip = (figures: Figures) => ({
    ...figures,
    ...Object.fromEntries(DURATIONS.map((name) => [name, [figures[name].count, figures[name].meanMs]])),
  })
  const all = (lines: Readonly<Record<string, Figures>>) =>
    Object.fromEntries(Object.entries(lines).map(([key, figures]) => [key, strip(figures)]))
  return {
    heat,
    total: strip(told.total),
    lines: all(told.lines),
    branches: all(told.branches),
    days: all(told.days),
  }
}

function expectNear(found: Figures, real: Figures): void {
  for (const name of DURATIONS)
    for (const rank of ['medianMs', 'p90Ms'] as const) {
      const realMs = real[name][rank]
      const errorMs = Math.abs((found[name][rank] ?? 0) - (realMs ?? 0))
      expect(errorMs).toBeLessThanOrEqual(Math.max(BUCKET_ERROR_MS_MAX, BUCKET_ERROR_MAX * (realMs ?? 0)))
    }
}

const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)

const question: fc.Arbitrary<Asked> = fc.record({
  report: fc.constantFrom('wait-times', 'queue-stats', 'agent-performance'),
  span: fc.tuple(fc.nat({ max: DAYS + 1 }), fc.nat({ max: DAYS + 1 })),
  branch: fc.option(fc.nat({ max: BRANCHES - 1 }), { freq: 2 }),
  of: fc.option(
    fc.constantFrom(
      ...(['cash', 'loans'] as const).map((id) => ({ by: 'service', id }) as const),
      ...(['teller-line', 'advice-line'] as const).map((id) => ({ by: 'queue', id }) as const),
      ...(['amadou', 'chloe'] as const).map((id) => ({ by: 'agent', id }) as const),
    ),
    { freq: 2 },
  ),
  isCompared: fc.boolean(),
})

async function ask(
  branches: readonly Held[],
  firstDate: string,
  { report, span, branch, of, isCompared }: Asked,
  isOfMonths = false,
): Promise<void> {
  const tenantId = branches[0]?.tenantId ?? ''
  const [first, last] = [Math.min(...span), Math.max(...span)]
  const dates = [dateAfter(firstDate, first - 1), dateAfter(firstDate, last - 1)] as const
  const months = dates.map((date) => datesOf(date.slice(0, 7)))
  const [from = '', to = ''] = isOfMonths ? [months[0]?.from, months[1]?.to] : dates
  const asked = await server.database.asTenant(tenantId, async (db) => {
    const branchId = branch === null ? null : (branches[branch]?.branchId ?? null)
    const reported = await readReportedBranches(db, tenantId, { branchId, countMax: 100 })
    const compareFrom = isCompared ? dateAfter(from, -2) : null
    return { tenantId, report, branches: reported, from, to, compareFrom, of } satisfies FigureQuestion
  })
  const real = slowly(branches, asked)
  const read = (exactTicketsMax: number) =>
    server.database.asTenant(tenantId, (db) => figureReport(db, { ...asked, exactTicketsMax }))
  const [exact, rounded] = [await read(1_000_000), await read(-1)]
  expect(toldBy(exact)).toEqual(real)
  expect(unrounded(toldBy(rounded))).toEqual(unrounded(real))
  expectNear(rounded.total, real.total)
  expect(rounded.waitBands).toEqual(exact.waitBands)
  expect(exact.waitBands.reduce((sum, { count }) => sum + count, 0)).toBe(real.total.wait.count)
  for (const line of rounded.days) expectNear(line, real.days[line.id] as Figures)
  if (!isCompared) return
  const before = slowly(branches, { ...asked, from: dateAfter(from, -2), to: dateAfter(to, -2) })
  expect(exact.comparison && figuresIn(exact.comparison.total)).toEqual(before.total)
}

interface Asked {
  readonly report: FigureQuestion['report']
  readonly span: readonly [number, number]
  readonly branch: number | null
  readonly of: FigureQuestion['of']
  readonly isCompared: boolean
}

test('every report is what its definitions make of the raw events, in each zone and over changes of its clocks', async () => {
  let ticketCount = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...FIRST_DATES),
      fc.array(fc.array(drawnDay(VISITS_MAX), { minLength: DAYS, maxLength: DAYS }), {
        minLength: BRANCHES,
        maxLength: BRANCHES,
      }),
      fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }),
      async (firstDate, days, questions) => {
        const tenantId = (await addTenant(server.database, `bank-${randomUUID()}`, { fr: 'Banque' })) ?? ''
        const branches: Held[] = []
        for (const [index, ofBranch] of days.entries())
          branches.push(await hold(tenantId, ZONES[index % ZONES.length] ?? 'UTC', firstDate, ofBranch))
        for (const { seen } of branches)
          ticketCount += seen.filter(({ dimension, issued }) => dimension === 'branch' && issued === 1).length
        for (const asked of questions) await ask(branches, firstDate, asked)
        // The same from sums that were gathered, of these dates and of all of their months.
        await gatherOver(server.database, tenantId, Date.parse('2027-01-31'))
        for (const asked of questions.slice(0, GATHERED_QUESTIONS))
          for (const isOfMonths of [false, true]) await ask(branches, firstDate, asked, isOfMonths)
      },
    ),
    { seed: SEED, numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  )
  expect(ticketCount).toBeGreaterThan(RUNS * BRANCHES * DAYS * 2)
}, 3_600_000)
