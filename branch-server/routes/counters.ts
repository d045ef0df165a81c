import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { Command } from '#shared/domain/commands.ts'
import type {
  AgentId,
  CounterId,
  PriorityClassId,
  ReasonId,
  ServiceId,
  TicketId,
  TicketNumber,
} from '#shared/domain/ids.ts'
import { type BranchState, findCounter } from '#shared/domain/state.ts'
import {
  AdoptNumberBody,
  CallBody,
  CounterParams,
  HoldBody,
  Nothing,
  OpenBody,
  ServeNowBody,
} from '#shared/wire/requests.ts'
import { plainNumber } from '#shared/words/typed-number.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import { newTicketId } from '../waist/new-ticket-id.ts'
import type { Ask, Lookups } from '../waist/settle.ts'
import { ask, ticketAnswer } from './ask.ts'
import { provePin } from './prove-pin.ts'

const STAFF = { doors: ['caller'], audit: NOT_AUDITED.inLog } as const
const BASE = '/api/v1/counters/:counterId'

/** A counter as it stands: who is at it, from which device, with which ticket. */
function counterJson(state: BranchState, counterId: CounterId): object {
  const open = state.openCounters.get(counterId)
  return {
    counterId,
    name: findCounter(state, counterId)?.name ?? {},
    status: open === undefined ? 'closed' : open.onBreak === null ? 'open' : 'break',
    agentId: open?.agentId ?? null,
    deviceId: open?.deviceId ?? null,
    ticketId: open?.ticketId ?? null,
    isTraining: open?.isTraining ?? false,
  }
}

const counterAnswer =
  (counterId: CounterId): Ask['answer'] =>
  ({ state }) => ({ status: 200, body: counterJson(state, counterId) })

export function registerCounterRoutes(app: App, parts: Parts): void {
  app.post(
    `${BASE}/open`,
    { config: STAFF, schema: { params: CounterParams, body: OpenBody } },
    async (request, reply) => {
      const counterId = request.params.counterId as CounterId
      const agentId = request.body.agentId as AgentId
      const refused = await provePin(parts, originOf(request), agentId, request.body.pin)
      if (refused !== null) return reply.code(refused.status).send(refused)
      const { training: isTraining = false } = request.body
      const command: Command = { type: 'OpenCounter', counterId, agentId, isTraining }
      return ask(parts, request, reply, command, counterAnswer(counterId))
    },
  )
  registerCalls(app, parts)
  registerBreaks(app, parts)
}

function registerBreaks(app: App, parts: Parts): void {
  app.post(`${BASE}/break`, { config: STAFF, schema: { params: CounterParams, body: HoldBody } }, (request, reply) => {
    const counterId = request.params.counterId as CounterId
    const reason = (request.body.reason ?? null) as ReasonId | null
    return ask(parts, request, reply, { type: 'StartBreak', counterId, reason }, counterAnswer(counterId))
  })
  app.post(`${BASE}/resume`, { config: STAFF, schema: { params: CounterParams, body: Nothing } }, (request, reply) => {
    const counterId = request.params.counterId as CounterId
    return ask(parts, request, reply, { type: 'EndBreak', counterId }, counterAnswer(counterId))
  })
}

function registerCalls(app: App, parts: Parts): void {
  app.post(`${BASE}/close`, { config: STAFF, schema: { params: CounterParams, body: Nothing } }, (request, reply) => {
    const counterId = request.params.counterId as CounterId
    return ask(parts, request, reply, { type: 'CloseCounter', counterId }, counterAnswer(counterId))
  })
  app.post(
    `${BASE}/call-next`,
    { config: STAFF, schema: { params: CounterParams, body: Nothing } },
    (request, reply) => {
      const counterId = request.params.counterId as CounterId
      return ask(parts, request, reply, { type: 'CallNext', counterId }, ticketAnswer(200))
    },
  )
  app.post(`${BASE}/call`, { config: STAFF, schema: { params: CounterParams, body: CallBody } }, (request, reply) => {
    const counterId = request.params.counterId as CounterId
    const ticketId = request.body.ticketId as TicketId
    return ask(parts, request, reply, { type: 'CallTicket', counterId, ticketId }, ticketAnswer(200))
  })
  app.post(
    `${BASE}/adopt`,
    { config: STAFF, schema: { params: CounterParams, body: AdoptNumberBody } },
    (request, reply) => {
      const counterId = request.params.counterId as CounterId
      const number = plainNumber(request.body.number) as TicketNumber
      const { confirmed: isConfirmed = false } = request.body
      const ticketId = newTicketId()
      const command = ({ state, store }: Lookups): Command => {
        const isNumberTaken = state.day !== null && store.tickets.holderOf(state.day.date, number) !== null
        return { type: 'AdoptNumber', counterId, ticketId, number, isNumberTaken, isConfirmed }
      }
      return ask(parts, request, reply, command, ticketAnswer(200))
    },
  )
  app.post(
    `${BASE}/serve-now`,
    { config: STAFF, schema: { params: CounterParams, body: ServeNowBody } },
    (request, reply) => {
      const { serviceId, priority, language } = request.body
      const command: Command = {
        type: 'ServeNow',
        counterId: request.params.counterId as CounterId,
        ticketId: newTicketId(),
        serviceId: serviceId as ServiceId,
        priority: (priority ?? null) as PriorityClassId | null,
        language: language ?? null,
      }
      return ask(parts, request, reply, command, ticketAnswer(201))
    },
  )
}
