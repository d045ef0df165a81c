import type { FastifyInstance } from 'fastify'
import type { DeviceHost } from '#shared/host/device-host.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { MEDIA_PART_BYTES_MAX } from '#shared/wire/media.ts'
import { problem } from '#shared/wire/problem.ts'

const BYTES = 'application/octet-stream'
const PART_MS_MAX = 12_000

/** A part of a file for the displays is passed on as it is: no other body of a page is anything but JSON. */
export function registerMediaUpload(app: FastifyInstance, host: Pick<DeviceHost, 'ask'>): void {
  void app.register((scope, _options, done) => {
    scope.addContentTypeParser(BYTES, { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
    scope.put('/api/v1/media/:mediaId', { bodyLimit: MEDIA_PART_BYTES_MAX }, async (request, reply) => {
      if (!Buffer.isBuffer(request.body)) return reply.code(415).send(problem('MediaTypeUnsupported'))
      try {
        const asking = { method: 'PUT', path: request.url, bytes: request.body, timeoutMs: PART_MS_MAX }
        const { status, body } = await host.ask(asking)
        return reply.code(status).type('application/json; charset=utf-8').send(body)
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error
        return reply.code(503).send(problem('BranchUnreachable'))
      }
    })
    done()
  })
}
