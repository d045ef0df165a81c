import type { EpochMs, Moment, SteadyMs } from '../domain/ids.ts'

/** The branch's time as this device knows it: at one instant of its own steady clock, and since by that clock. */
export interface Contact {
  readonly at: Moment
  readonly monotonicMs: number
  /** The branch's time lies within this on either side. */
  readonly errorMs: number
}

/** What two machines' steady clocks part by, at most, for each millisecond that goes by. */
const DRIFT_MAX = 1e-4
/** Times travel as whole milliseconds. */
const ROUNDING_MS = 1

const exactAt = ({ at, monotonicMs }: Contact, nowMs: number): { atMs: number; steadyMs: number } => ({
  atMs: at.atMs + (nowMs - monotonicMs),
  steadyMs: at.steadyMs + (nowMs - monotonicMs),
})

/** @param nowMs - this device's steady clock */
export function momentAt(contact: Contact, nowMs: number): Moment {
  const { atMs, steadyMs } = exactAt(contact, nowMs)
  return { atMs: Math.floor(atMs) as EpochMs, steadyMs: Math.floor(steadyMs) as SteadyMs }
}

/**
 * Takes in what the branch said its time is. It was so at some instant between asking and hearing; an answer that took
 * long says little, and does not blur what a quick one has said before, unless the two contradict each other.
 * @param pingedMs - when it was asked, on this device's steady clock
 * @param heardMs - when the answer came
 */
export function hearTime(known: Contact | null, at: Moment, pingedMs: number, heardMs: number): Contact {
  const errorMs = (heardMs - pingedMs) / 2
  const heard: Contact = {
    at: { atMs: at.atMs, steadyMs: at.steadyMs },
    monotonicMs: heardMs - errorMs,
    errorMs,
  }
  if (known === null) return heard
  const expected = exactAt(known, heard.monotonicMs)
  const knownErrorMs = known.errorMs + DRIFT_MAX * Math.max(0, heard.monotonicMs - known.monotonicMs)
  const isSame = Math.abs(expected.steadyMs - at.steadyMs) <= errorMs + knownErrorMs + ROUNDING_MS
  if (!isSame || errorMs <= knownErrorMs) return heard
  // Its label may have been set meanwhile; steady time is what orders people.
  return {
    at: { ...heard.at, steadyMs: expected.steadyMs as SteadyMs },
    monotonicMs: heard.monotonicMs,
    errorMs: knownErrorMs,
  }
}
