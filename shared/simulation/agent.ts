import type { OutcomeId, QueueId, ReasonId, TicketId } from '../domain/ids.ts'
import type { Manner, Shift } from './plan-day.ts'

/** The papers of the last customer are put away before the next is called. */
export const BETWEEN_CALLS_MS = 9_000
/** After so long without the customer the agent calls again. */
export const RECALL_AFTER_MS = 35_000

/** What lies before an agent, and since when, in milliseconds of the simulated day. */
export interface Look {
  readonly nowMs: number
  /** What the plan wants of this counter; null: nobody is planned here. */
  readonly shift: Shift | null
  /** Of the counter; a closed one has nothing before it. */
  readonly status: 'closed' | 'open' | 'break'
  /** The counter is as it is since then. */
  readonly sinceMs: number
  /** The ticket at the counter; `leg` counts its services from 0. */
  readonly current: {
    readonly status: 'called' | 'serving'
    readonly queueId: QueueId
    readonly leg: number
    readonly recallCount: number
    readonly canRecall: boolean
    readonly calledSinceMs: number
    /** It has been served for a while already, and was held or sent on since. */
    readonly wasBegun: boolean
    readonly wasTransferred: boolean
    readonly manner: Manner
  } | null
  readonly canCallNext: boolean
  /** A ticket held here, whose customer is back at a time. */
  readonly held: { readonly ticketId: TicketId; readonly dueMs: number } | null
}

export type AgentAct =
  | { readonly type: 'open' | 'close' | 'break' | 'end-break' | 'call-next' | 'recall' | 'no-show' | 'start' }
  | { readonly type: 'resume'; readonly ticketId: TicketId }
  | { readonly type: 'hold'; readonly reason: ReasonId | null }
  | { readonly type: 'transfer'; readonly toQueueId: QueueId }
  | { readonly type: 'complete'; readonly outcome: OutcomeId | null }

/** An act and when it is due; what the agent sees may change before, then it is decided anew. */
export interface Intent {
  readonly atMs: number
  readonly act: AgentAct
}

const at = (atMs: number, act: AgentAct): Intent => ({ atMs, act })

const earliest = (intents: readonly (Intent | null)[]): Intent | null =>
  intents.reduce((first, next) => (next !== null && (first === null || next.atMs < first.atMs) ? next : first), null)

/** The break at a time, or the next one; null when none is left. */
const breakAt = ({ breaks }: Shift, nowMs: number): Shift['breaks'][number] | null =>
  breaks.filter(({ toMs }) => toMs > nowMs).toSorted((a, b) => a.fromMs - b.fromMs)[0] ?? null

function whenCalled({ sinceMs }: Look, current: NonNullable<Look['current']>): Intent {
  const { manner, recallCount, canRecall, calledSinceMs } = current
  const againAtMs = sinceMs + RECALL_AFTER_MS
  const again = canRecall && recallCount < manner.recallsMax ? at(againAtMs, { type: 'recall' }) : null
  if (!manner.showsUp) return again ?? at(againAtMs, { type: 'no-show' })
  const comes = at(calledSinceMs + manner.walkMs, { type: 'start' })
  return again !== null && again.atMs < comes.atMs ? again : comes
}

function whenServing({ sinceMs }: Look, current: NonNullable<Look['current']>): Intent {
  const { manner, leg, wasBegun, wasTransferred, queueId } = current
  const { hold, transfer, outcome } = manner
  const serviceMs = manner.legs[Math.min(leg, manner.legs.length - 1)]?.serviceMs ?? 0
  const isFirst = leg === 0 && !wasBegun
  if (isFirst && hold !== null) return at(sinceMs + serviceMs * hold.afterShare, { type: 'hold', reason: hold.reason })
  if (isFirst && transfer !== null && !wasTransferred && transfer.toQueueId !== queueId)
    return at(sinceMs + serviceMs * transfer.afterShare, { type: 'transfer', toQueueId: transfer.toQueueId })
  const doneShare = leg === 0 && wasBegun ? ((hold ?? transfer)?.afterShare ?? 0) : 0
  return at(sinceMs + serviceMs * (1 - doneShare), { type: 'complete', outcome })
}

function whenFree(look: Look, shift: Shift): Intent | null {
  const { nowMs, sinceMs, canCallNext, held } = look
  if (nowMs >= shift.endsAtMs) return at(nowMs, { type: 'close' })
  const next = breakAt(shift, nowMs)
  if (next !== null && next.fromMs <= nowMs) return at(nowMs, { type: 'break' })
  return earliest([
    at(shift.endsAtMs, { type: 'close' }),
    next === null ? null : at(next.fromMs, { type: 'break' }),
    held === null
      ? null
      : at(Math.max(held.dueMs, sinceMs + BETWEEN_CALLS_MS), { type: 'resume', ticketId: held.ticketId }),
    canCallNext ? at(sinceMs + BETWEEN_CALLS_MS, { type: 'call-next' }) : null,
  ])
}

/** What an agent does next at her counter, and when. @returns null: nothing, until something changes */
export function decideAgent(look: Look): Intent | null {
  const { nowMs, shift, status, current } = look
  if (status === 'closed') {
    const isOver = shift === null || nowMs >= shift.endsAtMs
    return isOver ? null : at(shift.startsAtMs, { type: 'open' })
  }
  if (status === 'break') {
    const running = shift === null ? null : breakAt(shift, nowMs)
    return running !== null && running.fromMs <= nowMs
      ? at(running.toMs, { type: 'end-break' })
      : at(nowMs, { type: 'end-break' })
  }
  // Whoever is at the counter is served to the end, whatever the time.
  if (current !== null) return current.status === 'called' ? whenCalled(look, current) : whenServing(look, current)
  return shift === null ? at(nowMs, { type: 'close' }) : whenFree(look, shift)
}
