import type { Sqlite } from '#shared/disk/open.ts'
import type { AgentId, DeviceId } from '#shared/domain/ids.ts'

/** Wrong PINs of one agent at one device; times on the branch's steady time. */
export interface PinTry {
  readonly deviceId: DeviceId
  readonly agentId: AgentId
  readonly wrongCount: number
  readonly triedAtMs: number
  readonly lockedUntilMs: number
}

/** Each change inside the caller's transaction. */
export interface PinTryStore {
  all(): readonly PinTry[]
  put(it: PinTry): void
  remove(deviceId: DeviceId, agentId: AgentId): void
}

/** A branch has so many devices and agents at most, of those that have not been forgotten. */
const KEPT_MAX = 5_000

export function createPinTryStore(db: Sqlite): PinTryStore {
  const list = db.prepare<[], PinTry>(
    `select device_id as deviceId, agent_id as agentId, wrong_count as wrongCount, tried_at_ms as triedAtMs,
       locked_until_ms as lockedUntilMs from pin_try`,
  )
  const set = db.prepare('insert or replace into pin_try values (?, ?, ?, ?, ?)')
  const prune = db.prepare(
    `delete from pin_try where (device_id, agent_id) not in
       (select device_id, agent_id from pin_try order by tried_at_ms desc limit ${KEPT_MAX})`,
  )
  const drop = db.prepare('delete from pin_try where device_id = ? and agent_id = ?')
  return {
    all: () => list.all(),
    put({ deviceId, agentId, wrongCount, triedAtMs, lockedUntilMs }) {
      set.run(deviceId, agentId, wrongCount, triedAtMs, lockedUntilMs)
      prune.run()
    },
    remove: (deviceId, agentId) => void drop.run(deviceId, agentId),
  }
}
