import type { Catalogue } from '#shared/domain/catalogue.ts'
import { ProgrammeBody, ProgrammeParams, playlistOf } from '#shared/wire/media.ts'
import { problem } from '#shared/wire/problem.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import { managersOnly } from './management.ts'

/** Every display of the branch, and what it plays. */
export const programmesOf = ({ programmes, roster }: Parts, catalogue: Catalogue) =>
  programmes.all(
    catalogue,
    roster.devices().flatMap(({ kind, name }) => (kind === 'display' ? [name] : [])),
  )

/** A manager puts files on a display's programme, and displays ask what they play. */
export function registerProgrammeRoutes(app: App, parts: Parts): void {
  const { waist, media, programmes, roster } = parts
  const catalogueNow = (): Catalogue | undefined => waist.branch().state.catalogue?.body

  app.put(
    '/api/v1/displays/:name/playlist',
    {
      config: { doors: ['caller', 'installer'], audit: 'PlaylistSet' },
      preHandler: managersOnly(parts),
      schema: { params: ProgrammeParams, body: ProgrammeBody },
    },
    (request, reply) => {
      const catalogue = catalogueNow()
      const { name } = request.params
      const refuse = (code: 'CatalogueMissing' | 'DeviceUnknown' | 'MediaUnknown') => {
        const refused = problem(code)
        return reply.code(refused.status).send(refused)
      }
      if (catalogue === undefined) return refuse('CatalogueMissing')
      if (!programmesOf(parts, catalogue).some((it) => it.name === name)) return refuse('DeviceUnknown')
      const playlist = playlistOf(request.body.playlist)
      if (playlist?.some(({ mediaId }) => media.find(mediaId) === undefined) === true) return refuse('MediaUnknown')
      programmes.put(catalogue, name, playlist)
      return reply.send({ name, playlist })
    },
  )

  app.get('/api/v1/displays/self/playlist', { config: { doors: ['display'] } }, (request, reply) => {
    const catalogue = catalogueNow()
    const name = roster.find(originOf(request).deviceId)?.name
    return reply.send({
      playlist: catalogue === undefined || name === undefined ? null : programmes.own(catalogue, name),
    })
  })
}
