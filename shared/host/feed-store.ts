import { hash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { isDamaged } from '../disk/is-damaged.ts'
import { migrate } from '../disk/migrate.ts'
import { openDurable } from '../disk/open.ts'
import { setAside } from '../disk/set-aside.ts'
import { createHeadSeal, HEAD_KEY, vouchedTexts } from '../disk/vouched-texts.ts'
import type { Catalogue, CatalogueShelf } from '../domain/catalogue.ts'
import type { Clocks } from '../domain/clock.ts'
import type { Bookmark } from '../domain/epoch.ts'
import type { StoredEvent } from '../domain/events.ts'
import { evolve } from '../domain/evolve.ts'
import type { Sha256 } from '../domain/ids.ts'
import type { BranchState } from '../domain/state.ts'
import { carryState, type Snapshot, stateOfSnapshot, versionsIn } from '../domain/state-json.ts'
import type { HostLog } from './host-log.ts'
import { createKeptLog, noLog } from './kept-log.ts'

/** Events kept beside a snapshot; then the state becomes the new snapshot, so that a cold boot stays short. */
export const EVENTS_KEPT_MAX = 5_000

/** The branch as this device last saw it, and the bookmark it continues from. */
export interface Seen {
  readonly state: BranchState
  readonly bookmark: Bookmark
}

/** An event does not follow what is kept here: the device must start from a fresh snapshot. */
export class BrokenFeedError extends Error {
  override readonly name = 'BrokenFeedError'
}

/** The feed on the device's own disk. */
export interface FeedStore {
  /** null before the first snapshot. */
  seen(): Seen | null
  begin(snapshot: Snapshot): void
  /** Drops everything: the device goes to another branch. */
  forget(): void
  /** Checks, folds and keeps one event as it was sent. @throws BrokenFeedError */
  append(text: string): StoredEvent
  /** Makes a catalogue known before the event that speaks of it is folded. */
  keepCatalogue(version: number, body: Catalogue): void
  /** The events after a seq that are still here, as they were sent; null when some are not. */
  after(seq: number): readonly string[] | null
  snapshot(): Snapshot | null
  meta(key: string): string | null
  setMeta(key: string, value: string | null): void
  close(): void
}

const MIGRATIONS = new URL('./migrations', import.meta.url).pathname
const hashOf = (text: string): Sha256 => hash('sha256', text) as Sha256

/** What a host may ask of its store. */
export interface FeedOptions {
  /** Keeps the log that is followed, so that a dead branch can be rebuilt from it. */
  readonly keepsLog: boolean
  readonly logKeptMax?: number
}

function openTables(file: string, { keepsLog, logKeptMax }: FeedOptions) {
  const db = openDurable(file)
  try {
    migrate(db, MIGRATIONS)
    return {
      db,
      kept: keepsLog ? createKeptLog(db, logKeptMax) : noLog,
      seal: createHeadSeal(db),
      getMeta: db.prepare('select value from meta where key = ?').pluck(),
      putMeta: db.prepare('insert or replace into meta (key, value) values (?, ?)'),
      dropMeta: db.prepare('delete from meta where key = ?'),
      getSnapshot: db.prepare('select body from snapshot where only = 1').pluck(),
      putSnapshot: db.prepare('insert or replace into snapshot (only, body) values (1, ?)'),
      dropSnapshot: db.prepare('delete from snapshot'),
      putEvent: db.prepare('insert into event (seq, body) values (?, ?)'),
      eventsAfter: db.prepare('select body from event where seq > ? order by seq').pluck(),
      clearEvents: db.prepare('delete from event'),
      putCatalogue: db.prepare('insert or replace into catalogue (version, body) values (?, ?)'),
      dropCatalogues: db.prepare('delete from catalogue where version not in (select value from json_each(?))'),
      getCatalogue: db.prepare('select body from catalogue where version = ?').pluck(),
    }
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Opens the file. One that is damaged is set aside for an empty one: the branch has it all.
 * @throws SqliteError when the folder cannot be used
 */
export function openFeedStore(
  file: string,
  { wallMs }: Pick<Clocks, 'wallMs'>,
  log: HostLog,
  options: FeedOptions = { keepsLog: false },
): FeedStore {
  let tables = openSound()
  let seen: Seen | null = null
  let firstSeq = 0

  function startEmpty(error: unknown): ReturnType<typeof openTables> {
    const aside = setAside(dirname(file), basename(file), Math.floor(wallMs()))
    log.error({ err: error, aside }, 'the damaged copy of the feed was set aside')
    return openTables(file, options)
  }

  function openSound(): ReturnType<typeof openTables> {
    try {
      return openTables(file, options)
    } catch (error) {
      if (!isDamaged(error)) throw error
      return startEmpty(error)
    }
  }

  const shelf: CatalogueShelf = (version) => {
    const body = tables.getCatalogue.get(version) as string | undefined
    if (body === undefined) throw new BrokenFeedError(`catalogue ${version} is not here`)
    return JSON.parse(body) as Catalogue
  }

  function write(snapshot: Snapshot): void {
    const { db, kept, seal, putSnapshot, clearEvents, putCatalogue, dropCatalogues } = tables
    const text = JSON.stringify(snapshot)
    db.transaction(() => {
      putSnapshot.run(text)
      seal.put(snapshot)
      kept.start(text)
      clearEvents.run()
      for (const [version, body] of Object.entries(snapshot.catalogues))
        putCatalogue.run(Number(version), JSON.stringify(body))
      dropCatalogues.run(JSON.stringify(Object.keys(snapshot.catalogues).map(Number)))
    }).immediate()
  }

  function start(snapshot: Snapshot): void {
    const { epoch, seq, headHash } = snapshot
    seen = { state: stateOfSnapshot(snapshot), bookmark: { epoch, seq, headHash } }
    firstSeq = seq
  }

  function follow({ state, bookmark }: Seen, text: string): { seen: Seen; event: StoredEvent } {
    const event = JSON.parse(text) as StoredEvent
    const isNext = event.epoch === bookmark.epoch && event.seq === bookmark.seq + 1 && event.prev === bookmark.headHash
    if (!isNext) throw new BrokenFeedError(`event ${event.seq} does not follow ${bookmark.seq}`)
    const next = { epoch: event.epoch, seq: event.seq, headHash: hashOf(text) }
    return { seen: { state: evolve(state, event, shelf), bookmark: next }, event }
  }

  function snapshotOf({ state, bookmark }: Seen): Snapshot {
    const carried = carryState(state)
    const catalogues = Object.fromEntries(versionsIn(carried).map((version) => [version, shelf(version)]))
    return { ...bookmark, now: state.now, carried, catalogues }
  }

  /** What is on the disk, folded; what cannot be read there is dropped, the branch has it all. */
  function recall(): void {
    try {
      const body = tables.getSnapshot.get() as string | undefined
      if (body === undefined) return
      const snapshot = JSON.parse(body) as Snapshot
      const texts = tables.eventsAfter.all(snapshot.seq) as string[]
      const vouched = vouchedTexts(snapshot, texts, tables.seal.get())
      if (vouched !== null) start(snapshot)
      for (const text of vouched ?? []) if (seen !== null) seen = follow(seen, text).seen
      if (vouched?.length !== texts.length) throw new BrokenFeedError('an event is not the one that was sent')
    } catch (error) {
      log.warn({ err: error }, 'the end of the kept feed cannot be read and is fetched again')
      restart(error)
    }
  }

  /** Nothing of the file is trusted, not even where it begins. */
  function dropAll(): void {
    tables.db
      .transaction(() => {
        tables.dropSnapshot.run()
        tables.clearEvents.run()
        tables.dropMeta.run(HEAD_KEY)
      })
      .immediate()
  }

  /** The bookmark stands where folding came to; a file that does not even take that is set aside. */
  function restart(error: unknown): void {
    try {
      if (isDamaged(error)) throw error
      if (seen === null) dropAll()
      else begin(snapshotOf(seen))
    } catch (cause) {
      if (!isDamaged(cause)) throw cause
      tables.db.close()
      tables = startEmpty(cause)
      seen = null
    }
  }

  function begin(snapshot: Snapshot): void {
    try {
      write(snapshot)
    } catch (error) {
      if (!isDamaged(error)) throw error
      tables.db.close()
      tables = startEmpty(error)
      write(snapshot)
    }
    start(snapshot)
  }
  recall()

  /** A file that no longer takes an event, though it did take a snapshot, would be met again with every event. */
  function keep(event: StoredEvent, text: string): void {
    const { db, kept, seal, putEvent } = tables
    try {
      db.transaction(() => {
        putEvent.run(event.seq, text)
        seal.put({ epoch: event.epoch, seq: event.seq, headHash: hashOf(text) })
        kept.event(event, text)
      }).immediate()
    } catch (error) {
      if (!isDamaged(error)) throw error
      db.close()
      tables = startEmpty(error)
      seen = null
      throw new BrokenFeedError('the file was damaged; the device starts afresh')
    }
  }

  return {
    seen: () => seen,
    begin,
    forget() {
      const { db, kept, dropSnapshot, clearEvents } = tables
      db.transaction(() => {
        kept.forget()
        dropSnapshot.run()
        clearEvents.run()
        db.exec("delete from catalogue; delete from meta where key not in ('reader_version_min')")
      }).immediate()
      seen = null
    },
    append(text) {
      if (seen === null) throw new BrokenFeedError('there is no snapshot to follow')
      const followed = follow(seen, text)
      keep(followed.event, text)
      seen = followed.seen
      if (seen.bookmark.seq - firstSeq > EVENTS_KEPT_MAX) begin(snapshotOf(seen))
      return followed.event
    },
    keepCatalogue(version, body) {
      const { db, kept, putCatalogue } = tables
      const text = JSON.stringify(body)
      db.transaction(() => {
        putCatalogue.run(version, text)
        kept.catalogue(version, text)
      }).immediate()
    },
    after: (seq) => (seen === null || seq < firstSeq ? null : (tables.eventsAfter.all(seq) as string[])),
    snapshot: () => (seen === null ? null : snapshotOf(seen)),
    meta: (key) => (tables.getMeta.get(key) as string | undefined) ?? null,
    setMeta: (key, value) => void (value === null ? tables.dropMeta.run(key) : tables.putMeta.run(key, value)),
    close: () => void tables.db.close(),
  }
}
