import { Type } from 'typebox'
import { zoneExists } from '#shared/domain/business-day.ts'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import { catalogueDoubts } from '#shared/domain/catalogue-doubts.ts'
import { type CatalogueFault, catalogueFaults } from '#shared/domain/catalogue-faults.ts'
import { isEasyPin } from '#shared/domain/easy-pin.ts'
import type { AgentId } from '#shared/domain/ids.ts'
import { type BranchState, findMessage } from '#shared/domain/state.ts'
import { catalogueOf } from '#shared/wire/catalogue.ts'
import { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { App, Parts } from '../parts.ts'
import { hashPin } from '../pins.ts'
import { hashOf } from '../store/event-log.ts'
import { ask } from './ask.ts'
import { missingMedia } from './media.ts'

const VersionQuery = Type.Object({ version: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })) }, strict)

async function hashPins(pins: ReadonlyMap<AgentId, string>): Promise<ReadonlyMap<AgentId, string>> {
  return new Map(await Promise.all([...pins].map(async ([id, pin]) => [id, await hashPin(pin)] as const)))
}

/** An emergency stands until somebody ends it: without its words, every screen would fall silent. */
function silencedEmergency(state: BranchState, { messages }: Catalogue): readonly CatalogueFault[] {
  const shown = state.message === null ? undefined : findMessage(state, state.message.messageId)
  if (shown?.kind !== 'emergency' || messages.some(({ id }) => id === shown.id)) return []
  return [{ path: '/messages', message: `${shown.id} stands on the screens as an emergency, end it first` }]
}

const easyPins = ({ agents }: CatalogueBody): readonly CatalogueFault[] =>
  agents.flatMap(({ pin }, index) =>
    pin === undefined || !isEasyPin(pin)
      ? []
      : [{ path: `/agents/${index}/pin`, message: 'it is one of those that are guessed first' }],
  )

export function registerCatalogueRoutes(app: App, parts: Parts): void {
  const { waist } = parts
  app.put(
    '/api/v1/catalogue',
    { config: { doors: ['installer'] }, schema: { body: CatalogueBody } },
    async (request, reply) => {
      const { catalogue, pins } = catalogueOf(request.body)
      const faults = [
        ...catalogueFaults(catalogue, zoneExists),
        ...easyPins(request.body),
        ...silencedEmergency(waist.branch().state, catalogue),
      ]
      if (faults.length > 0) {
        const detail = faults.map(({ path, message }) => `${path}: ${message}`).join('; ')
        return reply.code(422).send(problem('CatalogueInvalid', { detail }))
      }
      const pinHashes = await hashPins(pins)
      const text = JSON.stringify(catalogue)
      const hash = hashOf(text)
      let version = 0
      const sent = await ask(
        parts,
        request,
        reply,
        // The body goes onto the shelf before the event that speaks of it is folded; the same commit keeps both or none.
        ({ store }) => {
          version = store.catalogues.latestVersion() + 1
          store.catalogues.stage(version, catalogue)
          return { type: 'ApplyCatalogue', version, hash }
        },
        () => ({
          status: 200,
          body: { version, doubts: [...catalogueDoubts(catalogue, pins), ...missingMedia(catalogue, parts.media)] },
        }),
        { writes: (store) => store.catalogues.put(version, hash, text, pinHashes) },
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
