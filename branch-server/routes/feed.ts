import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { BusinessDate, DeviceId, Epoch, EventSeq, Series, Sha256 } from '#shared/domain/ids.ts'
import { problem } from '#shared/wire/problem.ts'
import { type BookmarkBody, FeedQuery, FeedTicketBody } from '#shared/wire/requests.ts'
import type { JumpVerdict } from '../books/jump-book.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import type { Presented } from '../waist/settle.ts'
import { sendReply } from './ask.ts'

const TICKET_MS = 30_000
const TICKETS_MAX = 1_000
const UNREAD_BYTES_MAX = 64 * 1024

interface FeedTicket {
  readonly deviceId: DeviceId
  /** null: a device that does not say. */
  readonly instance: string | null
  readonly untilMs: number
}

/** Tickets that let one socket in, once. In memory: a restart voids them. */
function createFeedTickets(monotonicMs: () => number) {
  const open = new Map<string, FeedTicket>()
  return {
    make(deviceId: DeviceId, instance: string | null): string {
      for (const [name, { untilMs }] of open)
        if (untilMs <= monotonicMs() || open.size >= TICKETS_MAX) open.delete(name)
      const name = randomBytes(24).toString('base64url')
      open.set(name, { deviceId, instance, untilMs: monotonicMs() + TICKET_MS })
      return name
    },
    take(name: string): FeedTicket | null {
      const ticket = open.get(name)
      open.delete(name)
      return ticket === undefined || ticket.untilMs <= monotonicMs() ? null : ticket
    },
  }
}

function presentedOf({ epoch, seq, headHash, seen }: BookmarkBody): Presented {
  return {
    bookmark: { epoch: epoch as Epoch, seq: seq as EventSeq, headHash: headHash as Sha256 },
    seen:
      seen === undefined
        ? null
        : {
            date: seen.date as BusinessDate,
            lastOrdinals: seen.lastOrdinals.map(([series, ordinal]) => [series as Series, ordinal]),
          },
  }
}

/** The device's page of time: an answer to each ping, so that both ends know the line lives. */
function answerPings(
  socket: WebSocket,
  { readClock, witness, absences, feed, instances }: Parts,
  deviceId: DeviceId,
  instance: string | null,
): void {
  socket.on('message', (data) => {
    const match = /^\{"type":"ping"(?:,"n":(\d{1,15}))?(?:,"wallMs":(\d{1,15}))?\}$/.exec(String(data))
    if (match === null) {
      socket.close(4400, 'only pings are taken')
      return
    }
    absences.heard(deviceId)
    feed.heard(socket)
    if (instance !== null) instances.heard(deviceId, instance)
    // Whoever pings without reading gets no answers piled up.
    if (socket.bufferedAmount > UNREAD_BYTES_MAX) return
    const [, n, deviceWallMs] = match
    if (deviceWallMs !== undefined) witness.note(deviceId, Number(deviceWallMs))
    const { wallMs: atMs, steadyMs } = readClock()
    socket.send(JSON.stringify({ type: 'time', ...(n === undefined ? {} : { n: Number(n) }), atMs, steadyMs }))
  })
}

/** A device that breaks the protocol is cut off without a word; anything else is a bug of ours. */
export function endFeed(error: Error, socket: WebSocket, request: FastifyRequest): void {
  socket.terminate()
  const isItsFault = 'code' in error && /^(WS_ERR_|ECONN|EPIPE)/.test(String(error.code))
  if (!isItsFault) request.log.error({ err: error }, 'the feed threw')
}

export function registerFeedRoutes(app: App, parts: Parts): void {
  const { waist, feed, roster, clocks, witness, jumps, instances } = parts
  /** Which start of its host a socket belongs to. */
  const instanceOf = new WeakMap<FastifyRequest, string>()
  const tickets = createFeedTickets(clocks.monotonicMs)

  app.post(
    '/api/v1/feed-tickets',
    { config: { doors: ['kiosk', 'caller', 'display'], audit: NOT_AUDITED.upkeep }, schema: { body: FeedTicketBody } },
    async (request, reply) => {
      const { deviceId } = originOf(request)
      const { bookmark, wallMs, instance = null, isTwin = false } = request.body
      const claimed = { deviceId, name: roster.find(deviceId)?.name ?? '' }
      const arrival = instance === null ? 'welcome' : instances.arrive(claimed, instance, isTwin)
      if (arrival !== 'welcome')
        return reply
          .code(409)
          .send(problem(arrival === 'twin' ? 'DeviceTwin' : 'DeviceStillHeard', { about: deviceId }))
      if (wallMs !== undefined) witness.note(deviceId, wallMs)
      if (bookmark !== undefined && bookmark !== null) {
        const device = roster.find(deviceId)
        if (device === undefined) return reply.code(401).send(problem('Unauthorized'))
        let isJump = false
        const judge = (): JumpVerdict => {
          const verdict = jumps.judge(device)
          isJump = verdict === 'jump'
          return verdict
        }
        const settled = await waist.present({ ...presentedOf(bookmark), judge })
        if (isJump && settled.status >= 500) jumps.takeBack(device)
        if (settled.status >= 400) return sendReply(reply, settled)
      }
      return reply
        .code(201)
        .send({ ticket: tickets.make(deviceId, instance), expiresAtMs: Math.floor(clocks.wallMs()) + TICKET_MS })
    },
  )
  app.get(
    '/api/v1/feed',
    {
      config: { doors: 'open' },
      schema: { querystring: FeedQuery },
      websocket: true,
      // Nobody gets a socket without a ticket.
      preHandler: async (request, reply) => {
        if (request.ws !== true)
          return reply.code(400).send(problem('RequestInvalid', { detail: 'This is a WebSocket' }))
        const ticket = tickets.take(request.query.ticket)
        const device = ticket === null ? undefined : roster.find(ticket.deviceId)
        if (ticket !== null && ticket.instance !== null) instanceOf.set(request, ticket.instance)
        if (device === undefined) return reply.code(401).send(problem('FeedTicketInvalid'))
        request.bearer = { origin: { kind: device.kind, deviceId: device.deviceId }, device }
      },
    },
    (socket, request) => {
      const { epoch, after } = request.query
      const device = request.bearer?.device
      if (device === null || device === undefined) throw new Error('The ticket was not looked at')
      const { deviceId } = device
      const { head } = waist.branch()
      const bookmark = { epoch: (epoch ?? head.epoch) as Epoch, after: after === undefined ? head.seq : Number(after) }
      const instance = instanceOf.get(request) ?? null
      if (instance !== null) {
        instances.enter(deviceId, instance)
        socket.once('close', () => instances.leave(deviceId, instance))
      }
      socket.on('close', () => feed.leave(socket))
      socket.on('error', () => feed.leave(socket))
      answerPings(socket, parts, deviceId, instance)
      feed.follow(socket, { deviceId, name: device.name, ...bookmark })
    },
  )
}
