import type { ClosedReason } from '#shared/project/kiosk-menu.ts'

export type RefusedReason = 'full' | 'closed' | 'other'

/** What the customer is told of a refusal; a code that is not here is `other`. */
export const refusals: { readonly [code: string]: RefusedReason | 'no-tickets' } = {
  QueueFull: 'full',
  QueueIsClosed: 'closed',
  QueueRetired: 'closed',
  ServiceRetired: 'closed',
  ServiceUnknown: 'closed',
  OutsideHours: 'closed',
  EmergencyIsShown: 'closed',
  BranchUnreachable: 'no-tickets',
  HostUnreachable: 'no-tickets',
  StorageUnavailable: 'no-tickets',
  DeviceTwin: 'no-tickets',
  NumbersExhausted: 'no-tickets',
  Unauthorized: 'no-tickets',
}

/** The branch knew before this screen did that nobody can take a ticket. */
export const closings: { readonly [code: string]: ClosedReason } = {
  DayIsClosed: 'day-closed',
  CatalogueMissing: 'no-service',
  ClockUnsure: 'clock-unsure',
  IntakeIsStopped: 'intake-stopped',
}
