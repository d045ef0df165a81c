import type { FastifyRequest } from 'fastify'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { isManager } from '#shared/domain/authority.ts'
import { keepTime } from '#shared/domain/clock.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import { counterHeldBy } from '#shared/domain/state.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import { NoteBody, Nothing, TicketParams } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import type { Ask } from '../waist/settle.ts'
import { ask } from './ask.ts'

const STAFF = { doors: ['caller'] } as const
const ADDRESS = '/api/v1/tickets/:ticketId/note'
const KEEP_TIME = { type: 'KeepTime' } as const

/** The rows of a note, beside the command they belong to. */
export function noteWrites(ticketId: TicketId, text: string, { readClock, waist }: Parts): NonNullable<Ask['writes']> {
  // Dated as an event is: by a clock in doubt it would be thrown away too early, or never.
  return ({ notes }) => notes.put(ticketId, text, keepTime(waist.branch().state, readClock()).now.atMs)
}

/** Notes are for whoever serves, not for whoever walks past a caller that nobody uses. */
export function signedOut({ waist }: Parts, request: FastifyRequest): Problem | null {
  const { deviceId } = originOf(request)
  const isSignedIn = counterHeldBy(waist.branch().state, deviceId) !== undefined
  return isSignedIn ? null : problem('NoCounterOpen', { about: deviceId })
}

/** Neither an agent at a counter nor a manager without one. */
export const nobodyIsIn = (parts: Parts, request: FastifyRequest): Problem | null =>
  isManager(parts.waist.branch().state, originOf(request)) ? null : signedOut(parts, request)

/**
 * What agents write about a visit, for whoever serves it next. A note is no event: it changes nothing of the branch
 * and can be erased; so no answer repeats it, for answers are kept. Only a ticket of the present day, or one that lives
 * still, takes a note.
 */
export function registerNoteRoutes(app: App, parts: Parts): void {
  const { waist } = parts

  app.get(ADDRESS, { config: STAFF, schema: { params: TicketParams } }, (request, reply) => {
    const ticketId = request.params.ticketId as TicketId
    const { store } = waist.branch()
    const refused =
      signedOut(parts, request) ??
      (store.tickets.find(ticketId) === null ? problem('TicketUnknown', { about: ticketId }) : null)
    if (refused !== null) return reply.code(refused.status).send(refused)
    const note = store.notes.find(ticketId)
    return { ticketId, note: note?.text ?? null, atMs: note?.atMs ?? null }
  })
  app.post(
    ADDRESS,
    { config: { ...STAFF, audit: NOT_AUDITED.visit }, schema: { params: TicketParams, body: NoteBody } },
    (request, reply) => {
      const ticketId = request.params.ticketId as TicketId
      const isKnown = waist.branch().state.tickets.has(ticketId)
      const refused = signedOut(parts, request) ?? (isKnown ? null : problem('TicketUnknown', { about: ticketId }))
      if (refused !== null) return reply.code(refused.status).send(refused)
      const answer: Ask['answer'] = () => ({ status: 200, body: { ticketId } })
      return ask(parts, request, reply, KEEP_TIME, answer, { writes: noteWrites(ticketId, request.body.note, parts) })
    },
  )
  app.delete(
    ADDRESS,
    { config: { ...STAFF, audit: 'NoteErased' }, schema: { params: TicketParams, body: Nothing } },
    (request, reply) => {
      const ticketId = request.params.ticketId as TicketId
      const refused = signedOut(parts, request)
      if (refused !== null) return reply.code(refused.status).send(refused)
      const answer: Ask['answer'] = () => ({ status: 200, body: { ticketId } })
      return ask(parts, request, reply, KEEP_TIME, answer, { writes: ({ notes }) => notes.erase(ticketId) })
    },
  )
}
