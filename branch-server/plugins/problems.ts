import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError } from 'fastify'
import { markProblem, PROBLEM_MEDIA_TYPE, requestProblem } from '#shared/http/problems.ts'
import { type Problem, type ProblemCode, problem } from '#shared/wire/problem.ts'
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

const codeByParserCode: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'RequestTooSlow',
  HPE_HEADER_OVERFLOW: 'RequestTooLarge',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'RequestTooLarge',
}

/** Answers what cannot even be read as a request, and ends the connection. */
export function refuseGarbage(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const body = problem(codeByParserCode[error.code ?? ''] ?? 'RequestInvalid')
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${body.status} ${body.title}`,
    `content-type: ${PROBLEM_MEDIA_TYPE}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy())
}

/** Answers an address that cannot be decoded, or a name in it that is too long; no hook has seen the request. */
export function refuseAddress(_error: Error, _request: unknown, { raw }: { readonly raw: ServerResponse }): void {
  const body = problem('RequestInvalid')
  // A request that asked for a WebSocket has left the server's care: nobody else would close its line.
  const { socket } = raw
  raw
    .writeHead(body.status, { 'content-type': PROBLEM_MEDIA_TYPE, connection: 'close' })
    .end(JSON.stringify(body), () => socket?.destroySoon())
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
