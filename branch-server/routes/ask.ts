import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Command } from '#shared/domain/commands.ts'
import type { Bookmark } from '#shared/domain/epoch.ts'
import type { Epoch, EventSeq, Sha256, TicketId } from '#shared/domain/ids.ts'
import { HeaderError, headerOf, idempotencyKeyOf } from '#shared/http/idempotency-key.ts'
import { hashPin } from '#shared/network/pin-hash.ts'
import { type TicketJson, ticketJson } from '#shared/project/ticket-json.ts'
import { problem } from '#shared/wire/problem.ts'
import type { Parts } from '../parts.ts'
import { type AuditDetail, auditWrites } from '../plugins/audit.ts'
import { originOf } from '../plugins/doors.ts'
import type { Store } from '../store/store.ts'
import type { Ask, Done, Reply } from '../waist/settle.ts'

const BOOKMARK_HEADER = 'x-smartqueue-bookmark'
const BOOKMARK_PATTERN = /^([0-9a-f-]{36});(\d{1,15});([0-9a-f]{64})$/

/**
 * The hash is quick to try out: it must not speak of PINs, which lie beside it as slow ones and are told here by one that
 * is as slow, nor of phones, which are erased while it stays.
 */
const withoutSecrets = (name: string, value: unknown): unknown =>
  name === 'pin' || name === 'details' ? undefined : value

/** Looked through name by name only where there may be one to leave out: that takes several times as long. */
function hashedBody(body: unknown): string {
  const text = JSON.stringify(body)
  const isSecret = text.includes('"pin":') || text.includes('"details":')
  return isSecret ? JSON.stringify(body, withoutSecrets) : text
}

/** Salted by the key of the request: the same PIN under the same key comes to the same, and nothing else does. */
async function slowPart(request: FastifyRequest, { keys }: Parts, newPin: string): Promise<string> {
  const key = idempotencyKeyOf(request)
  return key === null ? '' : `\n${await hashPin(newPin, Buffer.from(keys.requestHash(`pin ${key}`), 'base64url'))}`
}

function idempotencyOf(request: FastifyRequest, { keys }: Parts, more: string): Ask['idempotency'] {
  const key = idempotencyKeyOf(request)
  if (key === null) return null
  const text = `${request.method} ${request.url}\n${hashedBody(request.body)}${more}`
  return { key, requestHash: keys.requestHash(text) }
}

function bookmarkOf(request: FastifyRequest): Bookmark | null {
  const text = headerOf(request, BOOKMARK_HEADER)
  if (text === null) return null
  const match = BOOKMARK_PATTERN.exec(text)
  if (match === null) throw new HeaderError('X-SmartQueue-Bookmark must be epoch;seq;hash')
  return { epoch: match[1] as Epoch, seq: Number(match[2]) as EventSeq, headHash: match[3] as Sha256 }
}

export function sendReply(reply: FastifyReply, { status, body }: Reply): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send(body)
}

/** What becomes true beside the command: the rows of its caller, then the entry of the audit. */
function writesOf(
  parts: Parts,
  request: FastifyRequest,
  { writes, audit }: { readonly writes?: Ask['writes']; readonly audit?: (store: Store) => AuditDetail },
): Pick<Ask, 'writes'> {
  const auditing = auditWrites(parts, request, audit)
  if (auditing === null) return writes === undefined ? {} : { writes }
  return {
    writes(store) {
      writes?.(store)
      auditing(store)
    },
  }
}

/** Asks the waist on behalf of a request, with its key and its bookmark. */
export async function ask(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  command: Ask['command'],
  answer: Ask['answer'],
  {
    audit,
    writes,
    newPin,
    ...more
  }: Pick<Ask, 'writes' | 'answersAhead'> & {
    /** Of a request that sets one: the same request with another PIN is another. */
    readonly newPin?: string
    /** What the audit is to know of the change; asked for in its commit. */
    readonly audit?: (store: Store) => AuditDetail
  } = {},
): Promise<FastifyReply> {
  const origin = originOf(request)
  const ofPin = newPin === undefined ? '' : await slowPart(request, parts, newPin)
  // Removed while its request was still arriving, or its PIN was being proved.
  if (origin.kind !== 'installer' && parts.roster.find(origin.deviceId) === undefined)
    return reply.code(401).send(problem('Unauthorized'))
  const answered = await parts.waist.execute({
    origin,
    command,
    answer,
    idempotency: idempotencyOf(request, parts, ofPin),
    bookmark: bookmarkOf(request),
    ...more,
    ...writesOf(parts, request, { ...(writes && { writes }), ...(audit && { audit }) }),
  })
  parts.absences.answered(origin.deviceId, answered.status < 500)
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
