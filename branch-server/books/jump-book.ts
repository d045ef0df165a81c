import type { DeviceId } from '#shared/domain/ids.ts'
import type { DeviceKind } from '#shared/wire/requests.ts'
import type { Log } from '../log.ts'

/**
 * Jumps that the word of devices may cause. A disk that is set back is set back once, and its devices differ in little
 * more than their last seconds; each jump costs every series fifty numbers that nobody gets back.
 */
export const JUMPS_BY_DEVICE_MAX = 2
export const JUMPS_PER_HOUR_MAX = 6
export const JUMPS_PER_DAY_MAX = 24
/** How far above this branch's own numbers a device may have seen some: more than any lobby is given in a day. */
export const SEEN_AHEAD_MAX = 2_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export interface Claimant {
  readonly deviceId: DeviceId
  readonly kind: DeviceKind
  readonly name: string
}

/** `unheard`: who claims gives no numbers; the numbers stay where they are. `refused`: there were too many. */
export type JumpVerdict = 'jump' | 'unheard' | 'refused'

/** What the last day was like; `lastDevice` is for whoever looks after the branch. */
export interface JumpsOfDay {
  readonly jumpCount: number
  readonly refusedCount: number
  readonly lastDevice: string | null
}

/** Who said that this log is behind, and how often it was believed: in memory, for a restart asks for no jump. */
export interface JumpBook {
  /** Asked only about a claim that would jump; counts what it allows. */
  judge(claimant: Claimant): JumpVerdict
  /** The disk did not take the jump that was just allowed: the device will claim it again. */
  takeBack(claimant: Claimant): void
  ofDay(): JumpsOfDay
}

interface Claim extends Claimant {
  readonly atMs: number
}

/** Refused claims are told with the first of a device's hour; behind that they are only counted. */
const REFUSED_KEPT_MAX = 1_000

export function createJumpBook(monotonicMs: () => number, log: Log): JumpBook {
  let jumps: Claim[] = []
  let refused: Claim[] = []
  let last: Claim | null = null
  const within = (claims: readonly Claim[], spanMs: number): Claim[] =>
    claims.filter(({ atMs }) => monotonicMs() - atMs < spanMs)

  const claimed = (claimant: Claimant): Claim => {
    last = { ...claimant, atMs: monotonicMs() }
    return last
  }

  function forgetOld(): void {
    jumps = within(jumps, DAY_MS)
    refused = within(refused, DAY_MS).slice(-REFUSED_KEPT_MAX)
  }

  function refuse(claimant: Claimant): JumpVerdict {
    const isTold = within(refused, HOUR_MS).some(({ deviceId }) => deviceId === claimant.deviceId)
    refused.push(claimed(claimant))
    const { deviceId, kind, name } = claimant
    if (!isTold) log.error({ deviceId, kind, device: name }, 'a device claims too often that this log is behind')
    return 'refused'
  }

  return {
    judge(claimant) {
      forgetOld()
      const { deviceId, kind, name } = claimant
      // It follows what is shown and gives nothing: whoever gives numbers will say so itself.
      if (kind === 'display') {
        log.warn({ deviceId, kind, device: name }, 'a display has seen another log; no number is jumped over for it')
        return 'unheard'
      }
      const lately = within(jumps, HOUR_MS)
      const isTooOften =
        lately.filter((jump) => jump.deviceId === deviceId).length >= JUMPS_BY_DEVICE_MAX ||
        lately.length >= JUMPS_PER_HOUR_MAX ||
        jumps.length >= JUMPS_PER_DAY_MAX
      if (isTooOften) return refuse(claimant)
      jumps.push(claimed(claimant))
      log.warn({ deviceId, kind, device: name }, 'a device has seen more than this log; the numbers jump ahead')
      return 'jump'
    },
    takeBack({ deviceId }) {
      const index = jumps.findLastIndex((jump) => jump.deviceId === deviceId)
      if (index !== -1) jumps.splice(index, 1)
    },
    ofDay() {
      forgetOld()
      const lastDevice = last !== null && monotonicMs() - last.atMs < DAY_MS ? last.name : null
      return { jumpCount: jumps.length, refusedCount: refused.length, lastDevice }
    },
  }
}
