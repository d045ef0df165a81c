import { timingSafeEqual } from 'node:crypto'
import type { Origin } from '#shared/domain/commands.ts'
import type { DeviceId } from '#shared/domain/ids.ts'
import type { Device, FormerToken } from '../store/devices.ts'
import { hashToken } from './pairings.ts'

/** Who is behind a token. */
export interface Bearer {
  readonly origin: Origin
  /** null: the installer. */
  readonly device: Device | null
}

/** The paired devices by token, in memory, so that no request waits for the disk to be known. */
export interface Roster {
  bearerOf(token: string): Bearer | null
  /** Who may confirm this token; it opens nothing else before that. */
  bearerOfNext(token: string): Bearer | null
  /** Whose it was before; null: nobody's that is known. */
  formerOf(token: string): FormerToken | null
  /** Another one whenever a token may have come to mean somebody else, or nobody. */
  edition(): object
  devices(): readonly Device[]
  find(deviceId: DeviceId): Device | undefined
  /**
   * Ends a device at once, ahead of the commit that removes it.
   * @returns ends the forgetting: what is stored counts again
   */
  forget(deviceId: DeviceId): () => void
  /** Takes the devices over as they are stored now. */
  reload(devices: readonly Device[], former: readonly FormerToken[]): void
}

const INSTALLER: Bearer = { origin: { kind: 'installer', deviceId: 'installer' as DeviceId }, device: null }

const bearerOf = (device: Device): Bearer => ({ origin: { kind: device.kind, deviceId: device.deviceId }, device })

export function createRoster(
  installerToken: string,
  devices: readonly Device[],
  former: readonly FormerToken[],
): Roster {
  const installerHash = Buffer.from(hashToken(installerToken))
  let byHash = new Map<string, Bearer>()
  let byNextHash = new Map<string, Bearer>()
  let formerByHash = new Map<string, FormerToken>()
  let byId = new Map<DeviceId, Device>()
  let edition = {}
  const leaving = new Set<DeviceId>()
  const roster: Roster = {
    bearerOf(token) {
      const tokenHash = hashToken(token)
      return timingSafeEqual(Buffer.from(tokenHash), installerHash) ? INSTALLER : (byHash.get(tokenHash) ?? null)
    },
    bearerOfNext: (token) => byNextHash.get(hashToken(token)) ?? null,
    formerOf: (token) => formerByHash.get(hashToken(token)) ?? null,
    edition: () => edition,
    devices: () => [...byId.values()],
    find: (deviceId) => byId.get(deviceId),
    forget(deviceId) {
      edition = {}
      leaving.add(deviceId)
      const { tokenHash = '', nextTokenHash = null } = byId.get(deviceId) ?? {}
      byHash.delete(tokenHash)
      byNextHash.delete(nextTokenHash ?? '')
      byId.delete(deviceId)
      return () => leaving.delete(deviceId)
    },
    reload(stored, former) {
      edition = {}
      const list = stored.filter(({ deviceId }) => !leaving.has(deviceId))
      byId = new Map(list.map((device) => [device.deviceId, device]))
      byHash = new Map(list.map((device) => [device.tokenHash, bearerOf(device)]))
      byNextHash = new Map(
        list.flatMap((device) => (device.nextTokenHash == null ? [] : [[device.nextTokenHash, bearerOf(device)]])),
      )
      formerByHash = new Map(former.map((it) => [it.tokenHash, it]))
    },
  }
  roster.reload(devices, former)
  return roster
}
