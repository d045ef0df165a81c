import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ProblemCode, problem } from '../wire/problem.ts'
import { PROBLEM_MEDIA_TYPE } from './problems.ts'

// Answers to what no route and no hook ever sees, because it cannot be read as a request.

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
