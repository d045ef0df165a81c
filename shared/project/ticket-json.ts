import type { AgentId, CounterId, EpochMs, TicketId } from '../domain/ids.ts'
import { type BranchState, positionOf } from '../domain/state.ts'
import type { Ticket, TicketStatus } from '../domain/ticket.ts'

/** A ticket as other software reads it; what is not yet known is null. */
export interface TicketJson {
  readonly ticketId: TicketId
  readonly number: string
  readonly serviceId: string
  readonly queueId: string
  readonly status: TicketStatus
  readonly channel: string
  readonly priority: string | null
  readonly language: string
  readonly businessDate: string
  readonly issuedAtMs: EpochMs
  readonly calledAtMs: EpochMs | null
  readonly startedAtMs: EpochMs | null
  readonly finishedAtMs: EpochMs | null
  /** When its end was entered, where that was later than it happened: it was served on paper. */
  readonly enteredLaterAtMs: EpochMs | null
  readonly counterId: CounterId | null
  readonly agentId: AgentId | null
  readonly recallCount: number
  readonly transferCount: number
  /** 1 = next; null when it does not wait. */
  readonly position: number | null
  /** The waiting range; null until it can be told honestly. */
  readonly estimate: { readonly lowMs: number; readonly highMs: number } | null
  /** The services that follow in the same visit. */
  readonly plan: readonly string[]
}

type Range = { readonly lowMs: number; readonly highMs: number }

/** What is left of the wait now; right after the issue, what was told. Nothing once it was called. */
function estimateOf({ facts, phase }: Ticket, waits: ReadonlyMap<TicketId, Range> | null): Range | null {
  if (phase.status !== 'waiting') return null
  // Told of the line it joined first: of another line, or of a second stay in that one, it says nothing.
  const isFirstStay = facts.calledAtMs === null && facts.transferCount === 0
  const told = isFirstStay ? facts.told : null
  const range = waits === null ? told : (waits.get(facts.ticketId) ?? null)
  return range === null ? null : { lowMs: range.lowMs, highMs: range.highMs }
}

/**
 * @param state - for the position; a ticket of an earlier day has none
 * @param waits - what is left of each wait now; null where that is not known yet: right after a command
 */
export function ticketJson(
  state: BranchState,
  ticket: Ticket,
  waits: ReadonlyMap<TicketId, Range> | null = null,
): TicketJson {
  const { facts, phase } = ticket
  const isAtCounter = phase.status !== 'waiting'
  return {
    ticketId: facts.ticketId,
    number: facts.number,
    serviceId: facts.serviceId,
    queueId: facts.queueId,
    status: phase.status,
    channel: facts.channel,
    priority: facts.priority,
    language: facts.language,
    businessDate: facts.businessDate,
    issuedAtMs: facts.issuedAtMs,
    calledAtMs: facts.calledAtMs,
    startedAtMs: facts.startedAtMs,
    finishedAtMs: 'finishedAtMs' in phase ? phase.finishedAtMs : null,
    enteredLaterAtMs: 'finishedAtMs' in phase ? (phase.enteredAtMs ?? null) : null,
    counterId: isAtCounter ? phase.counterId : null,
    agentId: isAtCounter ? phase.agentId : null,
    recallCount: facts.recallCount,
    transferCount: facts.transferCount,
    position: positionOf(state, ticket),
    estimate: estimateOf(ticket, waits),
    plan: facts.plan,
  }
}
