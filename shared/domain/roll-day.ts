import { businessDayAt } from './business-day.ts'
import type { EventBody } from './events.ts'
import type { Moment } from './ids.ts'
import type { BranchState, BusinessDay } from './state.ts'
import { findQueue } from './state.ts'
import type { Ticket } from './ticket.ts'

/** What the end of the day does to one ticket; null when the ticket stays as it is. */
function closeTicket({ facts, phase }: Ticket, isKept: boolean): EventBody | null {
  const { ticketId, serviceMs } = facts
  const completed: EventBody = { type: 'TicketCompleted', ticketId, outcome: null, serviceMs, reason: 'day-closed' }
  switch (phase.status) {
    case 'waiting':
      if (isKept) return null
      return facts.startedAtMs === null ? { type: 'TicketCancelled', ticketId, reason: 'day-closed' } : completed
    case 'called':
      return { type: 'TicketNoShow', ticketId, reason: 'day-closed' }
    case 'held':
      return isKept ? null : completed
    default:
      // Serving stays until the agent ends it; the rest is over already.
      return null
  }
}

/** Each living ticket's fate, in the order of the log. */
function fates(state: BranchState, isKept: (ticket: Ticket) => boolean): readonly EventBody[] {
  return [...state.tickets.values()]
    .toSorted((a, b) => a.facts.place.tie - b.facts.place.tie || (a.facts.ticketId < b.facts.ticketId ? -1 : 1))
    .map((ticket) => closeTicket(ticket, isKept(ticket)))
    .filter((event) => event !== null)
}

const isOvernight = (state: BranchState, { facts }: Ticket): boolean =>
  findQueue(state, facts.queueId)?.overnight === true

/** The events of staff ending the present day by hand: each ticket's fate, then the day. */
export function closeDay(state: BranchState): readonly EventBody[] {
  if (state.day === null) return []
  return [...fates(state, (ticket) => isOvernight(state, ticket)), { type: 'DayClosed', date: state.day.date }]
}

/**
 * The events of the cut-over. What came while the clock was in doubt belongs to the day that opens now.
 * A day that staff closed by hand may still have got tickets that went back to a line, or came on paper.
 */
function endDay(state: BranchState, day: BusinessDay): readonly EventBody[] {
  const keepsSince = state.clock.keepsTicketsSince
  const isKept = (ticket: Ticket): boolean =>
    isOvernight(state, ticket) ||
    // A kiosk that is a minute ahead prints for the day that is about to open.
    ticket.facts.businessDate > day.date ||
    (keepsSince !== null && ticket.facts.arrivedSteadyMs >= keepsSince)
  return [...fates(state, isKept), ...(day.isClosed ? [] : [{ type: 'DayClosed', date: day.date } as const])]
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
  const ending = day === null ? [] : endDay(state, day)
  return [...ending, { type: 'DayOpened', ...next }]
}
