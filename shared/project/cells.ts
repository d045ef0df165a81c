import { addShare, addTally, type Dimension, emptyTally, type Share, type Tally } from './figures.ts'
import type { Grain } from './spread.ts'

/** One line of a report or a rollup: what it is about, and its sums. */
export interface Cell {
  readonly period: string
  readonly dimension: Dimension
  readonly id: string
  readonly tally: Tally
}

/** Cells by what they are about. */
export interface Cells {
  /** The sum at that place, to be added to. */
  at(period: string, dimension: Dimension, id: string): Tally
  add(period: string, share: Share, sign?: 1 | -1): void
  addTally(cell: Cell, sign?: 1 | -1): void
  all(): Iterable<Cell>
}

function innerOf<Key, InnerKey, Value>(maps: Map<Key, Map<InnerKey, Value>>, key: Key): Map<InnerKey, Value> {
  const known = maps.get(key)
  if (known !== undefined) return known
  const made = new Map<InnerKey, Value>()
  maps.set(key, made)
  return made
}

export function createCells(grain: Grain): Cells {
  const cells: Cell[] = []
  // One key of all three would be made, and read through, for each share of each ticket.
  const byPeriod = new Map<string, Map<Dimension, Map<string, Cell>>>()
  const at: Cells['at'] = (period, dimension, id) => {
    const byId = innerOf(innerOf(byPeriod, period), dimension)
    const found = byId.get(id)
    if (found !== undefined) return found.tally
    const made: Cell = { period, dimension, id, tally: emptyTally() }
    byId.set(id, made)
    cells.push(made)
    return made.tally
  }
  return {
    at,
    add: (period, share, sign = 1) => addShare(at(period, share.dimension, share.id), share, grain, sign),
    addTally: ({ period, dimension, id, tally }, sign = 1) => addTally(at(period, dimension, id), tally, sign),
    all: () => cells,
  }
}
