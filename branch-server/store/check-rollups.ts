import type { Sqlite } from '#shared/disk/open.ts'
import { type Cell, createCells } from '#shared/project/cells.ts'
import { DURATIONS, isEmptyTally } from '#shared/project/figures.ts'
import { bucketGrain } from '#shared/project/spread.ts'
import { rawCells } from './figure-rows.ts'
import { datesOf, monthKey, monthsUpTo, readCells, rolledBefore } from './rollup-cells.ts'

/** Cells as one text each, in one order: equal sums give equal texts. */
function textOf(cells: Iterable<Cell>): string {
  return [...cells]
    .filter(({ tally }) => !isEmptyTally(tally))
    .map(({ dimension, id, tally: { counts, times, spreads } }) => {
      const durations = DURATIONS.map((key) => {
        const { sumMs, countByKey } = spreads[key]
        return [sumMs, [...countByKey].toSorted(([a], [b]) => a - b)]
      })
      return JSON.stringify([dimension, id, counts, times, durations])
    })
    .toSorted()
    .join('\n')
}

function periodsIn(db: Sqlite, sql: string): readonly string[] {
  return db.prepare(sql).pluck().all() as string[]
}

function isWrongDay(db: Sqlite, date: string): boolean {
  return textOf(rawCells(db, date, date, bucketGrain).all()) !== textOf(readCells(db, { from: date, to: date }))
}

function isWrongMonth(db: Sqlite, month: string): boolean {
  const sums = createCells(bucketGrain)
  for (const cell of readCells(db, datesOf(month))) sums.addTally({ ...cell, period: month })
  const key = monthKey(month)
  return textOf(sums.all()) !== textOf(readCells(db, { from: key, to: key }))
}

/** The dates and months whose sums are not those of the raw rows, each counted anew; dates first. The present day has none. */
export function wrongPeriods(db: Sqlite): readonly string[] {
  const bound = rolledBefore(db)()
  const dates = periodsIn(
    db,
    `select business_date from ticket union select business_date from shift where business_date <> ''
     union select period from rollup where period < 'm' order by 1`,
  ).filter((date) => date < bound)
  const built = monthsUpTo(db)()
  const months = periodsIn(
    db,
    `select distinct substr(period, 1, 7) from rollup where period < 'm'
     union select substr(period, 2) from rollup where period > 'm' order by 1`,
  ).filter((month) => month <= built)
  return [...dates.filter((date) => isWrongDay(db, date)), ...months.filter((month) => isWrongMonth(db, month))]
}
