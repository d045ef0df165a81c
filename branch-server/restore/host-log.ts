import type { Sqlite } from '#shared/disk/open.ts'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { Snapshot } from '#shared/domain/state-json.ts'

/** A snapshot a host has kept, and the events after it as they were sent. */
export interface Stretch {
  readonly start: Snapshot
  readonly texts: Iterable<string>
}

/** Events read at once; between two pages the file is free for other questions. */
const PAGE_EVENTS = 500

/** Hosts of the version before kept no log. */
export const keepsLog = (db: Sqlite): boolean =>
  db.prepare("select count(*) from sqlite_schema where name = 'kept_event'").pluck().get() === 1

/** Where the host stands: its snapshot and what it folds at a start; null when it has never met a branch. */
export function lastStretch(db: Sqlite): (Stretch & { readonly texts: readonly string[] }) | null {
  const body = db.prepare('select body from snapshot where only = 1').pluck().get() as string | undefined
  if (body === undefined) return null
  const texts = db.prepare('select body from event order by seq').pluck().all() as string[]
  return { start: JSON.parse(body) as Snapshot, texts }
}

function* pagesOf(db: Sqlite, from: number, before: number): Generator<string> {
  const page = db.prepare(
    `select place, body from kept_event where place >= ? and place < ? order by place limit ${PAGE_EVENTS}`,
  )
  for (let next = from; ; ) {
    const rows = page.all(next, before) as { place: number; body: string }[]
    for (const { body } of rows) yield body
    const last = rows.at(-1)
    if (last === undefined) return
    next = last.place + 1
  }
}

/** What was followed before, oldest first, as far as it is kept. */
export function* keptStretches(db: Sqlite): Generator<Stretch> {
  if (!keepsLog(db)) return
  const first = (db.prepare('select min(place) from kept_event').pluck().get() as number | null) ?? 1
  const starts = db.prepare('select start, place from kept_start where place >= ? order by start').all(first) as {
    start: number
    place: number
  }[]
  const bodyOf = db.prepare('select body from kept_start where start = ?').pluck()
  for (const [index, { start, place }] of starts.entries()) {
    const before = starts[index + 1]?.place ?? Number.MAX_SAFE_INTEGER
    yield { start: JSON.parse(String(bodyOf.get(start))) as Snapshot, texts: pagesOf(db, place, before) }
  }
}

/** Every catalogue body the host has kept; of one version the latest comes last. */
export function* cataloguesOf(db: Sqlite): Generator<{ version: number; body: string }> {
  const tables = keepsLog(db) ? ['kept_catalogue order by entry', 'catalogue'] : ['catalogue']
  for (const { start } of keptStretches(db)) yield* bodiesIn(start.catalogues)
  for (const table of tables)
    yield* db.prepare(`select version, body from ${table}`).all() as { version: number; body: string }[]
}

const bodiesIn = (catalogues: { readonly [version: string]: Catalogue }) =>
  Object.entries(catalogues).map(([version, body]) => ({ version: Number(version), body: JSON.stringify(body) }))
