import type { FastifyRequest } from 'fastify'
import { isManager } from '#shared/domain/authority.ts'
import { keptDetails, type SentDetails } from '#shared/domain/customer-details.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import { counterHeldBy } from '#shared/domain/state.ts'
import { isLiving } from '#shared/domain/ticket.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import { Nothing, TicketParams } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import type { KeptDetails } from '../store/customer-details.ts'
import type { Ask } from '../waist/settle.ts'
import { ask } from './ask.ts'
import { signedOut } from './notes.ts'

const STAFF = { doors: ['caller'] } as const
const ADDRESS = '/api/v1/tickets/:ticketId/details'

/**
 * Keeps what customers said of themselves beside the tickets that a command brings, in its transaction: what of it is
 * kept, and for whom, is known once the command is decided. It stands in no event and in no answer.
 * @param sentFor - what came with a ticket
 */
export function keepingDetails(
  answer: Ask['answer'],
  sentFor: (ticketId: TicketId) => SentDetails | undefined,
): Required<Pick<Ask, 'answer' | 'writes'>> {
  const kept = new Map<TicketId, KeptDetails>()
  const superseded: TicketId[] = []
  return {
    answer(done) {
      const { state, events } = done
      for (const event of events) {
        if (event.type === 'TicketCancelled' && event.reason === 'superseded') superseded.push(event.ticketId)
        if (event.type !== 'TicketIssued' && event.type !== 'TicketAdopted') continue
        const sent = sentFor(event.ticketId)
        if (sent === undefined) continue
        const ticket = state.tickets.get(event.ticketId)
        // A paper of a day that is over comes and ends at once.
        if (ticket === undefined || !isLiving(ticket)) continue
        const { serviceId, plan, issuedAtMs } = ticket.facts
        const details = keptDetails(state.catalogue?.body, [serviceId, ...plan], sent)
        // Whoever takes the ticket agrees.
        if (details !== null) kept.set(event.ticketId, { ...details, consentedAtMs: issuedAtMs })
      }
      return answer(done)
    },
    writes({ details }) {
      for (const ticketId of superseded) details.erase(ticketId)
      for (const [ticketId, said] of kept) details.put(ticketId, said)
    },
  }
}

/** Why whoever asks has nothing to do with what this customer said; null for the agent in front of whom she stands. */
function notServing(parts: Parts, request: FastifyRequest, ticketId: TicketId): Problem | null {
  const { state } = parts.waist.branch()
  const ticket = state.tickets.get(ticketId)
  const refuse = (code: 'TicketUnknown' | 'NotYourTicket') => problem(code, { about: ticketId })
  const isHere = (counterId: string | undefined): boolean =>
    (ticket?.phase.status === 'called' || ticket?.phase.status === 'serving') && ticket.phase.counterId === counterId
  return (
    signedOut(parts, request) ??
    (ticket === undefined ? refuse('TicketUnknown') : null) ??
    (isHere(counterHeldBy(state, originOf(request).deviceId)?.[0]) ? null : refuse('NotYourTicket'))
  )
}

/** What a customer said of herself, for whoever serves her, as long as she stands there. */
export function registerDetailsRoutes(app: App, parts: Parts): void {
  const { waist } = parts

  app.get(ADDRESS, { config: STAFF, schema: { params: TicketParams } }, (request, reply) => {
    const ticketId = request.params.ticketId as TicketId
    const { store } = waist.branch()
    const refused = notServing(parts, request, ticketId)
    if (refused !== null) return reply.code(refused.status).send(refused)
    const said = store.details.find(ticketId)
    return {
      ticketId,
      name: said?.name ?? null,
      phone: said?.phone ?? null,
      consentedAtMs: said?.consentedAtMs ?? null,
    }
  })
  app.delete(
    ADDRESS,
    { config: { ...STAFF, audit: 'DetailsErased' }, schema: { params: TicketParams, body: Nothing } },
    (request, reply) => {
      const ticketId = request.params.ticketId as TicketId
      // Whoever has not come to a counter yet asks a manager.
      const isBoss = isManager(waist.branch().state, originOf(request))
      const refused = isBoss ? null : notServing(parts, request, ticketId)
      if (refused !== null) return reply.code(refused.status).send(refused)
      const answer: Ask['answer'] = () => ({ status: 200, body: { ticketId } })
      return ask(parts, request, reply, { type: 'KeepTime' }, answer, {
        writes: ({ details }) => details.erase(ticketId),
      })
    },
  )
}
