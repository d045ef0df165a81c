import { isOver } from './figures.ts'

/** One ticket as a report sees it: durations in milliseconds on steady time. */
export interface ReportedTicket {
  readonly businessDate: string
  readonly serviceId: string
  readonly status: string
  /** Issue to first call; null when it was never called. */
  readonly waitMs: number | null
  readonly serviceMs: number
}

/** Figures of one service on one business date; null where there is nothing to measure. */
export interface DayFigures {
  readonly date: string
  readonly serviceId: string
  readonly issuedCount: number
  readonly calledCount: number
  readonly completedCount: number
  readonly noShowCount: number
  readonly cancelledCount: number
  readonly waitMsMean: number | null
  readonly waitMsMedian: number | null
  readonly waitMsP90: number | null
  readonly serviceMsMean: number | null
}

/** The value below which a share of the sorted values lies, by the nearest rank. @returns null for no values */
function nearestRank(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** @param tickets - those of one service on one date */
function figuresOf(date: string, serviceId: string, tickets: readonly ReportedTicket[]): DayFigures {
  const waits = tickets.flatMap(({ waitMs }) => (waitMs === null ? [] : [waitMs])).toSorted((a, b) => a - b)
  const services = tickets
    .filter(({ status, serviceMs }) => isOver(status) && serviceMs > 0)
    .map(({ serviceMs }) => serviceMs)
  const count = (status: string): number => tickets.filter((ticket) => ticket.status === status).length
  return {
    date,
    serviceId,
    issuedCount: tickets.length,
    calledCount: waits.length,
    completedCount: count('completed'),
    noShowCount: count('no_show'),
    cancelledCount: count('cancelled'),
    waitMsMean: mean(waits),
    waitMsMedian: nearestRank(waits, 0.5),
    waitMsP90: nearestRank(waits, 0.9),
    serviceMsMean: mean(services),
  }
}

/** Figures per date and service, in that order. */
export function dayReport(tickets: Iterable<ReportedTicket>): readonly DayFigures[] {
  const groups = new Map<string, ReportedTicket[]>()
  for (const ticket of tickets) {
    const key = `${ticket.businessDate} ${ticket.serviceId}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [ticket])
    else group.push(ticket)
  }
  return [...groups.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group
      return first === undefined ? [] : [figuresOf(first.businessDate, first.serviceId, group)]
    })
}
