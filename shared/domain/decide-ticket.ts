import { mayTouch, ownCounter } from './authority.ts'
import type { CallReason } from './call-reason.ts'
import type { Counter, Service } from './catalogue.ts'
import { chooseNext, mayPick, servedQueueIds, whyPicked } from './choose-next.ts'
import type { Command, Origin } from './commands.ts'
import type { EventBody } from './events.ts'
import type { AgentId, CounterId, Moment, ServiceId, TicketId } from './ids.ts'
import type { Reservation } from './line.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { serviceMsAt } from './service-time.ts'
import {
  type BranchState,
  findAgent,
  findCounter,
  findQueue,
  findService,
  isEmergency,
  type OpenCounter,
  queueMode,
} from './state.ts'
import { entryOf, isLiving, type Ticket } from './ticket.ts'
import { type TicketCommandName, transitions } from './transitions.ts'

type Decision = Result<readonly EventBody[], Refusal>
type Of<Type extends Command['type']> = Extract<Command, { type: Type }>

/** The ticket, if the table lets this command touch it in the state it is in. */
function ticketFor(state: BranchState, ticketId: TicketId, name: TicketCommandName): Result<Ticket, Refusal> {
  const ticket = state.tickets.get(ticketId)
  if (ticket === undefined) return no('TicketUnknown', ticketId)
  const { refusal } = transitions[name][ticket.phase.status]
  return refusal === undefined ? ok(ticket) : no(refusal, ticketId)
}

/** The same, and the one who asks may touch it. */
function ownTicket(
  state: BranchState,
  ticketId: TicketId,
  name: TicketCommandName,
  origin: Origin,
): Result<Ticket, Refusal> {
  const ticket = ticketFor(state, ticketId, name)
  if (!ticket.ok) return ticket
  // A manager's pages steer and free; to call or to serve somebody takes a counter of one's own.
  if ((name === 'recall' || name === 'start') && state.managers.has(origin.deviceId))
    return no('ManagerIsHere', ticketId)
  const allowed = mayTouch(state, ticket.value, origin)
  return allowed.ok ? ticket : allowed
}

/** A counter that this device holds, whose agent is there and has nobody in front of her. */
export function freeCounter(
  state: BranchState,
  counterId: CounterId,
  origin: Origin,
): Result<{ counter: Counter; open: OpenCounter }, Refusal> {
  const counter = findCounter(state, counterId)
  if (counter === undefined) return no('CounterUnknown', counterId)
  const open = ownCounter(state, counterId, origin)
  if (!open.ok) return open
  if (open.value.onBreak !== null) return no('CounterOnBreak', counterId)
  return open.value.ticketId === null ? ok({ counter, open: open.value }) : no('CounterBusy', counterId)
}

/** @returns the event of a call; a wait is a fact of the first call only, of the ticket's and of its queue's */
function called(ticket: Ticket, counterId: CounterId, agentId: AgentId, now: Moment, why: CallReason): EventBody {
  const { ticketId, number, queueId, calledAtMs, arrivedSteadyMs, enteredSteadyMs, legWaitMs } = ticket.facts
  const isFirst = calledAtMs === null && ticket.facts.wasCalledUnseen !== true
  const since = (steadyMs: number): number => Math.max(0, now.steadyMs - steadyMs)
  return {
    ...{ type: 'TicketCalled', ticketId, number, queueId, counterId, agentId },
    waitMs: isFirst ? since(arrivedSteadyMs) : null,
    legWaitMs: legWaitMs === null && enteredSteadyMs !== null ? since(enteredSteadyMs) : null,
    why,
  }
}

export function callNext(state: BranchState, command: Of<'CallNext'>, origin: Origin, now: Moment): Decision {
  const free = freeCounter(state, command.counterId, origin)
  if (!free.ok) return free
  if (isEmergency(state)) return no('EmergencyIsShown')
  const next = chooseNext(state, command.counterId, now.steadyMs)
  if (!next.ok) return next
  const { ticketId, why } = next.value
  const ticket = ticketFor(state, ticketId, 'call')
  return ticket.ok ? ok([called(ticket.value, command.counterId, free.value.open.agentId, now, why)]) : ticket
}

export function callTicket(state: BranchState, command: Of<'CallTicket'>, origin: Origin, now: Moment): Decision {
  const ticket = ticketFor(state, command.ticketId, 'call')
  if (!ticket.ok) return ticket
  const free = freeCounter(state, command.counterId, origin)
  if (!free.ok) return free
  if (isEmergency(state)) return no('EmergencyIsShown')
  const { counterId, ticketId } = command
  const { queueId, place } = ticket.value.facts
  if (!mayPick(state, counterId, entryOf(ticket.value.facts))) return no('TicketReserved', ticketId)
  const isServed = place.reservedFor !== null || servedQueueIds(state, free.value.counter).includes(queueId)
  if (!isServed) return no('QueueNotServed', queueId)
  if (queueMode(state, queueId).isPaused) return no('QueueIsPaused', queueId)
  const why = whyPicked(state, counterId, ticketId, now.steadyMs)
  return ok([called(ticket.value, counterId, free.value.open.agentId, now, why)])
}

/** The counter, agent and number an event about a called, serving or held ticket repeats for its readers. */
function atCounter(ticket: Ticket): {
  ticketId: TicketId
  number: Ticket['facts']['number']
  counterId: CounterId
  agentId: AgentId
} {
  const { phase, facts } = ticket
  if (phase.status !== 'called' && phase.status !== 'serving' && phase.status !== 'held')
    throw new Error(`Ticket ${facts.ticketId} is at no counter`)
  return { ticketId: facts.ticketId, number: facts.number, counterId: phase.counterId, agentId: phase.agentId }
}

export function recall(state: BranchState, command: { ticketId: TicketId }, origin: Origin): Decision {
  const ticket = ownTicket(state, command.ticketId, 'recall', origin)
  if (!ticket.ok) return ticket
  if (isEmergency(state)) return no('EmergencyIsShown')
  const recallMax = state.catalogue?.body.branch.recallMax ?? 0
  if (ticket.value.facts.recallCount >= recallMax) return no('RecallMaximumReached', command.ticketId)
  return ok([{ type: 'TicketRecalled', ...atCounter(ticket.value) }])
}

export function start(state: BranchState, command: { ticketId: TicketId }, origin: Origin): Decision {
  const ticket = ownTicket(state, command.ticketId, 'start', origin)
  return ticket.ok ? ok([{ type: 'ServiceStarted', ...atCounter(ticket.value) }]) : ticket
}

export function hold(state: BranchState, command: Of<'HoldTicket'>, origin: Origin, now: Moment): Decision {
  const ticket = ownTicket(state, command.ticketId, 'hold', origin)
  if (!ticket.ok) return ticket
  const { reason } = command
  const isKnown = reason === null || state.catalogue?.body.reasons.some((candidate) => candidate.id === reason) === true
  if (!isKnown) return no('ReasonUnknown', reason ?? '')
  const serviceMs = serviceMsAt(ticket.value, now.steadyMs)
  return ok([{ type: 'TicketHeld', ...atCounter(ticket.value), reason, serviceMs }])
}

export function resume(state: BranchState, command: Of<'ResumeTicket'>, origin: Origin): Decision {
  const ticket = ticketFor(state, command.ticketId, 'resume')
  if (!ticket.ok) return ticket
  const free = freeCounter(state, command.counterId, origin)
  if (!free.ok) return free
  const { ticketId, number, isTraining } = ticket.value.facts
  const { counterId } = command
  if (free.value.open.isTraining !== isTraining) return no('TicketReserved', ticketId)
  return ok([{ type: 'TicketResumed', ticketId, number, counterId, agentId: free.value.open.agentId }])
}

export function returnToLine(state: BranchState, command: { ticketId: TicketId }, origin: Origin): Decision {
  const ticket = ownTicket(state, command.ticketId, 'return', origin)
  return ticket.ok
    ? ok([{ type: 'TicketReturned', ticketId: command.ticketId, queueId: ticket.value.facts.queueId }])
    : ticket
}

/** What comes next in the visit: the first service of its plan that is still offered, and what follows that. */
export function nextInPlan(
  state: BranchState,
  plan: readonly ServiceId[],
): { readonly service: Service; readonly rest: readonly ServiceId[] } | null {
  for (const [index, serviceId] of plan.entries()) {
    // Not the retired: whether one is still known depends on who else happens to need it.
    const service = state.catalogue?.body.services.find(({ id }) => id === serviceId)
    if (service !== undefined) return { service, rest: plan.slice(index + 1) }
  }
  return null
}

/** Ends the ticket, or the present service of a visit that has more before it. */
export function complete(state: BranchState, command: Of<'CompleteTicket'>, origin: Origin, now: Moment): Decision {
  const { ticketId, outcome, endsVisit = false } = command
  const ticket = ownTicket(state, ticketId, 'complete', origin)
  if (!ticket.ok) return ticket
  const isKnown =
    outcome === null || state.catalogue?.body.outcomes.some((candidate) => candidate.id === outcome) === true
  if (!isKnown) return no('OutcomeUnknown', outcome ?? '')
  const serviceMs = serviceMsAt(ticket.value, now.steadyMs)
  const next = endsVisit ? null : nextInPlan(state, ticket.value.facts.plan)
  if (next === null) return ok([{ type: 'TicketCompleted', ticketId, outcome, serviceMs, reason: null }])
  const { serviceId, queueId } = ticket.value.facts
  const to = { toServiceId: next.service.id, toQueueId: next.service.queueId, plan: next.rest }
  return ok([{ type: 'LegCompleted', ...atCounter(ticket.value), serviceId, queueId, outcome, serviceMs, ...to }])
}

export function markNoShow(state: BranchState, command: { ticketId: TicketId }, origin: Origin): Decision {
  const ticket = ownTicket(state, command.ticketId, 'no-show', origin)
  return ticket.ok ? ok([{ type: 'TicketNoShow', ticketId: command.ticketId, reason: null }]) : ticket
}

export function cancel(state: BranchState, command: { ticketId: TicketId }, origin: Origin): Decision {
  const ticket = ownTicket(state, command.ticketId, 'cancel', origin)
  return ticket.ok ? ok([{ type: 'TicketCancelled', ticketId: command.ticketId, reason: 'staff' }]) : ticket
}

/** Once, on the same day, within the branch's time: back to the place it had. */
export function reinstate(state: BranchState, command: { ticketId: TicketId }, origin: Origin, now: Moment): Decision {
  const { ticketId } = command
  const ticket = ownTicket(state, ticketId, 'reinstate', origin)
  if (!ticket.ok) return ticket
  const { facts, phase } = ticket.value
  if (facts.isReinstated) return no('AlreadyReinstated', ticketId)
  const windowMs = (state.catalogue?.body.branch.reinstateMinutes ?? 0) * 60_000
  const goneMs = phase.status === 'no_show' ? now.steadyMs - phase.finishedSteadyMs : 0
  // A no-show is nobody's any more, so what it needs may have been forgotten since.
  if (findQueue(state, facts.queueId) === undefined) return no('QueueRetired', facts.queueId)
  if (findService(state, facts.serviceId) === undefined) return no('ServiceRetired', facts.serviceId)
  const isTaken = state.tickets.some((it) => it.facts.number === facts.number && isLiving(it))
  // A kiosk that was ahead of this day may have given the number to somebody since.
  if (isTaken) return no('NumberTaken', facts.number)
  if (goneMs > windowMs || facts.businessDate !== state.day?.date) return no('ReinstateTooLate', ticketId)
  return ok([{ type: 'TicketReinstated', ticketId, queueId: facts.queueId }])
}

/** Number and service stay, the queue changes; the ticket waits and is called again. */
export function transfer(state: BranchState, command: Of<'TransferTicket'>, origin: Origin, now: Moment): Decision {
  const { ticketId, toQueueId, place } = command
  const ticket = ownTicket(state, ticketId, 'transfer', origin)
  if (!ticket.ok) return ticket
  if (findQueue(state, toQueueId) === undefined) return no('QueueUnknown', toQueueId)
  if (state.retired.queues.has(toQueueId)) return no('QueueRetired', toQueueId)
  const fromQueueId = ticket.value.facts.queueId
  const isKept = ticket.value.facts.place.reservedFor !== null
  if (ticket.value.phase.status === 'waiting' && fromQueueId === toQueueId && place === 'arrival' && !isKept)
    return no('SameQueue', toQueueId)
  const serviceMs = serviceMsAt(ticket.value, now.steadyMs)
  const to = { fromQueueId, toQueueId, place, reservedFor: null }
  return ok([{ type: 'TicketTransferred', ticketId, ...to, serviceMs }])
}

/** The counter at which a reserved ticket can be called, or why there is none. */
function holderOf(state: BranchState, reserveFor: Reservation): Result<OpenCounter, Refusal> {
  if (reserveFor.kind === 'counter') {
    const { counterId } = reserveFor
    if (findCounter(state, counterId) === undefined) return no('CounterUnknown', counterId)
    const open = state.openCounters.get(counterId)
    return open === undefined ? no('CounterIsClosed', counterId) : ok(open)
  }
  const { agentId } = reserveFor
  if (findAgent(state, agentId) === undefined) return no('AgentUnknown', agentId)
  const open = state.openCounters.find((candidate) => candidate.agentId === agentId)
  return open === undefined ? no('AgentAbsent', agentId) : ok(open)
}

/** Keeps the ticket, in its queue, for one counter or agent; it lapses to the queue when that counter closes. */
export function reserve(state: BranchState, command: Of<'ReserveTicket'>, origin: Origin, now: Moment): Decision {
  const { ticketId, reserveFor, place } = command
  const ticket = ownTicket(state, ticketId, 'transfer', origin)
  if (!ticket.ok) return ticket
  const holder = holderOf(state, reserveFor)
  if (!holder.ok) return holder
  const { queueId, isTraining } = ticket.value.facts
  // It could never be called there.
  if (holder.value.isTraining !== isTraining) return no('TicketReserved', ticketId)
  const serviceMs = serviceMsAt(ticket.value, now.steadyMs)
  const to = { fromQueueId: queueId, toQueueId: queueId, place, reservedFor: reserveFor }
  return ok([{ type: 'TicketTransferred', ticketId, ...to, serviceMs }])
}
