import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BusinessDate, EpochMs } from '#shared/domain/ids.ts'
import { presentDate } from '#shared/domain/present-date.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import type { KioskStore } from './kiosk-store.ts'

/** A business day begins; it is looked for this often. */
const LOOK_MS = 60_000
const DAY_MS = 24 * 3_600_000
/** Damaged files of the kiosk's memory that were set aside may hold what customers said, and nothing can be erased in them. */
const ASIDE_KEPT_MS = 2 * DAY_MS
const MEMORY = ['kiosk.db', 'kiosk.db-wal', 'kiosk.db-shm']

/** The day before: what was said on it is erased when the next one ends. */
const dayBefore = (date: BusinessDate): BusinessDate =>
  new Date(Date.parse(date) - DAY_MS).toISOString().slice(0, 10) as BusinessDate

/** Removes what was set aside of the kiosk's memory too long ago. */
function forgetSetAside(folder: string, wallMs: number): void {
  const base = join(folder, 'set-aside')
  if (!existsSync(base)) return
  for (const name of readdirSync(base))
    if (wallMs - Number.parseInt(name, 10) >= ASIDE_KEPT_MS)
      for (const file of MEMORY) rmSync(join(base, name, file), { force: true })
}

export interface ForgettingParts {
  readonly host: Pick<DeviceHost, 'now'> & { readonly store: Pick<DeviceHost['store'], 'seen'> }
  readonly store: Pick<KioskStore, 'forgetDetails'>
  readonly folder: string
  readonly wallMs: () => number
  readonly log: HostLog
}

/**
 * A branch that never answers does not make a kiosk keep names and phones: they are erased when the business day ends that
 * follows theirs. The papers stay until they are handed over.
 */
export function forgetDetailsInTime({ host, store, folder, wallMs, log }: ForgettingParts): { close(): void } {
  let looked: BusinessDate | null = null

  function look(): void {
    const state = host.store.seen()?.state
    const atMs: EpochMs | undefined = host.now()?.atMs
    const date = state === undefined || atMs === undefined ? null : presentDate(state, atMs)
    if (date === null || date === looked) return
    try {
      store.forgetDetails(dayBefore(date))
      forgetSetAside(folder, wallMs())
      looked = date
    } catch (error) {
      log.error({ err: error }, 'what customers said of themselves could not be erased; it is tried again')
    }
  }
  look()
  const timer = setInterval(look, LOOK_MS)
  return { close: () => clearInterval(timer) }
}
