import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Command } from '#shared/domain/commands.ts'
import type { Bookmark } from '#shared/domain/epoch.ts'
import type { Epoch, EventSeq, Sha256, TicketId } from '#shared/domain/ids.ts'
import { type TicketJson, ticketJson } from '#shared/project/ticket-json.ts'
import type { Parts } from '../app.ts'
import { originOf } from '../plugins/doors.ts'
import type { Ask, Done, Reply } from '../settle.ts'

const KEY_HEADER = 'idempotency-key'
const BOOKMARK_HEADER = 'x-smartqueue-bookmark'
const KEY_PATTERN = /^[\x21-\x7e]{1,128}$/
const BOOKMARK_PATTERN = /^([0-9a-f-]{36});(\d{1,15});([0-9a-f]{64})$/

/** A header that cannot be read: answered with 400, nothing done. */
class HeaderError extends Error {
  readonly statusCode = 400
}

function header(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}

function idempotencyOf(request: FastifyRequest, { keys }: Parts): Ask['idempotency'] {
  const key = header(request, KEY_HEADER)
  if (key === null) return null
  if (!KEY_PATTERN.test(key)) throw new HeaderError('Idempotency-Key must be 1 to 128 visible characters')
  return { key, requestHash: keys.requestHash(`${request.method} ${request.url}\n${JSON.stringify(request.body)}`) }
}

function bookmarkOf(request: FastifyRequest): Bookmark | null {
  const text = header(request, BOOKMARK_HEADER)
  if (text === null) return null
  const match = BOOKMARK_PATTERN.exec(text)
  if (match === null) throw new HeaderError('X-SmartQueue-Bookmark must be epoch;seq;hash')
  return { epoch: match[1] as Epoch, seq: Number(match[2]) as EventSeq, headHash: match[3] as Sha256 }
}

export function sendReply(reply: FastifyReply, { status, body }: Reply): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send(body)
}

/** Asks the waist on behalf of a request, with its key and its bookmark. */
export async function ask(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  command: Ask['command'],
  answer: Ask['answer'],
  more: Pick<Ask, 'writes' | 'answersAhead'> = {},
): Promise<FastifyReply> {
  const answered = await parts.waist.execute({
    origin: originOf(request),
    command,
    answer,
    idempotency: idempotencyOf(request, parts),
    bookmark: bookmarkOf(request),
    ...more,
  })
  return sendReply(reply, answered)
}

/** @throws when the state has no such ticket: it was just touched, so that is a bug */
export function ticketIn({ state }: Pick<Done, 'state'>, ticketId: TicketId): TicketJson {
  const ticket = state.tickets.get(ticketId)
  if (ticket === undefined) throw new Error(`No ticket ${ticketId}`)
  return ticketJson(state, ticket)
}

/** The ticket that a command touched first, as the answer. */
export const ticketAnswer =
  (status: 200 | 201): Ask['answer'] =>
  (done) => {
    const touched = done.events.find((event) => 'ticketId' in event)
    if (touched === undefined || !('ticketId' in touched)) throw new Error('The command touched no ticket')
    return { status, body: ticketIn(done, touched.ticketId), ticketId: touched.ticketId }
  }

/** For acts on one ticket by its address. */
export const ticketCommand = (
  type: 'RecallTicket' | 'StartService' | 'ReturnTicket' | 'MarkNoShow' | 'CancelTicket' | 'ReinstateTicket',
  ticketId: string,
): Command => ({ type, ticketId: ticketId as TicketId })
