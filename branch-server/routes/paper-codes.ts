import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import { isSignedBy } from '#shared/network/paper-signature.ts'
import { ticketJson } from '#shared/project/ticket-json.ts'
import { readPaperCode } from '#shared/wire/paper-code.ts'
import { problem } from '#shared/wire/problem.ts'
import { ReadCodeBody } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'

/** Staff scan a paper: it is one of ours only if a kiosk that is paired now has signed it. */
export function registerPaperCodeRoutes(app: App, parts: Parts): void {
  const { roster, waist, waits } = parts
  app.post(
    '/api/v1/tickets/read-code',
    { config: { doors: ['caller'], audit: NOT_AUDITED.reads }, schema: { body: ReadCodeBody } },
    (request, reply) => {
      const code = readPaperCode(request.body.code)
      const kiosk = roster.devices().find(({ kind, slot }) => kind === 'kiosk' && slot === code?.slot)
      if (code === null || kiosk === undefined || !isSignedBy(code, kiosk.tokenHash)) {
        const body = problem('PaperNotOurs')
        return reply.code(body.status).send(body)
      }
      const { state, store } = waist.branch()
      const ticketId = code.ticketId as TicketId
      const ticket = state.tickets.get(ticketId) ?? store.tickets.find(ticketId)
      if (ticket === null) return reply.code(404).send(problem('TicketUnknown', { about: ticketId }))
      return ticketJson(state, ticket, waits.now().tickets)
    },
  )
}
