import type { EventBody } from './events.ts'
import type { EpochMs, Moment, SteadyMs } from './ids.ts'
import type { BranchState } from './state.ts'

/** The machine's two clocks; read only where a program starts. */
export interface Clocks {
  readonly wallMs: () => number
  /** Never goes back while the program runs. */
  readonly monotonicMs: () => number
}

/** One look at the machine's two clocks; `steadyMs` never goes back and goes on over restarts. */
export interface ClockReading {
  readonly wallMs: EpochMs
  readonly steadyMs: SteadyMs
}

/** A longer silence than this needs a second source before a day opens. */
export const CLOCK_JUMP_MAX_MS = 36 * 3_600_000
/** Time services step this much without anybody being wrong. */
const CLOCK_STEP_BACK_MAX_MS = 2_000

/** What the label would be if only steady time had gone by since the last event. */
function expectedMs(state: BranchState, reading: ClockReading): number {
  return state.now.atMs + (reading.steadyMs - state.now.steadyMs)
}

function agrees(state: BranchState, reading: ClockReading): boolean {
  const driftMs = reading.wallMs - expectedMs(state, reading)
  // Before the first day nothing has been dated: any clock that is not behind the floor will do.
  const jumpMaxMs = state.day === null ? Number.POSITIVE_INFINITY : CLOCK_JUMP_MAX_MS
  return driftMs >= -CLOCK_STEP_BACK_MAX_MS && driftMs <= jumpMaxMs
}

/**
 * The time a command happens at. A doubted wall clock is not believed: labels go on by steady time alone.
 * @returns the moment, and the event that says the clock came into doubt or out of it
 */
export function keepTime(state: BranchState, reading: ClockReading): { now: Moment; events: readonly EventBody[] } {
  // A reading taken before the last event was written must not turn steady time back.
  const steadyMs = Math.max(state.now.steadyMs, reading.steadyMs) as SteadyMs
  const steady: ClockReading = { ...reading, steadyMs }
  if (!agrees(state, steady)) {
    const now: Moment = { atMs: expectedMs(state, steady) as EpochMs, steadyMs }
    return { now, events: state.clock.isDoubted ? [] : [{ type: 'ClockDoubted', wallMs: reading.wallMs }] }
  }
  const now: Moment = { atMs: Math.max(state.now.atMs, reading.wallMs) as EpochMs, steadyMs }
  return { now, events: state.clock.isDoubted ? [{ type: 'ClockTrusted', by: 'agreement' }] : [] }
}

/** The time once somebody has confirmed the wall clock; it may lie before the last event's label. */
export const confirmedMoment = (reading: ClockReading): Moment => ({
  atMs: reading.wallMs,
  steadyMs: reading.steadyMs,
})

/**
 * How much time the wall clock says has passed while nothing ran; a clock that was set meanwhile says nothing.
 * @returns 0 when it went back, or further ahead than is believed
 */
export function believedPassedMs(fromMs: number, toMs: number): number {
  const passedMs = toMs - fromMs
  return passedMs > 0 && passedMs <= CLOCK_JUMP_MAX_MS ? passedMs : 0
}

/**
 * Steady time when a server starts: it goes on from the last event by the wall clock, as far as that can be believed.
 * @param last - the moment of the last event
 */
export const steadyAtStart = (last: Moment, wallMs: EpochMs): SteadyMs =>
  (last.steadyMs + believedPassedMs(last.atMs, wallMs)) as SteadyMs
