import { type Dice, exponential, pick } from './dice.ts'

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
/** How often another is drawn when the drawn one is shorter than what has already passed. */
const REDRAW_MAX = 6

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

/** One that really happened: as often of the last hours as of this hour of the day. */
export function drawDuration(durations: Durations, dayMs: number, dice: Dice): number {
  const hour = hourRing(durations, dayMs)
  const { values } = hour !== undefined && hour.values.length >= ENOUGH && dice() < 0.5 ? hour : durations.recent
  return values[pick(dice, values.length)] ?? 0
}

/** What is left of a service that has already lasted for a while. */
export function drawRest(durations: Durations, passedMs: number, dayMs: number, dice: Dice): number {
  for (let tries = 0; tries < REDRAW_MAX; tries++) {
    const durationMs = drawDuration(durations, dayMs, dice)
    if (durationMs > passedMs) return durationMs - passedMs
  }
  // Longer than nearly all: the tail of such services is about as long again as an ordinary one.
  return exponential(dice, ringMean(durations.recent))
}

export const hasEnough = ({ recent }: Durations): boolean => recent.values.length >= ENOUGH
