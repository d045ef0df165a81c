import fastifyRateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, type FastifyError, type FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { guardedResponse } from '#shared/http/guarded-response.ts'
import { lateValidators } from '#shared/http/late-validators.ts'
import { markProblem, requestProblem } from '#shared/http/problems.ts'
import { refuseAddress, refuseGarbage } from '#shared/http/unreadable.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import { storageProblem } from './store/storage-fault.ts'
import { BUSY_SECONDS, DatabaseBusyError } from './store/transactions.ts'
import { tellRequest } from './tell-request.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The last that the database's disk did not take; null: none */
    storageFault: { readonly problem: Problem; readonly atMs: number } | null
  }
}

const BODY_BYTES_MAX = 1024 * 1024
/** A request that has not arrived by then is answered 408. */
const REQUEST_MS_MAX = 60_000
const CONNECTIONS_MAX = 10_000

/** Nothing is taken from whoever follows what happens. */
const SOCKET_MESSAGE_BYTES_MAX = 1024

/** Names, ids and a signature: no request of ours has more. */
const HEADER_BYTES_MAX = 16 * 1024

export interface AppOptions {
  /** Who is believed when it says for whom it asks; left out or null: nobody. */
  readonly proxyAddress?: string | null | undefined
  /** Where people reach the cloud; left out: over plain HTTP. */
  readonly publicUrl?: string | undefined
}

/** Builds the server without its routes. */
export function buildApp(
  log: FastifyBaseLogger,
  nowMs: () => number,
  { proxyAddress = null, publicUrl }: AppOptions = {},
) {
  const isHttps = publicUrl?.startsWith('https:') === true
  const app = Fastify({
    http: { maxHeaderSize: HEADER_BYTES_MAX, ServerResponse: guardedResponse({ isHttps }) },
    clientErrorHandler: refuseGarbage,
    frameworkErrors: refuseAddress,
    loggerInstance: log.child({}, { serializers: { req: tellRequest } }),
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: proxyAddress ?? false,
    requestTimeout: REQUEST_MS_MAX,
    forceCloseConnections: true,
    schemaController: { compilersFactory: lateValidators },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = CONNECTIONS_MAX
  app.decorate('storageFault', null)
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof DatabaseBusyError) {
      request.log.warn('the database has too much to do')
      return reply.code(503).header('retry-after', BUSY_SECONDS).send(problem('TooBusy'))
    }
    const ofStorage = storageProblem(error)
    if (ofStorage !== null) app.storageFault = { problem: ofStorage, atMs: nowMs() }
    const body = requestProblem(error) ?? ofStorage ?? problem('InternalError')
    if (body.status >= 500) request.log.error({ err: error }, 'a request failed')
    return reply.code(body.status).send(body)
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(problem('RouteUnknown')))
  app.addHook('onSend', markProblem)
  return app
}

export type CloudApp = ReturnType<typeof buildApp>

/** Whoever breaks the protocol is cut off without a word; anything else is a bug of ours. */
function endSocket(error: Error, socket: WebSocket, request: FastifyRequest): void {
  socket.terminate()
  const isTheirFault = 'code' in error && /^(WS_ERR_|ECONN|EPIPE)/.test(String(error.code))
  if (!isTheirFault) request.log.error({ err: error }, 'a socket threw')
}

export const registerLimits = async (app: CloudApp): Promise<void> => {
  await app.register(fastifyRateLimit, { global: false, max: 10, timeWindow: 60_000 })
  await app.register(fastifyWebsocket, { options: { maxPayload: SOCKET_MESSAGE_BYTES_MAX }, errorHandler: endSocket })
}
