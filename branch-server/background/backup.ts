import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { openDurable, openForReading } from '#shared/disk/open.ts'
import { wiping } from '#shared/disk/wiping.ts'
import { syncFolder } from '#shared/disk/write-whole.ts'
import { checkBackupPlace } from './backup-place.ts'

export interface BackupTask {
  readonly kind: 'backup'
  readonly file: string
  readonly folder: string
  readonly name: string
  /** A stick: when it is not there, no folder is made in its place. */
  readonly isGiven?: boolean
}

export interface BackupResult {
  readonly file: string
}

/** What a paced copy needs to know of time; tests make it go by itself. */
export interface Pace {
  readonly monotonicMs: () => number
  /** Keeps this thread still; whoever commits meanwhile has the disk and the core to itself. */
  readonly rest: (ms: number) => void
  /** Called after each step, with how many pages are still to come. */
  readonly stepped?: (remainingPages: number) => void
}

export const BACKUPS_KEPT = 14
/** Pages between two rests: a tap waits for the flush of one step at most. */
const STEP_PAGES = 64
/** It rests for this many times as long as its last step has taken. */
const REST_TIMES = 3
const REST_MS_MAX = 100
/** A copy reads from one transaction, and while it does the write-ahead log cannot start over: it hurries from here on. */
const WAL_BYTES_HIGH = 48 * 1024 * 1024

const sleeper = new Int32Array(new SharedArrayBuffer(4))

/** The pace of a thread that may stand still: it really rests. */
export const restingPace = (monotonicMs: Pace['monotonicMs']): Pace => ({
  monotonicMs,
  rest: (ms) => void Atomics.wait(sleeper, 0, 0, ms),
})

const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** Copies what one read transaction sees, in small flushed steps with rests between them. */
async function copyPaced(from: string, to: string, { monotonicMs, rest, stepped }: Pace): Promise<void> {
  const wal = `${from}-wal`
  const hurryFrom = Math.max(WAL_BYTES_HIGH, bytesOf(wal))
  const db = openForReading(from)
  let copy = null as number | null
  try {
    // The transaction stays open for the whole copy: what is committed meanwhile is not of it, and never restarts it.
    db.exec('begin')
    db.prepare('select count(*) from sqlite_schema').get()
    let stepMs = monotonicMs()
    await db.backup(to, {
      progress({ remainingPages }) {
        if (existsSync(to)) copy ??= openSync(to, 'r+')
        if (copy !== null) fdatasyncSync(copy)
        stepped?.(remainingPages)
        const tookMs = monotonicMs() - stepMs
        if (bytesOf(wal) <= hurryFrom) rest(Math.min(REST_MS_MAX, tookMs * REST_TIMES))
        stepMs = monotonicMs()
        return STEP_PAGES
      },
    })
    db.exec('commit')
  } finally {
    db.close()
    if (copy !== null) closeSync(copy)
  }
}

/**
 * What customers said of themselves is promised to be gone with their day, and a backup is kept for many: it is not in it.
 * A name is in the copy for as long as the copy has no name of its own.
 */
function forgetDetails(copy: string): void {
  const db = openDurable(copy)
  try {
    const isThere = db.prepare("select 1 from sqlite_schema where name = 'customer_details'").get() !== undefined
    if (isThere) wiping(db, () => db.exec('delete from customer_details'))
  } finally {
    db.close()
  }
}

/** What a power cut or a full disk has cut short: each has a name of its own, so nothing would ever take its place. */
function removeUnfinished(folder: string): void {
  for (const entry of readdirSync(folder)) if (entry.includes('.db.new')) rmSync(join(folder, entry), { force: true })
}

/** One consistent copy from one read transaction; it appears under its name only when it is whole. */
export async function backup({ file, folder, name, isGiven = false }: BackupTask, pace: Pace): Promise<BackupResult> {
  if (isGiven) checkBackupPlace(dirname(file), folder)
  else mkdirSync(folder, { recursive: true, mode: 0o700 })
  const to = join(folder, name)
  const beside = `${to}.new`
  removeUnfinished(folder)
  try {
    await copyPaced(file, beside, pace)
    forgetDetails(beside)
    const handle = openSync(beside, 'r+')
    try {
      fdatasyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(beside, to)
  } finally {
    removeUnfinished(folder)
  }
  syncFolder(folder)
  const old = readdirSync(folder)
    .filter((entry) => entry.endsWith('.db'))
    .toSorted()
    .slice(0, -BACKUPS_KEPT)
  for (const entry of old) rmSync(join(folder, entry), { force: true })
  return { file: to }
}
