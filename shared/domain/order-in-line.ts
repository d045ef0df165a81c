import type { Algorithm } from './catalogue.ts'
import type { ServiceId } from './ids.ts'
import { compareArrivals, isOfferedAlike, type Line, type LineEntry, orderMs, rankInLane } from './line.ts'

/** By what one queue orders those who wait in it, at one instant. */
export interface LineRules {
  readonly algorithm: Algorithm
  /** One point of priority is worth this much earlier an arrival; null: any priority goes before any arrival. */
  readonly agingMsPerPoint: number | null
  /** Whoever was passed this often goes before priority, lateness and appointments; null: no bound. */
  readonly passedMax: number | null
  /** Arrivals of those called ahead of somebody who waits still, oldest first. */
  readonly passedArrivals: readonly number[]
  readonly targetMsOf: (serviceId: ServiceId) => number
  readonly nowMs: number
}

/** Why one ticket goes before another of its queue. */
export type LineRule = 'put-first' | 'passed' | 'appointment' | 'late' | 'priority' | 'arrival'

/** How many who came later were called before a ticket. */
function passedCount({ passedArrivals }: LineRules, arrivalMs: number): number {
  let count = 0
  for (let index = passedArrivals.length - 1; index >= 0 && (passedArrivals[index] ?? 0) > arrivalMs; index -= 1)
    count += 1
  return count
}

/** Training is not passed: what is counted are real calls. */
const isPassedEnough = (rules: LineRules, entry: LineEntry): boolean =>
  rules.passedMax !== null && !entry.isTraining && passedCount(rules, orderMs(entry)) >= rules.passedMax

const isDue = ({ nowMs }: LineRules, { bookedSteadyMs }: LineEntry): boolean =>
  bookedSteadyMs !== null && bookedSteadyMs <= nowMs

const isLate = (rules: LineRules, entry: LineEntry): boolean =>
  rules.algorithm === 'sla' && rules.nowMs - orderMs(entry) > rules.targetMsOf(entry.serviceId)

/** Those for whom something holds go first. */
const firstIf = (a: boolean, b: boolean): number => Number(b) - Number(a)

/** Priority, weighed against the time waited where the queue's aging says so. */
function byPriority({ algorithm, agingMsPerPoint }: LineRules, a: LineEntry, b: LineEntry): number {
  if (algorithm === 'fifo') return 0
  const points = b.priorityValue - a.priorityValue
  return agingMsPerPoint === null ? points : orderMs(a) - orderMs(b) + points * agingMsPerPoint
}

function byAppointment(rules: LineRules, a: LineEntry, b: LineEntry): number {
  const [dueA, dueB] = [isDue(rules, a), isDue(rules, b)]
  return dueA && dueB ? orderMs(a) - orderMs(b) : firstIf(dueA, dueB)
}

/** One after the other, until one of them tells two tickets apart. */
function decidingRule(rules: LineRules, a: LineEntry, b: LineEntry): { rule: LineRule; order: number } {
  if (a.isFirst || b.isFirst)
    return a.isFirst && b.isFirst
      ? { rule: 'arrival', order: compareArrivals(a, b) }
      : { rule: 'put-first', order: firstIf(a.isFirst, b.isFirst) }
  const [passedA, passedB] = [isPassedEnough(rules, a), isPassedEnough(rules, b)]
  if (passedA !== passedB) return { rule: 'passed', order: firstIf(passedA, passedB) }
  if (passedA) return { rule: 'arrival', order: compareArrivals(a, b) }
  const appointment = byAppointment(rules, a, b)
  if (appointment !== 0) return { rule: 'appointment', order: appointment }
  const late = firstIf(isLate(rules, a), isLate(rules, b))
  if (late !== 0) return { rule: 'late', order: late }
  const priority = byPriority(rules, a, b)
  const arrival = compareArrivals(a, b)
  // Where points are weighed against time, it is priority only if time alone would have said otherwise.
  if (priority !== 0 && (rules.agingMsPerPoint === null || priority * arrival < 0))
    return { rule: 'priority', order: priority }
  return { rule: 'arrival', order: priority === 0 ? arrival : priority }
}

/** Negative when `a` is called before `b`. Total: two tickets never compare equal. */
export const compareInLine = (rules: LineRules, a: LineEntry, b: LineEntry): number => decidingRule(rules, a, b).order

/** What tells two tickets of one queue apart. */
export const ruleBetween = (rules: LineRules, a: LineEntry, b: LineEntry): LineRule => decidingRule(rules, a, b).rule

/**
 * The first of those who are offered: the heads of the lanes are compared, so the work does not grow with the line.
 * @param isOffered - asked about each lane's head; it speaks for the whole lane
 * @param without - passed over, to find who would be next after it
 */
export function firstInLine(
  rules: LineRules,
  line: Line,
  isOffered: (head: LineEntry) => boolean,
  without: LineEntry | null = null,
): LineEntry | null {
  let first: LineEntry | null = null
  for (const { entries } of line) {
    const [head] = entries
    const candidate = head?.ticketId === without?.ticketId ? entries[1] : head
    if (candidate === undefined || !isOffered(candidate)) continue
    if (first === null || compareInLine(rules, candidate, first) < 0) first = candidate
  }
  return first
}

/** Where an entry stands among those who are offered to the same counters: the count of those called before it. */
export function rankInLine(rules: LineRules, line: Line, entry: LineEntry): number {
  let rank = 0
  for (const lane of line) {
    const [head] = lane.entries
    if (head !== undefined && isOfferedAlike(head, entry))
      rank += rankInLane(lane, (other) => other.ticketId !== entry.ticketId && compareInLine(rules, other, entry) < 0)
  }
  return rank
}

/** Everybody, in the order in which they would be called if nothing changed. */
export const inCallOrder = (rules: LineRules, line: Line): readonly LineEntry[] =>
  line.flatMap(({ entries }) => entries).sort((a, b) => compareInLine(rules, a, b))
