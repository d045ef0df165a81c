import { createHash } from 'node:crypto'
import { random } from '../../power/clients.ts'

/** Seeded chance for one part of the story: a part that draws more often changes nothing for the others. */
export interface Luck {
  /** From 0 to 1. */
  draw(): number
  /** A whole number from `from` up to, not including, `to`. */
  between(from: number, to: number): number
  happens(odds: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

export function openLuck(seed: number, part: string): Luck {
  const draw = random(createHash('sha256').update(`${seed} ${part}`).digest().readUInt32LE())
  const between = (from: number, to: number): number => from + Math.floor(draw() * (to - from))
  return {
    draw,
    between,
    happens: (odds) => draw() < odds,
    pick(items) {
      const item = items[between(0, items.length)]
      if (item === undefined) throw new Error('There is nothing to choose from')
      return item
    },
  }
}
