import type {
  BusinessDate,
  Language,
  PriorityClassId,
  QueueId,
  ServiceId,
  SteadyMs,
  TicketId,
  TicketNumber,
} from './ids.ts'

/** How a customer came by the ticket. */
export const CHANNELS = ['kiosk', 'counter', 'phone', 'web', 'appointment'] as const
export type Channel = (typeof CHANNELS)[number]

/** The wait a customer was told with the ticket: eight in ten are called between low and high. */
export interface ToldWait {
  readonly lowMs: number
  /** The branch's own best guess, to measure its error by. */
  readonly midMs: number
  readonly highMs: number
}

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
  /** The services that follow in the same visit. */
  readonly plan: readonly ServiceId[]
  /** The booked time; null without an appointment, and for whoever came too late for it. */
  readonly bookedSteadyMs: SteadyMs | null
  /** null when nothing honest could be told. */
  readonly told: ToldWait | null
  readonly isTraining: boolean
}

/** Services that one visit may still have before it. */
export const PLAN_MAX = 8
