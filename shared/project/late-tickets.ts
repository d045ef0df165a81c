import type { Words } from '../domain/catalogue.ts'
import type { SteadyMs, TicketId, TicketNumber } from '../domain/ids.ts'
import { type BranchState, findQueue, findService } from '../domain/state.ts'
import { waitsSince } from './desk-tickets.ts'

/** What a manager reads at one glance; the rest is counted. */
export const LATE_MAX = 8

/** Somebody who waits for longer than the service has set itself. */
export interface LateTicket {
  readonly ticketId: TicketId
  readonly number: TicketNumber
  readonly serviceName: Words
  readonly queueName: Words
  readonly waitMs: number
  readonly targetMs: number
}

export interface LateTickets {
  /** The latest against their targets first. */
  readonly list: readonly LateTicket[]
  readonly count: number
}

/** Everybody in the branch who waits beyond the target, on whatever queue. Learners' tickets are nobody's wait. */
export function lateTickets(state: BranchState, steadyMs: SteadyMs): LateTickets {
  const late: LateTicket[] = []
  for (const { facts, phase } of state.tickets.values()) {
    if (phase.status !== 'waiting' || facts.isTraining) continue
    const service = findService(state, facts.serviceId)
    const targetMs = (service?.slaSeconds ?? 0) * 1_000
    const waitMs = steadyMs - waitsSince(facts)
    if (targetMs === 0 || waitMs < targetMs) continue
    late.push({
      ticketId: facts.ticketId,
      number: facts.number,
      serviceName: service?.name ?? {},
      queueName: findQueue(state, facts.queueId)?.name ?? {},
      waitMs,
      targetMs,
    })
  }
  const list = late.toSorted((a, b) => b.waitMs / b.targetMs - a.waitMs / a.targetMs || b.waitMs - a.waitMs)
  return { list: list.slice(0, LATE_MAX), count: list.length }
}
