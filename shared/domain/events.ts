import type { CallReason } from './call-reason.ts'
import type {
  AgentId,
  BusinessDate,
  CounterId,
  DeviceId,
  Epoch,
  EpochMs,
  EventSeq,
  MessageId,
  OutcomeId,
  QueueId,
  ReasonId,
  Series,
  ServiceId,
  Sha256,
  SteadyMs,
  TicketId,
  TicketNumber,
} from './ids.ts'
import type { Reservation } from './line.ts'
import type { CarriedState } from './state-json.ts'
import type { TicketBirth } from './ticket-birth.ts'

/** Schema version written into each event. A stored event is never edited: a new meaning is a new type. */
export const EVENT_VERSION = 1

export const PLACES = ['first', 'last', 'arrival'] as const
/** Where a transferred ticket joins the other queue. */
export type Place = (typeof PLACES)[number]

/** Why a ticket was cancelled; `superseded`: its answer was lost, and the kiosk printed another number, or none. */
export type CancelReason = 'staff' | 'customer' | 'day-closed' | 'superseded'

/** What paper can say of a ticket: served, did not come when called, left before that. */
export const RECORDED_STATUSES = ['completed', 'no_show', 'cancelled'] as const
export type RecordedStatus = (typeof RECORDED_STATUSES)[number]

interface AtCounter {
  readonly ticketId: TicketId
  readonly number: TicketNumber
  readonly counterId: CounterId
  readonly agentId: AgentId
}

/** What tells a number that staff typed from the paper that a kiosk printed under it later; both left out for most. */
export interface TypedOrPrinted {
  /** When staff noted the number, by their caller's word alone, so that it can be held against a kiosk's. */
  readonly typedSteadyMs?: SteadyMs
  /**
   * The id on the paper. Staff had noted its number before it was printed, and so of somebody else: what was noted then
   * is void, and the ticket is that of the paper's customer from here on.
   */
  readonly printedAs?: TicketId
}

/**
 * What can happen to a ticket. Durations are facts of the event, measured on steady time: `waitMs` from issue to first
 * call, `legWaitMs` from entering its queue to the first call there (each null when it was called before), `serviceMs`
 * time in the present service so far, holds left out.
 */
export type TicketEvent =
  | ({ readonly type: 'TicketIssued'; readonly series: Series; readonly ordinal: number } & TicketBirth)
  | ({
      readonly type: 'TicketAdopted'
      /** The kiosk that printed it alone; null when staff typed the number. */
      readonly kioskId: DeviceId | null
      readonly issuedAtMs: EpochMs
      readonly arrivalSteadyMs: SteadyMs
    } & TypedOrPrinted &
      TicketBirth)
  | ({
      readonly type: 'TicketCalled'
      readonly queueId: QueueId
      readonly waitMs: number | null
      readonly legWaitMs: number | null
      readonly why: CallReason
    } & AtCounter)
  | ({ readonly type: 'TicketRecalled' } & AtCounter)
  | ({ readonly type: 'ServiceStarted' } & AtCounter)
  | ({ readonly type: 'TicketHeld'; readonly reason: ReasonId | null; readonly serviceMs: number } & AtCounter)
  | ({ readonly type: 'TicketResumed' } & AtCounter)
  | { readonly type: 'TicketReturned'; readonly ticketId: TicketId; readonly queueId: QueueId }
  | {
      readonly type: 'TicketTransferred'
      readonly ticketId: TicketId
      readonly fromQueueId: QueueId
      readonly toQueueId: QueueId
      readonly place: Place
      /** Kept for this counter or agent; null: for whoever calls from the queue. */
      readonly reservedFor: Reservation | null
      readonly serviceMs: number
    }
  /** The counter or agent it was kept for has left: it is its queue's again. */
  | { readonly type: 'ReservationLapsed'; readonly ticketId: TicketId }
  /** One service of the visit is over, the ticket waits for the next. */
  | ({
      readonly type: 'LegCompleted'
      readonly serviceId: ServiceId
      readonly queueId: QueueId
      readonly outcome: OutcomeId | null
      readonly serviceMs: number
      readonly toServiceId: ServiceId
      readonly toQueueId: QueueId
      /** What follows after the next one. */
      readonly plan: readonly ServiceId[]
    } & AtCounter)
  | {
      readonly type: 'TicketCompleted'
      readonly ticketId: TicketId
      readonly outcome: OutcomeId | null
      readonly serviceMs: number
      /** Set when nobody completed it: the day rolled over a held ticket. */
      readonly reason: 'day-closed' | null
    }
  | { readonly type: 'TicketNoShow'; readonly ticketId: TicketId; readonly reason: 'day-closed' | null }
  | { readonly type: 'TicketReinstated'; readonly ticketId: TicketId; readonly queueId: QueueId }
  | { readonly type: 'TicketCancelled'; readonly ticketId: TicketId; readonly reason: CancelReason }
  /**
   * Entered later: what became of it while the branch server was away. Nobody measured its wait; `serviceMs` is what
   * the branch itself saw of the service, up to when it is known to have ended.
   */
  | {
      readonly type: 'TicketRecorded'
      readonly ticketId: TicketId
      readonly number: TicketNumber
      readonly serviceId: ServiceId
      readonly queueId: QueueId
      /** Of the ticket: an earlier one's day is over, and the state knows it no more. */
      readonly businessDate: BusinessDate
      readonly status: RecordedStatus
      readonly counterId: CounterId | null
      readonly agentId: AgentId | null
      /** When it happened, on the branch's time; null where nobody noted it. */
      readonly happened: { readonly atMs: EpochMs; readonly steadyMs: SteadyMs } | null
      readonly serviceMs: number
      /** The visit goes on with this service; null: it is over. */
      readonly next: {
        readonly toServiceId: ServiceId
        readonly toQueueId: QueueId
        readonly plan: readonly ServiceId[]
      } | null
    }

export type CounterEvent =
  | {
      readonly type: 'CounterOpened'
      readonly counterId: CounterId
      readonly agentId: AgentId
      readonly deviceId: DeviceId
      readonly isTraining: boolean
    }
  | {
      readonly type: 'CounterClosed'
      readonly counterId: CounterId
      /** `moved`: its agent opens another; `replaced`: another agent signs in at its device; `suspended`: she may not work. */
      readonly reason: 'agent' | 'moved' | 'replaced' | 'manager' | 'suspended' | 'device-removed' | 'retired'
    }
  | {
      readonly type: 'BreakStarted'
      readonly counterId: CounterId
      readonly agentId: AgentId
      readonly reason: ReasonId | null
    }
  | {
      readonly type: 'BreakEnded'
      readonly counterId: CounterId
      readonly agentId: AgentId
      readonly breakMs: number
    }

/**
 * A manager steers the branch from a caller device, without a counter of her own. It ends with the sign-out, and
 * without one when she signs in elsewhere, when a counter opens at the device or for her, when the catalogue has no
 * such manager any more, and when the next day opens.
 */
export type ManagerEvent = {
  readonly type: 'ManagerSignedIn' | 'ManagerSignedOut'
  readonly deviceId: DeviceId
  readonly agentId: AgentId
}

/**
 * Who may sign in, as a manager on site or head office changes it: the actor says which. No name and no PIN is here: a
 * new agent stands in the catalogue that is applied with her, a PIN lies beside the log as a hash.
 */
export type AgentEvent = {
  readonly type: 'AgentSuspended' | 'AgentRestored' | 'AgentAdded' | 'AgentPinReset'
  readonly agentId: AgentId
}

export type QueueEvent = {
  readonly type: 'QueuePaused' | 'QueueResumed' | 'QueueClosed' | 'QueueOpened'
  readonly queueId: QueueId
}

export type BranchEvent =
  | {
      readonly type: 'EpochStarted'
      readonly parentEpoch: Epoch | null
      readonly parentSeq: EventSeq | null
      readonly parentHash: Sha256 | null
      readonly reason: 'first-boot' | 'rewound' | 'salvaged'
      /** Everything that lives on from the parent, so that one epoch folds alone. */
      readonly carried: CarriedState
    }
  | { readonly type: 'CatalogueApplied'; readonly version: number; readonly hash: Sha256 }
  | {
      readonly type: 'DayOpened'
      readonly date: BusinessDate
      /** The next cut-over under the zone and hour in force today. */
      readonly endsAtMs: EpochMs
    }
  | { readonly type: 'DayClosed'; readonly date: BusinessDate }
  /** Head office was not heard for long: a manager answers for who works here. */
  | { readonly type: 'RightsConfirmed' }
  | { readonly type: 'IntakeStopped' | 'IntakeResumed' | 'MessageCleared' }
  /** The battery of the branch server runs low, or the mains are back. */
  | { readonly type: 'PowerLow' | 'PowerBack' }
  /** This kiosk prints who waits, in the order in which they are to be called. */
  | { readonly type: 'WaitingListAsked'; readonly kioskId: DeviceId }
  | { readonly type: 'MessageShown'; readonly messageId: MessageId; readonly minutes: number | null }
  | { readonly type: 'ClockDoubted'; readonly wallMs: EpochMs }
  | { readonly type: 'ClockTrusted'; readonly by: 'agreement' | 'devices' | 'staff' }

/** What happened, before the log has given it a place. */
export type EventBody = TicketEvent | CounterEvent | ManagerEvent | AgentEvent | QueueEvent | BranchEvent
export type EventType = EventBody['type']

/** Who did it. No name, only an id of the catalogue or of a paired device. */
export interface Actor {
  readonly kind: 'agent' | 'kiosk' | 'caller' | 'display' | 'installer' | 'branch' | 'cloud'
  readonly id: string
}

/** The place and time the log gives an event. */
export interface Stamp {
  readonly seq: EventSeq
  readonly epoch: Epoch
  readonly v: number
  readonly atMs: EpochMs
  readonly steadyMs: SteadyMs
  readonly actor: Actor
}

export type LogEvent = EventBody & Stamp

/** As the log keeps it and the feed sends it, byte for byte. */
export type StoredEvent = LogEvent & {
  /** Hash of the stored bytes of the event before it; of the parent's head for the first of an epoch. */
  readonly prev: Sha256
}
