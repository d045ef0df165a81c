import { type Dice, pick } from './dice.ts'
import { drawRemaining } from './remaining.ts'

/** The newest values, a fixed number of them; once full, each new one takes the place of the oldest. */
export interface Ring {
  readonly values: number[]
  next: number
}

export const emptyRing = (): Ring => ({ values: [], next: 0 })

export function keep(ring: Ring, value: number, countMax: number): void {
  if (ring.values.length < countMax) ring.values.push(value)
  else ring.values[ring.next % countMax] = value
  ring.next = (ring.next + 1) % countMax
}

export const ringMean = ({ values }: Ring): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

/** How long a counter is taken by one customer of a service, from the call to the end: as it was, not as a formula. */
export interface Durations {
  /** Of the last hours. */
  readonly recent: Ring
  /** Of the same hour on earlier days: one ring for each hour of the day. */
  readonly byHour: Ring[]
}

const RECENT_MAX = 48
const HOUR_MAX = 24
/** Below this many, a ring says too little. */
const ENOUGH = 5
const HOUR_MS = 3_600_000

export const emptyDurations = (): Durations => ({
  recent: emptyRing(),
  byHour: Array.from({ length: 24 }, emptyRing),
})

const hourRing = ({ byHour }: Durations, dayMs: number): Ring | undefined => byHour[Math.floor(dayMs / HOUR_MS) % 24]

export function learnDuration(durations: Durations, durationMs: number, dayMs: number): void {
  keep(durations.recent, durationMs, RECENT_MAX)
  const ring = hourRing(durations, dayMs)
  if (ring !== undefined) keep(ring, durationMs, HOUR_MAX)
}

/** As often those of the last hours as those of this hour of the day. */
function someOf(durations: Durations, dayMs: number, dice: Dice): readonly number[] {
  const hour = hourRing(durations, dayMs)
  return hour !== undefined && hour.values.length >= ENOUGH && dice() < 0.5 ? hour.values : durations.recent.values
}

/** One that really happened. */
export function drawDuration(durations: Durations, dayMs: number, dice: Dice): number {
  const values = someOf(durations, dayMs, dice)
  return values[pick(dice, values.length)] ?? 0
}

/** What is left of a service that has already lasted for a while. */
export function drawRest(durations: Durations, passedMs: number, dayMs: number, dice: Dice): number {
  return drawRemaining(someOf(durations, dayMs, dice), passedMs, ringMean(durations.recent), dice)
}

export const hasEnough = ({ recent }: Durations): boolean => recent.values.length >= ENOUGH
