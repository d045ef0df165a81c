import { type Dice, pick } from './dice.ts'

/**
 * Of something that has lasted longer than anything like it, this is the tail: on the mean it lasts as long again. So
 * doubt grows with the time that has passed already, as it must where nobody knows what happened.
 */
const TAIL = 2
/** As long as so many are known that lasted longer, they speak alone. */
const KNOWN_MIN = 3
/** Beyond so many times the longest that was ever seen, nobody can say when it ends. */
const BEYOND = 2

/**
 * What is left of something that has lasted for a while: one of those that really lasted longer, or, where few
 * did, as if one more had been seen than was, the tail.
 * @param values - how long such things lasted
 * @param usualMs - how long they last on the mean
 */
export function drawRemaining(values: readonly number[], passedMs: number, usualMs: number, dice: Dice): number {
  let longerCount = 0
  for (const value of values) if (value > passedMs) longerCount += 1
  let chosen = pick(dice, longerCount < KNOWN_MIN ? longerCount + 1 : longerCount)
  for (const value of values) if (value > passedMs && chosen-- === 0) return value - passedMs
  return (passedMs + usualMs) * ((1 - dice()) ** (-1 / TAIL) - 1)
}

/** Whether something lasts so much longer than it ever did that there is nothing to reckon with. @param leastMs - no earlier */
export function isBeyondAll(values: readonly number[], passedMs: number, leastMs: number): boolean {
  if (passedMs <= leastMs) return false
  for (const value of values) if (passedMs <= BEYOND * value) return false
  return true
}
