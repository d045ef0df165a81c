import type { FastifyError } from 'fastify'
import { markProblem, requestProblem } from '#shared/http/problems.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import { WorkerBusyError } from '../background/lane.ts'
import type { App } from '../parts.ts'
import { storageFault } from '../store/storage-fault.ts'

/** What the one who asks may know of an error: how to mend a request, nothing of our insides. */
function problemOf(error: FastifyError): Problem {
  const theirs = requestProblem(error)
  if (theirs !== null) return theirs
  if (error instanceof WorkerBusyError) return problem('TooBusy')
  return storageFault(error) === null ? problem('InternalError') : problem('StorageUnavailable')
}

/** Every error leaves as problem+json with a stable code. */
export function registerProblems(app: App): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const body = problemOf(error)
    // Too much at once is nobody's fault: it is told apart from what must be looked into.
    if (body.code === 'TooBusy') request.log.warn('more is asked than can be done')
    else if (body.status >= 500) request.log.error({ err: error }, 'a request failed')
    return reply.code(body.status).send(body)
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(problem('RouteUnknown')))
  app.addHook('onSend', markProblem)
  // A POST without a body is one with an empty body: acts such as recall carry nothing.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body === undefined || request.body === null) request.body = {}
    done()
  })
}
