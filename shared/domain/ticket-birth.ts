import type { BusinessDate, Language, PriorityClassId, QueueId, ServiceId, TicketId, TicketNumber } from './ids.ts'

/** How a customer came by the ticket. */
export const CHANNELS = ['kiosk', 'counter', 'phone', 'web', 'appointment'] as const
export type Channel = (typeof CHANNELS)[number]

/** What a ticket is from its first moment. */
export interface TicketBirth {
  readonly ticketId: TicketId
  readonly number: TicketNumber
  readonly serviceId: ServiceId
  readonly queueId: QueueId
  readonly channel: Channel
  readonly priority: PriorityClassId | null
  readonly priorityValue: number
  readonly language: Language
  readonly businessDate: BusinessDate
}
