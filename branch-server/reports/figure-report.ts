import type { Sqlite } from '#shared/disk/open.ts'
import { type Cell, type Cells, createCells } from '#shared/project/cells.ts'
import type { FigureLine, FigureReport, ReportBy } from '#shared/project/figure-report.ts'
import { type Dimension, figuresOf, sharesOfShift, type Tally } from '#shared/project/figures.ts'
import { endShift } from '#shared/project/shifts.ts'
import { BUCKET_ERROR_MAX, bucketGrain, exactGrain, type Grain } from '#shared/project/spread.ts'
import { openShifts, rawCells } from '../store/figure-rows.ts'
import { datesOf, monthKey, monthsUpTo, rolledBefore, type Stretch, sumCells } from '../store/rollup-cells.ts'
import { catalogueInForce, namesOf } from './names.ts'

/** What is asked of a report. */
export interface FigureQuestion {
  readonly from: string
  readonly to: string
  readonly bys: readonly ReportBy[]
  /** What runs now, a counter that is open, is counted up to this instant. */
  readonly steadyMs: number
}

/** Spans up to this are read from their rows, so that even their medians are exact; longer ones from the sums. */
const EXACT_DAYS_MAX = 7
const DAY_MS = 24 * 3_600_000

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS + 1

const dayAfter = (date: string): string => new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10)

/** @param count - how many months later; negative for earlier */
function monthAfter(month: string, count: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}

/** The rows of some dates, and what still goes on at the counters on them. */
function fromRows(
  db: Sqlite,
  from: string,
  to: string,
  { bys, steadyMs }: FigureQuestion,
  grain: Grain,
): Iterable<Cell> {
  const cells = rawCells(db, from, to, grain, dimensionsIn(bys))
  for (const shift of openShifts(db)())
    if (shift.businessDate >= from && shift.businessDate <= to)
      for (const share of sharesOfShift(endShift(shift, steadyMs))) cells.add(shift.businessDate, share)
  return cells.all()
}

/** Stretches of the sums that make up a span: whole months by their own, where no line is asked for each date. */
function stretches(db: Sqlite, { from, to, bys }: FigureQuestion): readonly Stretch[] {
  const built = monthsUpTo(db)()
  const first = from.endsWith('-01') ? from.slice(0, 7) : monthAfter(from.slice(0, 7), 1)
  const whole = dayAfter(to).endsWith('-01') ? to.slice(0, 7) : monthAfter(to.slice(0, 7), -1)
  const last = whole < built ? whole : built
  if (bys.includes('date') || first > last) return [{ from, to }]
  return [
    { from, to: datesOf(first).from },
    { from: monthKey(first), to: monthKey(last) },
    { from: datesOf(last).to, to },
  ]
}

const dimensionsIn = (bys: readonly ReportBy[]): readonly Dimension[] => bys.filter((by) => by !== 'date')

/** Cells of no period: what a report adds up. Dates are lines of the branch's own cells. */
const addCell = (sums: Cells, { period, dimension, id, tally }: Cell, bys: readonly ReportBy[]): void => {
  sums.addTally({ period: '', dimension, id, tally })
  if (dimension === 'branch' && bys.includes('date')) sums.addTally({ period, dimension, id, tally })
}

function addSums(db: Sqlite, question: FigureQuestion, sums: Cells): void {
  const dimensions: readonly Dimension[] = ['branch', ...dimensionsIn(question.bys)]
  const keepsPeriod = question.bys.includes('date')
  const read = createCells(bucketGrain)
  for (const stretch of stretches(db, question))
    sumCells(db, stretch, dimensions, (period, dimension, id) => read.at(keepsPeriod ? period : '', dimension, id))
  for (const cell of read.all()) addCell(sums, cell, keepsPeriod ? question.bys : [])
}

function linesOf(db: Sqlite, by: ReportBy, tallies: ReadonlyMap<string, Tally>, grain: Grain): readonly FigureLine[] {
  const names = by === 'date' ? new Map<string, never>() : namesOf(db, by, new Set(tallies.keys()))
  const rankOf = (id: string): number => names.get(id)?.rank ?? 0
  return [...tallies]
    .toSorted(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
    .map(([id, tally]) => ({
      id,
      name: names.get(id)?.name ?? null,
      isRetired: by !== 'date' && by !== 'hour' && names.get(id)?.isRetired !== false,
      ...figuresOf(tally, grain),
    }))
}

/** Reads a report beside the writer, in one read transaction. */
export function figureReport(db: Sqlite, question: FigureQuestion): FigureReport {
  return db.transaction(() => readReport(db, question))()
}

function readReport(db: Sqlite, question: FigureQuestion): FigureReport {
  const { from, to, bys } = question
  const bound = rolledBefore(db)()
  const isExact = daysBetween(from, to) <= EXACT_DAYS_MAX
  const grain = isExact ? exactGrain : bucketGrain
  const rowsFrom = isExact || from >= bound ? from : bound
  const sums = createCells(grain)
  // The present day has no sums, so these two never count a date twice.
  if (rowsFrom > from) addSums(db, question, sums)
  if (rowsFrom <= to) for (const cell of fromRows(db, rowsFrom, to, question, grain)) addCell(sums, cell, bys)

  const settings = catalogueInForce(db)?.body.branch
  const runningDate = bound !== '' && bound >= from && bound <= to ? bound : null
  return {
    ...{ from, to, runningDate },
    timezone: settings?.timezone ?? 'UTC',
    branchName: settings?.name ?? '',
    defaultLanguage: settings?.defaultLanguage ?? 'fr',
    medianErrorMax: isExact ? 0 : BUCKET_ERROR_MAX,
    total: figuresOf(sums.at('', 'branch', ''), grain),
    tables: bys.map((by) => ({ by, lines: linesOf(db, by, talliesOf(sums, by), grain) })),
  }
}

function talliesOf(sums: Cells, by: ReportBy): ReadonlyMap<string, Tally> {
  const cells = [...sums.all()]
  if (by === 'date')
    return new Map(cells.filter(({ period }) => period !== '').map(({ period, tally }) => [period, tally]))
  return new Map(cells.filter(({ dimension }) => dimension === by).map(({ id, tally }) => [id, tally]))
}
