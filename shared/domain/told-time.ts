import type { Absence } from './commands.ts'
import type { Moment, SteadyMs } from './ids.ts'

/** How far the branch may be wrong about where an absence began and ended: it looks for its devices now and then. */
export const ABSENCE_UNSURE_MS = 2 * 60_000

/** What a device that was alone says of when something happened, on the branch's steady time. */
export interface ToldTime {
  readonly lastContactSteadyMs: SteadyMs
  /** By its own steady clock. */
  readonly sinceContactMs: number
}

/** By the device's word. Never before its last contact; no wall clock of another box has a say. */
export const toldMs = ({ lastContactSteadyMs, sinceContactMs }: ToldTime): number =>
  lastContactSteadyMs + Math.max(0, sinceContactMs)

/** The device says that it had no contact then, and the branch itself knows that it had none. */
export const isWithin = (told: ToldTime, { fromSteadyMs, toSteadyMs }: Absence): boolean =>
  told.lastContactSteadyMs <= toSteadyMs + ABSENCE_UNSURE_MS && toldMs(told) >= fromSteadyMs - ABSENCE_UNSURE_MS

/**
 * When it happened, as far as the branch believes it: never after now, and what no absence explains has only just
 * happened, for a device that is heard tells at once.
 */
export function believedMs(told: ToldTime, absences: readonly Absence[], now: Moment): SteadyMs {
  const ms = toldMs(told)
  const isExplained = absences.some((absence) => isWithin(told, absence))
  return Math.min(now.steadyMs, isExplained ? ms : Math.max(ms, now.steadyMs - ABSENCE_UNSURE_MS)) as SteadyMs
}
