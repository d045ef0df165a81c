import Database from 'better-sqlite3'
import type { Sqlite } from '#shared/disk/open.ts'

type Row = Record<string, string | number | null>

/**
 * What is worth bringing over: papers that may be out, with what their customers said, the answers that customers were
 * given, and the journal of paper.
 */
const TABLES = [
  { name: 'offline_ticket', key: 'ticket_id' },
  { name: 'sealed_details', key: 'ticket_id' },
  { name: 'customer_details', key: 'ticket_id' },
  { name: 'tap', key: 'key' },
  { name: 'tap_in_doubt', key: 'key' },
  { name: 'print_job', key: 'id' },
] as const

function tryOpen(file: string): Sqlite | null {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true })
    // Otherwise a file that is shorter than it says is not read at all; nothing can be written through this handle.
    db.unsafeMode(true)
    db.pragma('writable_schema = ON')
    return db
  } catch {
    return null
  }
}

/** Every row up to the first page that cannot be read, from the front and then from the back. */
function* readable(db: Sqlite, table: string, key: string): Generator<Row> {
  for (const direction of ['asc', 'desc']) {
    try {
      yield* db.prepare(`select * from ${table} order by ${key} ${direction}`).iterate() as IterableIterator<Row>
      return
    } catch {
      // The other end may still be whole.
    }
  }
}

/** @returns whether the row was taken; one that lies is not worth the others */
function copyRow(target: Sqlite, table: string, row: Row): boolean {
  const columns = Object.keys(row)
  const places = columns.map(() => '?').join(', ')
  try {
    const { changes } = target
      .prepare(`insert or ignore into ${table} (${columns.join(', ')}) values (${places})`)
      .run(...Object.values(row))
    return changes > 0
  } catch {
    return false
  }
}

/**
 * Brings over from a damaged file what can be read of it.
 * @returns how many papers
 */
export function bringOverPapers(damaged: string, target: Sqlite): number {
  const old = tryOpen(damaged)
  if (old === null) return 0
  let paperCount = 0
  target.transaction(() => {
    for (const { name, key } of TABLES)
      for (const row of readable(old, name, key))
        if (copyRow(target, name, row) && name === 'offline_ticket') paperCount += 1
  })()
  old.close()
  return paperCount
}

/**
 * What was on its way to the printer when the power went may be on paper, or not; what had not begun is not, and whoever
 * waited for it has left with the number from the screen.
 */
export function endJobs(db: Sqlite): void {
  db.exec(`update print_job set state = 'uncertain' where state = 'sending';
           update print_job set state = 'expired' where state = 'queued'`)
}
