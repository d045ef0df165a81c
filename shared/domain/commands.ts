import type { Place, RecordedStatus } from './events.ts'
import type {
  AgentId,
  BusinessDate,
  CounterId,
  DeviceId,
  EpochMs,
  EventPlace,
  Language,
  MessageId,
  OutcomeId,
  PriorityClassId,
  QueueId,
  ReasonId,
  ServiceId,
  Sha256,
  SteadyMs,
  TicketId,
  TicketNumber,
} from './ids.ts'
import type { Reservation } from './line.ts'
import type { Ticket } from './ticket.ts'
import type { Channel, ToldWait } from './ticket-birth.ts'

/** Who asks. Rights by kind are checked at the door; here it decides whose counter and ticket it is. */
export interface Origin {
  readonly kind: 'kiosk' | 'caller' | 'display' | 'installer' | 'branch' | 'cloud'
  readonly deviceId: DeviceId
}

/** A ticket that a kiosk printed while the branch server was away. */
export interface PrintedAlone {
  readonly ticketId: TicketId
  readonly number: TicketNumber
  readonly serviceId: ServiceId
  readonly language: Language
  readonly priority: PriorityClassId | null
  /** The services that the customer chose to follow; left out: as the service's own plan says. */
  readonly plan?: readonly ServiceId[]
  readonly businessDate: BusinessDate
  /** The branch's steady time at the kiosk's last contact, and how much of its own steady time went by since. */
  readonly lastContactSteadyMs: SteadyMs
  readonly sinceContactMs: number
  /** The ticket the server minted for the same tap, when only its answer was lost; found by the server. */
  readonly ghostId: TicketId | null
  /** The number is of a block that this kiosk never had; found by the server, left out where it is its own. */
  readonly isOfOtherBlock?: boolean
  /** The server knows this ticket from an earlier hand-over; found by the server. */
  readonly isKnown: boolean
  /** Another ticket of that date holds the number; found by the server, whose memory is longer than the state's. */
  readonly isNumberTaken: boolean
  /** The latest absences of the server, and of the kiosk that tells, as the server itself knows them. */
  readonly absences: readonly Absence[]
}

/** A time in which the branch server was away, or had no line to one device; on the branch's steady time. */
export interface Absence {
  readonly fromSteadyMs: SteadyMs
  readonly toSteadyMs: SteadyMs
}

/** What became of one ticket while the branch server was away, as staff noted it at a caller or on paper. */
export interface PaperMark {
  /** As the caller knew it; null: staff typed the number. */
  readonly ticketId: TicketId | null
  readonly number: TicketNumber
  /** Which service of a visit it speaks of; null where nobody can say. */
  readonly serviceId: ServiceId | null
  readonly status: RecordedStatus
  /** Where and by whom; null where nobody noted it. */
  readonly counterId: CounterId | null
  readonly agentId: AgentId | null
  /** The day of the paper. */
  readonly businessDate: BusinessDate
  /** When it was noted: as for paper printed alone. null: it was entered from a sheet, which tells no time. */
  readonly noted: { readonly lastContactSteadyMs: SteadyMs; readonly sinceContactMs: number } | null
  /** Staff were asked whether they mean a number that no kiosk seems to have printed; left out: they were not. */
  readonly isConfirmed?: boolean
  /** What the ticket is called if nobody has heard of the number yet. */
  readonly newTicketId: TicketId
  /** Another ticket of that date holds the number; found by the server, whose memory is longer than the state's. */
  readonly isNumberTaken: boolean
  /** The ticket, where the state has let go of it with its day; found by the server. */
  readonly former: Ticket | null
  /** That day is longer past than anything is entered for; found by the server. */
  readonly isTooLate: boolean
  /** The latest absences of the server, and of the caller that tells, as the server itself knows them. */
  readonly absences: readonly Absence[]
}

/** What can be asked of a branch. Imperative; carries everything that is not pure, such as new ids. */
export type Command =
  | {
      readonly type: 'IssueTicket'
      readonly ticketId: TicketId
      readonly serviceId: ServiceId
      readonly channel: Channel
      readonly priority: PriorityClassId | null
      readonly language: Language | null
      /** The services that follow; left out: as the service's own plan says. */
      readonly plan?: readonly ServiceId[]
      /** Left out without an appointment. */
      readonly bookedAtMs?: EpochMs
      /** What the branch reckons now; found by the server, left out when nothing honest can be told. */
      readonly told?: ToldWait
      /** The installer tries the branch out: a training ticket, whose number is nobody's; left out: a customer's. */
      readonly isTrial?: boolean
    }
  /** Staff issue a ticket and begin to serve it at once. */
  | {
      readonly type: 'ServeNow'
      readonly counterId: CounterId
      readonly ticketId: TicketId
      readonly serviceId: ServiceId
      readonly priority: PriorityClassId | null
      readonly language: Language | null
    }
  | { readonly type: 'AdoptTickets'; readonly tickets: readonly PrintedAlone[] }
  /** Tickets whose taps their kiosk gave up: nobody holds a paper of them; found by the server. */
  | { readonly type: 'WithdrawTickets'; readonly ticketIds: readonly TicketId[] }
  | {
      readonly type: 'AdoptNumber'
      readonly counterId: CounterId
      readonly ticketId: TicketId
      readonly number: TicketNumber
      /** A ticket of the present day holds the number; found by the server, whose memory is longer than the state's. */
      readonly isNumberTaken: boolean
      /** Staff were asked whether they mean it; left out: they were not. */
      readonly isConfirmed?: boolean
    }
  | { readonly type: 'RecordTicket'; readonly mark: PaperMark }
  | { readonly type: 'CallNext'; readonly counterId: CounterId }
  | { readonly type: 'CallTicket'; readonly counterId: CounterId; readonly ticketId: TicketId }
  | {
      readonly type:
        | 'RecallTicket'
        | 'StartService'
        | 'ReturnTicket'
        | 'MarkNoShow'
        | 'CancelTicket'
        | 'ReinstateTicket'
      readonly ticketId: TicketId
    }
  | { readonly type: 'HoldTicket'; readonly ticketId: TicketId; readonly reason: ReasonId | null }
  | { readonly type: 'ResumeTicket'; readonly ticketId: TicketId; readonly counterId: CounterId }
  /** `endsVisit`: the customer leaves, whatever the plan still holds; left out: the visit goes on. */
  | {
      readonly type: 'CompleteTicket'
      readonly ticketId: TicketId
      readonly outcome: OutcomeId | null
      readonly endsVisit?: boolean
    }
  | {
      readonly type: 'TransferTicket'
      readonly ticketId: TicketId
      readonly toQueueId: QueueId
      readonly place: Place
    }
  /** Keeps the ticket, in its queue, for one counter or agent. */
  | {
      readonly type: 'ReserveTicket'
      readonly ticketId: TicketId
      readonly reserveFor: Reservation
      readonly place: Place
    }
  /** The PIN was checked before; the core knows no secrets. */
  | {
      readonly type: 'OpenCounter'
      readonly counterId: CounterId
      readonly agentId: AgentId
      /** Somebody learns here; left out: nobody does. */
      readonly isTraining?: boolean
    }
  | { readonly type: 'StartBreak'; readonly counterId: CounterId; readonly reason: ReasonId | null }
  | { readonly type: 'EndBreak'; readonly counterId: CounterId }
  | { readonly type: 'CloseCounter'; readonly counterId: CounterId }
  | { readonly type: 'RemoveDevice'; readonly deviceId: DeviceId }
  | { readonly type: 'PauseQueue' | 'ResumeQueue' | 'CloseQueue' | 'OpenQueue'; readonly queueId: QueueId }
  /** The body lies on the shelf under this version, free of faults. */
  | { readonly type: 'ApplyCatalogue'; readonly version: number; readonly hash: Sha256 }
  | { readonly type: 'ShowMessage'; readonly messageId: MessageId; readonly minutes: number | null }
  /** Her sessions end at once, and nobody signs in as her. */
  | { readonly type: 'SuspendAgent'; readonly agentId: AgentId }
  /** `answers`: the suspension that head office knew of when it lifted it; null: whoever stands here lifts it. */
  | { readonly type: 'RestoreAgent'; readonly agentId: AgentId; readonly answers: EventPlace | null }
  /** The catalogue with her in it lies on the shelf under this version. */
  | { readonly type: 'AddAgent'; readonly agentId: AgentId; readonly version: number; readonly hash: Sha256 }
  /** The new PIN is written in the same commit; the core knows no secrets. */
  | { readonly type: 'ResetPin'; readonly agentId: AgentId }
  /** Head office was not heard for long: whoever asks answers for who works here. */
  | { readonly type: 'ConfirmRights' }
  /** The PIN was checked before, here too. */
  | { readonly type: 'SignInManager'; readonly agentId: AgentId }
  | {
      readonly type: 'CloseDay' | 'KeepTime' | 'SignOutManager' | 'StopIntake' | 'ResumeIntake' | 'ClearMessage'
    }
  /** `kioskId`: whose printer prints the waiting list; found by the server, null where none can. */
  | { readonly type: 'TellPower'; readonly isLow: boolean; readonly kioskId: DeviceId | null }
  | { readonly type: 'PrintWaitingList'; readonly kioskId: DeviceId }
  | { readonly type: 'ConfirmClock'; readonly by: 'devices' | 'staff' }
