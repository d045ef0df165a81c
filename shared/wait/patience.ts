import type { Dice } from './dice.ts'

/**
 * How people give up: for each stretch of a wait, how many left in it and how long people waited in it in all.
 * Those who were called are counted for as long as they waited (nobody knows how long they would have stayed).
 */
export interface Patience {
  readonly left: number[]
  readonly waitedMs: number[]
}

/** Where the stretches begin. */
const STARTS_MS = [0, 15_000, 30_000, 60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_840_000] as const
/** A year of outcomes would outweigh any change of habits: the sums fade with each outcome. */
const KEPT = 0.9995
/** Before anything is known: one in some hours of waiting gives up. */
const FIRST_WAITED_MS = 600_000

export const emptyPatience = (): Patience => ({
  left: STARTS_MS.map(() => 0.05),
  waitedMs: STARTS_MS.map(() => FIRST_WAITED_MS),
})

const endOf = (stretch: number): number => STARTS_MS[stretch + 1] ?? Number.POSITIVE_INFINITY

export function learnPatience({ left, waitedMs }: Patience, waitMs: number, hasLeft: boolean): void {
  for (const [stretch, startMs] of STARTS_MS.entries()) {
    if (waitMs < startMs) break
    waitedMs[stretch] = (waitedMs[stretch] ?? 0) * KEPT + Math.min(waitMs, endOf(stretch)) - startMs
    left[stretch] = (left[stretch] ?? 0) * KEPT + (hasLeft && waitMs < endOf(stretch) ? 1 : 0)
  }
}

/** How likely one who waits gives up within the next millisecond, after `waitedMs`. */
export function leavingRate({ left, waitedMs: waited }: Patience, waitedMs: number): number {
  let stretch = STARTS_MS.length - 1
  while (stretch > 0 && waitedMs < (STARTS_MS[stretch] ?? 0)) stretch -= 1
  return (left[stretch] ?? 0) / Math.max(1, waited[stretch] ?? 1)
}

/** How much longer somebody stays who has waited for `waitedMs` already. */
export function drawPatience({ left, waitedMs: waited }: Patience, waitedMs: number, dice: Dice): number {
  let toSpend = -Math.log(1 - dice())
  let fromMs = waitedMs
  for (let stretch = 0; stretch < STARTS_MS.length; stretch++) {
    const endMs = endOf(stretch)
    if (endMs <= fromMs) continue
    const rate = (left[stretch] ?? 0) / Math.max(1, waited[stretch] ?? 1)
    const cost = rate * (endMs - fromMs)
    if (cost >= toSpend) return fromMs + toSpend / rate - waitedMs
    toSpend -= cost
    fromMs = endMs
  }
  return Number.POSITIVE_INFINITY
}
