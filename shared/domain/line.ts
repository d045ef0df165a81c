import type { AgentId, CounterId, ServiceId, SteadyMs, TicketId } from './ids.ts'

/** For whom a ticket is kept: it waits for this counter or this agent alone, until one of them leaves. */
export type Reservation =
  | { readonly kind: 'counter'; readonly counterId: CounterId }
  | { readonly kind: 'agent'; readonly agentId: AgentId }

/** What decides a ticket's place among those who wait with it. */
export interface LinePlace {
  /** Put first by staff: ahead of everything; two such by who was put there earlier. */
  readonly isFirst: boolean
  readonly priorityValue: number
  readonly arrivalSteadyMs: SteadyMs
  /** Log order, for two arrivals in the same millisecond. */
  readonly tie: number
  /** The booked time; null for whoever came without an appointment, or too late for it. */
  readonly bookedSteadyMs: SteadyMs | null
  readonly reservedFor: Reservation | null
  /** Seen by counters in training alone. */
  readonly isTraining: boolean
}

export interface LineEntry extends LinePlace {
  readonly ticketId: TicketId
  readonly serviceId: ServiceId
}

/**
 * Waiting tickets that differ in nothing but when they came, oldest first, never empty. Whatever the rules and whatever
 * the time, the head of a lane is called before the rest of it: so a choice looks at heads alone.
 */
export interface Lane {
  readonly key: string
  readonly entries: readonly LineEntry[]
}

/** The waiting tickets of one queue, in lanes, by key. Never changed in place. */
export type Line = readonly Lane[]

export const EMPTY_LINE: Line = []

/** From when the order counts: the booked time for who has one, else the arrival. */
export const orderMs = ({ isFirst, bookedSteadyMs, arrivalSteadyMs }: LinePlace): number =>
  isFirst || bookedSteadyMs === null ? arrivalSteadyMs : bookedSteadyMs

const holderKey = (reservedFor: Reservation | null): string => {
  if (reservedFor === null) return ''
  return reservedFor.kind === 'counter' ? `counter ${reservedFor.counterId}` : `agent ${reservedFor.agentId}`
}

/** Whether two tickets are offered to the same counters. */
export const isOfferedAlike = (a: LinePlace, b: LinePlace): boolean =>
  a.isTraining === b.isTraining && holderKey(a.reservedFor) === holderKey(b.reservedFor)

const laneKey = (entry: LineEntry): string =>
  [
    entry.isTraining ? 'training' : '',
    holderKey(entry.reservedFor),
    entry.isFirst ? 'first' : '',
    entry.bookedSteadyMs === null ? '' : 'booked',
    entry.priorityValue,
    entry.serviceId,
  ].join('|')

/** Negative when `a` came before `b`. Total: two tickets never compare equal. */
export function compareArrivals(a: LineEntry, b: LineEntry): number {
  const difference = orderMs(a) - orderMs(b) || a.tie - b.tie
  if (difference !== 0) return difference
  return a.ticketId < b.ticketId ? -1 : 1
}

/** How many of a lane come before an entry, by an order that agrees with the lane's. */
export function rankInLane({ entries }: Lane, isBefore: (other: LineEntry) => boolean): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = entries[middle]
    if (other !== undefined && isBefore(other)) low = middle + 1
    else high = middle
  }
  return low
}

const rankOf = (lane: Lane, entry: LineEntry): number =>
  rankInLane(lane, (other) => other.ticketId !== entry.ticketId && compareArrivals(other, entry) < 0)

export function joinLine(line: Line, entry: LineEntry): Line {
  const key = laneKey(entry)
  const index = line.findIndex((lane) => lane.key >= key)
  const lane = line[index]
  if (lane?.key === key)
    return line.with(index, { key, entries: lane.entries.toSpliced(rankOf(lane, entry), 0, entry) })
  return line.toSpliced(index === -1 ? line.length : index, 0, { key, entries: [entry] })
}

/** @throws when the entry is not in the line: the state and its line would disagree */
export function leaveLine(line: Line, entry: LineEntry): Line {
  const key = laneKey(entry)
  const index = line.findIndex((candidate) => candidate.key === key)
  const lane = line[index]
  const rank = lane === undefined ? 0 : rankOf(lane, entry)
  if (lane?.entries[rank]?.ticketId !== entry.ticketId) throw new Error(`Ticket ${entry.ticketId} is not in its line`)
  return lane.entries.length === 1
    ? line.toSpliced(index, 1)
    : line.with(index, { key, entries: lane.entries.toSpliced(rank, 1) })
}

/** How many wait; those in training do not count. */
export function waitingCountIn(line: Line): number {
  let count = 0
  for (const { entries } of line) if (entries[0]?.isTraining === false) count += entries.length
  return count
}

/** Since when the one waits who has waited longest for any counter that calls; null when nobody does. */
export function oldestMsIn(line: Line): number | null {
  let oldest: number | null = null
  for (const { entries } of line) {
    const [head] = entries
    if (head === undefined || head.isTraining || head.reservedFor !== null) continue
    oldest = oldest === null ? orderMs(head) : Math.min(oldest, orderMs(head))
  }
  return oldest
}
