import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hourAt } from '#shared/project/hour-at.ts'
import type { Log } from '../log.ts'
import { copyMedia } from '../media/copy-media.ts'
import { copyPacks } from '../voice/copy-packs.ts'
import { BackupPlaceError, checkBackupPlace } from './backup-place.ts'
import type { Worker } from './worker.ts'

/** The branch is closed and its day has not begun: from this hour on the wall, the night's backup is due. */
const QUIET_HOUR = 3
const HOUR_MS = 3_600_000
/** A stick that is missing or full is tried again this often. */
const RETRY_MS = 10 * 60_000

/** `not-mounted`: the stick is not in its place. `missing`: there is no such folder. `full`: no room. */
export type BackupFault = 'not-mounted' | 'missing' | 'full' | 'failed'

export interface BackupHealth {
  /** When the newest backup there was made; null when there is none. */
  readonly lastAtMs: number | null
  /** What the last try met; null when it went well. */
  readonly fault: BackupFault | null
  /** The same in a sentence, with the paths that only whoever looks after the branch should read; null likewise. */
  readonly detail: string | null
  /** On the branch's own disk a backup does not outlive it; null before the first try. */
  readonly isOnSameDisk: boolean | null
}

export interface Nightly {
  /** Called every few seconds; makes a backup when one is due. Never throws. */
  tick(): Promise<void>
  health(): BackupHealth
}

export interface NightlyParts {
  readonly folder: string
  readonly dataFolder: string
  readonly worker: Pick<Worker, 'backup'>
  readonly timezone: () => string
  readonly wallMs: () => number
  readonly log: Log
}

const FAULTS: { readonly [code: string]: BackupFault } = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ENOSPC: 'full',
  SQLITE_FULL: 'full',
}

function faultOf(error: unknown): BackupFault {
  if (error instanceof BackupPlaceError) return 'not-mounted'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return FAULTS[code] ?? 'failed'
}

function newestAt(folder: string): number | null {
  const times = readdirSync(folder)
    .filter((name) => /^branch-.*\.db$/.test(name))
    .map((name) => statSync(join(folder, name)).mtimeMs)
  return times.length === 0 ? null : Math.max(...times)
}

/** The last time it was the quiet hour; a branch that is switched off at night is copied once it runs again. */
function lastQuietMs(nowMs: number, timezone: string): number {
  const passed = (hourAt(nowMs, timezone) - QUIET_HOUR + 24) % 24
  return Math.floor(nowMs / HOUR_MS - passed) * HOUR_MS
}

export function createNightly({ folder, dataFolder, worker, timezone, wallMs, log }: NightlyParts): Nightly {
  let health: BackupHealth = { lastAtMs: null, fault: null, detail: null, isOnSameDisk: null }
  let triedMs = Number.NEGATIVE_INFINITY
  let isUnderWay = false

  async function backUp(nowMs: number): Promise<void> {
    triedMs = nowMs
    try {
      const isOnSameDisk = !checkBackupPlace(dataFolder, folder)
      if (isOnSameDisk && health.isOnSameDisk === null)
        log.warn({ folder }, 'backups go to the disk of the branch itself, and will be lost with it')
      const lastAtMs = newestAt(folder)
      health = { ...health, lastAtMs, isOnSameDisk }
      if (lastAtMs === null || lastAtMs < lastQuietMs(nowMs, timezone())) {
        await worker.backup()
        await copyPacks(dataFolder, folder)
        const byNameCount = await copyMedia({ dataFolder, backupFolder: folder, withFiles: !isOnSameDisk })
        if (byNameCount > 0)
          log.warn(
            { folder, byNameCount },
            'files of displays are in the backup by name alone: there is no room for them',
          )
        health = { ...health, lastAtMs: newestAt(folder) }
        log.info({ folder }, 'the backup of the night was made')
      }
      health = { ...health, fault: null, detail: null }
    } catch (error) {
      health = { ...health, fault: faultOf(error), detail: error instanceof Error ? error.message : String(error) }
      log.error({ err: error, folder }, 'no backup could be made; it is tried again')
    }
  }

  return {
    async tick() {
      const nowMs = wallMs()
      if (isUnderWay || (nowMs >= triedMs && nowMs - triedMs < RETRY_MS)) return
      isUnderWay = true
      await backUp(nowMs)
      isUnderWay = false
    },
    health: () => health,
  }
}
