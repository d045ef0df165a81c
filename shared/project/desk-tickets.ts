import type { CallRule } from '../domain/call-reason.ts'
import type { Words } from '../domain/catalogue.ts'
import { callOrder, mayPick } from '../domain/choose-next.ts'
import type { CounterId, EpochMs, QueueId, SteadyMs, TicketId, TicketNumber } from '../domain/ids.ts'
import type { Reservation } from '../domain/line.ts'
import {
  type BranchState,
  findAgent,
  findCounter,
  findService,
  type OpenCounter,
  queueMode,
  waitingIn,
} from '../domain/state.ts'
import { entryOf, type Ticket, type TicketFacts } from '../domain/ticket.ts'

/** Until the catalogue has a target of its own for the time in service. */
export const SERVICE_TARGET_MS = 10 * 60_000
const NO_SHOWS_MAX = 6
/** More than anybody reads; the count of those waiting is told beside it. */
const WAITING_MAX = 200

/** Somebody a ticket is kept for, as seen from one counter. */
export interface KeptFor {
  readonly isMine: boolean
  readonly name: Words
}

export interface DeskTicket {
  readonly ticketId: TicketId
  readonly number: TicketNumber
  readonly queueId: QueueId
  readonly serviceName: Words
  /** Its wait counts from here, on the branch's steady time: the arrival, or the entering of a further service's line. */
  readonly waitsSinceSteadyMs: SteadyMs
  /** Target for the wait. */
  readonly waitTargetMs: number
  /** Somebody staff should be attentive to; the class itself is in priorityName. */
  readonly isPriority: boolean
  readonly priorityName: Words | null
  readonly keptFor: KeptFor | null
  /** null for a visit of one service. */
  readonly visit: Visit | null
}

/** Where a visit of several services stands. */
export interface Visit {
  /** 1 = the first. */
  readonly step: number
  readonly count: number
  /** The services that follow, the next one first. */
  readonly following: readonly Words[]
}

export interface WaitingTicket extends DeskTicket {
  /** Its agent may call it by hand; not while its queue is paused, nor when it is kept for somebody else. */
  readonly canCall: boolean
}

/** Why the ticket was called, and who would have been else. */
export interface Why {
  readonly rule: CallRule
  readonly runnerUp: TicketNumber | null
}

/** The one ticket at the counter. */
export interface CurrentTicket extends DeskTicket {
  readonly status: 'called' | 'serving'
  /** From issue to first call; in a further service of a visit from entering its line, as its target is meant. */
  readonly waitMs: number
  readonly calledAtMs: EpochMs
  /** Time in service before `servingSinceSteadyMs`; null there while the customer has not come yet. */
  readonly serviceMs: number
  readonly servingSinceSteadyMs: SteadyMs | null
  readonly serviceTargetMs: number
  readonly recallCount: number
  readonly recallMax: number
  readonly canRecall: boolean
  readonly why: Why | null
}

export interface HeldTicket extends DeskTicket {
  readonly reasonName: Words | null
  readonly serviceMs: number
  /** Since when it is on hold; null where an earlier version did not keep it. */
  readonly heldSinceSteadyMs: SteadyMs | null
}

export interface NoShowTicket extends DeskTicket {
  readonly finishedSteadyMs: SteadyMs
}

/** The counter from which tickets are seen. */
export interface Seat {
  readonly counterId: CounterId
  readonly open: OpenCounter
}

/** A person is called the same in every language. */
const personName = (name: string): Words => ({ fr: name, en: name, ar: name })

function keptFor(state: BranchState, reservedFor: Reservation | null, seat: Seat): KeptFor | null {
  if (reservedFor === null) return null
  if (reservedFor.kind === 'agent') {
    const { agentId } = reservedFor
    return { isMine: agentId === seat.open.agentId, name: personName(findAgent(state, agentId)?.name ?? '') }
  }
  const { counterId } = reservedFor
  return { isMine: counterId === seat.counterId, name: findCounter(state, counterId)?.name ?? {} }
}

function visitOf(state: BranchState, { legs, plan }: TicketFacts): Visit | null {
  // What is offered no more is left out when its turn comes.
  const following = plan.flatMap((serviceId) => findService(state, serviceId)?.name ?? [])
  const step = legs.length + 1
  return step === 1 && following.length === 0 ? null : { step, count: step + following.length, following }
}

const isFurtherService = ({ legs }: TicketFacts): boolean => legs.length > 0

/** Beside the target of the present service only the time in its own line means anything. */
export const waitsSince = (facts: TicketFacts): SteadyMs =>
  isFurtherService(facts) ? (facts.enteredSteadyMs ?? facts.arrivedSteadyMs) : facts.arrivedSteadyMs

function deskTicket(state: BranchState, { facts }: Ticket, seat: Seat): DeskTicket {
  const service = findService(state, facts.serviceId)
  const priority = state.catalogue?.body.priorityClasses.find((candidate) => candidate.id === facts.priority)
  return {
    ticketId: facts.ticketId,
    number: facts.number,
    queueId: facts.queueId,
    serviceName: service?.name ?? {},
    waitsSinceSteadyMs: waitsSince(facts),
    waitTargetMs: (service?.slaSeconds ?? 0) * 1_000,
    isPriority: facts.priorityValue > 0,
    priorityName: priority?.name ?? null,
    keptFor: keptFor(state, facts.place.reservedFor, seat),
    visit: visitOf(state, facts),
  }
}

function whyOf(state: BranchState, { lastWhy }: TicketFacts): Why | null {
  // A ticket that an earlier version carried over a new epoch has no word of it.
  if (lastWhy == null) return null
  const { rule, runnerUp } = lastWhy
  return { rule, runnerUp: runnerUp === null ? null : (state.tickets.get(runnerUp)?.facts.number ?? null) }
}

export function currentTicket(state: BranchState, seat: Seat): CurrentTicket | null {
  const { ticketId } = seat.open
  const ticket = ticketId === null ? undefined : state.tickets.get(ticketId)
  if (ticket === undefined) return null
  const { facts, phase } = ticket
  if (phase.status !== 'called' && phase.status !== 'serving') return null
  const recallMax = state.catalogue?.body.branch.recallMax ?? 0
  return {
    ...deskTicket(state, ticket, seat),
    status: phase.status,
    waitMs: (isFurtherService(facts) ? facts.legWaitMs : facts.waitMs) ?? 0,
    calledAtMs: facts.calledAtMs ?? facts.issuedAtMs,
    serviceMs: facts.serviceMs,
    servingSinceSteadyMs: phase.status === 'serving' ? phase.sinceSteadyMs : null,
    serviceTargetMs: SERVICE_TARGET_MS,
    recallCount: facts.recallCount,
    recallMax,
    canRecall: phase.status === 'called' && facts.recallCount < recallMax,
    why: whyOf(state, facts),
  }
}

/** Whom this counter would call, one after the other; then those it may not call now, as of paused queues. */
export function waitingTickets(state: BranchState, seat: Seat, queueIds: readonly QueueId[]): readonly WaitingTicket[] {
  const { counterId, open } = seat
  const callable = callOrder(state, counterId, state.now.steadyMs, WAITING_MAX)
  const listed = new Set(callable)
  const others = queueIds
    .flatMap((queueId) => waitingIn(state, queueId))
    .filter(({ ticketId, isTraining }) => isTraining === open.isTraining && !listed.has(ticketId))
  return [...callable, ...others.map(({ ticketId }) => ticketId)].slice(0, WAITING_MAX).flatMap((ticketId) => {
    const ticket = state.tickets.get(ticketId)
    if (ticket === undefined) return []
    const { isPaused } = queueMode(state, ticket.facts.queueId)
    return [
      { ...deskTicket(state, ticket, seat), canCall: !isPaused && mayPick(state, counterId, entryOf(ticket.facts)) },
    ]
  })
}

export function heldTickets(state: BranchState, queueIds: ReadonlySet<QueueId>, seat: Seat): readonly HeldTicket[] {
  const held: HeldTicket[] = []
  for (const ticket of state.tickets.values()) {
    const { facts, phase } = ticket
    if (phase.status !== 'held' || facts.isTraining !== seat.open.isTraining) continue
    if (phase.counterId !== seat.counterId && !queueIds.has(facts.queueId)) continue
    const reason = state.catalogue?.body.reasons.find((candidate) => candidate.id === phase.reason)
    held.push({
      ...deskTicket(state, ticket, seat),
      reasonName: reason?.name ?? null,
      serviceMs: facts.serviceMs,
      heldSinceSteadyMs: phase.sinceSteadyMs ?? null,
    })
  }
  return held.sort((a, b) => a.waitsSinceSteadyMs - b.waitsSinceSteadyMs)
}

/** Those who may still come back: recent, of today, not reinstated before. Newest first. */
export function recentNoShows(state: BranchState, queueIds: ReadonlySet<QueueId>, seat: Seat): readonly NoShowTicket[] {
  const reinstateMs = (state.catalogue?.body.branch.reinstateMinutes ?? 0) * 60_000
  const gone: NoShowTicket[] = []
  for (const ticket of state.tickets.values()) {
    const { facts, phase } = ticket
    if (phase.status !== 'no_show' || facts.isReinstated || !queueIds.has(facts.queueId)) continue
    if (facts.isTraining !== seat.open.isTraining) continue
    if (facts.businessDate !== state.day?.date || state.now.steadyMs - phase.finishedSteadyMs > reinstateMs) continue
    gone.push({ ...deskTicket(state, ticket, seat), finishedSteadyMs: phase.finishedSteadyMs })
  }
  return gone.sort((a, b) => b.finishedSteadyMs - a.finishedSteadyMs).slice(0, NO_SHOWS_MAX)
}
