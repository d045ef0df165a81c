import { type Answer, type SendCommand, unread } from '#shared/client/send-command.ts'
import type { Agent } from '#shared/domain/catalogue.ts'
import type { Place } from '#shared/domain/events.ts'
import type {
  AgentId,
  CounterId,
  MessageId,
  OutcomeId,
  PriorityClassId,
  QueueId,
  ReasonId,
  ServiceId,
  TicketId,
} from '#shared/domain/ids.ts'

/** The same bound as the branch's. */
export const NOTE_LENGTH_MAX = 1_000

/** Where a ticket is sent: into a queue, or kept for a counter or a colleague. */
export type Destination =
  | { readonly toQueueId: QueueId }
  | { readonly toCounterId: CounterId }
  | { readonly toAgentId: AgentId }

/** All that an agent can ask of the branch. */
export type Act =
  | {
      readonly type: 'open'
      readonly counterId: CounterId
      readonly agentId: AgentId
      readonly pin: string
      readonly isTraining: boolean
    }
  | { readonly type: 'close' | 'call-next' | 'end-break'; readonly counterId: CounterId }
  | { readonly type: 'break'; readonly counterId: CounterId; readonly reason: ReasonId | null }
  | {
      readonly type: 'serve-now'
      readonly counterId: CounterId
      readonly serviceId: ServiceId
      readonly priority: PriorityClassId | null
    }
  | { readonly type: 'call' | 'resume'; readonly counterId: CounterId; readonly ticketId: TicketId }
  | {
      readonly type: 'recall' | 'start' | 'return' | 'complete' | 'no-show' | 'cancel' | 'reinstate'
      readonly ticketId: TicketId
    }
  | {
      readonly type: 'finish'
      readonly ticketId: TicketId
      readonly outcome: OutcomeId | null
      /** null: what is written stays as it is. */
      readonly note: string | null
      readonly endsVisit: boolean
    }
  /** An empty text takes the note away. */
  | { readonly type: 'note'; readonly ticketId: TicketId; readonly text: string }
  | { readonly type: 'hold'; readonly ticketId: TicketId; readonly reason: ReasonId | null }
  | { readonly type: 'transfer'; readonly ticketId: TicketId; readonly to: Destination; readonly place: Place }
  | {
      readonly type: 'adopt'
      readonly counterId: CounterId
      readonly number: string
      /** Staff were asked whether they mean it. */
      readonly isConfirmed: boolean
    }
  | {
      readonly type: 'issue'
      readonly serviceId: ServiceId
      readonly priority: PriorityClassId | null
      /** What follows in the same visit; null: as the branch has planned it. */
      readonly plan: readonly ServiceId[] | null
    }
  | ManagerAct

/** What only a manager may ask. */
export type ManagerAct =
  | { readonly type: 'manager-in'; readonly agentId: AgentId; readonly pin: string }
  | {
      readonly type:
        | 'manager-out'
        | 'confirm-clock'
        | 'stop-intake'
        | 'resume-intake'
        | 'clear-message'
        | 'close-day'
        | 'print-list'
        | 'confirm-rights'
    }
  | { readonly type: 'show-message'; readonly messageId: MessageId; readonly minutes: number | null }
  | { readonly type: 'add-agent'; readonly name: string; readonly role: Agent['role']; readonly pin: string }
  | { readonly type: 'new-pin'; readonly agentId: AgentId; readonly pin: string }
  | { readonly type: 'suspend-agent' | 'restore-agent'; readonly agentId: AgentId }
  | { readonly type: 'pause-queue' | 'resume-queue' | 'close-queue' | 'open-queue'; readonly queueId: QueueId }

interface Request {
  readonly method?: 'POST' | 'DELETE'
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

const withPriority = (body: object, priority: PriorityClassId | null): object =>
  priority === null ? body : { ...body, priority }

const MANAGER_PATHS = {
  'manager-out': '/api/v1/management/sign-out',
  'confirm-clock': '/api/v1/day/confirm-clock',
  'close-day': '/api/v1/day/close',
  'stop-intake': '/api/v1/intake/stop',
  'resume-intake': '/api/v1/intake/resume',
  'clear-message': '/api/v1/message/clear',
  'print-list': '/api/v1/waiting-list/print',
  'confirm-rights': '/api/v1/management/confirm-rights',
} as const

const isPlainManagerAct = (act: Act): act is Extract<Act, { type: keyof typeof MANAGER_PATHS }> =>
  act.type in MANAGER_PATHS

function finishBody({ outcome, note, endsVisit }: Extract<Act, { type: 'finish' }>): object {
  return {
    ...(outcome !== null && { outcome }),
    ...(note !== null && note !== '' && { note }),
    ...(endsVisit && { endsVisit }),
  }
}

function counterRequest(act: Extract<Act, { counterId: CounterId }>): Request {
  const { counterId } = act
  switch (act.type) {
    case 'open': {
      const { agentId, pin, isTraining } = act
      return atCounter(counterId, 'open', { agentId, pin, ...(isTraining && { training: true }) })
    }
    case 'end-break':
      return atCounter(counterId, 'resume')
    case 'break':
      return atCounter(counterId, 'break', act.reason === null ? {} : { reason: act.reason })
    case 'serve-now':
      return atCounter(counterId, 'serve-now', withPriority({ serviceId: act.serviceId }, act.priority))
    case 'call':
      return atCounter(counterId, 'call', { ticketId: act.ticketId })
    case 'resume':
      return onTicket(act.ticketId, 'resume', { counterId })
    case 'adopt':
      return atCounter(counterId, 'adopt', { number: act.number, ...(act.isConfirmed && { confirmed: true }) })
    default:
      return atCounter(counterId, act.type)
  }
}

const AGENTS_PATH = '/api/v1/management/agents'

function agentRequest(
  act: Extract<Act, { type: 'add-agent' | 'new-pin' | 'suspend-agent' | 'restore-agent' }>,
): Request {
  if (act.type === 'add-agent') return { path: AGENTS_PATH, body: { name: act.name, role: act.role, pin: act.pin } }
  const verb = { 'new-pin': 'pin', 'suspend-agent': 'suspend', 'restore-agent': 'restore' }[act.type]
  const body = act.type === 'new-pin' ? { pin: act.pin } : {}
  return { path: `${AGENTS_PATH}/${encodeURIComponent(act.agentId)}/${verb}`, body }
}

/** Who is to be signed out and is out already: the page asked again before it had heard. */
export const isSoAlready = ({ type }: Act, code: string): boolean => type === 'manager-out' && code === 'NotAManager'

/** The request an act becomes. */
export function requestOf(act: Act): Request {
  if (isPlainManagerAct(act)) return { path: MANAGER_PATHS[act.type], body: {} }
  if ('counterId' in act) return counterRequest(act)
  switch (act.type) {
    case 'manager-in':
      return { path: '/api/v1/management/sign-in', body: { agentId: act.agentId, pin: act.pin } }
    case 'add-agent':
    case 'new-pin':
    case 'suspend-agent':
    case 'restore-agent':
      return agentRequest(act)
    case 'hold':
      return onTicket(act.ticketId, 'hold', act.reason === null ? {} : { reason: act.reason })
    case 'transfer':
      return onTicket(act.ticketId, 'transfer', { ...act.to, place: act.place })
    case 'finish':
      return onTicket(act.ticketId, 'complete', finishBody(act))
    case 'note':
      return act.text === ''
        ? { method: 'DELETE', ...onTicket(act.ticketId, 'note') }
        : onTicket(act.ticketId, 'note', { note: act.text })
    case 'issue': {
      const { serviceId, priority, plan } = act
      const asked = { serviceId, channel: 'counter', ...(plan !== null && { plan }) }
      return { path: '/api/v1/tickets', body: withPriority(asked, priority) }
    }
    case 'show-message': {
      const { messageId, minutes } = act
      return { path: '/api/v1/message', body: minutes === null ? { messageId } : { messageId, minutes } }
    }
    case 'pause-queue':
    case 'resume-queue':
    case 'close-queue':
    case 'open-queue':
      return {
        path: `/api/v1/queues/${encodeURIComponent(act.queueId)}/${act.type.replace('-queue', '')}`,
        body: {},
      }
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
  const { path, body, method = 'POST' } = requestOf(act)
  if (act.type === 'issue') return send(path, body, readNumber)
  const answer = await send(path, body, unread, method)
  return answer.ok ? { ok: true, value: '' } : answer
}
