import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sqlite } from './open.ts'

/** One numbered SQL file; it only adds, so that the version before can still use the file. */
interface Migration {
  readonly version: number
  readonly sql: string
}

/** The file was made by a version whose changes this one cannot work with. */
export class NewerFileError extends Error {
  override readonly name = 'NewerFileError'
}

function migrationsIn(folder: string): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .toSorted()
    .map((name) => ({ version: Number(name.slice(0, 4)), sql: readFileSync(join(folder, name), 'utf8') }))
}

/**
 * Brings a file up to date, each migration in a transaction of its own. A file from a later version is used as it is,
 * as long as it says so: its `reader_version_min` names the oldest version that may.
 * @throws NewerFileError when this version is older than that
 */
export function migrate(db: Sqlite, folder: string): void {
  const migrations = migrationsIn(folder)
  const latest = migrations.at(-1)?.version ?? 0
  const found = db.pragma('user_version', { simple: true }) as number
  if (found > latest) {
    const readerMin = Number(
      db.prepare("select value from meta where key = 'reader_version_min'").pluck().get() ?? found,
    )
    if (readerMin > latest)
      throw new NewerFileError(
        `the file is of version ${found} and needs at least version ${readerMin}; this is ${latest}`,
      )
    return
  }
  for (const { version, sql } of migrations) {
    if (version <= found) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${version}`)
    }).immediate()
  }
}
