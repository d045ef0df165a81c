import type { Sqlite } from '../disk/open.ts'
import type { StoredEvent } from '../domain/events.ts'

/**
 * Events kept of what was followed: two months of a branch with 800 tickets a day, in some 200 MB. Rebuilding needs
 * the living state and the figures of the past weeks; older figures are what backups are for.
 */
const LOG_KEPT_MAX = 400_000
/** Starts kept: one for every 5,000 events, and some for epochs that were short. */
const STARTS_KEPT_MAX = 120
const CATALOGUES_KEPT_MAX = 200
/** Rows let go of with each one that comes: more than one, so that a lowered limit is reached, too. */
const LET_GO_MAX = 4

/** Keeps what was followed as it was sent; each call inside the caller's transaction. */
export interface KeptLog {
  event(event: StoredEvent, text: string): void
  /** @param body - a whole snapshot, true before the next event */
  start(body: string): void
  catalogue(version: number, body: string): void
  /** The device goes to another branch. */
  forget(): void
}

/** For a device that keeps no log, as a display. */
export const noLog: KeptLog = { event: () => {}, start: () => {}, catalogue: () => {}, forget: () => {} }

/** @param keptMax - tests choose fewer */
export function createKeptLog(db: Sqlite, keptMax = LOG_KEPT_MAX): KeptLog {
  const add = (table: string, key: string, columns: readonly string[], max: number) => {
    const places = columns.map(() => '?').join(', ')
    const insert = db.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`)
    const letGo = db.prepare(
      `delete from ${table} where ${key} in
         (select ${key} from ${table} where ${key} <= ? order by ${key} limit ${LET_GO_MAX})`,
    )
    return (...values: readonly (string | number)[]): void => {
      const { lastInsertRowid } = insert.run(...values)
      letGo.run(Number(lastInsertRowid) - max)
    }
  }
  const addEvent = add('kept_event', 'place', ['epoch', 'seq', 'body'], keptMax)
  const addStart = add('kept_start', 'start', ['place', 'body'], STARTS_KEPT_MAX)
  const addCatalogue = add('kept_catalogue', 'entry', ['place', 'version', 'body'], CATALOGUES_KEPT_MAX)
  // The last row of a table is found without reading the others.
  const next = db.prepare('select coalesce(max(place), 0) + 1 from kept_event').pluck()
  return {
    event: ({ epoch, seq }, text) => addEvent(epoch, seq, text),
    start: (body) => addStart(Number(next.get()), body),
    catalogue: (version, body) => addCatalogue(Number(next.get()), version, body),
    forget: () => void db.exec('delete from kept_event; delete from kept_start; delete from kept_catalogue'),
  }
}
