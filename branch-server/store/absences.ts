import type { Sqlite } from '#shared/disk/open.ts'
import type { Absence } from '#shared/domain/commands.ts'
import type { DeviceId, SteadyMs } from '#shared/domain/ids.ts'

/** Of the server, and of each device that tells later; older ones make room. */
const KEPT_MAX = 16

/** Whose absence is the server's own. */
export const SERVER = '' as DeviceId

/** When this server was away, and when it had no line to a device: what was noted in between cannot have been told. */
export interface AbsenceStore {
  /** The latest of the server and of one device. @param nowMs - where one that lasts has come to */
  of(deviceId: DeviceId, nowMs: SteadyMs): readonly Absence[]
  has(deviceId: DeviceId, fromSteadyMs: SteadyMs): boolean
  /** The devices that are away now, as far as is known. */
  lasting(): ReadonlySet<DeviceId>
  /** Inside the caller's transaction. @param toSteadyMs - null: it lasts */
  put(deviceId: DeviceId, fromSteadyMs: SteadyMs, toSteadyMs: SteadyMs | null): void
  /** Inside the caller's transaction: a device is back. */
  end(deviceId: DeviceId, toSteadyMs: SteadyMs): void
}

export function createAbsenceStore(db: Sqlite): AbsenceStore {
  const find = db.prepare<{ deviceId: DeviceId; nowMs: SteadyMs }, Absence>(
    `select from_steady_ms as fromSteadyMs, coalesce(to_steady_ms, $nowMs) as toSteadyMs
     from absence where device_id in ('${SERVER}', $deviceId)`,
  )
  const lasting = db.prepare<[], DeviceId>('select device_id from absence where to_steady_ms is null').pluck()
  const known = db.prepare('select 1 from absence where device_id = ? and from_steady_ms = ?')
  const insert = db.prepare('insert or replace into absence (device_id, from_steady_ms, to_steady_ms) values (?, ?, ?)')
  const prune = db.prepare(
    `delete from absence where device_id = $deviceId and from_steady_ms <= (
       select from_steady_ms from absence where device_id = $deviceId
       order by from_steady_ms desc limit 1 offset ${KEPT_MAX})`,
  )
  // Each put takes those along that nobody can tell of any more.
  const forget = db.prepare(
    `delete from absence where device_id <> '${SERVER}'
     and device_id not in (select device_id from device where removed_at_ms is null)`,
  )
  const end = db.prepare('update absence set to_steady_ms = ? where device_id = ? and to_steady_ms is null')
  return {
    of: (deviceId, nowMs) => find.all({ deviceId, nowMs }),
    has: (deviceId, fromSteadyMs) => known.get(deviceId, fromSteadyMs) !== undefined,
    lasting: () => new Set(lasting.all()),
    put(deviceId, fromSteadyMs, toSteadyMs) {
      insert.run(deviceId, fromSteadyMs, toSteadyMs)
      prune.run({ deviceId })
      forget.run()
    },
    end: (deviceId, toSteadyMs) => void end.run(toSteadyMs, deviceId),
  }
}
