import Database from 'better-sqlite3'
import type { Sqlite } from './open.ts'

/** The pages that a long row leaves free are overwritten, too; for all else that would be a write too many. */
export function wiping<Result>(db: Sqlite, work: () => Result): Result {
  db.pragma('secure_delete = ON')
  try {
    return work()
  } finally {
    db.pragma('secure_delete = FAST')
  }
}

/**
 * Cuts the write-ahead log off, in which what was erased may still stand. While somebody reads an older state that
 * cannot be, and nobody waits for it.
 * @returns whether it was done; else it is to be tried again
 */
export function forgetLog(db: Sqlite): boolean {
  const waitMs = Number(db.pragma('busy_timeout', { simple: true }))
  db.pragma('busy_timeout = 0')
  try {
    const [row] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    return row?.busy === 0
  } catch (error) {
    // What was erased is committed already, and must not seem to have failed; a disk that is full says so at the next commit.
    if (!(error instanceof Database.SqliteError)) throw error
    return false
  } finally {
    db.pragma(`busy_timeout = ${waitMs}`)
  }
}
