import type { Sqlite } from '#shared/disk/open.ts'
import type { Cell } from '#shared/project/cells.ts'
import {
  COUNTS,
  DIMENSIONS,
  type Dimension,
  DURATIONS,
  emptyTally,
  isEmptyTally,
  type Tally,
  TIMES,
} from '#shared/project/figures.ts'
import { addCount } from '#shared/project/spread.ts'

/** Months stand behind all dates, so that a span of dates never meets one. */
export const monthKey = (month: string): string => `m${month}`

/**
 * A tally as its row holds it: counts, times, the sum of each kind of duration, then each spread as bucket, count,
 * bucket, count … One text, because the schema is to stay on the file's first page: a damaged page of it loses all.
 */
type Packed = readonly (number | readonly number[])[]

function packTally({ counts, times, spreads }: Tally): string {
  return JSON.stringify([
    ...COUNTS.map((key) => counts[key]),
    ...TIMES.map((key) => times[key]),
    ...DURATIONS.map((key) => spreads[key].sumMs),
    ...DURATIONS.map((key) => [...spreads[key].countByKey].toSorted(([a], [b]) => a - b).flat()),
  ])
}

function addPacked(into: Tally, text: string): void {
  const packed = JSON.parse(text) as Packed
  let at = 0
  const next = (): number => Number(packed[at++])
  for (const key of COUNTS) into.counts[key] += next()
  for (const key of TIMES) into.times[key] += next()
  for (const key of DURATIONS) into.spreads[key].sumMs += next()
  for (const key of DURATIONS) {
    const spread = packed[at++] as readonly number[]
    for (let pair = 0; pair < spread.length; pair += 2)
      addCount(into.spreads[key], spread[pair] ?? 0, spread[pair + 1] ?? 0)
  }
}

/** Adds to a cell, or makes it; what is taken out again is added with its sign turned. */
export function createAdding(db: Sqlite): (cell: Cell) => void {
  // SQL's own sum of two tallies, so that a cell need not be read before it is written.
  db.function('add_sums', { deterministic: true }, (stored: string, added: string) => {
    const sum = emptyTally()
    addPacked(sum, stored)
    addPacked(sum, added)
    return packTally(sum)
  })
  const add = db.prepare(
    `insert into rollup (period, dimension, id, sums) values (?, ?, ?, ?)
     on conflict (period, dimension, id) do update set sums = add_sums(rollup.sums, excluded.sums)`,
  )
  return ({ period, dimension, id, tally }) => {
    add.run(period, dimension, id, packTally(tally))
  }
}

/** A span of dates, or of months by their keys; both ends belong to it. */
export interface Stretch {
  readonly from: string
  readonly to: string
}

type Row = [period: string, dimension: Dimension, id: string, sums: string]

const selectRows = (db: Sqlite, dimensions: readonly Dimension[]) =>
  db
    .prepare(
      `select period, dimension, id, sums from rollup
       where period between ? and ? and dimension in (${dimensions.map(() => '?').join(', ')})`,
    )
    .raw()

/** Adds all cells of a stretch; `tallyAt` says to what. */
export function sumCells(
  db: Sqlite,
  { from, to }: Stretch,
  dimensions: readonly Dimension[],
  tallyAt: (period: string, dimension: Dimension, id: string) => Tally,
): void {
  const rows = selectRows(db, dimensions).iterate(from, to, ...dimensions) as IterableIterator<Row>
  for (const [period, dimension, id, sums] of rows) addPacked(tallyAt(period, dimension, id), sums)
}

/** Cells of a stretch that hold anything. */
export function readCells(db: Sqlite, { from, to }: Stretch): readonly Cell[] {
  const cells: Cell[] = []
  sumCells(db, { from, to }, DIMENSIONS, (period, dimension, id) => {
    const tally = emptyTally()
    cells.push({ period, dimension, id, tally })
    return tally
  })
  return cells.filter(({ tally }) => !isEmptyTally(tally))
}

/** The dates of one month: ':' follows the last digit. */
export const datesOf = (month: string): Stretch => ({ from: `${month}-`, to: `${month}-:` })

/** The months up to this one have sums of their own, where they hold anything; empty before the first. */
export function monthsUpTo(db: Sqlite): () => string {
  const last = db.prepare("select max(period) from rollup where period > 'm'").pluck()
  return () => ((last.get() as string | null) ?? '').slice(1)
}

/** The dates before this one are summed; empty before the first day. */
export function rolledBefore(db: Sqlite): () => string {
  const bound = db.prepare("select value from meta where key = 'rolled_before'").pluck()
  return () => (bound.get() as string | undefined) ?? ''
}
