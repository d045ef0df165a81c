import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type Problem, type ProblemCode, problem } from '../wire/problem.ts'

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8'

const codeByFastifyCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'RequestTooLarge',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MediaTypeUnsupported',
  ERR_HTTP_REQUEST_TIMEOUT: 'RequestTooSlow',
}

/** What the one who asks did wrong, and how to mend it; null when it was not their doing. */
export function requestProblem({ code, statusCode = 500, validation, message }: FastifyError): Problem | null {
  const known = codeByFastifyCode[code]
  if (known !== undefined) return problem(known)
  if (statusCode === 429) return problem('TooManyRequests')
  const isTheirs = validation !== undefined || (statusCode >= 400 && statusCode < 500)
  return isTheirs ? problem('RequestInvalid', { detail: message }) : null
}

/** For `onSend`: wherever a problem comes from, it leaves as one. */
export function markProblem(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  if (reply.statusCode >= 400 && typeof payload === 'string' && payload.startsWith('{"type":"/problems/'))
    reply.header('content-type', PROBLEM_MEDIA_TYPE)
  done(null, payload)
}
