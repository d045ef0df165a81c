import type { LogEvent } from '../domain/events.ts'
import type { TicketId } from '../domain/ids.ts'
import type { BranchState } from '../domain/state.ts'
import type { Ticket } from '../domain/ticket.ts'
import { laneIdOf, turnSinceMs } from './branch-scene.ts'
import type { Happening } from './learn.ts'
import type { Scene } from './scene.ts'

type Body<Each> = Each extends Happening ? Omit<Each, 'nowMs' | 'dayMs'> : never

/** Somebody's turn at a counter is over, however it ended. */
function finished(before: BranchState, ticketId: TicketId, steadyMs: number): readonly Body<Happening>[] {
  const ticket = before.tickets.get(ticketId)
  if (ticket === undefined || ticket.facts.isTraining) return []
  const { phase, facts } = ticket
  if (phase.status !== 'called' && phase.status !== 'serving') return []
  const takenMs = steadyMs - (turnSinceMs(ticket) ?? steadyMs)
  return [{ type: 'finished', serviceId: facts.serviceId, counterId: phase.counterId, takenMs }]
}

const joins = ({ queueId, serviceId, priorityValue, isTraining }: Ticket['facts']): readonly Body<Happening>[] =>
  isTraining ? [] : [{ type: 'joined', laneId: laneIdOf(queueId, serviceId, priorityValue) }]

function gaveUp(before: BranchState, { ticketId, steadyMs, reason }: Extract<LogEvent, { type: 'TicketCancelled' }>) {
  const ticket = before.tickets.get(ticketId)
  if (ticket === undefined || ticket.facts.isTraining) return []
  const { facts, phase } = ticket
  // Whoever the evening sent home, and paper that was printed twice, tell nothing of patience.
  const hasLeft = phase.status === 'waiting' && (reason === 'customer' || reason === 'staff')
  const { serviceId, enteredSteadyMs } = facts
  // Of whoever came with a paper that staff typed, nobody knows since when.
  return hasLeft && enteredSteadyMs !== null
    ? ([{ type: 'left', ticketId, serviceId, waitMs: steadyMs - enteredSteadyMs }] as const)
    : ([{ type: 'forgotten', ticketId }] as const)
}

function bodiesOf(event: LogEvent, before: BranchState): readonly Body<Happening>[] {
  switch (event.type) {
    case 'TicketIssued':
    case 'TicketAdopted':
      return joins(event as Ticket['facts'] & typeof event)
    case 'TicketCalled': {
      const { ticketId, counterId, legWaitMs } = event
      const facts = before.tickets.get(ticketId)?.facts
      if (facts === undefined || facts.isTraining) return []
      // Called a second time: its wait was known at the first.
      if (legWaitMs === null) return [{ type: 'counter-closed', counterId }]
      return [{ type: 'called', ticketId, serviceId: facts.serviceId, counterId, waitMs: legWaitMs }]
    }
    // Whoever comes back from a hold has waited for nobody; the counter is only taken.
    case 'TicketResumed':
      return [{ type: 'counter-closed', counterId: event.counterId }]
    case 'TicketCompleted':
    case 'TicketNoShow':
    case 'TicketHeld':
    case 'TicketReturned':
      return finished(before, event.ticketId, event.steadyMs)
    case 'LegCompleted':
    case 'TicketTransferred':
      return [{ type: 'forgotten', ticketId: event.ticketId }, ...finished(before, event.ticketId, event.steadyMs)]
    case 'TicketCancelled':
      return gaveUp(before, event)
    // Nobody measured what happened on paper; of the counter nothing is known until its next call.
    case 'TicketRecorded':
      return [{ type: 'forgotten', ticketId: event.ticketId }]
    case 'CounterOpened':
      return event.isTraining ? [] : [{ type: 'counter-opened', counterId: event.counterId }]
    case 'CounterClosed':
      return [{ type: 'counter-closed', counterId: event.counterId }]
    case 'BreakStarted':
      return [{ type: 'break-started', counterId: event.counterId }]
    case 'BreakEnded':
      return [{ type: 'break-ended', counterId: event.counterId, breakMs: event.breakMs }]
    case 'DayClosed':
      return [{ type: 'day-ended' }]
    default:
      return []
  }
}

/**
 * What one event of the log teaches about waiting.
 * @param before - the branch as it was before the event
 * @param dayMs - since midnight in the branch's zone, at the event
 */
export function happeningsOf(event: LogEvent, before: BranchState, dayMs: number): readonly Happening[] {
  return bodiesOf(event, before).map((body) => ({ ...body, nowMs: event.steadyMs, dayMs }) as Happening)
}

/** How many counters call at present: what a half hour of the day is remembered by. */
export const lookAt = ({ counters, nowMs, dayMs }: Scene): Happening => ({
  type: 'looked',
  openCount: counters.filter(({ breakSinceMs }) => breakSinceMs === null).length,
  nowMs,
  dayMs,
})
