import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { lockFolder } from '#shared/disk/lock-folder.ts'
import type { Sqlite } from '#shared/disk/open.ts'
import { putInPlace, setAside } from '#shared/disk/set-aside.ts'
import { syncFolder } from '#shared/disk/write-whole.ts'
import { businessDayAt } from '#shared/domain/business-day.ts'
import type { Clocks } from '#shared/domain/clock.ts'
import { seenNumbers } from '#shared/domain/epoch.ts'
import type { BusinessDate, EpochMs } from '#shared/domain/ids.ts'
import { KIOSK_SLOTS_MAX, type SeenNumbers } from '#shared/domain/numbering.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { check } from '../background/tasks.ts'
import { FORGOTTEN_KIOSK } from '../store/devices.ts'
import { type Head, hashOf } from '../store/event-log.ts'
import { tryOpen } from '../store/readable.ts'
import { restoreSettings } from '../store/salvage.ts'
import { readSettings, type Settings } from '../store/settings-copy.ts'
import { storageFault } from '../store/storage-fault.ts'
import { openStore, type Store } from '../store/store.ts'
import {
  CLOCK_FLOOR_MS,
  commitEpoch,
  createClock,
  DATABASE_NAME,
  RESTORING_FOLDER,
  SALVAGED_NAME,
  SETTINGS_NAME,
} from '../waist/open-branch.ts'
import { cataloguesOf, lastStretch } from './host-log.ts'
import { hasComeFurther, type Place, readPlace, stretchesOf } from './place.ts'
import { replay } from './replay.ts'
import { RestoreError } from './restore-error.ts'
import { cutToWhole } from './whole-log.ts'

export interface RestoreParts {
  /** The branch's data folder. */
  readonly folder: string
  /** Data folders of hosts, their feed files, or backups of the branch. */
  readonly places: readonly string[]
  readonly clocks: Clocks
  /** Goes on with what is whole of a place that was changed; left out: such a place is refused. */
  readonly takesWhole?: boolean
  /** PINs and devices as the cloud keeps them; left out: those of settings.json, where it is still in the folder. */
  readonly role?: Pick<Settings, 'pins' | 'devices'> | null
  /** What else becomes true with the restored file, before it gets its name. */
  readonly more?: (store: Store) => void
}

export interface Restored {
  readonly place: Place
  readonly livingCount: number
  readonly eventCount: number
  readonly ticketCount: number
  /** PINs and devices came from settings.json, which was still in the folder. */
  readonly hasSettings: boolean
  readonly hasKey: boolean
}

/** @throws RestoreError where a branch lives already */
export function refuseLiving(folder: string): void {
  if (existsSync(join(folder, SALVAGED_NAME)))
    throw new RestoreError(
      `${folder} holds a restored database that waits for a start: start the branch; nothing more was restored.`,
    )
  const db = tryOpen(join(folder, DATABASE_NAME))
  try {
    const head = db?.prepare('select count(*) from head').pluck().get()
    if (head === 1) throw new RestoreError(`${folder} holds a living database already: nothing was restored.`)
  } catch (error) {
    if (error instanceof RestoreError || storageFault(error) !== 'damaged') throw error
  } finally {
    db?.close()
  }
}

/**
 * Nobody knows which kiosks have printed from their blocks today, with a server that is dead now or without it: a slot
 * that no device here has is kept until tomorrow for the kiosk that had it, as long as there is another for a new one.
 */
function keepSlots(target: Sqlite, today: BusinessDate | null): void {
  if (today === null) return
  const insert = target.prepare(
    `insert into device (device_id, kind, name, slot, token_hash, paired_at_ms, removed_at_ms, removed_on)
     select ?, 'kiosk', ?, ?, ?, 0, 0, ? where not exists (select 1 from device where slot = ?)`,
  )
  for (let slot = 1; slot <= KIOSK_SLOTS_MAX; slot += 1)
    insert.run(randomUUID(), FORGOTTEN_KIOSK, slot, hashOf(randomUUID()), today, slot)
}

/** What is built, and from what beside its place. */
interface Building {
  readonly file: string
  /** The branch's data folder: what customers said is sealed by the key there. */
  readonly keyFolder: string
  readonly settings: Settings | null
  readonly wallMs: number
}

function playHost(db: Sqlite, { file, keyFolder, settings, wallMs }: Building, until: Head, withPast: boolean): Store {
  const store = openStore(file, keyFolder)
  const target = new Database(file)
  try {
    const bodies = new Map([...cataloguesOf(db)].map(({ version, body }) => [version, body]))
    for (const [version, body] of bodies) store.catalogues.put(version, hashOf(body), body, new Map())
    restoreSettings(null, target, settings)
    const last = lastStretch(db)
    const { state } = replay(store, target, withPast || last === null ? stretchesOf(db) : [last], until)
    keepSlots(target, dateAt(state, wallMs))
    return store
  } catch (error) {
    store.close()
    throw error
  } finally {
    target.close()
  }
}

/** What the host has kept of the past is worth having, not worth failing for: the living state comes first. */
function buildFromHost({ file, head }: Place, building: Building): Store {
  const db = new Database(file, { readonly: true })
  try {
    return playHost(db, building, head, true)
  } catch (error) {
    if (storageFault(error) === 'refused') throw error
    removeDatabase(building.file)
    return playHost(db, building, head, false)
  } finally {
    db.close()
  }
}

/** A backup that was changed is cut to what is whole of it. */
function cutBackup(place: Place): Place {
  const db = new Database(place.file)
  try {
    return { ...place, ...cutToWhole(db) }
  } finally {
    db.close()
  }
}

/** @throws RestoreError for a place that was changed, unless what is whole of it was asked for */
function whole(place: Place, takesWhole: boolean): Place {
  const { name, kind, fault } = place
  if (fault === null) return place
  if (!takesWhole)
    throw new RestoreError(
      `${name} is not as it was written: ${fault.why}; nothing was restored. With --take-what-is-whole the restore goes on without what is wrong.`,
    )
  return kind === 'backup' ? cutBackup(place) : place
}

function buildFromBackup({ file }: Place, { file: to, keyFolder }: Building): Store {
  renameSync(file, to)
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${to}-wal`)
  return openStore(to, keyFolder)
}

function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
}

/** Whatever day it is now, its unknown numbers are jumped over, also when the clock is doubted at first. */
function seenToday(state: BranchState, wallMs: number): readonly SeenNumbers[] {
  const date = dateAt(state, wallMs)
  return date === null ? [] : [{ date, lastOrdinals: [] }]
}

/** The business date it is now; never before the last one that the place has seen. */
function dateAt({ catalogue, day }: BranchState, wallMs: number): BusinessDate | null {
  if (catalogue === null) return null
  const { timezone, businessDayStartsAt: startsAt } = catalogue.body.branch
  const { date } = businessDayAt(Math.max(CLOCK_FLOOR_MS, Math.floor(wallMs)) as EpochMs, { timezone, startsAt })
  return day !== null && day.date > date ? day.date : date
}

/** Begins the new epoch in what was built, beyond every number that any place or the second copy has seen. */
function beginAnew(
  store: Store,
  place: Place,
  others: readonly Place[],
  settings: Settings | null,
  clocks: Clocks,
): void {
  for (const { head } of others) store.log.noteEpoch(head.epoch)
  const { state, head } = place
  store.catchUp(state)
  const told = [...others.map((other) => seenNumbers(other.state)), settings?.seen ?? null]
  const seen = [...told.filter((numbers) => numbers !== null), ...seenToday(state, clocks.wallMs())]
  const reason = place.kind === 'host' ? 'salvaged' : 'rewound'
  commitEpoch(store, state, reason, head, seen, createClock(state.now, clocks)())
}

function countsIn(file: string): Pick<Restored, 'eventCount' | 'ticketCount'> {
  const db = new Database(file, { readonly: true })
  try {
    const count = (table: string): number => Number(db.prepare(`select count(*) from ${table}`).pluck().get())
    return { eventCount: count('event'), ticketCount: count('ticket') }
  } finally {
    db.close()
  }
}

function build({ folder, places, clocks, takesWhole = false, role = null, more }: RestoreParts): Restored {
  const scratch = join(folder, RESTORING_FOLDER)
  const read = places.map((name, index) => readPlace(name, join(scratch, `place-${index}.db`)))
  const found = read.reduce((best, next) => (hasComeFurther(next, best) ? next : best))
  const place = whole(found, takesWhole)
  const kept = readSettings(join(folder, SETTINGS_NAME))
  const settings = kept ?? (role === null ? null : { catalogue: null, seen: null, ...role })
  const fresh = join(scratch, DATABASE_NAME)
  const building = { file: fresh, keyFolder: folder, settings, wallMs: clocks.wallMs() }
  const store = place.kind === 'host' ? buildFromHost(place, building) : buildFromBackup(place, building)
  try {
    // What was cut off is not believed, but its numbers may be on paper.
    const others = read.filter((other) => other !== place)
    beginAnew(store, place, others, settings, clocks)
    more?.(store)
    store.closeWhole()
  } finally {
    store.close()
  }
  const { fault } = check({ kind: 'check', file: fresh })
  if (fault !== null) throw new RestoreError(`What was rebuilt from ${place.name} contradicts itself: ${fault}.`)
  const counts = countsIn(fresh)
  removeCompanions(fresh)
  return {
    place,
    livingCount: place.state.tickets.count(({ phase }) => LIVING.has(phase.status)),
    ...counts,
    hasSettings: settings !== null,
    hasKey: existsSync(join(folder, 'branch-key.pem')),
  }
}

const LIVING: ReadonlySet<string> = new Set(['waiting', 'called', 'serving', 'held'])

function removeCompanions(file: string): void {
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
}

/**
 * Rebuilds a dead branch server's database from what devices or backups have of it. The places are not changed. A power
 * cut leaves nothing, or the whole, which the next start puts in its place.
 * @throws RestoreError, FolderInUseError, or what the disk says
 */
export function restoreBranch(parts: RestoreParts): Restored {
  const { folder, clocks } = parts
  const wasThere = existsSync(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let restored: Restored | null = null
  try {
    const unlock = lockFolder(folder)
    try {
      restored = restoreInto(folder, parts, clocks)
    } finally {
      unlock()
    }
  } finally {
    // What was refused leaves no folder behind that looks like a branch.
    if (restored === null && !wasThere) rmSync(folder, { recursive: true, force: true })
  }
  return restored
}

function restoreInto(folder: string, parts: RestoreParts, clocks: Clocks): Restored {
  refuseLiving(folder)
  const scratch = join(folder, RESTORING_FOLDER)
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { mode: 0o700 })
  try {
    const restored = build(parts)
    syncFolder(scratch)
    // From here on whoever starts finds the whole file and puts it in its place.
    putInPlace(folder, join(RESTORING_FOLDER, DATABASE_NAME), SALVAGED_NAME)
    if (existsSync(join(folder, DATABASE_NAME))) setAside(folder, DATABASE_NAME, Math.floor(clocks.wallMs()))
    putInPlace(folder, SALVAGED_NAME, DATABASE_NAME)
    return restored
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
