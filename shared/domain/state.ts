import type { Map as PersistentMap } from 'immutable'
import type { Agent, Catalogue, Counter, Queue, Service } from './catalogue.ts'
import type {
  AgentId,
  BusinessDate,
  CounterId,
  DeviceId,
  Epoch,
  EpochMs,
  EventSeq,
  Moment,
  QueueId,
  ReasonId,
  Series,
  ServiceId,
  Sha256,
  SteadyMs,
  TicketId,
  TicketNumber,
} from './ids.ts'
import { type Line, type LinePlace, rankInLine } from './line.ts'
import type { TicketBirth } from './ticket-birth.ts'

export const TICKET_STATUSES = ['waiting', 'called', 'serving', 'held', 'completed', 'no_show', 'cancelled'] as const
export type TicketStatus = (typeof TICKET_STATUSES)[number]
export type LivingStatus = 'waiting' | 'called' | 'serving' | 'held'

export interface TicketFacts extends TicketBirth {
  readonly issuedAtMs: EpochMs
  /** When the customer arrived, on steady time: waits count from here. */
  readonly arrivedSteadyMs: SteadyMs
  /** First call and first start; null until then. */
  readonly calledAtMs: EpochMs | null
  readonly startedAtMs: EpochMs | null
  /** Issue to first call, on steady time; null until then, and where nobody can know. */
  readonly waitMs: number | null
  /** The latest call or recall: the lobby shows it first. */
  readonly lastCalledSteadyMs: SteadyMs | null
  /** Of the present call, or the last one. */
  readonly recallCount: number
  readonly transferCount: number
  readonly isReinstated: boolean
  /** Time in service up to the last hold, transfer or end. */
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
      readonly reason: ReasonId | null
    }
  | {
      readonly status: 'completed' | 'no_show' | 'cancelled'
      readonly counterId: CounterId | null
      readonly agentId: AgentId | null
      readonly finishedAtMs: EpochMs
      readonly finishedSteadyMs: SteadyMs
    }

/** Facts stay; the phase is replaced whole, so that nothing of an earlier phase lingers. */
export interface Ticket {
  readonly facts: TicketFacts
  readonly phase: TicketPhase
}

/** A counter with somebody at it, bound to the caller device it was opened from. */
export interface OpenCounter {
  readonly agentId: AgentId
  readonly deviceId: DeviceId
  /** The one ticket called to it or served at it. */
  readonly ticketId: TicketId | null
}

/** `isPaused`: issues but does not call. `isClosed`: does not issue but still calls. */
export interface QueueMode {
  readonly isPaused: boolean
  readonly isClosed: boolean
}

/** Taken out of the catalogue, but somebody still needs it. `version`: the catalogue that last held it. */
export interface Retired<Definition> {
  readonly definition: Definition
  readonly version: number
}

export interface RetiredQueue extends Retired<Queue> {
  /** The counters that go on draining it. */
  readonly counterIds: readonly CounterId[]
}

export interface BusinessDay {
  readonly date: BusinessDate
  /** The next cut-over; the day rolls with the first command at or after it. */
  readonly endsAtMs: EpochMs
  /** Staff ended the day by hand; the next cut-over opens a new one. */
  readonly isClosed: boolean
}

export interface CatalogueInForce {
  readonly version: number
  readonly hash: Sha256
  readonly body: Catalogue
}

/**
 * Where numbers go on after a new epoch began: an unknown tail of them may be on paper.
 * A series that is not listed goes on above `otherwise`.
 */
export interface NumberFloor {
  /** The last date it speaks of; empty while no day is known, then the first that opens takes it. */
  readonly date: BusinessDate
  readonly otherwise: number
  readonly ordinals: readonly (readonly [Series, number])[]
}

/**
 * Everything a branch knows about now. It holds the tickets of the business day and those still living:
 * it grows with the day's work, never with history.
 */
export interface BranchState {
  readonly epoch: Epoch | null
  readonly seq: EventSeq
  /** The last event's time. */
  readonly now: Moment
  readonly clock: {
    readonly isDoubted: boolean
    /** Tickets issued since the doubt began outlive the day that a confirmed clock closes. */
    readonly keepsTicketsSince: SteadyMs | null
  }
  readonly day: BusinessDay | null
  readonly catalogue: CatalogueInForce | null
  readonly retired: {
    readonly services: PersistentMap<ServiceId, Retired<Service>>
    readonly queues: PersistentMap<QueueId, RetiredQueue>
    readonly counters: PersistentMap<CounterId, Retired<Counter>>
    readonly agents: PersistentMap<AgentId, Retired<Agent>>
  }
  /** A changed prefix waits for the next business day. */
  readonly prefixByService: PersistentMap<ServiceId, Series>
  /** Last ordinal given in each series on this business date. */
  readonly lastOrdinal: PersistentMap<Series, number>
  /** Set by a new epoch; see NumberFloor. */
  readonly numberFloor: NumberFloor | null
  readonly tickets: PersistentMap<TicketId, Ticket>
  /** Every number of the tickets above; where two days gave the same one, the later day's ticket. */
  readonly ticketByNumber: PersistentMap<TicketNumber, TicketId>
  /** Waiting tickets of each queue, in the order they will be called. */
  readonly lines: PersistentMap<QueueId, Line>
  readonly openCounters: PersistentMap<CounterId, OpenCounter>
  readonly queueModes: PersistentMap<QueueId, QueueMode>
}

export const isLiving = (ticket: Ticket): boolean =>
  ticket.phase.status === 'waiting' ||
  ticket.phase.status === 'called' ||
  ticket.phase.status === 'serving' ||
  ticket.phase.status === 'held'

/** The last ordinal that may be on paper in a series on the present day; 0 when none can be. */
export function lastOrdinalOf(state: BranchState, series: Series): number {
  const floor = state.numberFloor
  const given = state.lastOrdinal.get(series, 0)
  if (floor === null || state.day === null || state.day.date > floor.date) return given
  const listed = floor.ordinals.find(([name]) => name === series)?.[1]
  return Math.max(given, listed ?? floor.otherwise)
}

/**
 * Whether a ticket takes a number over from the one it spoke of so far. Each business date begins its numbers again,
 * so paper of an earlier day that is handed over late may bear the number of somebody of today.
 */
export const takesNumber = (holder: Ticket | undefined, { businessDate }: TicketFacts): boolean =>
  holder === undefined || holder.facts.businessDate <= businessDate

const OPEN: QueueMode = { isPaused: false, isClosed: false }

export const queueMode = (state: BranchState, queueId: QueueId): QueueMode => state.queueModes.get(queueId, OPEN)

export const lineOf = (state: BranchState, queueId: QueueId): Line => state.lines.get(queueId, [])

/** In force or retired; undefined when this branch has never heard of it, or has forgotten it. */
export function findService(state: BranchState, id: ServiceId): Service | undefined {
  return (
    state.catalogue?.body.services.find((service) => service.id === id) ?? state.retired.services.get(id)?.definition
  )
}

export function findQueue(state: BranchState, id: QueueId): Queue | undefined {
  return state.catalogue?.body.queues.find((queue) => queue.id === id) ?? state.retired.queues.get(id)?.definition
}

export function findCounter(state: BranchState, id: CounterId): Counter | undefined {
  return (
    state.catalogue?.body.counters.find((counter) => counter.id === id) ?? state.retired.counters.get(id)?.definition
  )
}

export function findAgent(state: BranchState, id: AgentId): Agent | undefined {
  return state.catalogue?.body.agents.find((agent) => agent.id === id) ?? state.retired.agents.get(id)?.definition
}

/** The queues a counter calls from: its own in order, then the retired ones it still drains. */
export function queueIdsOf(state: BranchState, counter: Counter): readonly QueueId[] {
  const draining = [...state.retired.queues.entries()]
    .filter(([, retired]) => retired.counterIds.includes(counter.id))
    .map(([queueId]) => queueId)
    // A restored state must call in the same order as the one it was carried from.
    .toSorted()
  return [...counter.queueIds.filter((queueId) => !draining.includes(queueId)), ...draining]
}

/** The counter a caller device holds; it holds one at most. */
export function counterHeldBy(state: BranchState, deviceId: DeviceId): readonly [CounterId, OpenCounter] | undefined {
  return state.openCounters.findEntry((open) => open.deviceId === deviceId)
}

/** 1 = next to be called; null when the ticket does not wait. */
export function positionOf(state: BranchState, ticket: Ticket): number | null {
  if (ticket.phase.status !== 'waiting') return null
  const { ticketId, queueId, place } = ticket.facts
  return rankInLine(lineOf(state, queueId), findQueue(state, queueId)?.algorithm ?? 'fifo', { ticketId, ...place }) + 1
}
