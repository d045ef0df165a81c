import type { Catalogue } from '../../../shared/domain/catalogue.ts'
import type { CounterId } from '../../../shared/domain/ids.ts'
import { type DayPlan, planDay, type Shift } from '../../../shared/simulation/plan-day.ts'

/** The first day is entered when its first wave has begun, so that nobody looks at an empty lobby. */
const ENTERED_MS = 80 * 60_000

/** A day under way. All times of the simulation are milliseconds since its start, `beginsMs` too; the plan's are of the day. */
export interface Day {
  readonly index: number
  readonly beginsMs: number
  readonly plan: DayPlan
}

export interface Days {
  /** Simulated time since the start. */
  nowMs(): number
  /** The day that is on now; when one is over, the next begins at once. */
  today(catalogue: Catalogue): Day
}

/** @param nowMs - simulated time since the start, steady */
export function createDays(nowMs: () => number, seed: number, load: number): Days {
  let day: Day | null = null
  return {
    nowMs,
    today(catalogue) {
      const before = day
      if (before !== null && nowMs() < before.beginsMs + before.plan.openMs) return before
      const index = before === null ? 0 : before.index + 1
      // A box that slept through several days goes on with one that begins now.
      const beginsMs = before === null ? -ENTERED_MS : nowMs()
      const begun = { index, beginsMs, plan: planDay(catalogue, seed + index, { load }) }
      day = begun
      return begun
    },
  }
}

/** The shift at a counter in simulated time since the start; null when nobody is planned there. */
export function shiftAt({ plan, beginsMs }: Day, counterId: CounterId): Shift | null {
  const shift = plan.shifts.find((candidate) => candidate.counterId === counterId)
  if (shift === undefined) return null
  return {
    ...shift,
    startsAtMs: shift.startsAtMs + beginsMs,
    endsAtMs: shift.endsAtMs + beginsMs,
    breaks: shift.breaks.map(({ fromMs, toMs }) => ({ fromMs: fromMs + beginsMs, toMs: toMs + beginsMs })),
  }
}
