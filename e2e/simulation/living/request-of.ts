import type { TicketId } from '../../../shared/domain/ids.ts'
import type { AgentAct } from '../../../shared/simulation/agent.ts'
import type { Shift } from '../../../shared/simulation/plan-day.ts'

/** The request an act becomes. @param ticketId - the one at the counter */
export function requestOf(
  { counterId, pins }: { readonly counterId: string; readonly pins: Readonly<Record<string, string>> },
  act: AgentAct,
  shift: Shift | null,
  ticketId: TicketId | null,
): { readonly path: string; readonly body: object } {
  const counter = (verb: string, body: object = {}) => ({ path: `/api/v1/counters/${counterId}/${verb}`, body })
  const ticket = (verb: string, body: object = {}, id = ticketId) => ({ path: `/api/v1/tickets/${id}/${verb}`, body })
  switch (act.type) {
    case 'open':
      return counter('open', { agentId: shift?.agentId, pin: pins[shift?.agentId ?? ''] ?? '' })
    case 'end-break':
      return counter('resume')
    case 'close':
    case 'break':
    case 'call-next':
      return counter(act.type)
    case 'resume':
      return ticket('resume', { counterId }, act.ticketId)
    case 'hold':
      return ticket('hold', { reason: act.reason })
    case 'transfer':
      return ticket('transfer', { toQueueId: act.toQueueId, place: 'arrival' })
    case 'complete':
      return ticket('complete', { outcome: act.outcome })
    default:
      return ticket(act.type)
  }
}
