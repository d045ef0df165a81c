import type { Words } from '#shared/domain/catalogue.ts'
import { figuresOf } from '#shared/project/figures.ts'
import { BUCKET_ERROR_MAX, bandsOf, exactGrain } from '#shared/project/spread.ts'
import type {
  Advice,
  FigureReportAnswer,
  HeatCell,
  LinesBy,
  ReportBranch,
  ReportLine,
  ReportName,
  ToldRangeError,
} from '#shared/wire/reports.ts'
import type { TenantDb } from '../store/database.ts'
import {
  type ReportedBranch,
  readCatalogueNames,
  readQueueOrders,
  readRangeError,
  type Stretch,
} from '../store/report-rows.ts'
import { type HeatSum, readGathered, sumHours } from '../store/rollup-sums.ts'
import { adviseCounters, adviseOrder, compareFigures } from './advice.ts'
import { type About, EXACT_TICKETS_MAX, readLineKey, type Summed, sumUp, totalOf } from './sum-up.ts'

/** What is asked of a report. */
export interface FigureQuestion {
  readonly tenantId: string
  readonly report: Exclude<ReportName, 'satisfaction'>
  readonly branches: readonly ReportedBranch[]
  readonly from: string
  readonly to: string
  /** The first date of a period of the same length; null: nothing is compared. */
  readonly compareFrom: string | null
  /** One service, queue or agent alone; null: all. */
  readonly of: { readonly by: LinesBy; readonly id: string } | null
  /** Up to so many tickets are read one by one; left out: EXACT_TICKETS_MAX. */
  readonly exactTicketsMax?: number
}

const LINES_OF = { 'wait-times': 'service', 'queue-stats': 'queue', 'agent-performance': 'agent' } as const
const DAY_MS = 24 * 3_600_000

/** Business dates from one to another, both among them. */
export const dayCountOf = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS + 1

const dateAfter = (date: string, dayCount: number): string =>
  new Date(Date.parse(date) + dayCount * DAY_MS).toISOString().slice(0, 10)

/** 1 Monday … 7 Sunday. */
const weekdayOf = (date: string): number => new Date(Date.parse(date)).getUTCDay() || 7

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

function heatCells(sums: readonly HeatSum[], { from, to }: Pick<Stretch, 'from' | 'to'>): readonly HeatCell[] {
  const dayCounts = new Map<number, number>()
  for (let day = 0; day < dayCountOf(from, to); day += 1) {
    const weekday = weekdayOf(dateAfter(from, day))
    dayCounts.set(weekday, (dayCounts.get(weekday) ?? 0) + 1)
  }
  return sums
    .filter(({ issued }) => issued > 0)
    .map(({ weekday, hour, issued, called, abandoned, targeted, onTarget }) => ({
      ...{ weekday, hour, dayCount: dayCounts.get(weekday) ?? 0 },
      ...{ issuedCount: issued, calledCount: called, abandonedCount: abandoned },
      ...{ slaCompliance: ratio(onTarget, targeted), slaCount: targeted },
    }))
}

function periodOf(summed: Summed, { from, to }: Pick<Stretch, 'from' | 'to'>) {
  const { grain } = summed
  const total = totalOf(summed)
  return {
    ...{ from, to },
    medianErrorMax: grain === exactGrain ? 0 : BUCKET_ERROR_MAX,
    total: figuresOf(total, grain),
    waitBands: [...bandsOf(total.spreads.wait, grain)],
    serviceBands: [...bandsOf(total.spreads.service, grain)],
  }
}

type CatalogueNames = ReadonlyMap<string, ReadonlyMap<string, Words | string>>

function linesOf({ byLine, grain }: Summed, names: CatalogueNames): ReportLine[] {
  return [...byLine].map(([key, tally]) => {
    const [branchId, id] = readLineKey(key)
    // A service is called alike wherever its id is the same: the first branch that knows it speaks for all.
    const knowing = branchId === null ? [...names.values()].find((ofBranch) => ofBranch.has(id)) : names.get(branchId)
    const name = (knowing?.get(id) ?? null) as ReportLine['name']
    return { id, name, isRetired: name === null, branchId, ...figuresOf(tally, grain) }
  })
}

function branchesOf({ byBranch, grain }: Summed, branches: readonly ReportedBranch[]): ReportBranch[] {
  return branches.flatMap(({ branchId, name, timeZone, heardAtMs }) => {
    const tally = byBranch.get(branchId)
    if (tally === undefined) return []
    return [{ id: branchId, name, isRetired: false, timeZone, heardAtMs, ...figuresOf(tally, grain) }]
  })
}

const daysOf = ({ byDate, grain }: Summed) =>
  [...byDate].map(([date, tally]) => ({ id: date, name: null, isRetired: false, ...figuresOf(tally, grain) }))

const rangeErrorOf = (
  db: TenantDb,
  stretch: Stretch,
  { grain }: Summed,
  of: FigureQuestion['of'],
): Promise<ToldRangeError | null> =>
  grain === exactGrain && (of === null || of.by === 'service')
    ? readRangeError(db, stretch, of?.id ?? null)
    : Promise.resolve(null)

type Told = Omit<FigureReportAnswer, 'advice'>

async function adviceOf(db: TenantDb, stretch: Stretch, told: Told): Promise<readonly Advice[]> {
  const { heatMap, total, comparison, linesBy, lines, medianErrorMax, from, to } = told
  const withPriorities = medianErrorMax === 0
  const orderOf = linesBy === 'queue' ? await readQueueOrders(db, stretch, { withPriorities }) : () => undefined
  const dayCount = dayCountOf(from, to)
  return [
    ...(comparison === null ? [] : compareFigures(total, comparison.total)),
    ...lines.flatMap((line) => adviseOrder(line, orderOf(line.branchId, line.id), dayCount)),
    // The hours of several branches together are nobody's.
    ...(stretch.branchIds.length === 1 ? adviseCounters(heatMap ?? [], total) : []),
  ]
}

/** Reads a report. Business dates are each branch's own: one that is ahead of another has them sooner. */
export async function figureReport(db: TenantDb, question: FigureQuestion): Promise<FigureReportAnswer> {
  const { tenantId, report, branches, from, to, compareFrom, of, exactTicketsMax = EXACT_TICKETS_MAX } = question
  const branchIds = branches.map(({ branchId }) => branchId)
  const linesBy = of?.by ?? LINES_OF[report]
  const about: About = { dimension: of?.by ?? 'branch', id: of?.id ?? null, linesBy }
  const stretch: Stretch = { tenantId, branchIds, from, to }
  const sumsOf = async (dates: Stretch): Promise<Summed> =>
    sumUp(db, dates, await readGathered(db, dates), about, exactTicketsMax)
  const summed = await sumsOf(stretch)
  const hours = of === null ? await sumHours(db, stretch, await readGathered(db, stretch)) : null
  const heat = hours === null ? null : heatCells(hours, stretch)
  const compared =
    compareFrom === null
      ? null
      : { ...stretch, from: compareFrom, to: dateAfter(compareFrom, dayCountOf(from, to) - 1) }
  const told: Told = {
    report,
    ...periodOf(summed, stretch),
    linesBy,
    lines: linesOf(summed, await readCatalogueNames(db, tenantId, branchIds, linesBy)),
    branches: branchesOf(summed, branches),
    days: daysOf(summed),
    heatMap: heat === null ? null : [...heat],
    comparison: compared === null ? null : periodOf(await sumsOf(compared), compared),
    rangeError: await rangeErrorOf(db, stretch, summed, of),
  }
  return { ...told, advice: [...(await adviceOf(db, stretch, told))] }
}
