import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, type FastifyError } from 'fastify'
import { markProblem, requestProblem } from '#shared/http/problems.ts'
import { problem } from '#shared/wire/problem.ts'
import type { Database } from './store/database.ts'

const BODY_BYTES_MAX = 1024 * 1024
/** A request that has not arrived by then is answered 408. */
const REQUEST_MS_MAX = 10_000
const CONNECTIONS_MAX = 10_000

export interface Parts {
  readonly database: Database
  readonly version: string
}

/** Builds the server but does not listen. */
export function buildApp({ database, version }: Parts, loggerInstance: FastifyBaseLogger) {
  const app = Fastify({
    loggerInstance,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = CONNECTIONS_MAX
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const body = requestProblem(error) ?? problem('InternalError')
    if (body.status >= 500) request.log.error({ err: error }, 'a request failed')
    return reply.code(body.status).send(body)
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(problem('RouteUnknown')))
  app.addHook('onSend', markProblem)

  app.get('/api/v1/health', async (request, reply) => {
    const isReached = await database
      .asNobody((db) => db.query('select'))
      .then(() => true)
      .catch((error: unknown) => {
        request.log.error({ err: error }, 'the database does not answer')
        return false
      })
    return reply.code(isReached ? 200 : 503).send({ status: isReached ? 'ok' : 'down', role: 'cloud', version })
  })
  return app
}
