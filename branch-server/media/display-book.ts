import type { Clocks } from '#shared/domain/clock.ts'
import type { DeviceId } from '#shared/domain/ids.ts'
import { DISPLAY_MEDIA_TOLD_MS, type DisplayMediaBody } from '#shared/wire/media.ts'
import type { Roster } from '../access/roster.ts'

const KEPT_MS = 3 * DISPLAY_MEDIA_TOLD_MS

export interface DisplayMedia extends DisplayMediaBody {
  readonly deviceId: DeviceId
  readonly name: string
}

/** What each display can play: kept in memory alone, for it is true now or not at all. One report for each display. */
export interface DisplayBook {
  note(deviceId: DeviceId, told: DisplayMediaBody): void
  all(): readonly DisplayMedia[]
  /** Files that some display is to play and cannot. */
  faultCount(): number
}

export function createDisplayBook(roster: Roster, { monotonicMs }: Clocks): DisplayBook {
  const reportBy = new Map<DeviceId, { readonly told: DisplayMediaBody; readonly atMs: number }>()
  function all(): readonly DisplayMedia[] {
    const nowMs = monotonicMs()
    for (const [deviceId, { atMs }] of reportBy)
      if (nowMs - atMs > KEPT_MS || roster.find(deviceId) === undefined) reportBy.delete(deviceId)
    return [...reportBy].map(([deviceId, { told }]) => ({
      deviceId,
      name: roster.find(deviceId)?.name ?? '',
      ...told,
    }))
  }
  return {
    note: (deviceId, told) => void reportBy.set(deviceId, { told, atMs: monotonicMs() }),
    all,
    faultCount: () => new Set(all().flatMap(({ missingIds, brokenIds }) => [...missingIds, ...brokenIds])).size,
  }
}
