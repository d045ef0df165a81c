import { isManager } from '../domain/authority.ts'
import type { Catalogue, Words } from '../domain/catalogue.ts'
import { callOrder, chooseNext } from '../domain/choose-next.ts'
import type {
  AgentId,
  CounterId,
  DeviceId,
  EpochMs,
  PriorityClassId,
  QueueId,
  ReasonId,
  ServiceId,
  SteadyMs,
  TicketId,
  TicketNumber,
} from '../domain/ids.ts'
import {
  type BranchState,
  counterHeldBy,
  findAgent,
  findCounter,
  findQueue,
  findService,
  queueIdsOf,
  queueMode,
  waitingCountOf,
  waitingIn,
} from '../domain/state.ts'
import type { Ticket } from '../domain/ticket.ts'

/** Until the catalogue has a target of its own for the time in service. */
export const SERVICE_TARGET_MS = 10 * 60_000
export const NO_SHOWS_MAX = 6
/** More than anybody reads; the count of those waiting is told beside it. */
export const WAITING_MAX = 200

export interface DeskTicket {
  readonly ticketId: TicketId
  readonly number: TicketNumber
  readonly queueId: QueueId
  readonly serviceName: Words
  /** Waits count from here, on the branch's steady time. */
  readonly arrivedSteadyMs: SteadyMs
  /** Target for the wait. */
  readonly waitTargetMs: number
  /** Somebody staff should be attentive to; the class itself is in priorityName. */
  readonly isPriority: boolean
  readonly priorityName: Words | null
}

/** The one ticket at the counter. */
export interface CurrentTicket extends DeskTicket {
  readonly status: 'called' | 'serving'
  /** From issue to first call, by the branch's labels. */
  readonly waitMs: number
  readonly calledAtMs: EpochMs
  /** Time in service before `servingSinceSteadyMs`; null there while the customer has not come yet. */
  readonly serviceMs: number
  readonly servingSinceSteadyMs: SteadyMs | null
  readonly serviceTargetMs: number
  readonly recallCount: number
  readonly canRecall: boolean
}

export interface HeldTicket extends DeskTicket {
  readonly reasonName: Words | null
  readonly serviceMs: number
}

export interface NoShowTicket extends DeskTicket {
  readonly finishedSteadyMs: SteadyMs
}

export interface DeskQueue {
  readonly queueId: QueueId
  readonly name: Words
  readonly waitingCount: number
  readonly isPaused: boolean
  readonly isClosed: boolean
  /** This counter calls from it. */
  readonly isMine: boolean
}

/** The counter this device holds, and all its agent needs. */
export interface Post {
  readonly counterId: CounterId
  readonly counterName: Words
  readonly agentId: AgentId
  readonly agentName: string
  readonly current: CurrentTicket | null
  /** Every ticket of this counter's queues, in the order in which it would call them. */
  readonly waiting: readonly DeskTicket[]
  /** Call-next would find somebody: waiting in a queue of this counter that is not paused. */
  readonly canCallNext: boolean
  readonly held: readonly HeldTicket[]
  readonly noShows: readonly NoShowTicket[]
}

/** What one caller device shows. JSON as it is. */
export interface CounterDesk {
  readonly branch: Catalogue['branch'] | null
  readonly counters: readonly { readonly counterId: CounterId; readonly name: Words; readonly takenBy: string | null }[]
  readonly agents: readonly { readonly agentId: AgentId; readonly name: string }[]
  readonly queues: readonly DeskQueue[]
  readonly services: readonly { readonly serviceId: ServiceId; readonly name: Words }[]
  readonly priorities: readonly { readonly priorityId: PriorityClassId; readonly name: Words }[]
  readonly reasons: readonly { readonly reasonId: ReasonId; readonly name: Words }[]
  /** How long after a no-show the ticket may come back. */
  readonly reinstateMs: number
  /** A doubted clock opens no day until a manager has confirmed it; `yours-to-confirm`: one is signed in here. */
  readonly clock: 'sure' | 'doubted' | 'yours-to-confirm'
  /** null: nobody has signed in here. */
  readonly post: Post | null
}

function deskTicket(state: BranchState, { facts }: Ticket): DeskTicket {
  const service = findService(state, facts.serviceId)
  const priority = state.catalogue?.body.priorityClasses.find((candidate) => candidate.id === facts.priority)
  return {
    ticketId: facts.ticketId,
    number: facts.number,
    queueId: facts.queueId,
    serviceName: service?.name ?? {},
    arrivedSteadyMs: facts.arrivedSteadyMs,
    waitTargetMs: (service?.slaSeconds ?? 0) * 1_000,
    isPriority: facts.priorityValue > 0,
    priorityName: priority?.name ?? null,
  }
}

function currentTicket(state: BranchState, ticketId: TicketId | null): CurrentTicket | null {
  const ticket = ticketId === null ? undefined : state.tickets.get(ticketId)
  if (ticket === undefined) return null
  const { facts, phase } = ticket
  if (phase.status !== 'called' && phase.status !== 'serving') return null
  const calledAtMs = facts.calledAtMs ?? facts.issuedAtMs
  return {
    ...deskTicket(state, ticket),
    status: phase.status,
    waitMs: facts.waitMs ?? 0,
    calledAtMs,
    serviceMs: facts.serviceMs,
    servingSinceSteadyMs: phase.status === 'serving' ? phase.sinceSteadyMs : null,
    serviceTargetMs: SERVICE_TARGET_MS,
    recallCount: facts.recallCount,
    canRecall: phase.status === 'called' && facts.recallCount < (state.catalogue?.body.branch.recallMax ?? 0),
  }
}

/** Whom this counter would call, one after the other; then those it may not call now, as of paused queues. */
function waitingTickets(state: BranchState, counterId: CounterId, queueIds: readonly QueueId[]): readonly DeskTicket[] {
  const callable = callOrder(state, counterId, state.now.steadyMs, WAITING_MAX)
  const listed = new Set(callable)
  const others = queueIds
    .flatMap((queueId) => waitingIn(state, queueId))
    .filter(({ ticketId, isTraining }) => !isTraining && !listed.has(ticketId))
  return [...callable, ...others.map(({ ticketId }) => ticketId)].slice(0, WAITING_MAX).flatMap((ticketId) => {
    const ticket = state.tickets.get(ticketId)
    return ticket === undefined ? [] : [deskTicket(state, ticket)]
  })
}

function heldTickets(state: BranchState, queueIds: ReadonlySet<QueueId>, counterId: CounterId): readonly HeldTicket[] {
  const held: HeldTicket[] = []
  for (const ticket of state.tickets.values()) {
    const { facts, phase } = ticket
    if (phase.status !== 'held' || (phase.counterId !== counterId && !queueIds.has(facts.queueId))) continue
    const reason = state.catalogue?.body.reasons.find((candidate) => candidate.id === phase.reason)
    held.push({ ...deskTicket(state, ticket), reasonName: reason?.name ?? null, serviceMs: facts.serviceMs })
  }
  return held.sort((a, b) => a.arrivedSteadyMs - b.arrivedSteadyMs)
}

/** Those who may still come back: recent, of today, not reinstated before. Newest first. */
function recentNoShows(state: BranchState, queueIds: ReadonlySet<QueueId>, reinstateMs: number): NoShowTicket[] {
  const gone: NoShowTicket[] = []
  for (const ticket of state.tickets.values()) {
    const { facts, phase } = ticket
    if (phase.status !== 'no_show' || facts.isReinstated || !queueIds.has(facts.queueId)) continue
    if (facts.businessDate !== state.day?.date || state.now.steadyMs - phase.finishedSteadyMs > reinstateMs) continue
    gone.push({ ...deskTicket(state, ticket), finishedSteadyMs: phase.finishedSteadyMs })
  }
  return gone.sort((a, b) => b.finishedSteadyMs - a.finishedSteadyMs).slice(0, NO_SHOWS_MAX)
}

function postOf(state: BranchState, deviceId: DeviceId, reinstateMs: number): Post | null {
  const held = counterHeldBy(state, deviceId)
  if (held === undefined) return null
  const [counterId, open] = held
  const counter = findCounter(state, counterId)
  const queueIds = counter === undefined ? [] : queueIdsOf(state, counter)
  const mine = new Set(queueIds)
  return {
    counterId,
    counterName: counter?.name ?? {},
    agentId: open.agentId,
    agentName: findAgent(state, open.agentId)?.name ?? '',
    current: currentTicket(state, open.ticketId),
    waiting: waitingTickets(state, counterId, queueIds),
    canCallNext: open.onBreak === null && chooseNext(state, counterId, state.now.steadyMs).ok,
    held: heldTickets(state, mine, counterId),
    noShows: recentNoShows(state, mine, reinstateMs),
  }
}

function deskQueues(state: BranchState, deviceId: DeviceId): readonly DeskQueue[] {
  const counterId = counterHeldBy(state, deviceId)?.[0]
  const counter = counterId === undefined ? undefined : findCounter(state, counterId)
  const mine = new Set(counter === undefined ? [] : queueIdsOf(state, counter))
  const ids = new Set([...(state.catalogue?.body.queues ?? []).map((queue) => queue.id), ...mine])
  return [...ids].map((queueId) => ({
    queueId,
    name: findQueue(state, queueId)?.name ?? {},
    waitingCount: waitingCountOf(state, queueId),
    ...queueMode(state, queueId),
    isMine: mine.has(queueId),
  }))
}

/** The branch as one caller device needs it. */
const isManagerAt = (state: BranchState, deviceId: DeviceId): boolean => isManager(state, { kind: 'caller', deviceId })

export function counterDesk(state: BranchState, deviceId: DeviceId): CounterDesk {
  const catalogue = state.catalogue?.body
  const reinstateMs = (catalogue?.branch.reinstateMinutes ?? 0) * 60_000
  const nameOfHolder = (counterId: CounterId): string | null => {
    const open = state.openCounters.get(counterId)
    return open === undefined ? null : (findAgent(state, open.agentId)?.name ?? null)
  }
  return {
    branch: catalogue?.branch ?? null,
    counters: (catalogue?.counters ?? []).map(({ id, name }) => ({ counterId: id, name, takenBy: nameOfHolder(id) })),
    agents: (catalogue?.agents ?? []).map(({ id, name }) => ({ agentId: id, name })),
    queues: deskQueues(state, deviceId),
    services: (catalogue?.services ?? []).map(({ id, name }) => ({ serviceId: id, name })),
    priorities: (catalogue?.priorityClasses ?? []).map(({ id, name }) => ({ priorityId: id, name })),
    reasons: (catalogue?.reasons ?? []).map(({ id, name }) => ({ reasonId: id, name })),
    reinstateMs,
    clock: !state.clock.isDoubted ? 'sure' : isManagerAt(state, deviceId) ? 'yours-to-confirm' : 'doubted',
    post: postOf(state, deviceId, reinstateMs),
  }
}
