import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import Database from 'better-sqlite3'

export type Sqlite = Database.Database

/** Older releases can lose a commit when a checkpoint meets a writer (sqlite.org/wal.html#walresetbug). */
const SQLITE_MIN = [3, 51, 3] as const
/** The write-ahead log is cut back to this after a checkpoint. */
const WAL_BYTES_MAX = 64 * 1024 * 1024
const BUSY_MS = 2_000
/** At a time: no start needs memory for the whole log. */
const REWRITTEN_BYTES = 1024 * 1024

/**
 * Opens a database so that a commit is on the disk when it returns: write-ahead log, synchronous=FULL.
 * The pragma is per connection and a reopened file does not remember it, so it is set and read back at every open.
 * @throws SqliteError when the file cannot be opened, Error when the library or the setting is not to be trusted
 */
export function openDurable(file: string): Sqlite {
  assertWritable(file)
  const db = new Database(file, { timeout: BUSY_MS })
  try {
    assertVersion(db)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    // What is erased is overwritten, where that costs no further page: people may ask for it to be gone.
    db.pragma('secure_delete = FAST')
    db.pragma(`journal_size_limit = ${WAL_BYTES_MAX}`)
    assertDurable(db)
    flushLog(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** A header that names a later way of writing makes SQLite open the file for reading only, without a word. */
function assertWritable(file: string): void {
  if (!existsSync(file)) return
  const WAL_VERSION = 2
  const header = Buffer.alloc(100)
  const handle = openSync(file, 'r')
  try {
    const length = readSync(handle, header, 0, header.length, 0)
    if (length === header.length && header.readUInt8(18) > WAL_VERSION)
      throw Object.assign(new Error('The header of the file cannot be true'), { code: 'SQLITE_CORRUPT' })
  } finally {
    closeSync(handle)
  }
}

/**
 * Writes the log anew, byte for byte. After a flush that failed the system keeps such bytes in memory, calls them clean
 * and never writes them: they are read back as if they were committed, and a power cut would take them and every commit
 * that is appended behind the hole. Carrying them over into the file would not do: as long as somebody else has it open
 * the log stays, and its older pages would be read in place of the newer ones in the file.
 * @throws SqliteError when somebody else writes, Error when the disk refuses
 */
function flushLog(db: Sqlite): void {
  const log = `${db.name}-wal`
  if (!existsSync(log)) return
  // Nobody appends meanwhile, and no checkpoint ever writes to the log.
  db.exec('begin immediate')
  const handle = openSync(log, 'r+')
  try {
    const bytes = Buffer.alloc(REWRITTEN_BYTES)
    for (let at = 0; ; ) {
      const count = readSync(handle, bytes, 0, bytes.length, at)
      if (count === 0) break
      for (let done = 0; done < count; ) done += writeSync(handle, bytes, done, count - done, at + done)
      at += count
    }
    fsyncSync(handle)
  } finally {
    closeSync(handle)
    db.exec('rollback')
  }
}

/** For reports and checks beside the writer: it can change nothing. */
export function openForReading(file: string): Sqlite {
  return new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS })
}

/** @throws Error unless every commit is flushed: a branch does not start on less */
export function assertDurable(db: Sqlite): void {
  const FULL = 2
  const mode = db.pragma('journal_mode', { simple: true })
  const synchronous = db.pragma('synchronous', { simple: true })
  if (mode !== 'wal' || synchronous !== FULL)
    throw new Error(`The database is not durable: journal_mode=${String(mode)}, synchronous=${String(synchronous)}`)
}

function assertVersion(db: Sqlite): void {
  const version = db.prepare('select sqlite_version()').pluck().get() as string
  const parts = version.split('.').map(Number)
  for (const [index, min] of SQLITE_MIN.entries()) {
    const part = parts[index] ?? 0
    if (part > min) return
    if (part < min) throw new Error(`SQLite ${version} is too old; ${SQLITE_MIN.join('.')} or newer is needed`)
  }
}
