import { chmodSync, copyFileSync, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Sqlite } from '#shared/disk/open.ts'
import { createHeadSeal, vouchedTexts } from '#shared/disk/vouched-texts.ts'
import { createCatalogueStore } from '../store/catalogues.ts'
import { createEventLog } from '../store/event-log.ts'
import { createProjections } from '../store/projections.ts'
import { tryOpen } from '../store/readable.ts'
import { keptStretches, lastStretch, type Stretch } from './host-log.ts'
import { foldStretch, type Told } from './replay.ts'
import { RestoreError } from './restore-error.ts'
import { type Fault, faultInBackup } from './whole-log.ts'

/** What a branch can be rebuilt from, read from a copy: the place itself is never opened. */
export interface Place extends Told {
  /** As it was named. */
  readonly name: string
  readonly kind: 'host' | 'backup'
  /** The copy. */
  readonly file: string
  /** What is wrong with it; what is told above is true as far as it is whole. */
  readonly fault: Fault | null
}

const isBackupName = (name: string): boolean => /^branch-.*\.db$/.test(name)

/** The newest backup of a folder, or undefined. Their names tell when they were made. */
export function newestBackup(folder: string): string | undefined {
  const name = readdirSync(folder).filter(isBackupName).toSorted().at(-1)
  return name === undefined ? undefined : join(folder, name)
}

/** The database a place means: a file itself; in a folder that of a host, of a branch, or the newest backup. */
function databaseAt(name: string): string {
  const stats = statSync(name, { throwIfNoEntry: false })
  if (stats === undefined) throw new RestoreError(`There is nothing at ${name}.`)
  if (!stats.isDirectory()) return name
  const found = ['feed.db', 'branch.db'].map((file) => join(name, file)).find((file) => existsSync(file))
  const file = found ?? newestBackup(name)
  if (file === undefined) throw new RestoreError(`${name} holds no feed of a device and no backup of a branch.`)
  return file
}

function hasTable(db: Sqlite, name: string): boolean {
  return db.prepare("select count(*) from sqlite_schema where type = 'table' and name = ?").pluck().get(name) === 1
}

type Read = Told & Pick<Place, 'fault'>

function readHost(db: Sqlite): Read | null {
  const stretch = lastStretch(db)
  if (stretch === null) return null
  const { start, texts } = stretch
  const bodies = db.prepare('select body from catalogue where version = ?').pluck()
  const seal = hasTable(db, 'meta') ? createHeadSeal(db).get() : null
  const vouched = vouchedTexts(start, texts, seal) ?? []
  const told = foldStretch({ start, texts: vouched }, (version) => JSON.parse(String(bodies.get(version))))
  const fromSeq = told.head.seq + 1
  if (told.head.seq === start.seq + texts.length && isSealed(told, seal)) return { ...told, fault: null }
  const why = `event ${fromSeq} of ${start.seq + texts.length} is not the one that was sent`
  return { ...told, fault: { why, fromSeq } }
}

/** Events that were taken away at the end leave no gap, only the seal. */
const isSealed = ({ head }: Told, seal: string | null): boolean =>
  seal === null || seal === `${head.epoch};${head.seq};${head.hash}`

function readBackup(db: Sqlite, file: string): Read | null {
  const told = createProjections(db, createEventLog(db), createCatalogueStore(db)).load()
  return told === null ? null : { ...told, fault: faultInBackup(db, file) }
}

/**
 * Copies a place and reads how far it has come.
 * @param copy - the file to copy to
 * @throws RestoreError when it holds nothing usable
 */
export function readPlace(name: string, copy: string): Place {
  const file = databaseAt(name)
  for (const end of ['', '-wal'])
    if (existsSync(file + end)) {
      copyFileSync(file + end, copy + end)
      chmodSync(copy + end, 0o600)
    }
  const db = tryOpen(copy)
  const useless = (why: string): RestoreError => new RestoreError(`Nothing can be restored from ${name}: ${why}.`)
  if (db === null) throw useless('it is no database')
  try {
    const kind = hasTable(db, 'snapshot') ? 'host' : hasTable(db, 'head') ? 'backup' : null
    if (kind === null) throw useless('it is neither the feed of a device nor a backup of a branch')
    const fault = db.pragma('quick_check(1)', { simple: true })
    if (fault !== 'ok') throw useless(`it is damaged, or was written to meanwhile (${String(fault).trim()})`)
    const told = kind === 'host' ? readHost(db) : readBackup(db, copy)
    if (told === null) throw useless('it has seen nothing of a branch yet')
    return { name, kind, file: copy, ...told }
  } catch (error) {
    if (error instanceof RestoreError) throw error
    throw useless(error instanceof Error ? error.message : String(error))
  } finally {
    db.close()
  }
}

/** Which of two has seen more of the branch: a later event of one epoch, else a later day, else a later hour. */
export function hasComeFurther(one: Place, other: Place): boolean {
  if (one.head.epoch === other.head.epoch) return one.head.seq > other.head.seq
  const [oneDate, otherDate] = [one.state.day?.date ?? '', other.state.day?.date ?? '']
  return oneDate === otherDate ? one.state.now.atMs > other.state.now.atMs : oneDate > otherDate
}

/** Everything a host has kept, then where it stands. */
export function* stretchesOf(db: Sqlite): Generator<Stretch> {
  yield* keptStretches(db)
  const last = lastStretch(db)
  if (last !== null) yield last
}
