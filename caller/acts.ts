import { type Answer, type SendCommand, unread } from '#shared/client/send-command.ts'
import type { Place } from '#shared/domain/events.ts'
import type { AgentId, CounterId, PriorityClassId, QueueId, ReasonId, ServiceId, TicketId } from '#shared/domain/ids.ts'

/** All that an agent can ask of the branch. */
export type Act =
  | { readonly type: 'open'; readonly counterId: CounterId; readonly agentId: AgentId; readonly pin: string }
  | { readonly type: 'close' | 'call-next'; readonly counterId: CounterId }
  | { readonly type: 'call' | 'resume'; readonly counterId: CounterId; readonly ticketId: TicketId }
  | {
      readonly type: 'recall' | 'start' | 'return' | 'complete' | 'no-show' | 'cancel' | 'reinstate'
      readonly ticketId: TicketId
    }
  | { readonly type: 'hold'; readonly ticketId: TicketId; readonly reason: ReasonId | null }
  | { readonly type: 'transfer'; readonly ticketId: TicketId; readonly toQueueId: QueueId; readonly place: Place }
  | { readonly type: 'adopt'; readonly counterId: CounterId; readonly number: string }
  | { readonly type: 'confirm-clock' }
  | { readonly type: 'issue'; readonly serviceId: ServiceId; readonly priority: PriorityClassId | null }

interface Request {
  readonly path: string
  readonly body: object
}

const atCounter = (counterId: CounterId, verb: string, body: object = {}): Request => ({
  path: `/api/v1/counters/${encodeURIComponent(counterId)}/${verb}`,
  body,
})

const onTicket = (ticketId: TicketId, verb: string, body: object = {}): Request => ({
  path: `/api/v1/tickets/${encodeURIComponent(ticketId)}/${verb}`,
  body,
})

const issueBody = ({ serviceId, priority }: Extract<Act, { type: 'issue' }>): object =>
  priority === null ? { serviceId, channel: 'counter' } : { serviceId, channel: 'counter', priority }

/** The request an act becomes. */
export function requestOf(act: Act): Request {
  switch (act.type) {
    case 'open':
      return atCounter(act.counterId, 'open', { agentId: act.agentId, pin: act.pin })
    case 'close':
    case 'call-next':
      return atCounter(act.counterId, act.type)
    case 'call':
      return atCounter(act.counterId, 'call', { ticketId: act.ticketId })
    case 'adopt':
      return atCounter(act.counterId, 'adopt', { number: act.number })
    case 'resume':
      return onTicket(act.ticketId, 'resume', { counterId: act.counterId })
    case 'hold':
      return onTicket(act.ticketId, 'hold', act.reason === null ? {} : { reason: act.reason })
    case 'transfer':
      return onTicket(act.ticketId, 'transfer', { toQueueId: act.toQueueId, place: act.place })
    case 'confirm-clock':
      return { path: '/api/v1/day/confirm-clock', body: {} }
    case 'issue':
      return { path: '/api/v1/tickets', body: issueBody(act) }
    default:
      return onTicket(act.ticketId, act.type)
  }
}

/** The number of a ticket that was just given; empty when the answer does not say. */
function readNumber(json: unknown): string {
  const hasNumber = typeof json === 'object' && json !== null && 'number' in json && typeof json.number === 'string'
  return hasNumber ? String(json.number) : ''
}

/** @returns the number of the ticket for `issue`, an empty text otherwise */
export async function sendAct(send: SendCommand, act: Act): Promise<Answer<string>> {
  const { path, body } = requestOf(act)
  if (act.type === 'issue') return send(path, body, readNumber)
  const answer = await send(path, body, unread)
  return answer.ok ? { ok: true, value: '' } : answer
}
