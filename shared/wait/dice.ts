/** Draws between 0 (included) and 1 (excluded), the same ones for the same seed. */
export type Dice = () => number

/** The generator known as mulberry32: one 32-bit word of state, good enough for replays. */
export function seededDice(seed: number): Dice {
  let word = seed >>> 0
  return () => {
    word = (word + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(word ^ (word >>> 15), word | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** An exponential draw. @param mean - in any unit; the answer is in the same */
export const exponential = (dice: Dice, mean: number): number => -mean * Math.log(1 - dice())

/** A draw of the standard normal distribution. */
export const normal = (dice: Dice): number => Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice())

/** A whole number from 0 up to, not including, `count`. */
export const pick = (dice: Dice, count: number): number => Math.floor(dice() * count)
