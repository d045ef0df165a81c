import type { ClockReading } from '#shared/domain/clock.ts'
import type { DeviceId } from '#shared/domain/ids.ts'
import { BRANCH_ORIGIN } from '#shared/domain/step.ts'
import type { Waist } from '../waist/execute.ts'

/** Two devices whose clocks agree with the branch's within this are a second source. */
const AGREEMENT_MS_MAX = 2 * 60_000
const WITNESSES_MIN = 2
const WITNESSES_MAX = 1_000

/** What the devices' own clocks say, for the day the branch's clock is in doubt. */
export interface ClockWitness {
  note(deviceId: DeviceId, wallMs: number): void
}

/** @param isPaired - a device that was removed is no witness any more */
export function createClockWitness(
  waist: Waist,
  readClock: () => ClockReading,
  isPaired: (deviceId: DeviceId) => boolean,
): ClockWitness {
  /** Each device's wall clock, as a distance from steady time, so that it can be told for any later instant. */
  const aheadByDevice = new Map<DeviceId, number>()

  function agreeing(): number {
    for (const deviceId of aheadByDevice.keys()) if (!isPaired(deviceId)) aheadByDevice.delete(deviceId)
    const { wallMs, steadyMs } = readClock()
    return [...aheadByDevice.values()].filter((ahead) => Math.abs(ahead + steadyMs - wallMs) <= AGREEMENT_MS_MAX).length
  }

  return {
    note(deviceId, wallMs) {
      if (!waist.branch().state.clock.isDoubted) {
        aheadByDevice.clear()
        return
      }
      if (aheadByDevice.size < WITNESSES_MAX) aheadByDevice.set(deviceId, wallMs - readClock().steadyMs)
      if (agreeing() < WITNESSES_MIN) return
      void waist.execute({
        origin: BRANCH_ORIGIN,
        command: { type: 'ConfirmClock', by: 'devices' },
        answer: () => ({ status: 200, body: {} }),
        idempotency: null,
        bookmark: null,
      })
    },
  }
}
