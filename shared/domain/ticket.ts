import type { CallReason } from './call-reason.ts'
import type { TypedOrPrinted } from './events.ts'
import type { AgentId, CounterId, EpochMs, QueueId, ReasonId, ServiceId, SteadyMs } from './ids.ts'
import type { LineEntry, LinePlace } from './line.ts'
import type { TicketBirth } from './ticket-birth.ts'

export const TICKET_STATUSES = ['waiting', 'called', 'serving', 'held', 'completed', 'no_show', 'cancelled'] as const
export type TicketStatus = (typeof TICKET_STATUSES)[number]
export type LivingStatus = 'waiting' | 'called' | 'serving' | 'held'

/** A service of a visit that is over; the visit goes on elsewhere under the same number. */
export interface FinishedLeg {
  readonly serviceId: ServiceId
  readonly queueId: QueueId
  /** null where it was entered later and nobody noted it. */
  readonly counterId: CounterId | null
  readonly agentId: AgentId | null
  /** From entering its queue to the first call there; null where nobody can know. */
  readonly waitMs: number | null
  readonly serviceMs: number
}

/** The present service is `serviceId`; `plan` holds those that follow it. */
export interface TicketFacts extends TicketBirth, TypedOrPrinted {
  readonly issuedAtMs: EpochMs
  /** When the customer arrived, on steady time: waits count from here. */
  readonly arrivedSteadyMs: SteadyMs
  /** First call and first start; null until then. */
  readonly calledAtMs: EpochMs | null
  readonly startedAtMs: EpochMs | null
  /** It was called while the branch server was away, nobody knows when; left out for most. */
  readonly wasCalledUnseen?: true
  /** Issue to first call, on steady time; null until then, and where nobody can know. */
  readonly waitMs: number | null
  /** When it entered the queue it is in, or was called from; null where nobody can know: staff typed its number. */
  readonly enteredSteadyMs: SteadyMs | null
  /** From entering that queue to the first call in it; null until then, and where nobody can know. */
  readonly legWaitMs: number | null
  /** The services of this visit that are over, in order. */
  readonly legs: readonly FinishedLeg[]
  /** The present call, or the last one; recalls leave it where it is. Missing in what an earlier version carried. */
  readonly calledSteadyMs?: SteadyMs | null
  /** The latest call or recall: the lobby shows it first. */
  readonly lastCalledSteadyMs: SteadyMs | null
  /** Why it was called the last time; null until then. */
  readonly lastWhy: CallReason | null
  /** Of the present call, or the last one. */
  readonly recallCount: number
  readonly transferCount: number
  readonly isReinstated: boolean
  /** Time in the present service up to the last hold, transfer or end. */
  readonly serviceMs: number
  /** Kept through a call, so that a returned ticket finds its place again. */
  readonly place: LinePlace
}

/** Where a ticket is in its life; an impossible combination cannot be written. */
export type TicketPhase =
  | { readonly status: 'waiting' }
  | { readonly status: 'called'; readonly counterId: CounterId; readonly agentId: AgentId }
  | {
      readonly status: 'serving'
      readonly counterId: CounterId
      readonly agentId: AgentId
      readonly sinceSteadyMs: SteadyMs
    }
  | {
      readonly status: 'held'
      readonly counterId: CounterId
      readonly agentId: AgentId
      /** Missing in what an earlier version carried. */
      readonly sinceSteadyMs?: SteadyMs
      readonly reason: ReasonId | null
    }
  | {
      readonly status: 'completed' | 'no_show' | 'cancelled'
      readonly counterId: CounterId | null
      readonly agentId: AgentId | null
      readonly finishedAtMs: EpochMs
      readonly finishedSteadyMs: SteadyMs
      /** Nobody ended it: its day did; left out for most. */
      readonly isByDay?: true
      /** When the end was entered; left out where the branch saw it itself. */
      readonly enteredAtMs?: EpochMs
    }

/** Facts stay; the phase is replaced whole, so that nothing of an earlier phase lingers. */
export interface Ticket {
  readonly facts: TicketFacts
  readonly phase: TicketPhase
}

export const isLiving = (ticket: Ticket): boolean =>
  ticket.phase.status === 'waiting' ||
  ticket.phase.status === 'called' ||
  ticket.phase.status === 'serving' ||
  ticket.phase.status === 'held'

/**
 * Whether a ticket takes a number over from the one it spoke of so far. Each business date begins its numbers again,
 * so paper of an earlier day that is handed over late may bear the number of somebody of today.
 */
export const takesNumber = (holder: Ticket | undefined, { businessDate }: TicketFacts): boolean =>
  holder === undefined || holder.facts.businessDate <= businessDate

/** As it stands in its line. */
export const entryOf = ({ ticketId, serviceId, place }: TicketFacts): LineEntry => ({ ticketId, serviceId, ...place })
