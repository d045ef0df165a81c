import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Another process has the data folder open. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError'
}

/**
 * Holds a data folder for this process alone: a branch has one writer, and a kiosk one counter of numbers. The lock is the operating system's and falls
 * with the process, however it ends.
 * @returns lets it go
 * @throws FolderInUseError
 */
export function lockFolder(folder: string): () => void {
  const db = new Database(join(folder, 'lock'), { timeout: 0 })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('begin exclusive')
  } catch (error) {
    db.close()
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY'))
      throw new FolderInUseError(`${folder} is in use by another program of the same kind; end that one first`)
    throw error
  }
  return () => void db.close()
}
