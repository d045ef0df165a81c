import type { DeviceKind } from './requests.ts'

/** A paired device as staff hear of it. */
export interface DeviceContact {
  readonly deviceId: string
  readonly kind: DeviceKind
  readonly name: string
  /** It follows the branch, and was heard within the last seconds. */
  readonly isInContact: boolean
}
