/** Dice that fall the same way for the same seed, so that a failure can be thrown again. */
export interface Dice {
  /** 0 to sides - 1. */
  readonly roll: (sides: number) => number
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item
  /** @param odds - one time in so many */
  readonly isOneIn: (odds: number) => boolean
  readonly bytes: (length: number) => Buffer
}

/** Mulberry32. */
export function throwDice(seed: number): Dice {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const roll = (sides: number): number => next() % sides
  return {
    roll,
    pick: (items) => items[roll(items.length)] ?? items[0],
    isOneIn: (odds) => roll(odds) === 0,
    bytes: (length) => Buffer.from(Array.from({ length }, () => roll(256))),
  }
}
