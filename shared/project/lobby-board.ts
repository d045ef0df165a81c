import type { BranchSettings, Words } from '../domain/catalogue.ts'
import type { CounterId, Epoch, EpochMs, EventSeq, QueueId, TicketId, TicketNumber } from '../domain/ids.ts'
import { type BranchState, findCounter, queueMode, waitingCountOf } from '../domain/state.ts'
import type { Ticket } from '../domain/ticket.ts'
import { type ShownMessageText, shownMessage } from './shown-message.ts'

/** A whole rush: each counter of a large branch calls at once, and every number must be seen. */
export const LAST_CALLS_MAX = 24

/** A call as the lobby may know it: an order, never why. */
export interface LobbyCall {
  readonly ticketId: TicketId
  readonly number: TicketNumber
  readonly counterId: CounterId
  readonly counterName: Words
  /** The first call: a label for people. */
  readonly calledAtMs: EpochMs
  readonly recallCount: number
  /** The customer has not come to the counter yet. */
  readonly isPending: boolean
}

export interface LobbyQueue {
  readonly queueId: QueueId
  readonly name: Words
  readonly waitingCount: number
  readonly isPaused: boolean
  readonly isClosed: boolean
}

/** What the lobby shows, and the place in the log it is true at. JSON as it is. */
export interface LobbyBoard {
  readonly epoch: Epoch | null
  readonly seq: EventSeq
  readonly atMs: EpochMs
  /** null until the branch has a catalogue. */
  readonly branch: Pick<BranchSettings, 'name' | 'timezone' | 'languages' | 'defaultLanguage'> | null
  /** The latest calls and recalls, newest first, at most LAST_CALLS_MAX. */
  readonly calls: readonly LobbyCall[]
  readonly queues: readonly LobbyQueue[]
  readonly waitingCount: number
  readonly isDayClosed: boolean
  /** No more tickets are given today; everybody who waits is served. */
  readonly isIntakeStopped: boolean
  /** What a manager shows on every screen; null most days. */
  readonly message: ShownMessageText | null
}

/** @returns null for a ticket that waits, was never called, or was cancelled */
function lobbyCall(state: BranchState, ticket: Ticket): LobbyCall | null {
  const { facts, phase } = ticket
  if (facts.isTraining) return null
  if (phase.status === 'waiting' || phase.status === 'cancelled') return null
  if (phase.counterId === null || facts.calledAtMs === null) return null
  return {
    ticketId: facts.ticketId,
    number: facts.number,
    counterId: phase.counterId,
    counterName: findCounter(state, phase.counterId)?.name ?? {},
    calledAtMs: facts.calledAtMs,
    recallCount: facts.recallCount,
    isPending: phase.status === 'called',
  }
}

/** The latest call or recall first, on steady time. */
function latestCalls(state: BranchState, isShown: (queueId: QueueId) => boolean): readonly LobbyCall[] {
  const calls: { readonly call: LobbyCall; readonly steadyMs: number }[] = []
  for (const ticket of state.tickets.values()) {
    const call = isShown(ticket.facts.queueId) ? lobbyCall(state, ticket) : null
    if (call !== null) calls.push({ call, steadyMs: ticket.facts.lastCalledSteadyMs ?? 0 })
  }
  return calls
    .sort((a, b) => b.steadyMs - a.steadyMs || (a.call.ticketId < b.call.ticketId ? 1 : -1))
    .slice(0, LAST_CALLS_MAX)
    .map(({ call }) => call)
}

function lobbyQueues(state: BranchState, isShown: (queueId: QueueId) => boolean): readonly LobbyQueue[] {
  const queues = (state.catalogue?.body.queues ?? []).filter(({ id }) => isShown(id))
  return queues.map((queue) => ({
    queueId: queue.id,
    name: queue.name,
    waitingCount: waitingCountOf(state, queue.id),
    ...queueMode(state, queue.id),
  }))
}

/**
 * The lobby's view of a branch. Holds no priority, no agent and no service: only numbers, counters and counts.
 * @param queueIds - whose calls and counts; null: every queue's
 */
export function lobbyBoard(state: BranchState, queueIds: readonly QueueId[] | null = null): LobbyBoard {
  const isShown = (queueId: QueueId): boolean => queueIds === null || queueIds.includes(queueId)
  const branch = state.catalogue?.body.branch
  const queues = lobbyQueues(state, isShown)
  return {
    epoch: state.epoch,
    seq: state.seq,
    atMs: state.now.atMs,
    branch:
      branch === undefined
        ? null
        : {
            name: branch.name,
            timezone: branch.timezone,
            languages: branch.languages,
            defaultLanguage: branch.defaultLanguage,
          },
    calls: latestCalls(state, isShown),
    queues,
    waitingCount: queues.reduce((sum, queue) => sum + queue.waitingCount, 0),
    isDayClosed: state.day?.isClosed ?? false,
    isIntakeStopped: state.isIntakeStopped,
    message: shownMessage(state),
  }
}
