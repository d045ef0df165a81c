import type { Map as PersistentMap } from 'immutable'
import type { Agent, BranchMessage, Catalogue, Counter, Queue, Service } from './catalogue.ts'
import type {
  AgentId,
  BusinessDate,
  CounterId,
  DeviceId,
  Epoch,
  EpochMs,
  EventPlace,
  EventSeq,
  MessageId,
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
import { EMPTY_LINE, type Line, type LineEntry, waitingCountIn } from './line.ts'
import { inCallOrder, type LineRules, rankInLine } from './order-in-line.ts'
import { entryOf, type Ticket } from './ticket.ts'

/** A counter with somebody at it, bound to the caller device it was opened from. */
export interface OpenCounter {
  readonly agentId: AgentId
  readonly deviceId: DeviceId
  /** The one ticket called to it or served at it. */
  readonly ticketId: TicketId | null
  /** When this agent opened it. */
  readonly sinceSteadyMs: SteadyMs
  readonly onBreak: { readonly sinceSteadyMs: SteadyMs; readonly reason: ReasonId | null } | null
  /** Somebody learns here: it issues and calls training tickets alone, which count nowhere. */
  readonly isTraining: boolean
}

/** Who worked last at a caller device, and where: what that device may tell of afterwards. */
export interface LastHeld {
  readonly counterId: CounterId
  readonly agentId: AgentId
  readonly isTraining: boolean
  readonly sinceSteadyMs: SteadyMs
}

/** What a manager shows on every screen, and the minutes that go with it. */
export interface ShownMessage {
  readonly messageId: MessageId
  readonly minutes: number | null
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

/** Why an agent may not sign in: by whom, and which event says so. */
export interface Suspension extends EventPlace {
  readonly by: 'site' | 'cloud'
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
  /** The counter that each caller device holds, or held last. */
  readonly lastHeld: PersistentMap<DeviceId, LastHeld>
  /** Who steers the branch from which caller device, over the desk of whoever has a counter there; at one at most. */
  readonly managers: PersistentMap<DeviceId, AgentId>
  /** Who may not sign in, whatever the catalogue says. */
  readonly suspended: PersistentMap<AgentId, Suspension>
  readonly queueModes: PersistentMap<QueueId, QueueMode>
  /** Arrivals of those who were called ahead of somebody in the same queue who waits still, oldest first. */
  readonly passedArrivals: PersistentMap<QueueId, readonly number[]>
  /** A manager has stopped it for today: kiosks give no tickets, everybody who waits is served. */
  readonly isIntakeStopped: boolean
  readonly message: ShownMessage | null
  /** What an emergency covers, as an announced delay; it is shown again when the emergency is over. */
  readonly coveredMessage: ShownMessage | null
  /** The battery of the branch server runs low. */
  readonly isPowerLow: boolean
  /** When the waiting list was printed last on this business day, and by whom; null: it was not. */
  readonly sheet: (Moment & { readonly kioskId: DeviceId }) | null
}

/** The last ordinal that may be on paper in a series on the present day; 0 when none can be. */
export function lastOrdinalOf(state: BranchState, series: Series): number {
  const floor = state.numberFloor
  const given = state.lastOrdinal.get(series, 0)
  if (floor === null || state.day === null || state.day.date > floor.date) return given
  const listed = floor.ordinals.find(([name]) => name === series)?.[1]
  return Math.max(given, listed ?? floor.otherwise)
}

const OPEN: QueueMode = { isPaused: false, isClosed: false }

export const queueMode = (state: BranchState, queueId: QueueId): QueueMode => state.queueModes.get(queueId, OPEN)

export const lineOf = (state: BranchState, queueId: QueueId): Line => state.lines.get(queueId, EMPTY_LINE)

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
  if (state.retired.queues.size === 0) return counter.queueIds
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

/** The target of a service nobody knows any more: no wait is late. */
const NO_TARGET_MS = Number.MAX_SAFE_INTEGER

/** By what a queue orders those who wait in it. @param nowMs - on steady time: lateness and booked times change with it */
export function lineRulesOf(state: BranchState, queueId: QueueId, nowMs: number): LineRules {
  const queue = findQueue(state, queueId)
  const minutes = queue?.aging?.minutesPerPoint ?? null
  return {
    algorithm: queue?.algorithm ?? 'fifo',
    agingMsPerPoint: minutes === null ? null : minutes * 60_000,
    passedMax: queue?.aging?.passedMax ?? null,
    passedArrivals: state.passedArrivals.get(queueId, []),
    targetMsOf: (serviceId) => (findService(state, serviceId)?.slaSeconds ?? NO_TARGET_MS / 1_000) * 1_000,
    nowMs,
  }
}

/** How many wait in a queue, those kept for somebody among them; those in training do not count. */
export const waitingCountOf = (state: BranchState, queueId: QueueId): number => waitingCountIn(lineOf(state, queueId))

/** Everybody in a queue's line, in the order of its rules. @param nowMs - on steady time */
export const waitingIn = (
  state: BranchState,
  queueId: QueueId,
  nowMs: number = state.now.steadyMs,
): readonly LineEntry[] => inCallOrder(lineRulesOf(state, queueId, nowMs), lineOf(state, queueId))

/**
 * 1 = next to be called among those offered to the same counters; null when the ticket does not wait.
 * @param nowMs - on steady time
 */
export function positionOf(state: BranchState, ticket: Ticket, nowMs: number = state.now.steadyMs): number | null {
  if (ticket.phase.status !== 'waiting') return null
  const { queueId } = ticket.facts
  return rankInLine(lineRulesOf(state, queueId, nowMs), lineOf(state, queueId), entryOf(ticket.facts)) + 1
}

/** Everybody is told to leave, or to do as staff say. */
export const isEmergency = (state: BranchState): boolean => shownKind(state) === 'emergency'

/** What kind of message stands on every screen; null most days. */
export const shownKind = ({ catalogue, message }: BranchState): BranchMessage['kind'] | null =>
  catalogue?.body.messages.find(({ id }) => id === message?.messageId)?.kind ?? null

export const findMessage = (state: BranchState, messageId: MessageId): BranchMessage | undefined =>
  state.catalogue?.body.messages.find(({ id }) => id === messageId)
