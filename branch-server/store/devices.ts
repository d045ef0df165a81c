import type { Sqlite } from '#shared/disk/open.ts'
import type { BusinessDate, DeviceId } from '#shared/domain/ids.ts'
import { KIOSK_SLOTS_MAX } from '#shared/domain/numbering.ts'
import type { DeviceKind } from '#shared/wire/requests.ts'

export interface Device {
  readonly deviceId: DeviceId
  readonly kind: DeviceKind
  readonly name: string
  /** A kiosk's place in the offline numbers, 1 to 9. */
  readonly slot: number | null
  readonly tokenHash: string
  readonly pairedAtMs: number
}

export interface DeviceStore {
  all(): readonly Device[]
  /** Inside the caller's transaction. */
  add(device: Device): void
  /** Inside the caller's transaction. @param on - the business date, on which its slot must rest */
  remove(deviceId: DeviceId, atMs: number, on: BusinessDate | null): void
  /** The slot free for longest; null when none is, or each free one was printed with today. */
  freeSlot(today: BusinessDate | null): number | null
}

interface Row {
  readonly device_id: DeviceId
  readonly kind: DeviceKind
  readonly name: string
  readonly slot: number | null
  readonly token_hash: string
  readonly paired_at_ms: number
}

export function createDeviceStore(db: Sqlite): DeviceStore {
  const list = db.prepare('select * from device where removed_at_ms is null order by paired_at_ms')
  const insert = db.prepare(
    'insert into device (device_id, kind, name, slot, token_hash, paired_at_ms) values (?, ?, ?, ?, ?, ?)',
  )
  const mark = db.prepare('update device set removed_at_ms = ?, removed_on = ? where device_id = ?')
  const slots = db.prepare(
    `select slot, max(removed_at_ms is null) as used, max(coalesce(removed_on, '')) as last_on
     from device where slot is not null group by slot`,
  )
  return {
    all() {
      return (list.all() as Row[]).map((row) => ({
        deviceId: row.device_id,
        kind: row.kind,
        name: row.name,
        slot: row.slot,
        tokenHash: row.token_hash,
        pairedAtMs: row.paired_at_ms,
      }))
    },
    add({ deviceId, kind, name, slot, tokenHash, pairedAtMs }) {
      insert.run(deviceId, kind, name, slot, tokenHash, pairedAtMs)
    },
    remove(deviceId, atMs, on) {
      mark.run(atMs, on, deviceId)
    },
    freeSlot(today) {
      const known = new Map(
        (slots.all() as { slot: number; used: number; last_on: string }[]).map((row) => [row.slot, row]),
      )
      const free = Array.from({ length: KIOSK_SLOTS_MAX }, (_, index) => index + 1)
        .map((slot) => ({ slot, used: known.get(slot)?.used === 1, lastOn: known.get(slot)?.last_on ?? '' }))
        .filter(({ used, lastOn }) => !used && (lastOn === '' || today === null || lastOn < today))
        .toSorted((a, b) => (a.lastOn < b.lastOn ? -1 : a.lastOn > b.lastOn ? 1 : a.slot - b.slot))
      return free[0]?.slot ?? null
    },
  }
}
