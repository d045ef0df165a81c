import type { Algorithm } from '#shared/domain/catalogue.ts'
import type { Figures } from '#shared/project/figures.ts'
import type { Advice, HeatCell, ReportLine } from '#shared/wire/reports.ts'

/**
 * What the figures of a period speak for, each with the figures that say so. Nothing is advised where too little was
 * measured, and where something is as it should be nothing is said.
 */

/** Less than a week says nothing of an order: its days differ. */
const ORDER_DAYS_MIN = 7
const ORDER_WAITS_MIN = 10
const LATE_SHARE_MAX = 0.2
const PRIORITY_SHARE_MAX = 0.3

/** What else an order is judged by. */
export interface QueueOrder {
  readonly now: Algorithm
  /** Tickets with a priority ÷ tickets, of those that entered this queue first; null: not known. */
  readonly priorityShare: number | null
}

/** Whether a queue should be called in another order. */
export function adviseOrder(line: ReportLine, order: QueueOrder | undefined, dayCount: number): readonly Advice[] {
  const { slaCompliance, slaCount, branchId } = line
  if (order === undefined || branchId === null || slaCompliance === null) return []
  if (dayCount < ORDER_DAYS_MIN || slaCount < ORDER_WAITS_MIN) return []
  const { now, priorityShare } = order
  const lateShare = 1 - slaCompliance
  const better = lateShare > LATE_SHARE_MAX ? 'sla' : (priorityShare ?? 0) > PRIORITY_SHARE_MAX ? 'priority' : 'fifo'
  // Who is late goes first by `sla`, and then who has a priority: it is both.
  if (better === 'fifo' || better === now || now === 'sla') return []
  const about = { branchId, queueId: line.id, name: line.name }
  return [{ kind: 'order', ...about, now, better, lateShare, priorityShare, waitCount: slaCount }]
}

/** As many dates of each weekday as an hour is judged by. */
const WEEKDAY_DATES_MIN = 4
const LOAD_MAX = 0.8
const SERVICES_MIN = 10
const HOUR_MS = 3_600_000
/** The hours that lack most. */
const HOURS_TOLD_MAX = 5

/**
 * At which hours of the week more comes than the counters that are usually open can do.
 * @param heat - of one branch, over four weeks or more: with fewer dates an hour is not judged
 */
export function adviseCounters(heat: readonly HeatCell[], total: Figures): readonly Advice[] {
  const { serviceTime, signedInMs, breakMs } = total
  const serviceMs = serviceTime.meanMs
  const calledHours = heat.filter(({ calledCount }) => calledCount > 0).reduce((sum, { dayCount }) => sum + dayCount, 0)
  const openCounters = calledHours === 0 ? 0 : (signedInMs - breakMs) / (calledHours * HOUR_MS)
  if (serviceMs === null || serviceTime.count < SERVICES_MIN || openCounters <= 0) return []
  return heat
    .filter(({ dayCount }) => dayCount >= WEEKDAY_DATES_MIN)
    .map(({ weekday, hour, dayCount, issuedCount }) => {
      const perDay = issuedCount / dayCount
      const work = (perDay * serviceMs) / HOUR_MS
      const cost = { dayCount, perDay, serviceMs, openCounters }
      return { weekday, hour, ...cost, load: work / openCounters, needed: Math.ceil(work / LOAD_MAX) }
    })
    .filter(({ load, needed }) => load > LOAD_MAX && needed > openCounters)
    .toSorted((a, b) => b.load - a.load)
    .slice(0, HOURS_TOLD_MAX)
    .map((hour) => ({ kind: 'counters', ...hour }) as const)
}

const BETTER_MIN = 0.05
/** Of each period. */
const WAITS_COMPARED_MIN = 10

/** Of two periods, as of two ways to run a queue, the one that did better by both figures. */
export function compareFigures(mine: Figures, other: Figures): readonly Advice[] {
  const [wait, before] = [mine.wait, other.wait]
  const [left, leftBefore] = [mine.abandonmentRate, other.abandonmentRate]
  if (wait.count < WAITS_COMPARED_MIN || before.count < WAITS_COMPARED_MIN) return []
  if (!wait.meanMs || !before.meanMs || left === null || leftBefore === null) return []
  const waitChange = wait.meanMs / before.meanMs - 1
  // From nobody who gave up to somebody is no share of anything: it is told as all of it.
  const abandonmentChange = leftBefore > 0 ? left / leftBefore - 1 : Math.sign(left)
  const isBetter = Math.max(waitChange, abandonmentChange) < -BETTER_MIN
  const isWorse = Math.min(waitChange, abandonmentChange) > BETTER_MIN
  const winner = isBetter ? 'this' : isWorse ? 'compared' : 'neither'
  return [
    { kind: 'better', winner, waitChange, abandonmentChange, counts: { this: wait.count, compared: before.count } },
  ]
}
