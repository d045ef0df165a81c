import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/** One line for each request, when it is answered: a second one at its arrival would say little more. */
export class RequestLog extends LogController {
  override incomingRequest(): void {
    // Said when it is answered.
  }

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const { statusCode, elapsedTime } = reply
    const by = request.bearer?.origin.deviceId ?? null
    const told = { req: request, statusCode, by, durationMs: Math.round(elapsedTime * 10) / 10 }
    if (error == null) request.log.info(told, 'answered')
    else request.log.error({ ...told, err: error }, 'answered with an error')
  }
}
