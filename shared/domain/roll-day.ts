import { businessDayAt } from './business-day.ts'
import type { EventBody } from './events.ts'
import type { Moment } from './ids.ts'
import { serviceMsAt } from './service-time.ts'
import type { BranchState, Ticket } from './state.ts'
import { findQueue } from './state.ts'

/** What the end of the day does to one ticket; null when the ticket stays as it is. */
function closeTicket(state: BranchState, ticket: Ticket, now: Moment): EventBody | null {
  const { facts, phase } = ticket
  const { ticketId } = facts
  const keepsSince = state.clock.keepsTicketsSince
  const isKept =
    findQueue(state, facts.queueId)?.overnight === true || (keepsSince !== null && facts.arrivedSteadyMs >= keepsSince)
  switch (phase.status) {
    case 'waiting':
      if (isKept) return null
      return facts.startedAtMs === null
        ? { type: 'TicketCancelled', ticketId, reason: 'day-closed' }
        : { type: 'TicketCompleted', ticketId, outcome: null, serviceMs: facts.serviceMs, reason: 'day-closed' }
    case 'called':
      return { type: 'TicketNoShow', ticketId, reason: 'day-closed' }
    case 'held':
      return isKept
        ? null
        : {
            type: 'TicketCompleted',
            ticketId,
            outcome: null,
            serviceMs: serviceMsAt(ticket, now.steadyMs),
            reason: 'day-closed',
          }
    default:
      // Serving stays until the agent ends it; the rest is over already.
      return null
  }
}

/** The events that end the present day: each ticket's fate, then the day. */
export function closeDay(state: BranchState, now: Moment): readonly EventBody[] {
  if (state.day === null) return []
  const fates = [...state.tickets.values()]
    .toSorted((a, b) => a.facts.place.tie - b.facts.place.tie)
    .map((ticket) => closeTicket(state, ticket, now))
    .filter((event) => event !== null)
  return [...fates, { type: 'DayClosed', date: state.day.date }]
}

/**
 * Opens the business day, and first closes the one before, when the cut-over has passed. Every command runs it.
 * The day never goes back, and none opens while the clock is in doubt. A changed zone or cut-over speaks only
 * once the day has ended by the old one.
 */
export function rollDay(state: BranchState, now: Moment): readonly EventBody[] {
  const { day, catalogue } = state
  if (catalogue === null || state.clock.isDoubted) return []
  if (day !== null && now.atMs < day.endsAtMs) return []
  const { timezone, businessDayStartsAt } = catalogue.body.branch
  const next = businessDayAt(now.atMs, { timezone, startsAt: businessDayStartsAt })
  if (day !== null && next.date <= day.date) return []
  const ending = day === null || day.isClosed ? [] : closeDay(state, now)
  return [...ending, { type: 'DayOpened', ...next }]
}
