import type { SentDetails } from '#shared/domain/customer-details.ts'
import type { PriorityClassId, ServiceId } from '#shared/domain/ids.ts'
import type { Visit } from '#shared/project/kiosk-visit.ts'

/** What the customer has chosen so far. */
export interface Choice extends Visit {
  readonly priority: PriorityClassId | null
}

/** What the kiosk's host is asked for. */
export interface Wanted {
  readonly serviceId: ServiceId
  /** null: what follows is as the branch has planned it. */
  readonly plan: readonly ServiceId[] | null
  readonly priority: PriorityClassId | null
  /** What the customer said of herself; left out: nothing. */
  readonly details?: SentDetails
}

/** Somebody who has booked: the branch knows what for. */
export interface Expected {
  readonly code: string
}

export const withService = (choice: Choice, serviceId: ServiceId): Choice => ({
  ...choice,
  added: [...choice.added, serviceId],
})

export const withoutService = (choice: Choice, serviceId: ServiceId): Choice => ({
  ...choice,
  added: choice.added.filter((id) => id !== serviceId),
})

/** The same priority again is none. */
export const preferring = (choice: Choice, priority: PriorityClassId): Choice => ({
  ...choice,
  priority: choice.priority === priority ? null : priority,
})
