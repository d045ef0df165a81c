import type { AgentId, DeviceId } from '#shared/domain/ids.ts'
import type { Log } from '../log.ts'
import type { PinTry, PinTryStore } from '../store/pin-tries.ts'
import type { Store } from '../store/store.ts'

/** So many wrong PINs are a bad day; then each costs twice the time of the one before. */
const FREE_MAX = 5
const LOCKED_MS_MIN = 60_000
const LOCKED_MS_MAX = 3_600_000
/**
 * Of all agents together so many are free at one device, and then each costs twice the time of the one before: who has many
 * names to try would else have five tries of each. While the whole branch sees many, a device that sees some is taken for
 * one of those it is tried at.
 */
const [DEVICE_FREE_MAX, DEVICE_FREE_MIN, BRANCH_MANY] = [15, 3, 50]
/** Short enough for whoever works there: she tries again, or goes to another device. */
const DEVICE_LOCKED_MS_MAX = 600_000
/** Nobody tried for so long: it begins anew. */
const FORGOTTEN_MS = 24 * 3_600_000

/**
 * Counts wrong PINs of each agent at each device, so that six digits cannot be tried out. Whoever tries at one terminal
 * locks herself out there, and nobody out elsewhere; whoever tries many agents is held up at that device. Kept on the
 * disk: pulling the plug buys no tries.
 */
export interface PinTries {
  /**
   * Counts a try before it is proved, so that tries made at once are counted like tries made in turn; on the disk when
   * it resolves, if the disk takes it.
   * @returns null: she may try; else how long not
   */
  begin(deviceId: DeviceId, agentId: AgentId): Promise<number | null>
  /** The PIN was right: the tries at this device are forgotten. */
  forgive(deviceId: DeviceId, agentId: AgentId): Promise<void>
  /** She has another PIN: nothing that was tried counts any more. */
  forgiveEverywhere(agentId: AgentId): Promise<void>
}

interface PinTryParts {
  readonly kept: readonly PinTry[]
  /** On the branch's steady time, which goes on over a restart. */
  readonly nowMs: () => number
  /** Rows in a commit of their own. @returns whether they were committed */
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
  readonly log: Log
}

const nameOf = (deviceId: DeviceId, agentId: AgentId): string => `${deviceId} ${agentId}`

/** @param wrongCount - with the last one */
const lockedMs = (wrongCount: number, freeMax = FREE_MAX, msMax = LOCKED_MS_MAX): number =>
  wrongCount < freeMax ? 0 : Math.min(msMax, LOCKED_MS_MIN * 2 ** Math.min(20, wrongCount - freeMax))

const countOf = (tries: readonly PinTry[]): number => tries.reduce((sum, { wrongCount }) => sum + wrongCount, 0)

/** Until when nobody at all tries at a device. A right PIN leaves nothing that counts here. */
function deviceLockedUntilMs(tries: Iterable<PinTry>, deviceId: DeviceId, now: number): number {
  const fresh = [...tries].filter(({ triedAtMs }) => now - triedAtMs < FORGOTTEN_MS)
  const here = fresh.filter((it) => it.deviceId === deviceId)
  const freeMax = countOf(fresh) < BRANCH_MANY ? DEVICE_FREE_MAX : DEVICE_FREE_MIN
  return Math.max(0, ...here.map(({ triedAtMs }) => triedAtMs)) + lockedMs(countOf(here), freeMax, DEVICE_LOCKED_MS_MAX)
}

export function createPinTries({ kept, nowMs, write, log }: PinTryParts): PinTries {
  const tries = new Map(kept.map((it) => [nameOf(it.deviceId, it.agentId), it]))

  async function keep(writes: (pinTries: PinTryStore) => void): Promise<void> {
    const isKept = await write((store) => writes(store.pinTries))
    // A full disk must not keep staff from what would mend it: until then memory counts alone.
    if (!isKept) log.warn({}, 'a try of a PIN could not be kept; a restart would forget it')
  }

  async function forget(wanted: (it: PinTry) => boolean): Promise<void> {
    const gone = [...tries].filter(([, it]) => wanted(it))
    if (gone.length === 0) return
    for (const [name] of gone) tries.delete(name)
    await keep((pinTries) => {
      for (const [, { deviceId, agentId }] of gone) pinTries.remove(deviceId, agentId)
    })
  }

  return {
    async begin(deviceId, agentId) {
      const name = nameOf(deviceId, agentId)
      const now = nowMs()
      const before = tries.get(name)
      const lockedUntilMs = Math.max(before?.lockedUntilMs ?? 0, deviceLockedUntilMs(tries.values(), deviceId, now))
      if (lockedUntilMs > now) return lockedUntilMs - now
      const isOld = before === undefined || now - before.triedAtMs >= FORGOTTEN_MS
      const wrongCount = (isOld ? 0 : before.wrongCount) + 1
      const counted = { deviceId, agentId, wrongCount, triedAtMs: now, lockedUntilMs: now + lockedMs(wrongCount) }
      tries.set(name, counted)
      await keep((pinTries) => pinTries.put(counted))
      return null
    },
    forgive: (deviceId, agentId) => forget((it) => it.deviceId === deviceId && it.agentId === agentId),
    forgiveEverywhere: (agentId) => forget((it) => it.agentId === agentId),
  }
}
