import type { SteadyMs } from './ids.ts'
import type { Ticket } from './ticket.ts'

/**
 * Time a ticket has spent in service up to an instant, holds left out.
 * @returns milliseconds, 0 when service never started
 */
export function serviceMsAt(ticket: Ticket, steadyMs: SteadyMs): number {
  const runningMs = ticket.phase.status === 'serving' ? steadyMs - ticket.phase.sinceSteadyMs : 0
  return ticket.facts.serviceMs + Math.max(0, runningMs)
}
