import type { DeviceId } from '#shared/domain/ids.ts'
import { type BranchState, counterHeldBy } from '#shared/domain/state.ts'

/**
 * Whether something may be noted at a caller now. Away from the server there is nobody to sign in with, and whoever
 * stands there notes it in nobody's name; with the server up she signs in first: a caller that was left alone sends no
 * customer away.
 */
export const mayNote = (state: BranchState, deviceId: DeviceId, isUp: boolean): boolean =>
  !isUp || counterHeldBy(state, deviceId) !== undefined || state.managers.has(deviceId)
