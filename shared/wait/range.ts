import type { WaitRange } from './measured.ts'

/**
 * How far below and above the middle the range reaches, as shares of the middle, corrected by each outcome: a high
 * figure that held is lowered a little, one that was passed is raised nine times as much, so that one in ten passes it
 * whatever the distribution is. Each reach is a sum of effects (in general, at this level, in this service, at this
 * hour, with that many waiting), so that the range is right for each of them and not only on the whole.
 */
export interface Quantiles {
  readonly low: Record<string, number>
  readonly high: Record<string, number>
}

const STEP = 0.005
const LOW_SHARE = 0.1
const HIGH_SHARE = 0.9
/** Even a middle of nothing has a reach. */
const REACH_BASE_MS = 40_000
const EFFECTS_MAX = 512

/** Wide at first: it is better to say too little than to promise. */
const FIRST_LOW = -0.65
const FIRST_HIGH = 0.95

export const emptyQuantiles = (): Quantiles => ({
  low: { all: FIRST_LOW, 'waiting, all': FIRST_LOW },
  high: { all: FIRST_HIGH, 'waiting, all': FIRST_HIGH },
})

export interface Condition {
  /** A ticket that stands in line already, not one that joins. */
  readonly isWaiting: boolean
  readonly midMs: number
  readonly serviceId: string
  readonly dayMs: number
  readonly waitingCount: number
  /** Nobody knows whether a counter that should call will. */
  readonly isDoubted: boolean
}

/** The conditions a range is held right under. */
export function effectsOf({
  isWaiting,
  midMs,
  serviceId,
  dayMs,
  waitingCount,
  isDoubted,
}: Condition): readonly string[] {
  const level = Math.min(14, Math.floor(2 * Math.log2(1 + midMs / 30_000)))
  const hour = Math.floor(dayMs / 3_600_000) % 24
  const length = Math.min(6, Math.floor(Math.log2(1 + waitingCount)))
  const effects = ['all', `level ${level}`, `service ${serviceId}`, `hour ${hour}`, `length ${length}`]
  if (isDoubted) effects.push('doubted')
  return isWaiting ? effects.map((effect) => `waiting, ${effect}`) : effects
}

const reachMs = (midMs: number): number => REACH_BASE_MS + midMs

function sumOf(by: Record<string, number>, effects: readonly string[]): number {
  let sum = 0
  for (const effect of effects) sum += by[effect] ?? 0
  return sum
}

export function rangeAround({ low, high }: Quantiles, midMs: number, effects: readonly string[]): WaitRange {
  const lowMs = Math.max(0, midMs + sumOf(low, effects) * reachMs(midMs))
  const highMs = Math.max(lowMs, midMs + sumOf(high, effects) * reachMs(midMs))
  return { lowMs, midMs, highMs }
}

export function correctRange(quantiles: Quantiles, told: WaitRange, waitMs: number, effects: readonly string[]): void {
  // A wait of nothing at a low figure of nothing is not below it: the figure cannot go lower.
  step(quantiles.low, effects, LOW_SHARE - (waitMs < told.lowMs ? 1 : 0))
  step(quantiles.high, effects, HIGH_SHARE - (waitMs <= told.highMs ? 1 : 0))
}

function step(by: Record<string, number>, effects: readonly string[], push: number): void {
  for (const effect of effects) {
    const known = by[effect]
    if (known === undefined && Object.keys(by).length >= EFFECTS_MAX) continue
    by[effect] = (known ?? 0) + STEP * push
  }
}
