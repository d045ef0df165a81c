import type { TicketId } from '#shared/domain/ids.ts'
import { problem } from '#shared/wire/problem.ts'
import { NoteBody, Nothing, TicketParams } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import type { Ask } from '../settle.ts'
import { ask } from './ask.ts'

const STAFF = { doors: ['caller'] } as const
const ADDRESS = '/api/v1/tickets/:ticketId/note'

/** The rows of a note, beside the command they belong to. */
export function noteWrites(ticketId: TicketId, text: string, { readClock }: Parts): NonNullable<Ask['writes']> {
  return ({ notes }) => notes.put(ticketId, text, readClock().wallMs)
}

/**
 * What agents write about a visit, for whoever serves it next. A note is no event: it changes nothing of the branch
 * and can be erased. Only a ticket of the present day, or one that lives still, takes a note.
 */
export function registerNoteRoutes(app: App, parts: Parts): void {
  const { waist } = parts
  const keepTime = { type: 'KeepTime' } as const

  app.get(ADDRESS, { config: STAFF, schema: { params: TicketParams } }, (request, reply) => {
    const ticketId = request.params.ticketId as TicketId
    const { store } = waist.branch()
    if (store.tickets.find(ticketId) === null)
      return reply.code(404).send(problem('TicketUnknown', { about: ticketId }))
    const note = store.notes.find(ticketId)
    return { ticketId, note: note?.text ?? null, atMs: note?.atMs ?? null }
  })
  app.post(ADDRESS, { config: STAFF, schema: { params: TicketParams, body: NoteBody } }, (request, reply) => {
    const ticketId = request.params.ticketId as TicketId
    const { note } = request.body
    if (!waist.branch().state.tickets.has(ticketId))
      return reply.code(404).send(problem('TicketUnknown', { about: ticketId }))
    const answer: Ask['answer'] = () => ({ status: 200, body: { ticketId, note } })
    return ask(parts, request, reply, keepTime, answer, { writes: noteWrites(ticketId, note, parts) })
  })
  app.delete(ADDRESS, { config: STAFF, schema: { params: TicketParams, body: Nothing } }, (request, reply) => {
    const ticketId = request.params.ticketId as TicketId
    const answer: Ask['answer'] = () => ({ status: 200, body: { ticketId, note: null } })
    return ask(parts, request, reply, keepTime, answer, { writes: ({ notes }) => notes.erase(ticketId) })
  })
}
