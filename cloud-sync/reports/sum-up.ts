import {
  addShare,
  addTally,
  type Dimension,
  emptyTally,
  isEmptyTally,
  type Share,
  sharesOf,
  sharesOfShift,
  type Tally,
} from '#shared/project/figures.ts'
import { bucketGrain, exactGrain, type Grain } from '#shared/project/spread.ts'
import type { LinesBy } from '#shared/wire/reports.ts'
import type { TenantDb } from '../store/database.ts'
import { readFigureRows, readShiftSums, type Stretch } from '../store/report-rows.ts'
import { countIssued, type Gathered, sumRollups } from '../store/rollup-sums.ts'

/**
 * Up to this many tickets a report is read from their rows, along an index, so that even its medians are exact; beyond it
 * from the daily sums, whose medians are as exact as a bucket is wide.
 */
export const EXACT_TICKETS_MAX = 5_000

/** What a report is about. */
export interface About {
  /** The branches as they are, or one service, queue or agent of them. */
  readonly dimension: Extract<Dimension, 'branch' | LinesBy>
  /** null: of the branches as they are */
  readonly id: string | null
  readonly linesBy: LinesBy
}

/** The sums of a report, each in the order of its keys; what came to nothing is not among them. */
export interface Summed {
  readonly grain: Grain
  readonly byBranch: ReadonlyMap<string, Tally>
  readonly byDate: ReadonlyMap<string, Tally>
  /** By `lineKey`. */
  readonly byLine: ReadonlyMap<string, Tally>
}

/** A service is told by its id over all branches; a queue and an agent are each branch's own. */
export const lineKey = (linesBy: LinesBy, branchId: string, id: string): string =>
  JSON.stringify([linesBy === 'service' ? null : branchId, id])
export const readLineKey = (key: string): readonly [branchId: string | null, id: string] => JSON.parse(key)

const inOrder = (tallies: Iterable<readonly [string, Tally]>): ReadonlyMap<string, Tally> =>
  new Map([...tallies].filter(([, tally]) => !isEmptyTally(tally)).toSorted(([a], [b]) => (a < b ? -1 : 1)))

export function totalOf({ byBranch }: Summed): Tally {
  const total = emptyTally()
  for (const tally of byBranch.values()) addTally(total, tally)
  return total
}

async function fromSums(
  db: TenantDb,
  stretch: Stretch,
  gathered: Gathered,
  { dimension, id, linesBy }: About,
): Promise<Summed> {
  const lineColumns = linesBy === 'service' ? (['id'] as const) : (['branch_id', 'id'] as const)
  const [branches, dates, lines] = await Promise.all([
    sumRollups(db, stretch, gathered, { dimension, id, by: ['branch_id'] }),
    sumRollups(db, stretch, gathered, { dimension, id, by: ['business_date'] }),
    sumRollups(db, stretch, gathered, { dimension: linesBy, id, by: lineColumns }),
  ])
  return {
    grain: bucketGrain,
    byBranch: inOrder(branches.map(({ branchId = '', tally }) => [branchId, tally])),
    byDate: inOrder(dates.map(({ date = '', tally }) => [date, tally])),
    byLine: inOrder(lines.map(({ branchId = '', id: of = '', tally }) => [lineKey(linesBy, branchId, of), tally])),
  }
}

/** Adds shares to where they belong. */
function createSums({ dimension, id, linesBy }: About) {
  const [byBranch, byDate, byLine] = [0, 1, 2].map(() => new Map<string, Tally>()) as [
    Map<string, Tally>,
    Map<string, Tally>,
    Map<string, Tally>,
  ]
  const add = (tallies: Map<string, Tally>, key: string, share: Share): void => {
    const tally = tallies.get(key) ?? emptyTally()
    tallies.set(key, tally)
    addShare(tally, share, exactGrain)
  }
  return {
    take(branchId: string, date: string, shares: readonly Share[]): void {
      for (const share of shares) {
        if (id !== null && share.id !== id) continue
        if (share.dimension === dimension) {
          add(byBranch, branchId, share)
          add(byDate, date, share)
        }
        if (share.dimension === linesBy) add(byLine, lineKey(linesBy, branchId, share.id), share)
      }
    },
    summed: (): Summed => ({
      grain: exactGrain,
      byBranch: inOrder(byBranch),
      byDate: inOrder(byDate),
      byLine: inOrder(byLine),
    }),
  }
}

/** @returns null: more tickets have come meanwhile than are read one by one */
async function fromRows(db: TenantDb, stretch: Stretch, about: About, ticketsMax: number): Promise<Summed | null> {
  const [rows, shifts] = await Promise.all([readFigureRows(db, stretch, ticketsMax + 1), readShiftSums(db, stretch)])
  if (rows.length > ticketsMax) return null
  const sums = createSums(about)
  for (const row of rows) sums.take(row.branchId, row.businessDate, sharesOf(row))
  for (const shift of shifts) sums.take(shift.branchId, shift.businessDate, sharesOfShift(shift))
  return sums.summed()
}

/** Sums up some business dates: what is counted is the same from the rows, from the sums of each day and from those of many. */
export async function sumUp(
  db: TenantDb,
  stretch: Stretch,
  gathered: Gathered,
  about: About,
  exactTicketsMax: number,
): Promise<Summed> {
  const isExact = (await countIssued(db, stretch, gathered)) <= exactTicketsMax
  const exact = isExact ? await fromRows(db, stretch, about, exactTicketsMax) : null
  return exact ?? fromSums(db, stretch, gathered, about)
}
