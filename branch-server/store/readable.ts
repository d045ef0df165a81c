import Database from 'better-sqlite3'
import type { Sqlite } from '#shared/disk/open.ts'

/** How often one table is entered again behind a page that cannot be read. */
const REENTRIES_MAX = 48

export type Row = Record<string, unknown>

/** For reading only, so that what a salvage finds is not changed by it. @returns null when it is no database at all */
export function tryOpen(file: string): Sqlite | null {
  let db: Sqlite | null = null
  try {
    db = new Database(file, { readonly: true, fileMustExist: true })
    db.prepare('select count(*) from sqlite_schema').get()
    return db
  } catch {
    db?.close()
    return null
  }
}

/**
 * Every row that can be read, in the order of one whole-number key. Behind a page that cannot be read the table is
 * entered again further on, by ever longer strides.
 */
export function* readable(db: Sqlite | null, sql: string, key: string, from = 0): Generator<Row> {
  if (db === null) return
  let last = from
  for (let entry = 0, stride = 1; entry < REENTRIES_MAX; entry += 1, stride *= 2) {
    try {
      for (const row of db.prepare(sql).iterate(last) as IterableIterator<Row>) {
        last = Number(row[key])
        stride = 1
        yield row
      }
      return
    } catch {
      last += stride
    }
  }
}

/** Every row that can be read, from the end and, when a page stops that, from the beginning up to it. */
export function* fromBothEnds(db: Sqlite | null, table: string, key: string): Generator<Row> {
  if (db === null) return
  for (const order of ['desc', 'asc'])
    try {
      yield* db.prepare(`select * from ${table} order by ${key} ${order}`).iterate() as IterableIterator<Row>
      return
    } catch {
      // The other end is tried; what both have seen is taken once.
    }
}
