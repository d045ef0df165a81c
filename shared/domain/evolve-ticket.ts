import type { LogEvent, TicketEvent } from './events.ts'
import type { CounterId, QueueId, TicketId } from './ids.ts'
import { joinLine, type Line, leaveLine, oldestMsIn, orderMs } from './line.ts'
import { unreachable } from './result.ts'
import { type BranchState, findQueue, lineOf } from './state.ts'
import { entryOf, type Ticket, type TicketFacts, type TicketPhase, takesNumber } from './ticket.ts'

export type TicketLogEvent = Extract<LogEvent, TicketEvent>
type Birth = Extract<TicketLogEvent, { type: 'TicketIssued' | 'TicketAdopted' }>
type Change = Exclude<TicketLogEvent, Birth>
type Recorded = Extract<Change, { type: 'TicketRecorded' }>
type Called = Extract<Change, { type: 'TicketCalled' }>

function setLine(state: BranchState, queueId: QueueId, line: Line): BranchState['lines'] {
  return line.length === 0 ? state.lines.delete(queueId) : state.lines.set(queueId, line)
}

/** Puts the ticket into, or takes it out of, the line of its queue, as its phase says. */
function moveInLine(state: BranchState, before: Ticket | undefined, after: Ticket): BranchState {
  let moved = state
  if (before?.phase.status === 'waiting') {
    const { queueId } = before.facts
    const line = leaveLine(lineOf(moved, queueId), entryOf(before.facts))
    moved = { ...moved, lines: setLine(moved, queueId, line) }
  }
  if (after.phase.status === 'waiting') {
    const { queueId } = after.facts
    const line = joinLine(lineOf(moved, queueId), entryOf(after.facts))
    moved = { ...moved, lines: setLine(moved, queueId, line) }
  }
  return moved
}

/**
 * Remembers the arrival of somebody whom call-next took ahead of others, as long as one of them waits still. Staff's own
 * word (picked, put first, reserved) passes nobody. More than the bound is never asked for, so no more is kept: of many,
 * the latest arrivals tell of everybody whether that many have passed.
 */
function notePassing(state: BranchState, { queueId, place }: TicketFacts, event: Called): BranchState {
  const passedMax = findQueue(state, queueId)?.aging?.passedMax ?? null
  if (passedMax === null || place.isTraining) return state
  const isStaffsWord = event.why.rule === 'picked' || place.isFirst || place.reservedFor !== null
  const oldestMs = oldestMsIn(lineOf(state, queueId)) ?? Number.POSITIVE_INFINITY
  const before = state.passedArrivals.get(queueId, [])
  // Before its time an appointment has come by now at the latest: nobody who comes later is passed by it.
  const cameMs = Math.min(orderMs(place), event.steadyMs)
  const passed = (isStaffsWord ? before : [...before, cameMs])
    .filter((arrivalMs) => arrivalMs > oldestMs)
    .toSorted((a, b) => a - b)
    .slice(-passedMax)
  const { passedArrivals } = state
  return {
    ...state,
    passedArrivals: passed.length === 0 ? passedArrivals.delete(queueId) : passedArrivals.set(queueId, passed),
  }
}

const counterOf = (phase: TicketPhase): CounterId | null =>
  phase.status === 'called' || phase.status === 'serving' ? phase.counterId : null

function setCounterTicket(state: BranchState, counterId: CounterId, ticketId: TicketId | null): BranchState {
  const open = state.openCounters.get(counterId)
  return open === undefined
    ? state
    : { ...state, openCounters: state.openCounters.set(counterId, { ...open, ticketId }) }
}

/** A counter shows the ticket called to it or served at it, and is free again when the ticket leaves. */
function moveAtCounter(state: BranchState, before: Ticket, after: Ticket): BranchState {
  const from = counterOf(before.phase)
  const to = counterOf(after.phase)
  if (from === to) return state
  const left = from === null ? state : setCounterTicket(state, from, null)
  return to === null ? left : setCounterTicket(left, to, after.facts.ticketId)
}

function birth(event: Birth): Ticket {
  const { ticketId, number, serviceId, queueId, channel, priority, priorityValue, language, businessDate } = event
  const { plan, bookedSteadyMs, told, isTraining } = event
  const isAdopted = event.type === 'TicketAdopted'
  const arrivedSteadyMs = isAdopted ? event.arrivalSteadyMs : event.steadyMs
  return {
    facts: {
      ticketId,
      number,
      serviceId,
      queueId,
      channel,
      priority,
      priorityValue,
      language,
      businessDate,
      plan,
      bookedSteadyMs,
      told,
      isTraining,
      ...(isAdopted && event.typedSteadyMs !== undefined && { typedSteadyMs: event.typedSteadyMs }),
      ...(isAdopted && event.printedAs !== undefined && { printedAs: event.printedAs }),
      issuedAtMs: isAdopted ? event.issuedAtMs : event.atMs,
      arrivedSteadyMs,
      calledAtMs: null,
      startedAtMs: null,
      waitMs: null,
      enteredSteadyMs: isAdopted && event.kioskId === null ? null : arrivedSteadyMs,
      legWaitMs: null,
      legs: [],
      calledSteadyMs: null,
      lastCalledSteadyMs: null,
      lastWhy: null,
      recallCount: 0,
      transferCount: 0,
      isReinstated: false,
      serviceMs: 0,
      place: {
        isFirst: false,
        priorityValue,
        arrivalSteadyMs: arrivedSteadyMs,
        tie: event.seq,
        bookedSteadyMs,
        reservedFor: null,
        isTraining,
      },
    },
    phase: { status: 'waiting' },
  }
}

function finished(ticket: Ticket, event: Change, status: 'completed' | 'no_show' | 'cancelled'): TicketPhase {
  const { phase } = ticket
  const at =
    phase.status === 'waiting'
      ? { counterId: null, agentId: null }
      : { counterId: phase.counterId, agentId: phase.agentId }
  const isByDay = 'reason' in event && event.reason === 'day-closed'
  return { status, ...at, finishedAtMs: event.atMs, finishedSteadyMs: event.steadyMs, ...(isByDay && { isByDay }) }
}

/** The end that was entered: when it happened, as far as that is known, beside when it was entered. */
function recorded({ phase }: Ticket, event: Recorded): TicketPhase {
  const before = 'counterId' in phase ? phase : { counterId: null, agentId: null }
  const { status, happened, counterId, agentId, atMs, steadyMs } = event
  const at = counterId === null ? { counterId: before.counterId, agentId: before.agentId } : { counterId, agentId }
  const finishedSteadyMs = happened?.steadyMs ?? steadyMs
  return { status, ...at, finishedAtMs: happened?.atMs ?? atMs, finishedSteadyMs, enteredAtMs: atMs }
}

/** Staff decide the place anew: what was booked says nothing any more. */
function transferred(facts: TicketFacts, event: Extract<Change, { type: 'TicketTransferred' }>): TicketFacts {
  const { place, fromQueueId, toQueueId, reservedFor, serviceMs, steadyMs, seq } = event
  const entered =
    fromQueueId === toQueueId
      ? { enteredSteadyMs: facts.enteredSteadyMs, legWaitMs: facts.legWaitMs }
      : { enteredSteadyMs: steadyMs, legWaitMs: null }
  const moved = { ...facts, ...entered, queueId: toQueueId, serviceMs, transferCount: facts.transferCount + 1 }
  const anew = { ...facts.place, reservedFor, bookedSteadyMs: null, isFirst: false }
  switch (place) {
    case 'first':
      return { ...moved, place: { ...anew, isFirst: true, arrivalSteadyMs: steadyMs, tie: seq } }
    case 'last':
      return { ...moved, place: { ...anew, arrivalSteadyMs: steadyMs, tie: seq } }
    case 'arrival':
      return { ...moved, place: { ...anew, arrivalSteadyMs: facts.arrivedSteadyMs } }
    default:
      return unreachable(place)
  }
}

const unreserved = (facts: TicketFacts): TicketFacts => ({ ...facts, place: { ...facts.place, reservedFor: null } })

type LegEnd = Pick<Recorded, 'serviceId' | 'queueId' | 'counterId' | 'agentId' | 'serviceMs' | 'steadyMs' | 'seq'> &
  NonNullable<Recorded['next']>

/** The next service of the visit: a new leg, whose wait counts from here. */
function nextLeg({ facts }: Ticket, event: LegEnd): Ticket {
  const { serviceId, queueId, counterId, agentId, serviceMs, toServiceId, toQueueId, plan, steadyMs, seq } = event
  const leg = { serviceId, queueId, counterId, agentId, waitMs: facts.legWaitMs, serviceMs }
  return {
    facts: {
      ...facts,
      serviceId: toServiceId,
      queueId: toQueueId,
      plan,
      legs: [...facts.legs, leg],
      enteredSteadyMs: steadyMs,
      legWaitMs: null,
      serviceMs: 0,
      place: {
        ...facts.place,
        ...{ isFirst: false, arrivalSteadyMs: steadyMs, tie: seq, bookedSteadyMs: null, reservedFor: null },
      },
    },
    phase: { status: 'waiting' },
  }
}

function called({ facts }: Ticket, event: Called): Ticket {
  const { counterId, agentId } = event
  return {
    // recallMax speaks of one call: a ticket that is called anew may be recalled anew.
    facts: {
      ...facts,
      calledAtMs: facts.calledAtMs ?? event.atMs,
      waitMs: facts.waitMs ?? event.waitMs,
      legWaitMs: facts.legWaitMs ?? event.legWaitMs,
      calledSteadyMs: event.steadyMs,
      lastCalledSteadyMs: event.steadyMs,
      lastWhy: event.why,
      recallCount: 0,
    },
    phase: { status: 'called', counterId, agentId },
  }
}

/** What one event makes of one ticket. */
export function changeTicket(ticket: Ticket, event: Change): Ticket {
  const { facts } = ticket
  switch (event.type) {
    case 'TicketCalled':
      return called(ticket, event)
    case 'TicketRecalled':
      return {
        ...ticket,
        facts: { ...facts, lastCalledSteadyMs: event.steadyMs, recallCount: facts.recallCount + 1 },
      }
    case 'ServiceStarted':
    case 'TicketResumed': {
      const { counterId, agentId, steadyMs } = event
      return {
        facts: { ...facts, startedAtMs: facts.startedAtMs ?? event.atMs },
        phase: { status: 'serving', counterId, agentId, sinceSteadyMs: steadyMs },
      }
    }
    case 'TicketHeld': {
      const { counterId, agentId, reason, serviceMs, steadyMs: sinceSteadyMs } = event
      return { facts: { ...facts, serviceMs }, phase: { status: 'held', counterId, agentId, reason, sinceSteadyMs } }
    }
    case 'TicketReturned':
      return { facts, phase: { status: 'waiting' } }
    case 'TicketReinstated':
      return { facts: { ...unreserved(facts), isReinstated: true }, phase: { status: 'waiting' } }
    case 'ReservationLapsed':
      return { ...ticket, facts: unreserved(facts) }
    case 'LegCompleted':
      return nextLeg(ticket, event)
    case 'TicketTransferred':
      return { facts: transferred(facts, event), phase: { status: 'waiting' } }
    case 'TicketCompleted':
      return { facts: { ...facts, serviceMs: event.serviceMs }, phase: finished(ticket, event, 'completed') }
    case 'TicketNoShow':
      return { facts, phase: finished(ticket, event, 'no_show') }
    case 'TicketCancelled':
      return { facts, phase: finished(ticket, event, 'cancelled') }
    case 'TicketRecorded': {
      const { next, happened, steadyMs, serviceMs } = event
      const unseen: Ticket = { ...ticket, facts: { ...facts, wasCalledUnseen: true } }
      if (next !== null) return nextLeg(unseen, { ...event, ...next, steadyMs: happened?.steadyMs ?? steadyMs })
      // It was called when nobody looked: whatever comes after, that wait is not known.
      return { facts: { ...unseen.facts, serviceMs, enteredSteadyMs: null }, phase: recorded(ticket, event) }
    }
    default:
      return unreachable(event)
  }
}

/** @throws when the log speaks of a ticket that the state has never seen: the log or the state is broken */
export function evolveTicket(state: BranchState, event: TicketLogEvent): BranchState {
  if (event.type === 'TicketIssued' || event.type === 'TicketAdopted') {
    const ticket = birth(event)
    const { ticketId, number } = ticket.facts
    const joined = moveInLine(state, undefined, ticket)
    const holderId = joined.ticketByNumber.get(number)
    const holder = holderId === undefined ? undefined : joined.tickets.get(holderId)
    return {
      ...joined,
      tickets: joined.tickets.set(ticketId, ticket),
      ticketByNumber: takesNumber(holder, ticket.facts)
        ? joined.ticketByNumber.set(number, ticketId)
        : joined.ticketByNumber,
      lastOrdinal:
        event.type === 'TicketIssued' ? joined.lastOrdinal.set(event.series, event.ordinal) : joined.lastOrdinal,
    }
  }
  const before = state.tickets.get(event.ticketId)
  // A ticket of a day that is over is a row of the store's; here nothing waits for it.
  const isOfEarlierDay = event.type === 'TicketRecorded' && event.businessDate < (state.day?.date ?? '')
  if (before === undefined && isOfEarlierDay) return state
  if (before === undefined) throw new Error(`Event ${event.seq} speaks of the unknown ticket ${event.ticketId}`)
  const after = changeTicket(before, event)
  const moved = moveAtCounter(moveInLine(state, before, after), before, after)
  const next = { ...moved, tickets: moved.tickets.set(event.ticketId, after) }
  return event.type === 'TicketCalled' ? notePassing(next, before.facts, event) : next
}
