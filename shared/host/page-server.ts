import { existsSync } from 'node:fs'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { type Static, Type } from 'typebox'
import type { WebSocket } from 'ws'
import { closeApp } from '../http/close-app.ts'
import { guardConnections } from '../http/guard-connections.ts'
import { lateValidators, PROVEN_SCHEMAS } from '../http/late-validators.ts'
import { markProblem, requestProblem } from '../http/problems.ts'
import { type ProblemCode, problem } from '../wire/problem.ts'
import { strict } from '../wire/schema.ts'
import type { DeviceHost } from './device-host.ts'
import { REFUSED_MAX } from './meet-branch.ts'
import type { PagePresses } from './page-presses.ts'
import type { PageWatch } from './page-watch.ts'
import { UnreachableError } from './unreachable.ts'

const BODY_BYTES_MAX = 256 * 1024
const PAGES_MAX = 8
/** Of programs on this machine, all together. */
const CONNECTIONS_MAX = 2_000
/** A page that hangs keeps no more than this waiting; it comes back to its bookmark when it can. */
const UNSENT_BYTES_MAX = 16 * 1024 * 1024

/** A code, or the link that stands for it; and the keys whose six words were others than those of the branch. */
const PairBody = Type.Object(
  {
    code: Type.String({ maxLength: 1_000 }),
    refused: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: REFUSED_MAX })),
  },
  strict,
)

/** The page may load only what its own host serves. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    'default-src': ["'self'"],
    'connect-src': ["'self'"],
    'img-src': ["'self'", 'data:'],
    'style-src': ["'self'"],
    'font-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
    'form-action': ["'none'"],
  },
}

/**
 * Only this box's own page may ask: another site in a browser on it has another Origin, a rebound name another Host.
 * @returns why somebody may not; null for the own page
 */
function strangerCode({ headers: { host = '', origin } }: FastifyRequest, port: number): ProblemCode | null {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (!hosts.includes(host)) return 'HostNotAllowed'
  return origin === undefined || hosts.includes(origin.replace(/^http:\/\//, '')) ? null : 'OriginNotAllowed'
}

const isFeed = ({ routeOptions, headers }: FastifyRequest): boolean =>
  routeOptions.url === '/local/v1/feed' && headers.upgrade?.toLowerCase() === 'websocket'

/** An address with steps up in it would be passed on to somewhere else than it says; `\\` is read as `/` on the way. */
const isPlain = (url: string): boolean => !/\\|(^|\/|%2f)(\.|%2e){1,2}(\/|%2f|\?|$)/i.test(url)

function registerPage(app: FastifyInstance, folder: string): void {
  if (existsSync(folder)) {
    void app.register(fastifyStatic, { root: folder, index: 'index.html', cacheControl: false })
    return
  }
  app.get('/', (_request, reply) =>
    reply.code(503).type('text/plain').send('The page is not built: run npm run build.'),
  )
}

/** Whatever a page says on its socket means that it draws; it is told when it must be loaded anew. */
function watchSocket(socket: WebSocket, pages: PageWatch): void {
  const page = pages.opened(() => socket.send(JSON.stringify({ type: 'reload' })))
  socket.on('message', page.beat)
  socket.on('close', page.gone)
}

/** The page follows the same feed as its host, with the state of the link and the branch's time in between. */
function followAsPage(socket: WebSocket, host: DeviceHost, epoch: string, after: number): void {
  const seen = host.store.seen()
  if (seen === null) {
    socket.close(4409, 'nothing is known of the branch yet')
    return
  }
  const { bookmark } = seen
  socket.send(JSON.stringify({ type: 'hello', ...bookmark }))
  const missed = epoch === bookmark.epoch && after <= bookmark.seq ? host.store.after(after) : null
  if (missed === null) {
    socket.close(4409, 'the bookmark is not of this log')
    return
  }
  for (const text of missed) socket.send(text)
  socket.send(JSON.stringify({ type: 'link', ...host.status() }))
  const tellTime = (): void => {
    const moment = host.now()
    if (moment !== null) socket.send(JSON.stringify({ type: 'time', ...moment }))
  }
  tellTime()
  const stop = host.onNews((news) => {
    if (socket.bufferedAmount > UNSENT_BYTES_MAX) socket.terminate()
    else if (news.type === 'restart' || news.type === 'removed') socket.close(4409, 'start again')
    // What the branch said may have waited for events to be folded: it is as old by now.
    else if (news.type === 'time') tellTime()
    else if (news.type === 'twin' || news.type === 'order' || (news.type === 'trial' && news.order.kind !== 'paint'))
      return
    else socket.send(news.type === 'event' ? news.text : JSON.stringify(news))
  })
  socket.on('close', stop)
  socket.on('error', () => socket.terminate())
}

async function passOn(host: DeviceHost, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const key = request.headers['idempotency-key']
  const body = request.body === undefined || request.body === null ? undefined : JSON.stringify(request.body)
  try {
    const answer = await host.ask({
      method: request.method,
      path: request.url,
      ...(body === undefined ? {} : { body }),
      ...(typeof key === 'string' ? { key } : {}),
    })
    const { status, body: text, file } = answer
    if (file === undefined) return reply.code(status).type('application/json; charset=utf-8').send(text)
    const { bytes, type, disposition } = file
    return reply.code(status).type(type).header('content-disposition', disposition).send(bytes)
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error
    return reply.code(503).send(problem('BranchUnreachable'))
  }
}

function registerLocal(app: FastifyInstance, { host, pages, presses }: PageServerOptions): void {
  app.get('/local/v1/page', () => ({ screen: pages?.state() ?? null }))
  app.get('/local/v1/snapshot', (_request, reply) => {
    const snapshot = host.store.snapshot()
    return snapshot ?? reply.code(503).send(problem('BranchUnreachable'))
  })
  app.post<{ Body: Static<typeof PairBody> }>(
    '/local/v1/pair',
    { schema: { body: PairBody } },
    async (request, reply) => {
      const { code, refused } = request.body
      try {
        const answer = await host.pair(code, refused)
        return answer.status === 201
          ? reply.send(host.localState())
          : reply.code(answer.status).type('application/json; charset=utf-8').send(answer.body)
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error
        return reply.code(503).send(problem('BranchUnreachable'))
      }
    },
  )
  app.get('/local/v1/feed', { websocket: true }, (socket, request) => {
    if (app.websocketServer.clients.size > PAGES_MAX) {
      socket.close(4429, 'too many pages')
      return
    }
    const { epoch, after, face } = request.query as { epoch?: string; after?: string; face?: string }
    if (pages !== null) watchSocket(socket, pages)
    socket.on(
      'close',
      presses.opened(face === 'bar' ? 'bar' : 'whole', (text) => socket.send(text)),
    )
    followAsPage(socket, host, epoch ?? '', Number(after ?? 0))
  })
}

export interface PageServerOptions {
  readonly host: DeviceHost
  /** null: nobody minds when the page draws nothing, as in a window that its agent has put away. */
  readonly pages: PageWatch | null
  readonly presses: PagePresses
  readonly port: number
  /** The built page. */
  readonly folder: string
  readonly logger: FastifyBaseLogger
  /** What this kind of device adds, as the kiosk's tickets. @returns what it adds to the host's state */
  readonly extend?: (app: FastifyInstance) => () => object
}

/** Serves the page and its host's own addresses, on 127.0.0.1 alone. @returns its address, and how to end it */
export async function servePage(options: PageServerOptions): Promise<{ url: string; close: () => Promise<void> }> {
  const { host, logger, folder, extend } = options
  let port = options.port
  const app = Fastify({
    loggerInstance: logger,
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    schemaController: { compilersFactory: lateValidators },
    ajv: { customOptions: { ...PROVEN_SCHEMAS, removeAdditional: false, coerceTypes: false } },
    logController: new LogController({ disableRequestLogging: true }),
  })
  app.server.maxConnections = CONNECTIONS_MAX
  guardConnections(app.server)
  await app.register(fastifyHelmet, { contentSecurityPolicy, strictTransportSecurity: false })
  await app.register(fastifyWebsocket, { options: { maxPayload: 4_096 } })
  app.addHook('onRequest', async (request, reply) => {
    const isStray = (request.ws === true && !isFeed(request)) || !isPlain(request.url)
    const code = strangerCode(request, port) ?? (isStray ? 'RequestInvalid' : null)
    if (code === null) return
    const body = problem(code)
    return reply.code(body.status).send(body)
  })
  app.addHook('onSend', markProblem)
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const theirs = requestProblem(error)
    if (theirs === null) request.log.error({ err: error }, 'a request failed')
    const body = theirs ?? problem('InternalError')
    return reply.code(body.status).send(body)
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(problem('RouteUnknown')))
  registerPage(app, folder)
  registerLocal(app, options)
  // A bookmark says what this device has seen, and the branch's numbers jump at its word: the host's own to show, no page's.
  for (const own of ['/api/v1/feed-tickets', '/api/v1/feed'])
    app.all(own, (_request, reply) => reply.code(404).send(problem('RouteUnknown')))
  app.all('/api/v1/*', (request, reply) => passOn(host, request, reply))
  const tellMore = extend?.(app) ?? (() => ({}))
  app.get('/local/v1/state', () => ({ ...host.localState(), ...tellMore() }))
  const url = await app.listen({ host: '127.0.0.1', port })
  port = Number(new URL(url).port)
  return { url, close: () => closeApp(app) }
}
