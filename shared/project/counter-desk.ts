import { isManager } from '../domain/authority.ts'
import type { BranchMessage, Catalogue, Reason, Words } from '../domain/catalogue.ts'
import { breakReasonNamed, breakReasonsOf } from '../domain/catalogue-defaults.ts'
import { chooseNext, servedQueueIds } from '../domain/choose-next.ts'
import type {
  AgentId,
  BusinessDate,
  CounterId,
  DeviceId,
  EpochMs,
  OutcomeId,
  PriorityClassId,
  QueueId,
  ReasonId,
  ServiceId,
  SteadyMs,
} from '../domain/ids.ts'
import {
  type BranchState,
  counterHeldBy,
  findAgent,
  findCounter,
  findMessage,
  findQueue,
  isEmergency,
  queueMode,
  waitingCountOf,
} from '../domain/state.ts'
import {
  type CurrentTicket,
  currentTicket,
  type HeldTicket,
  heldTickets,
  type NoShowTicket,
  recentNoShows,
  type WaitingTicket,
  waitingTickets,
} from './desk-tickets.ts'
import { type FloorSeat, floorOf } from './floor.ts'

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
  /** Its agent may steer the whole branch. */
  readonly isManager: boolean
  readonly isTraining: boolean
  readonly onBreak: { readonly sinceSteadyMs: SteadyMs; readonly reasonName: Words | null } | null
  readonly current: CurrentTicket | null
  /** Every ticket of this counter's queues, in the order in which it would call them. */
  readonly waiting: readonly WaitingTicket[]
  /** Call-next would find somebody: waiting in a queue of this counter that is not paused. */
  readonly canCallNext: boolean
  readonly held: readonly HeldTicket[]
  readonly noShows: readonly NoShowTicket[]
}

/** A message on every screen now; `{minutes}` in its text stands for the minutes. */
export interface MessageOnShow {
  readonly message: BranchMessage
  readonly minutes: number | null
}

export interface DeskReason {
  readonly reasonId: ReasonId
  readonly name: Words
}

export interface DeskService {
  readonly serviceId: ServiceId
  readonly name: Words
  /** What follows it in a visit unless staff say otherwise. */
  readonly plan: readonly ServiceId[]
}

/** What one caller device shows. JSON as it is. */
/** Somebody of this branch. */
export interface DeskAgent {
  readonly agentId: AgentId
  readonly name: string
  readonly isManager: boolean
  /** Who has suspended her; null: she may sign in. */
  readonly suspendedBy: 'site' | 'cloud' | null
  /** A manager has added her here, and head office has not taken her over yet. */
  readonly isOfSite: boolean
}

export interface CounterDesk {
  readonly branch: Catalogue['branch'] | null
  readonly day: { readonly date: BusinessDate; readonly isClosed: boolean } | null
  /** Every counter and who is there. */
  readonly floor: readonly FloorSeat[]
  readonly agents: readonly DeskAgent[]
  readonly queues: readonly DeskQueue[]
  readonly services: readonly DeskService[]
  readonly priorities: readonly { readonly priorityId: PriorityClassId; readonly name: Words }[]
  /** Why a ticket is put on hold, and why an agent is away. */
  readonly reasons: readonly DeskReason[]
  readonly breakReasons: readonly DeskReason[]
  readonly outcomes: readonly { readonly outcomeId: OutcomeId; readonly name: Words }[]
  readonly messages: readonly BranchMessage[]
  readonly isIntakeStopped: boolean
  readonly onShow: MessageOnShow | null
  /** The battery of the branch server runs low. */
  readonly isPowerLow: boolean
  /** When the waiting list was last sent to a printer today; null: it was not. */
  readonly sheetAtMs: EpochMs | null
  /** A doubted clock opens no day until a manager has confirmed it; `yours-to-confirm`: one is signed in here. */
  readonly clock: 'sure' | 'doubted' | 'yours-to-confirm'
  /** The name of the manager whose pages lie open here, without a counter of her own; null when there is none. */
  readonly visitingManager: string | null
  /** null: nobody has signed in at a counter here. */
  readonly post: Post | null
}

const isManagerAtPost = (state: BranchState, agentId: AgentId, isTraining: boolean): boolean =>
  !isTraining && findAgent(state, agentId)?.role === 'manager'

const isManagerAt = (state: BranchState, deviceId: DeviceId): boolean => isManager(state, { kind: 'caller', deviceId })

function visitingManagerAt(state: BranchState, deviceId: DeviceId): string | null {
  const agentId = state.managers.get(deviceId)
  return agentId === undefined ? null : (findAgent(state, agentId)?.name ?? '')
}

function servedBy(state: BranchState, counterId: CounterId): readonly QueueId[] {
  const counter = findCounter(state, counterId)
  return counter === undefined ? [] : servedQueueIds(state, counter)
}

function breakOf(state: BranchState, deviceId: DeviceId): Post['onBreak'] {
  const onBreak = counterHeldBy(state, deviceId)?.[1].onBreak ?? null
  if (onBreak === null) return null
  const reason = breakReasonNamed(state.catalogue?.body, onBreak.reason)
  return { sinceSteadyMs: onBreak.sinceSteadyMs, reasonName: reason?.name ?? null }
}

function postOf(state: BranchState, deviceId: DeviceId): Post | null {
  const taken = counterHeldBy(state, deviceId)
  if (taken === undefined) return null
  const [counterId, open] = taken
  const queueIds = servedBy(state, counterId)
  const mine = new Set(queueIds)
  const seat = { counterId, open }
  return {
    counterId,
    counterName: findCounter(state, counterId)?.name ?? {},
    agentId: open.agentId,
    agentName: findAgent(state, open.agentId)?.name ?? '',
    isManager: isManagerAtPost(state, open.agentId, open.isTraining),
    isTraining: open.isTraining,
    onBreak: breakOf(state, deviceId),
    current: currentTicket(state, seat),
    waiting: waitingTickets(state, seat, queueIds),
    canCallNext: open.onBreak === null && !isEmergency(state) && chooseNext(state, counterId, state.now.steadyMs).ok,
    held: heldTickets(state, mine, seat),
    noShows: recentNoShows(state, mine, seat),
  }
}

function deskQueues(state: BranchState, deviceId: DeviceId): readonly DeskQueue[] {
  const counterId = counterHeldBy(state, deviceId)?.[0]
  const mine = new Set(counterId === undefined ? [] : servedBy(state, counterId))
  const ids = new Set([...(state.catalogue?.body.queues ?? []).map((queue) => queue.id), ...mine])
  return [...ids].map((queueId) => ({
    queueId,
    name: findQueue(state, queueId)?.name ?? {},
    waitingCount: waitingCountOf(state, queueId),
    ...queueMode(state, queueId),
    isMine: mine.has(queueId),
  }))
}

function onShowOf(state: BranchState): MessageOnShow | null {
  const message = state.message === null ? undefined : findMessage(state, state.message.messageId)
  return message === undefined ? null : { message, minutes: state.message?.minutes ?? null }
}

const deskReasons = (reasons: readonly Reason[]): readonly DeskReason[] =>
  reasons.map(({ id, name }) => ({ reasonId: id, name }))

/** The branch as one caller device needs it. */
export function counterDesk(state: BranchState, deviceId: DeviceId): CounterDesk {
  const catalogue = state.catalogue?.body
  return {
    branch: catalogue?.branch ?? null,
    day: state.day === null ? null : { date: state.day.date, isClosed: state.day.isClosed },
    floor: floorOf(state, deviceId),
    agents: (catalogue?.agents ?? []).map(({ id, name, role, addedOnSite }) => ({
      agentId: id,
      name,
      isManager: role === 'manager',
      suspendedBy: state.suspended.get(id)?.by ?? null,
      isOfSite: addedOnSite === true,
    })),
    queues: deskQueues(state, deviceId),
    services: (catalogue?.services ?? []).map(({ id, name, plan }) => ({ serviceId: id, name, plan })),
    priorities: (catalogue?.priorityClasses ?? []).map(({ id, name }) => ({ priorityId: id, name })),
    reasons: deskReasons(catalogue?.reasons ?? []),
    breakReasons: deskReasons(breakReasonsOf(catalogue)),
    outcomes: (catalogue?.outcomes ?? []).map(({ id, name }) => ({ outcomeId: id, name })),
    messages: catalogue?.messages ?? [],
    isIntakeStopped: state.isIntakeStopped,
    onShow: onShowOf(state),
    isPowerLow: state.isPowerLow,
    sheetAtMs: state.sheet?.atMs ?? null,
    clock: !state.clock.isDoubted ? 'sure' : isManagerAt(state, deviceId) ? 'yours-to-confirm' : 'doubted',
    visitingManager: visitingManagerAt(state, deviceId),
    post: postOf(state, deviceId),
  }
}
