import { Type } from 'typebox'
import { zoneExists } from '#shared/domain/business-day.ts'
import { catalogueDoubts } from '#shared/domain/catalogue-doubts.ts'
import { hashPins } from '#shared/network/pin-hash.ts'
import { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { faultsText, readSentCatalogue } from '#shared/wire/sent-catalogue.ts'
import { pepperAll } from '../access/pin-pepper.ts'
import type { App, Parts } from '../parts.ts'
import { catalogueChange, silencedEmergency } from '../waist/catalogue-change.ts'
import { ask } from './ask.ts'
import { missingMedia } from './media.ts'

const VersionQuery = Type.Object({ version: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })) }, strict)

export function registerCatalogueRoutes(app: App, parts: Parts): void {
  const { waist } = parts
  app.put(
    '/api/v1/catalogue',
    { config: { doors: ['installer'], audit: 'CatalogueApplied' }, schema: { body: CatalogueBody } },
    async (request, reply) => {
      if (parts.sync.isManaged()) return reply.code(409).send(problem('CatalogueManagedByCloud'))
      const { catalogue, pins, faults: found } = readSentCatalogue(request.body, zoneExists)
      const faults = [...found, ...silencedEmergency(waist.branch().state, catalogue)]
      if (faults.length > 0) return reply.code(422).send(problem('CatalogueInvalid', { detail: faultsText(faults) }))
      const hashes = pepperAll(parts.keys.pinPepper, await hashPins(pins))
      const { command, version, writes, audit } = catalogueChange(() => catalogue, { from: 'site', hashes })
      const before = waist.branch().state.catalogue
      const sent = await ask(
        parts,
        request,
        reply,
        command,
        () => ({
          status: 200,
          body: {
            version: version(),
            doubts: [...catalogueDoubts(catalogue, pins), ...missingMedia(catalogue, parts.media)],
          },
        }),
        { writes, audit: () => audit(before) },
      )
      parts.keepSettings()
      return sent
    },
  )
  app.get(
    '/api/v1/catalogue',
    { config: { doors: ['kiosk', 'caller', 'display', 'installer'] }, schema: { querystring: VersionQuery } },
    (request, reply) => {
      const { state, store } = waist.branch()
      const version = request.query.version === undefined ? state.catalogue?.version : Number(request.query.version)
      const text = version === undefined ? null : store.catalogues.text(version)
      if (text === null) return reply.code(409).send(problem('CatalogueMissing'))
      return reply.type('application/json; charset=utf-8').send(text)
    },
  )
}
