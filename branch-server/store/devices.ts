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
  /** Handed out and not confirmed yet; null or left out, as in copies of versions before: none is. */
  readonly nextTokenHash?: string | null
}

/** A token that counts no more. */
export interface FormerToken {
  readonly tokenHash: string
  readonly deviceId: DeviceId
  readonly endedAtMs: number
}

/** Of each device; one that is older than these is nobody's. */
const FORMER_TOKENS_MAX = 8

export interface DeviceStore {
  all(): readonly Device[]
  /** Inside the caller's transaction. */
  add(device: Device): void
  /** Inside the caller's transaction. @param on - the business date, on which its slot must rest */
  remove(deviceId: DeviceId, atMs: number, on: BusinessDate | null): void
  /** Inside the caller's transaction: the same device with a new token. */
  renew(device: Device): void
  /** Inside the caller's transaction: the token that its device may confirm; one that was handed out before is void. */
  offerToken(deviceId: DeviceId, tokenHash: string): void
  /** Inside the caller's transaction: the offered token is the device's, the one before is over. Any other: nothing. */
  turnToken(deviceId: DeviceId, tokenHash: string, atMs: number): void
  formerTokens(): readonly FormerToken[]
  /**
   * The slot free for longest; null when none is, or each free one was printed with today.
   * @param former - a kiosk that had a slot here before: it gets that one unless somebody else has it, or had it today
   */
  freeSlot(today: BusinessDate | null, former: FormerSlot | null): number | null
  /**
   * Whether a kiosk may have printed from a slot on a date: it holds it, or somebody who did was removed since. A kiosk
   * that is paired anew is another device to the branch, and its papers are as good as before.
   */
  mayHavePrinted(deviceId: DeviceId, slot: number, on: BusinessDate): boolean
}

export interface FormerSlot {
  readonly deviceId: string
  /** Of the token it had: only with it is a kiosk that the branch remembers the one it says it is. */
  readonly tokenHash: string
  readonly slot: number | null
}

/**
 * The name of a kiosk that nobody remembers, after a restore from a device: perhaps there was one with this slot. Its
 * former kiosk takes it as if it were free; a new one gets it when there is no other, from the last slot down.
 */
export const FORGOTTEN_KIOSK = ''

interface Row {
  readonly device_id: DeviceId
  readonly kind: DeviceKind
  readonly name: string
  readonly slot: number | null
  readonly token_hash: string
  readonly paired_at_ms: number
  readonly next_token_hash: string | null
}

function createTokenTable(db: Sqlite) {
  const offer = db.prepare('update device set next_token_hash = ? where device_id = ?')
  const end = db.prepare(
    `insert or replace into former_token select token_hash, device_id, $atMs from device
     where device_id = $deviceId and next_token_hash = $tokenHash`,
  )
  const turn = db.prepare(
    `update device set token_hash = next_token_hash, next_token_hash = null
     where device_id = ? and next_token_hash = ?`,
  )
  const prune = db.prepare(
    `delete from former_token where device_id = $deviceId and token_hash not in
       (select token_hash from former_token where device_id = $deviceId
        order by ended_at_ms desc limit ${FORMER_TOKENS_MAX})`,
  )
  const forget = db.prepare('delete from former_token where device_id = ?')
  const list = db.prepare<[], FormerToken>(
    'select token_hash as tokenHash, device_id as deviceId, ended_at_ms as endedAtMs from former_token',
  )
  return {
    offer: (deviceId: DeviceId, tokenHash: string): void => void offer.run(tokenHash, deviceId),
    turn(deviceId: DeviceId, tokenHash: string, atMs: number): void {
      end.run({ deviceId, tokenHash, atMs })
      turn.run(deviceId, tokenHash)
      prune.run({ deviceId })
    },
    /** Of a device that is gone, or is another one, nothing is said any more. */
    forget: (deviceId: DeviceId): void => void forget.run(deviceId),
    former: () => list.all(),
  }
}

export function createDeviceStore(db: Sqlite): DeviceStore {
  const list = db.prepare('select * from device where removed_at_ms is null order by paired_at_ms')
  const insert = db.prepare(
    'insert into device (device_id, kind, name, slot, token_hash, paired_at_ms) values (?, ?, ?, ?, ?, ?)',
  )
  const mark = db.prepare('update device set removed_at_ms = ?, removed_on = ? where device_id = ?')
  const renew = db.prepare(
    'update device set name = ?, token_hash = ?, paired_at_ms = ?, next_token_hash = null where device_id = ?',
  )
  const tokens = createTokenTable(db)
  const holders = db.prepare(
    `select slot, device_id, token_hash, name, removed_at_ms is null as is_living, coalesce(removed_on, '') as last_on
     from device where slot is not null`,
  )
  const printer = db.prepare(
    `select 1 from device where slot = ? and (device_id = ? or (removed_at_ms is not null and coalesce(removed_on, ?) >= ?))
     limit 1`,
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
        nextTokenHash: row.next_token_hash,
      }))
    },
    add({ deviceId, kind, name, slot, tokenHash, pairedAtMs }) {
      insert.run(deviceId, kind, name, slot, tokenHash, pairedAtMs)
    },
    remove(deviceId, atMs, on) {
      mark.run(atMs, on, deviceId)
      tokens.forget(deviceId)
    },
    renew({ deviceId, name, tokenHash, pairedAtMs }) {
      renew.run(name, tokenHash, pairedAtMs, deviceId)
      tokens.forget(deviceId)
    },
    offerToken: tokens.offer,
    turnToken: tokens.turn,
    formerTokens: tokens.former,
    mayHavePrinted: (deviceId, slot, on) => printer.get(slot, deviceId, on, on) !== undefined,
    freeSlot: (today, former) => chooseSlot(holders.all() as Holder[], today, former),
  }
}

interface Holder {
  readonly slot: number
  readonly device_id: string
  readonly token_hash: string
  readonly name: string
  readonly is_living: number
  readonly last_on: string
}

function chooseSlot(holders: readonly Holder[], today: BusinessDate | null, former: FormerSlot | null): number | null {
  const slots = Array.from({ length: KIOSK_SLOTS_MAX }, (_, index) => {
    const slot = index + 1
    const own = holders.filter((it) => it.slot === slot)
    const restedOn = (them: readonly Holder[]): string =>
      them
        .map((it) => it.last_on)
        .toSorted()
        .at(-1) ?? ''
    const isItself = (it: Holder): boolean => it.device_id === former?.deviceId && it.token_hash === former.tokenHash
    const others = own.filter((it) => it.name !== FORGOTTEN_KIOSK && !isItself(it))
    return {
      slot,
      isUsed: own.some(({ is_living }) => is_living === 1),
      lastOn: restedOn(own),
      othersOn: restedOn(others),
      isForgotten: own.length > 0 && own.every(({ name }) => name === FORGOTTEN_KIOSK),
    }
  }).filter(({ isUsed }) => !isUsed)
  const rests = (on: string): boolean => on !== '' && today !== null && on >= today
  const own = slots.find(({ slot, othersOn }) => slot === former?.slot && !rests(othersOn))
  const free = slots
    .filter(({ lastOn }) => !rests(lastOn))
    .toSorted((a, b) => (a.lastOn < b.lastOn ? -1 : a.lastOn > b.lastOn ? 1 : a.slot - b.slot))
  return (own ?? free[0] ?? slots.findLast(({ isForgotten }) => isForgotten))?.slot ?? null
}
