import type { TicketLogEvent } from '../domain/evolve-ticket.ts'
import { unreachable } from '../domain/result.ts'

/** `moved`: the ticket went on from here, to another line, another counter, or back to its own line. */
export type PassEnd = 'open' | 'moved' | 'completed' | 'no_show' | 'cancelled' | 'abandoned'

/**
 * One stretch of a ticket's way: in one line, and from its call on at one counter with one agent. A queue's, a counter's
 * and an agent's figures are counted from these, so that whoever served first is not forgotten when somebody else ends it.
 */
export interface Pass {
  /** A further service of the visit's plan; null for the one the ticket was issued for. */
  readonly serviceId: string | null
  readonly queueId: string
  /** null while it waits. */
  readonly counterId: string | null
  readonly agentId: string | null
  /** Time in this line before its first call; null for a further call of the same stay, and where nobody can know. */
  readonly waitMs: number | null
  /** What that wait was to be, as the service promised then; null where it is not known. */
  readonly targetMs: number | null
  /** Issue to first start, where that start was in this pass. */
  readonly toServiceMs: number | null
  /** Time in service in this pass, holds left out; complete once the pass has ended. */
  readonly serviceMs: number
  readonly end: PassEnd
  /** The first of a stay in this line. Whoever was called, and went back to the line, has not come again. */
  readonly isEntry: boolean
}

/** `abandoned`: the customer, or the day, gave up waiting. `superseded`: nobody ever held this paper. */
export type Ending = 'abandoned' | 'superseded'

/** What figures need of a ticket, and its last state does not tell. */
export interface Way {
  readonly passes: readonly Pass[]
  /** Issue to first start, on steady time; null until then, and where nobody knows when the customer came. */
  readonly toServiceMs: number | null
  readonly ending: Ending | null
}

export const NO_WAY: Way = { passes: [], toServiceMs: null, ending: null }

const waitingIn = (serviceId: string | null, queueId: string, isEntry: boolean): Pass => ({
  serviceId,
  queueId,
  counterId: null,
  agentId: null,
  waitMs: null,
  targetMs: null,
  toServiceMs: null,
  serviceMs: 0,
  end: 'open',
  isEntry,
})

const changeLast = (way: Way, last: Pass, change: Partial<Pass>): Way => ({
  ...way,
  passes: [...way.passes.slice(0, -1), { ...last, ...change }],
})

const push = (way: Way, pass: Pass): Way => ({ ...way, passes: [...way.passes, pass] })

/** Time in the present service up to now, less what its earlier passes have had of it. */
function servedIn({ passes }: Way, serviceMs: number): number {
  const present = passes.slice(passes.findLastIndex(({ end }) => end === 'completed') + 1, -1)
  return Math.max(0, serviceMs - present.reduce((sum, pass) => sum + pass.serviceMs, 0))
}

function called(way: Way, last: Pass, event: Extract<TicketLogEvent, { type: 'TicketCalled' }>, ground: Ground): Way {
  const { counterId, agentId } = event
  // Events of the version before know no wait of the leg; the first one is that of the ticket.
  const waitMs = event.legWaitMs ?? event.waitMs
  const targetMs = waitMs === null ? null : ground.targetMsOf(last.serviceId)
  return changeLast(way, last, { counterId, agentId, waitMs, targetMs })
}

function cancelled(way: Way, last: Pass, reason: 'staff' | 'customer' | 'day-closed' | 'superseded'): Way {
  if (reason === 'superseded') return { ...changeLast(way, last, { end: 'cancelled' }), ending: 'superseded' }
  const gaveUp = last.counterId === null && reason !== 'staff'
  return gaveUp
    ? { ...changeLast(way, last, { end: 'abandoned' }), ending: 'abandoned' }
    : changeLast(way, last, { end: 'cancelled' })
}

/**
 * Entered later: whoever served is told where it was noted, the wait stays unknown. It stands in for what the branch made
 * of the ticket while nobody told it: a call after that, or the end of the day.
 */
function recorded(way: Way, last: Pass, event: Extract<TicketLogEvent, { type: 'TicketRecorded' }>): Way {
  const { status, counterId, agentId, next } = event
  const isGivenUp = status === 'cancelled' && last.counterId === null
  const at = counterId === null ? {} : { counterId, agentId }
  const ended = { ...at, serviceMs: servedIn(way, event.serviceMs), end: isGivenUp ? 'abandoned' : status } as const
  const done: Way = { ...changeLast(way, last, ended), ending: isGivenUp ? 'abandoned' : null }
  return next === null ? done : push(done, waitingIn(next.toServiceId, next.toQueueId, true))
}

/** What an event does not tell of its ticket. */
export interface Ground {
  /** When the customer came; null where nobody knows. */
  readonly arrivedSteadyMs: number | null
  /** Where the ticket is now, for one whose way was not followed from its beginning. */
  readonly queueId: string
  /** What a service promises now; null stands for the one the ticket was issued for, as in a pass. */
  readonly targetMsOf: (serviceId: string | null) => number | null
}

/** Follows a ticket by one event. */
export function followTicket(before: Way, event: TicketLogEvent, ground: Ground): Way {
  if (event.type === 'TicketIssued' || event.type === 'TicketAdopted')
    return { ...NO_WAY, passes: [waitingIn(null, event.queueId, true)] }
  const last = before.passes.at(-1) ?? waitingIn(null, ground.queueId, true)
  const way = before.passes.length === 0 ? push(before, last) : before
  switch (event.type) {
    case 'TicketCalled':
      return called(way, last, event, ground)
    case 'TicketRecalled':
    case 'ReservationLapsed':
      return way
    case 'ServiceStarted': {
      const { arrivedSteadyMs } = ground
      if (way.toServiceMs !== null || arrivedSteadyMs === null) return way
      const toServiceMs = Math.max(0, event.steadyMs - arrivedSteadyMs)
      return { ...changeLast(way, last, { toServiceMs }), toServiceMs }
    }
    case 'TicketResumed': {
      const { counterId, agentId } = event
      if (counterId === last.counterId && agentId === last.agentId) return way
      const going = { ...waitingIn(last.serviceId, last.queueId, false), counterId, agentId }
      return push(changeLast(way, last, { end: 'moved' }), going)
    }
    case 'TicketHeld':
      return changeLast(way, last, { serviceMs: servedIn(way, event.serviceMs) })
    case 'TicketReturned':
    case 'TicketReinstated':
      return push(changeLast(way, last, { end: 'moved' }), waitingIn(last.serviceId, event.queueId, false))
    case 'TicketTransferred': {
      const left = changeLast(way, last, { serviceMs: servedIn(way, event.serviceMs), end: 'moved' })
      // Kept for a counter or an agent in its own line, it has not come again.
      return push(left, waitingIn(last.serviceId, event.toQueueId, event.toQueueId !== event.fromQueueId))
    }
    case 'LegCompleted': {
      const done = changeLast(way, last, { serviceMs: servedIn(way, event.serviceMs), end: 'completed' })
      return push(done, waitingIn(event.toServiceId, event.toQueueId, true))
    }
    case 'TicketCompleted':
      return changeLast(way, last, { serviceMs: servedIn(way, event.serviceMs), end: 'completed' })
    case 'TicketNoShow':
      return changeLast(way, last, { end: 'no_show' })
    case 'TicketCancelled':
      return cancelled(way, last, event.reason)
    case 'TicketRecorded':
      return recorded(way, last, event)
    default:
      return unreachable(event)
  }
}

type Packed = readonly [
  ...[string, string | null, string | null, number | null, number | null, number | null, number, PassEnd],
  ...[isEntry: 0 | 1, serviceId?: string],
]

/** Without the names of its parts: most rows of a branch's history are this text. */
export const packPasses = (passes: readonly Pass[]): string =>
  JSON.stringify(
    passes.map((pass): Packed => {
      const { serviceId, queueId, counterId, agentId, waitMs, targetMs, toServiceMs, serviceMs, end, isEntry } = pass
      return [
        ...([queueId, counterId, agentId, waitMs, targetMs, toServiceMs, serviceMs, end, isEntry ? 1 : 0] as const),
        ...(serviceId === null ? ([] as const) : ([serviceId] as const)),
      ]
    }),
  )

/** @param text - null for a ticket of a version that did not follow its way */
export const unpackPasses = (text: string | null): readonly Pass[] =>
  text === null
    ? []
    : (JSON.parse(text) as readonly Packed[]).map(
        ([queueId, counterId, agentId, waitMs, targetMs, toServiceMs, serviceMs, end, isEntry, serviceId = null]) => ({
          ...{ serviceId, queueId, counterId, agentId, waitMs, targetMs, toServiceMs, serviceMs, end },
          isEntry: isEntry === 1,
        }),
      )
