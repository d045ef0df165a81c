import { join } from 'node:path'
import { openForReading, type Sqlite } from '#shared/disk/open.ts'
import { type FigureQuestion, figureReport } from '../../../branch-server/reports/figure-report.ts'
import { goals } from '../goals.ts'
import { layHistory } from '../history.ts'
import type { Line } from './context.ts'

const QUESTION: FigureQuestion = { from: '2000-01-01', to: '2100-01-01', bys: ['service'], steadyMs: 0 }
/** A few milliseconds are too short to be timed alone. */
const ASKED_OF_SUMS = 10

/** Every duration of one service, and how often each thing happened to it. */
interface Heap {
  readonly waits: number[]
  readonly toServices: number[]
  readonly services: number[]
  readonly counts: number[]
}

const nearest = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN

function summed(values: readonly number[]): readonly number[] {
  const sorted = Float64Array.from(values).sort()
  return [sorted.length, sorted.reduce((sum, value) => sum + value, 0), nearest(sorted, 0.5), nearest(sorted, 0.9)]
}

/** The same question asked of the rows, as quickly as we know: plain columns, read raw, sorted as numbers. */
function askRows(db: Sqlite): number {
  const rows = db
    .prepare(
      `select service_id, wait_ms, to_service_ms, case when status in ('completed', 'no_show', 'cancelled') then service_ms end,
         status, wait_ms <= target_ms, ending from ticket where is_training = 0 and ending is not 'superseded'`,
    )
    .raw()
  const heaps = new Map<string, Heap>()
  for (const values of rows.iterate() as IterableIterator<(string | number | null)[]>) {
    const [id, waitMs, toServiceMs, serviceMs, status, isOnTarget, ending] = values
    const key = String(id)
    const heap = heaps.get(key) ?? { waits: [], toServices: [], services: [], counts: [0, 0, 0, 0, 0] }
    if (!heaps.has(key)) heaps.set(key, heap)
    if (typeof waitMs === 'number') heap.waits.push(waitMs)
    if (typeof toServiceMs === 'number') heap.toServices.push(toServiceMs)
    if (typeof serviceMs === 'number' && serviceMs > 0) heap.services.push(serviceMs)
    for (const [index, isSo] of [
      status === 'completed',
      status === 'no_show',
      status === 'cancelled',
      isOnTarget === 1,
      ending === 'abandoned',
    ].entries())
      if (isSo) heap.counts[index] = (heap.counts[index] ?? 0) + 1
  }
  let count = 0
  for (const { waits, toServices, services } of heaps.values())
    count += [waits, toServices, services].map(summed)[0]?.[0] ?? 0
  return count
}

function timed(work: () => number): { count: number; ms: number } {
  const startMs = performance.now()
  const count = work()
  return { count, ms: performance.now() - startMs }
}

/** The report over all of a history, from the sums and from the rows of one file: both must count the same calls. */
export const report: Line = async ({ folder, historyLong, roundCount }) => {
  const dataFolder = folder('report')
  await layHistory(dataFolder, historyLong)
  const db = openForReading(join(dataFolder, 'branch.db'))
  const askSums = (): number => figureReport(db, QUESTION).total.wait.count
  const rounds: { ours: number; limit: number }[] = []
  for (let round = -1; round < roundCount; round += 1) {
    const rows = timed(() => askRows(db))
    const sums = timed(() => {
      for (let again = 1; again < ASKED_OF_SUMS; again += 1) askSums()
      return askSums()
    })
    if (rows.count !== sums.count) throw new Error(`The rows tell of ${rows.count} calls, the sums of ${sums.count}`)
    if (round >= 0) rounds.push({ ours: (1_000 * ASKED_OF_SUMS) / sums.ms, limit: 1_000 / rows.ms })
  }
  db.close()
  return [{ goal: goals.report, rounds }]
}
