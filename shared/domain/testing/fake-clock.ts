import { type ClockReading, steadyAtStart } from '../clock.ts'
import type { EpochMs, Moment, SteadyMs } from '../ids.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const YEAR = 365 * DAY

/** Two clocks of one machine that a test turns by hand. */
export interface FakeClock {
  readonly read: () => ClockReading
  /** Time goes by on both clocks. */
  readonly pass: (ms: number) => void
  /** Somebody, or a dead battery, sets the wall clock; steady time knows nothing of it. */
  readonly jump: (ms: number) => void
  readonly setWall: (wallMs: number) => void
  /** The machine starts again: steady time goes on as far as the wall clock can be believed. */
  readonly restart: (last: Moment) => void
}

export function fakeClock(wallMs: number, steadyMs = 5_000): FakeClock {
  let wall = wallMs
  let steady = steadyMs
  return {
    read: () => ({ wallMs: wall as EpochMs, steadyMs: steady as SteadyMs }),
    pass: (ms) => {
      wall += ms
      steady += ms
    },
    jump: (ms) => {
      wall += ms
    },
    setWall: (ms) => {
      wall = ms
    },
    restart: (last) => {
      steady = steadyAtStart(last, wall as EpochMs)
    },
  }
}
