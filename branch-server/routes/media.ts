import { NOT_AUDITED, type RouteAudit } from '#shared/audit/operations.ts'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { CatalogueFault } from '#shared/domain/catalogue-faults.ts'
import { sendFile } from '#shared/http/send-file.ts'
import {
  DisplayMediaBody,
  MEDIA_BYTES_MAX,
  MEDIA_BYTES_SUM_MAX,
  MEDIA_COUNT_MAX,
  MEDIA_PART_BYTES_MAX,
  MediaParams,
  MediaPartQuery,
  type Programme,
} from '#shared/wire/media.ts'
import { problem } from '#shared/wire/problem.ts'
import type { MediaShelf } from '../media/media-shelf.ts'
import type { App, Parts } from '../parts.ts'
import { reportConfig } from '../plugins/device-pace.ts'
import { originOf } from '../plugins/doors.ts'
import { managersOnly } from './management.ts'
import { programmesOf } from './programmes.ts'

const MANAGEMENT = { doors: ['caller', 'installer'] } as const
const BYTES = 'application/octet-stream'

/** By name: whoever looks at files knows displays by what they are called. */
const playersOf = (programmes: readonly Programme[], mediaId: string): readonly string[] =>
  programmes.filter(({ playlist }) => playlist.some((entry) => entry.mediaId === mediaId)).map(({ name }) => name)

/** A playlist may be sent before its files: displays go on without them, and whoever sent it is told. */
export const missingMedia = ({ displays = [] }: Catalogue, media: MediaShelf): readonly CatalogueFault[] =>
  displays.flatMap(({ playlist = [] }, index) =>
    playlist
      .filter(({ mediaId }) => media.find(mediaId) === undefined)
      .map(({ mediaId }) => ({
        path: `/displays/${index}/playlist`,
        rule: 'FileMissing',
        message: `the file ${mediaId} has not been uploaded`,
      })),
  )

/** Files for the displays: whoever sets the branch up brings them in parts, displays alone fetch them. */
export function registerMediaRoutes(app: App, parts: Parts): void {
  const { waist, media, displayMedia } = parts
  const manage = (audit: RouteAudit) => ({ config: { ...MANAGEMENT, audit }, preHandler: managersOnly(parts) })

  // Only here is a body anything but JSON.
  void app.register((scope, _options, done) => {
    scope.addContentTypeParser(BYTES, { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
    scope.put(
      '/api/v1/media/:mediaId',
      {
        ...manage('MediaAdded'),
        bodyLimit: MEDIA_PART_BYTES_MAX,
        schema: { params: MediaParams, querystring: MediaPartQuery },
      },
      async (request, reply) => {
        const { mediaId } = request.params as { mediaId: string }
        const { from, of, name = null } = request.query as { from: string; of: string; name?: string }
        if (!Buffer.isBuffer(request.body)) return reply.code(415).send(problem('MediaTypeUnsupported'))
        const taken = await media.take({ mediaId, from: Number(from), of: Number(of), name, bytes: request.body })
        // Audited once, when it is whole.
        request.isAuditSettled = !taken.ok || taken.media === null
        if (taken.ok) return reply.send({ mediaId, receivedBytes: taken.receivedBytes, media: taken.media })
        const refused = problem(taken.refusal, { detail: `${taken.receivedBytes} bytes of it are here` })
        return reply.code(refused.status).send(refused)
      },
    )
    done()
  })

  const programmesNow = (): readonly Programme[] => {
    const catalogue = waist.branch().state.catalogue?.body
    return catalogue === undefined ? [] : programmesOf(parts, catalogue)
  }

  app.get('/api/v1/media', manage(NOT_AUDITED.reads), () => ({
    media: media.all().map((file) => ({ ...file, playedBy: playersOf(programmesNow(), file.mediaId) })),
    programmes: programmesNow(),
    uploads: media.uploads(),
    limits: {
      bytesMax: MEDIA_BYTES_MAX,
      bytesSumMax: MEDIA_BYTES_SUM_MAX,
      countMax: MEDIA_COUNT_MAX,
      partBytesMax: MEDIA_PART_BYTES_MAX,
    },
    displays: displayMedia.all(),
  }))

  app.get(
    '/api/v1/media/:mediaId',
    { config: { doors: ['display'] }, schema: { params: MediaParams } },
    async (request, reply) => {
      const found = media.find(request.params.mediaId)
      if (found === undefined) return reply.code(404).send(problem('MediaUnknown'))
      // A page of the branch's own address must never become what somebody uploaded.
      reply.header('content-disposition', 'attachment').header('cache-control', 'private, immutable')
      return sendFile(request, reply, media.fileOf(found.mediaId), found.type)
    },
  )

  app.delete(
    '/api/v1/media/:mediaId',
    { ...manage('MediaDeleted'), schema: { params: MediaParams } },
    (request, reply) => {
      const { mediaId } = request.params
      if (media.find(mediaId) === undefined) return reply.code(404).send(problem('MediaUnknown'))
      if (playersOf(programmesNow(), mediaId).length > 0) return reply.code(409).send(problem('MediaInUse'))
      media.remove(mediaId)
      return reply.send({ mediaId })
    },
  )

  app.post(
    '/api/v1/devices/self/media',
    { config: reportConfig('display'), schema: { body: DisplayMediaBody } },
    (request, reply) => {
      const { deviceId } = originOf(request)
      displayMedia.note(deviceId, request.body)
      return reply.send({ deviceId })
    },
  )
}
