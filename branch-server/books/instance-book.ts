import type { DeviceId } from '#shared/domain/ids.ts'
import { UNHEARD_MS_MAX } from '../feed.ts'
import type { Log } from '../log.ts'

/** Who was refused, and heard the first one after so long, has met somebody who lives: no line that was left behind. */
const LIVING_MS_MIN = 2_000
/** After a restart of this server the first of two is waited for so long: devices come back within half of it. */
const FIRST_AWAITED_MS = 60_000
/** A second holder tries again every few seconds; one that is off, or was paired anew, is not spoken of for long. */
const TWIN_TOLD_MS = 10 * 60_000

export interface Claimed {
  readonly deviceId: DeviceId
  readonly name: string
}

/**
 * `welcome`: nobody else speaks as this device. `wait`: somebody was heard a moment ago; where it was this very device
 * before its restart, it is not heard again. `twin`: somebody still is.
 */
export type Arrival = 'welcome' | 'wait' | 'twin'

/**
 * Which start of a device's host is heard. A disk that was copied makes two devices with one identity, and both would
 * give numbers from one block: the first one heard is the device, as long as it is heard. In memory: after a restart of
 * this server the one that was not refused before goes first.
 */
export interface InstanceBook {
  /**
   * @param instance - made anew at each start of a host
   * @param isTwin - it knows that it was the second of two
   */
  arrive(claimed: Claimed, instance: string, isTwin?: boolean): Arrival
  /** It follows; until it leaves it counts as heard for a while after each word. */
  enter(deviceId: DeviceId, instance: string): void
  heard(deviceId: DeviceId, instance: string): void
  leave(deviceId: DeviceId, instance: string): void
  /** Devices of which there are two. */
  twins(): readonly DeviceId[]
}

interface Holding {
  readonly instance: string
  heardMs: number
  lineCount: number
  rival: { readonly instance: string; readonly firstMs: number; lastMs: number; isProven: boolean } | null
}

export function createInstanceBook(monotonicMs: () => number, log: Log): InstanceBook {
  const startedMs = monotonicMs()
  const held = new Map<DeviceId, Holding>()

  function hold(deviceId: DeviceId, instance: string, rival: Holding['rival'] = null): Arrival {
    held.set(deviceId, { instance, heardMs: monotonicMs(), lineCount: 0, rival })
    return 'welcome'
  }

  function refuse({ deviceId, name }: Claimed, holding: Holding, instance: string): Arrival {
    const nowMs = monotonicMs()
    const before = holding.rival?.instance === instance ? holding.rival : null
    const rival = before ?? { instance, firstMs: nowMs, lastMs: nowMs, isProven: false }
    const isProven = rival.isProven || holding.heardMs - rival.firstMs >= LIVING_MS_MIN
    if (isProven && !rival.isProven)
      log.error(
        { deviceId, device: name },
        'two devices have one identity, as when a disk was copied: pair one of them anew; the second gives no numbers',
      )
    holding.rival = { ...rival, lastMs: nowMs, isProven }
    return isProven ? 'twin' : 'wait'
  }

  const ofInstance = (deviceId: DeviceId, instance: string): Holding | null => {
    const holding = held.get(deviceId)
    return holding?.instance === instance ? holding : null
  }

  return {
    arrive(claimed, instance, isTwin = false) {
      const holding = held.get(claimed.deviceId)
      if (holding === undefined) {
        const isEarly = isTwin && monotonicMs() - startedMs < FIRST_AWAITED_MS
        return isEarly ? 'wait' : hold(claimed.deviceId, instance)
      }
      if (holding.instance === instance) return 'welcome'
      const isHeard = holding.lineCount > 0 && monotonicMs() - holding.heardMs <= UNHEARD_MS_MAX
      // Whoever was proven to be two is still spoken of when the other one takes its turn.
      if (!isHeard) return hold(claimed.deviceId, instance, holding.rival?.isProven === true ? holding.rival : null)
      return refuse(claimed, holding, instance)
    },
    enter(deviceId, instance) {
      const holding = ofInstance(deviceId, instance)
      if (holding === null) return
      holding.lineCount += 1
      holding.heardMs = monotonicMs()
    },
    heard(deviceId, instance) {
      const holding = ofInstance(deviceId, instance)
      if (holding !== null) holding.heardMs = monotonicMs()
    },
    leave(deviceId, instance) {
      const holding = ofInstance(deviceId, instance)
      if (holding !== null) holding.lineCount -= 1
    },
    twins: () =>
      [...held].flatMap(([deviceId, { rival }]) =>
        rival?.isProven === true && monotonicMs() - rival.lastMs <= TWIN_TOLD_MS ? [deviceId] : [],
      ),
  }
}
