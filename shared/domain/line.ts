import type { Algorithm } from './catalogue.ts'
import type { SteadyMs, TicketId } from './ids.ts'

/** What decides a ticket's place among those who wait with it. */
export interface LinePlace {
  /** Put first by staff: ahead of every priority; two such by who was put there earlier. */
  readonly isFirst: boolean
  readonly priorityValue: number
  readonly arrivalSteadyMs: SteadyMs
  /** Log order, for two arrivals in the same millisecond. */
  readonly tie: number
}

export interface LineEntry extends LinePlace {
  readonly ticketId: TicketId
}

/** The waiting tickets of one queue, in the order they will be called. Never changed in place. */
export type Line = readonly LineEntry[]

/** Negative when `a` is called before `b`. Total: two tickets never compare equal. */
export function compareInLine(algorithm: Algorithm, a: LineEntry, b: LineEntry): number {
  if (a.isFirst !== b.isFirst) return a.isFirst ? -1 : 1
  if (algorithm === 'priority' && !a.isFirst && a.priorityValue !== b.priorityValue)
    return b.priorityValue - a.priorityValue
  if (a.arrivalSteadyMs !== b.arrivalSteadyMs) return a.arrivalSteadyMs - b.arrivalSteadyMs
  if (a.tie !== b.tie) return a.tie - b.tie
  return a.ticketId < b.ticketId ? -1 : 1
}

/** Where the entry stands, or would stand: the count of entries called before it. */
export function rankInLine(line: Line, algorithm: Algorithm, entry: LineEntry): number {
  let low = 0
  let high = line.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = line[middle]
    if (other !== undefined && compareInLine(algorithm, other, entry) < 0) low = middle + 1
    else high = middle
  }
  return low
}

export function joinLine(line: Line, algorithm: Algorithm, entry: LineEntry): Line {
  return line.toSpliced(rankInLine(line, algorithm, entry), 0, entry)
}

/** @throws when the entry is not in the line: the state and its line would disagree */
export function leaveLine(line: Line, algorithm: Algorithm, entry: LineEntry): Line {
  const rank = rankInLine(line, algorithm, entry)
  if (line[rank]?.ticketId !== entry.ticketId) throw new Error(`Ticket ${entry.ticketId} is not in its line`)
  return line.toSpliced(rank, 1)
}

/** The same tickets under another algorithm. */
export function reorderLine(line: Line, algorithm: Algorithm): Line {
  return line.toSorted((a, b) => compareInLine(algorithm, a, b))
}
