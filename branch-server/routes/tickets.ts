import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { Absence, Command, PrintedAlone } from '#shared/domain/commands.ts'
import { adoptionFault } from '#shared/domain/decide-adopt.ts'
import type {
  AgentId,
  BusinessDate,
  CounterId,
  DeviceId,
  EpochMs,
  OutcomeId,
  PriorityClassId,
  QueueId,
  ReasonId,
  ServiceId,
  SteadyMs,
  TicketId,
  TicketNumber,
} from '#shared/domain/ids.ts'
import type { Reservation } from '#shared/domain/line.ts'
import { parseBlockNumber } from '#shared/domain/numbering.ts'
import { isLiving, type Ticket } from '#shared/domain/ticket.ts'
import { ticketJson } from '#shared/project/ticket-json.ts'
import { problem } from '#shared/wire/problem.ts'
import {
  AdoptBody,
  CompleteBody,
  HoldBody,
  IssueBody,
  Nothing,
  type PrintedAloneBody,
  ResumeBody,
  TicketParams,
  TicketsQuery,
  TransferBody,
} from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import { newTicketId } from '../waist/new-ticket-id.ts'
import type { Ask, Lookups } from '../waist/settle.ts'
import { ask, ticketAnswer, ticketCommand, ticketIn } from './ask.ts'
import { keepingDetails } from './customer-details.ts'
import { nobodyIsIn, noteWrites } from './notes.ts'

const STAFF = { doors: ['caller'], audit: NOT_AUDITED.inLog } as const

const acts = {
  recall: 'RecallTicket',
  start: 'StartService',
  return: 'ReturnTicket',
  'no-show': 'MarkNoShow',
  cancel: 'CancelTicket',
  reinstate: 'ReinstateTicket',
} as const

/** Staff have typed it in, on a day that is over; of today's the core decides, which sees when they did. */
const isSettled = ({ tickets }: Lookups['state'], { facts }: Ticket): boolean =>
  facts.channel === 'counter' && !tickets.has(facts.ticketId)

/** What the store knows about a paper, looked up at the moment of deciding. */
function printedAlone(
  body: PrintedAloneBody,
  deviceId: DeviceId,
  absences: readonly Absence[],
  { store, state, findAnswer }: Lookups,
): PrintedAlone {
  const ticketId = body.ticketId as TicketId
  const row = store.tickets.find(ticketId)
  const slot = parseBlockNumber(body.number)?.slot ?? null
  const holder = store.tickets.holderOf(body.businessDate as BusinessDate, body.number as TicketNumber)
  return {
    ticketId,
    number: body.number as TicketNumber,
    serviceId: body.serviceId as ServiceId,
    ...(body.plan !== undefined && { plan: body.plan.map((id) => id as ServiceId) }),
    language: body.language,
    priority: body.priority as PriorityClassId | null,
    businessDate: body.businessDate as BusinessDate,
    lastContactSteadyMs: body.lastContactSteadyMs as SteadyMs,
    sinceContactMs: body.sinceContactMs,
    ghostId: findAnswer(deviceId, body.tapKey)?.ticketId ?? null,
    // A living ticket that a salvage brought over as a row alone is told again, and lives again.
    isKnown:
      (row !== null && (state.tickets.has(ticketId) || !isLiving(row))) ||
      (holder !== null && isSettled(state, holder)),
    isOfOtherBlock: slot !== null && !store.devices.mayHavePrinted(deviceId, slot, body.businessDate as BusinessDate),
    isNumberTaken: holder !== null && holder.facts.ticketId !== ticketId,
    absences,
  }
}

/**
 * Hands over what a kiosk printed alone. The key of each tap is answered ahead with the paper's ticket:
 * a request of the same tap that is still on its way brings no second number.
 */
function adoptAsk(
  papers: readonly PrintedAloneBody[],
  deviceId: DeviceId,
  book: Parts['absences'],
): Pick<Ask, 'command' | 'answer' | 'answersAhead' | 'writes'> {
  const sent = new Map(papers.map(({ ticketId, details }) => [ticketId, details]))
  let looked: readonly PrintedAlone[] = []
  const command = (lookups: Lookups): Command => {
    const absences = book.of(deviceId)
    looked = papers.map((paper) => printedAlone(paper, deviceId, absences, lookups))
    return { type: 'AdoptTickets', tickets: looked }
  }
  const answer: Ask['answer'] = ({ state, events }) => {
    const ids = events.flatMap((event) => (event.type === 'TicketAdopted' ? [event.ticketId] : []))
    const fresh = new Set<string>(ids)
    const refused = looked
      .filter((paper) => !fresh.has(paper.ticketId))
      .map((paper) => ({ paper, fault: adoptionFault(state, paper) }))
      .filter(({ fault }) => fault !== null && fault !== 'known')
      .map(({ paper, fault }) => ({ ticketId: paper.ticketId, number: paper.number, code: fault }))
    return { status: 200, body: { adopted: ids.map((ticketId) => ticketIn({ state }, ticketId)), refused } }
  }
  return {
    command,
    ...keepingDetails(answer, (ticketId) => sent.get(ticketId)),
    answersAhead: ({ state }) =>
      papers.flatMap(({ ticketId, tapKey }) => {
        const ticket = state.tickets.get(ticketId as TicketId)
        if (ticket === undefined) return []
        const body = JSON.stringify(ticketJson(state, ticket))
        return [{ deviceId, key: tapKey, requestHash: null, status: 201, body, ticketId: ticket.facts.ticketId }]
      }),
  }
}

function registerReads(app: App, { waist, waits }: Parts): void {
  const readers = { doors: ['kiosk', 'caller', 'display'] } as const
  app.get('/api/v1/tickets', { config: readers, schema: { querystring: TicketsQuery } }, (request) => {
    const { state } = waist.branch()
    const { status, queueId } = request.query
    return [...state.tickets.values()]
      .filter(
        ({ phase, facts }) => (status ?? phase.status) === phase.status && (queueId ?? facts.queueId) === facts.queueId,
      )
      .map((ticket) => ticketJson(state, ticket, waits.now().tickets))
      .toSorted((a, b) => a.issuedAtMs - b.issuedAtMs || (a.ticketId < b.ticketId ? -1 : 1))
  })
  app.get('/api/v1/tickets/:ticketId', { config: readers, schema: { params: TicketParams } }, (request, reply) => {
    const { state, store } = waist.branch()
    const ticketId = request.params.ticketId as TicketId
    const ticket = state.tickets.get(ticketId) ?? store.tickets.find(ticketId)
    if (ticket === null) return reply.code(404).send(problem('TicketUnknown', { about: ticketId }))
    return ticketJson(state, ticket, waits.now().tickets)
  })
}

export function registerTicketRoutes(app: App, parts: Parts): void {
  registerReads(app, parts)
  app.post(
    '/api/v1/tickets',
    { config: { doors: ['kiosk', 'caller'], audit: NOT_AUDITED.inLog }, schema: { body: IssueBody } },
    (request, reply) => {
      const { serviceId, channel, priority, language, plan, bookedAtMs = null, trial = false, details } = request.body
      const isKiosk = originOf(request).kind === 'kiosk'
      // Staff learn at a counter in training.
      if (trial && !isKiosk) return reply.code(403).send(problem('Forbidden'))
      // Customers check in by the code of their appointment; what only somebody says is for staff to believe.
      const isBooked = channel === 'appointment' || bookedAtMs !== null
      const refused = isBooked ? (isKiosk ? problem('Forbidden') : nobodyIsIn(parts, request)) : null
      if (refused !== null) return reply.code(refused.status).send(refused)
      const asked = {
        ticketId: newTicketId(),
        serviceId: serviceId as ServiceId,
        priority: (priority ?? null) as PriorityClassId | null,
      }
      const command = ({ state }: Lookups): Command => {
        const told = bookedAtMs === null && !trial ? parts.waits.tell(state, asked) : null
        return {
          type: 'IssueTicket',
          ...asked,
          channel: isKiosk ? 'kiosk' : (channel ?? 'counter'),
          language: language ?? null,
          ...(plan !== undefined && { plan: plan.map((id) => id as ServiceId) }),
          ...(bookedAtMs !== null && { bookedAtMs: bookedAtMs as EpochMs }),
          ...(told !== null && { told }),
          ...(trial && { isTrial: true }),
        }
      }
      const { answer, writes } = keepingDetails(ticketAnswer(201), () => details)
      return ask(parts, request, reply, command, answer, { writes })
    },
  )
  app.post(
    '/api/v1/tickets/adopt',
    { config: { doors: ['kiosk'], audit: NOT_AUDITED.inLog }, schema: { body: AdoptBody } },
    (request, reply) => {
      const { command, answer, ...more } = adoptAsk(request.body.tickets, originOf(request).deviceId, parts.absences)
      return ask(parts, request, reply, command, answer, more)
    },
  )
  for (const [name, type] of Object.entries(acts) as [keyof typeof acts, (typeof acts)[keyof typeof acts]][])
    app.post(
      `/api/v1/tickets/:ticketId/${name}`,
      { config: STAFF, schema: { params: TicketParams, body: Nothing } },
      (request, reply) => {
        const { ticketId } = request.params as { ticketId: string }
        return ask(parts, request, reply, ticketCommand(type, ticketId), ticketAnswer(200))
      },
    )
  registerTicketActs(app, parts)
}

function transferCommand(ticketId: TicketId, body: TransferBody): Command {
  const { place } = body
  if ('toQueueId' in body) return { type: 'TransferTicket', ticketId, toQueueId: body.toQueueId as QueueId, place }
  const reserveFor: Reservation =
    'toCounterId' in body
      ? { kind: 'counter', counterId: body.toCounterId as CounterId }
      : { kind: 'agent', agentId: body.toAgentId as AgentId }
  return { type: 'ReserveTicket', ticketId, reserveFor, place }
}

function registerTicketActs(app: App, parts: Parts): void {
  const base = '/api/v1/tickets/:ticketId'
  app.post(`${base}/hold`, { config: STAFF, schema: { params: TicketParams, body: HoldBody } }, (request, reply) => {
    const ticketId = request.params.ticketId as TicketId
    const reason = (request.body.reason ?? null) as ReasonId | null
    return ask(parts, request, reply, { type: 'HoldTicket', ticketId, reason }, ticketAnswer(200))
  })
  app.post(
    `${base}/resume`,
    { config: STAFF, schema: { params: TicketParams, body: ResumeBody } },
    (request, reply) => {
      const ticketId = request.params.ticketId as TicketId
      const counterId = request.body.counterId as Extract<Command, { type: 'ResumeTicket' }>['counterId']
      return ask(parts, request, reply, { type: 'ResumeTicket', ticketId, counterId }, ticketAnswer(200))
    },
  )
  app.post(
    `${base}/complete`,
    { config: STAFF, schema: { params: TicketParams, body: CompleteBody } },
    (request, reply) => {
      const ticketId = request.params.ticketId as TicketId
      const { note = null, endsVisit = false } = request.body
      const outcome = (request.body.outcome ?? null) as OutcomeId | null
      const more = note === null ? {} : { writes: noteWrites(ticketId, note, parts) }
      const command: Command = { type: 'CompleteTicket', ticketId, outcome, endsVisit }
      return ask(parts, request, reply, command, ticketAnswer(200), more)
    },
  )
  app.post(
    `${base}/transfer`,
    { config: STAFF, schema: { params: TicketParams, body: TransferBody } },
    (request, reply) => {
      const ticketId = request.params.ticketId as TicketId
      return ask(parts, request, reply, transferCommand(ticketId, request.body), ticketAnswer(200))
    },
  )
}
