import type { DayPlan, Visitor } from './plan-day.ts'

/** Nobody queues at the kiosk itself longer than this: when it takes no tickets, they go. */
export const LATE_MAX_MS = 10 * 60_000

/** How a visitor comes to a number: by the kiosk; or, with a priority or several services, by staff, who know every class. */
export const roadOf = ({ priority, legs }: Visitor): 'kiosk' | 'staff' =>
  priority !== null || legs.length > 1 ? 'staff' : 'kiosk'

/**
 * Who stands at the door now. @param fromIndex - the first who has not come yet
 * @returns those who come, and the index of the next; whoever was kept away too long is not among them
 */
export function arriving(
  { visitors }: DayPlan,
  fromIndex: number,
  nowMs: number,
): { readonly come: readonly Visitor[]; readonly nextIndex: number } {
  let nextIndex = fromIndex
  while ((visitors[nextIndex]?.atMs ?? Infinity) <= nowMs) nextIndex += 1
  const come = visitors.slice(fromIndex, nextIndex).filter(({ atMs }) => nowMs - atMs <= LATE_MAX_MS)
  return { come, nextIndex }
}

/** When somebody who waits since `joinedMs` goes; null: never. */
export const givesUpAtMs = ({ patienceMs }: Visitor, joinedMs: number): number | null =>
  patienceMs === null ? null : joinedMs + patienceMs
