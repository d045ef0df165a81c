import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { Absence, Command, PaperMark } from '#shared/domain/commands.ts'
import { changeTicket } from '#shared/domain/evolve-ticket.ts'
import type {
  AgentId,
  BusinessDate,
  CounterId,
  ServiceId,
  SteadyMs,
  TicketId,
  TicketNumber,
} from '#shared/domain/ids.ts'
import { isLiving, type Ticket } from '#shared/domain/ticket.ts'
import { ticketJson } from '#shared/project/ticket-json.ts'
import { RecordBody } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import { newTicketId } from '../waist/new-ticket-id.ts'
import type { Ask, Lookups } from '../waist/settle.ts'
import { ask } from './ask.ts'

/** A ticket that the state has let go of with its day; of a typed number, that of the paper's date. */
function formerOf({ ticketId = null, number, businessDate }: RecordBody, { store, state }: Lookups): Ticket | null {
  if (ticketId !== null && state.tickets.has(ticketId as TicketId)) return null
  const isOfEarlierDay = businessDate < (state.day?.date ?? '')
  const found =
    ticketId !== null
      ? store.tickets.find(ticketId as TicketId)
      : isOfEarlierDay
        ? store.tickets.holderOf(businessDate as BusinessDate, number as TicketNumber)
        : null
  return found === null || isLiving(found) || state.tickets.has(found.facts.ticketId) ? null : found
}

/** @param absences - of this server and of the caller, as the server knows them */
function markOf(body: RecordBody, newId: TicketId, absences: readonly Absence[], lookups: Lookups): PaperMark {
  const { ticketId, number, serviceId, status, counterId, agentId, businessDate, noted = null } = body
  const { store, state } = lookups
  const former = formerOf(body, lookups)
  const today = state.day?.date
  const holder = store.tickets.holderOf(businessDate as BusinessDate, number as TicketNumber)
  return {
    ticketId: (ticketId ?? null) as TicketId | null,
    number: number as TicketNumber,
    serviceId: (serviceId ?? null) as ServiceId | null,
    status,
    counterId: (counterId ?? null) as CounterId | null,
    agentId: (agentId ?? null) as AgentId | null,
    businessDate: businessDate as BusinessDate,
    noted:
      noted === null
        ? null
        : { lastContactSteadyMs: noted.lastContactSteadyMs as SteadyMs, sinceContactMs: noted.sinceContactMs },
    newTicketId: newId,
    isConfirmed: body.confirmed ?? false,
    isNumberTaken: holder !== null,
    former,
    isTooLate: former !== null && today !== undefined && store.tickets.isLongPast(former.facts.businessDate, today),
    absences,
  }
}

/** Enters what staff noted while this server was away. The first entry stands, the second is told what it found. */
export function registerRecordRoutes(app: App, parts: Parts): void {
  app.post(
    '/api/v1/tickets/record',
    { config: { doors: ['caller'], audit: NOT_AUDITED.inLog }, schema: { body: RecordBody } },
    (request, reply) => {
      const newId = newTicketId()
      let former: Ticket | null = null
      const command = (lookups: Lookups): Command => {
        const mark = markOf(request.body, newId, parts.absences.of(originOf(request).deviceId), lookups)
        former = mark.former
        return { type: 'RecordTicket', mark }
      }
      const answer: Ask['answer'] = ({ state, events }) => {
        const recorded = events.find((event) => event.type === 'TicketRecorded')
        if (recorded === undefined) throw new Error('The entry touched no ticket')
        const { ticketId } = recorded
        const ticket = state.tickets.get(ticketId) ?? (former === null ? null : changeTicket(former, recorded))
        if (ticket === null) throw new Error(`No ticket ${ticketId}`)
        return { status: 200, body: ticketJson(state, ticket), ticketId }
      }
      return ask(parts, request, reply, command, answer)
    },
  )
}
