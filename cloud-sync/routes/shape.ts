import type { FastifyReply } from 'fastify'
import { problem } from '#shared/wire/problem.ts'
import type { App, Parts } from '../parts.ts'
import { createForward, type Forward } from '../shapes/forward.ts'
import { openShapes } from '../shapes/open-shapes.ts'
import { placeOf } from '../shapes/place.ts'
import type { ShapeAnswer } from '../shapes/read-shape.ts'
import { type Shape, schemaOf, shapeOf } from '../shapes/shape.ts'
import type { BranchIdentity } from '../store/inbox.ts'

/** For whoever finds all places taken. */
const AGAIN_SECONDS = 5
const NO_STORE = { 'cache-control': 'no-store' }
const MUST_REFETCH = JSON.stringify([{ headers: { control: 'must-refetch' } }])

type Query = Readonly<Record<string, unknown>>

const textIn = (query: Query, name: string): string => {
  const value = query[name]
  return typeof value === 'string' ? value : ''
}

/** No branch comes as far; whoever says more only wants to see our numbers end. */
const DONE_MAX = 2 ** 30
const doneIn = (query: Query): number => {
  const done = /^\d{1,10}$/.test(textIn(query, 'done')) ? Number(textIn(query, 'done')) : 0
  return done > DONE_MAX ? 0 : done
}

/** A cursor says nothing but that this answer is another than the one before. */
function createCursors(nowMs: () => number): () => string {
  let last = 0
  return () => {
    last = Math.max(last + 1, Math.floor(nowMs()))
    return String(last)
  }
}

function sendAnswer(reply: FastifyReply, shape: Shape, answer: ShapeAnswer, cursor: string): FastifyReply {
  if (answer.kind === 'revoked') return reply.code(401).send(problem('Unauthorized'))
  reply.headers({ ...NO_STORE, 'content-type': 'application/json; charset=utf-8', 'electric-handle': answer.handle })
  if (answer.kind === 'must-refetch') return reply.code(409).send(MUST_REFETCH)
  reply.headers({ 'electric-offset': answer.offset, 'electric-schema': schemaOf(shape), 'electric-cursor': cursor })
  if (answer.upToDateAt !== null) reply.header('electric-up-to-date', '')
  return reply.code(200).send(JSON.stringify(answer.messages))
}

async function sendForwarded(
  reply: FastifyReply,
  forward: Forward,
  branch: BranchIdentity,
  shape: Shape,
  query: Query,
  gone: AbortSignal,
): Promise<FastifyReply> {
  try {
    const { status, headers, body } = await forward.ask(branch, shape, query, gone)
    return reply
      .code(status)
      .headers({ ...headers, ...NO_STORE })
      .send(body)
  } catch (error) {
    reply.log.warn({ err: error }, 'Electric does not answer')
    return reply
      .code(503)
      .headers({ ...NO_STORE, 'retry-after': AGAIN_SECONDS })
      .send(problem('TooBusy'))
  }
}

/** What goes down to a branch, in the protocol of Electric. Whose rows they are says the signature, and nothing else. */
export function registerShapeRoute(app: App, { database, nowMs, electricUrl = null, liveMs }: Parts): void {
  const forward = electricUrl === null ? null : createForward(electricUrl, fetch)
  const shapes = openShapes(database, liveMs)
  const nextCursor = createCursors(nowMs)
  app.addHook('preClose', () => shapes.endWaits())
  app.addHook('onClose', () => shapes.close())

  app.get('/api/v1/sync/shape', { config: { door: 'branch', lane: 'beside' } }, async (request, reply) => {
    const { branch } = request
    if (branch === null) throw new Error('The door of branches let somebody else in')
    const query = request.query as Query
    const shape = shapeOf(query['table'])
    if (shape === null) return reply.code(404).send(problem('ShapeUnknown'))
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    if (forward !== null) return sendForwarded(reply, forward, branch, shape, query, gone.signal)
    const place = placeOf(textIn(query, 'offset'))
    if (place === null) return reply.code(400).send(problem('RequestInvalid', { detail: 'offset' }))
    const question = {
      ...{ branch, shape, place, handle: textIn(query, 'handle'), done: doneIn(query) },
      isAhead: (sent: number) =>
        request.log.error(
          { ...branch, shape: shape.table, sent },
          'a branch has done more than was sent from here: this database was put back to an older copy; send again what it lacks',
        ),
    }
    const isLive = textIn(query, 'live') === 'true' && place.kind === 'log'
    const answer = isLive ? await shapes.follow(question, gone.signal) : await shapes.read(question)
    if (answer === null)
      return reply
        .code(429)
        .headers({ ...NO_STORE, 'retry-after': AGAIN_SECONDS })
        .send(problem('TooManyRequests'))
    return sendAnswer(reply, shape, answer, nextCursor())
  })
}
