import { Type } from 'typebox'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { App, Parts } from '../parts.ts'
import { catalogueBody, epochsOf, eventsAfter } from '../store/history.ts'
import type { BranchIdentity } from '../store/inbox.ts'

const Nothing = Type.Object({}, strict)
const EventsBody = Type.Object(
  {
    epoch: Type.String({ minLength: 1, maxLength: 64 }),
    after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  strict,
)
const CatalogueBody = Type.Object({ hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, strict)

function proved(branch: BranchIdentity | null): BranchIdentity {
  if (branch === null) throw new Error('The door of branches let somebody else in')
  return branch
}

/** A branch's own log, back to a branch whose box died. */
export function registerHistoryRoutes(app: App, { database }: Parts): void {
  const config = { door: 'branch' } as const
  app.post('/api/v1/sync/history', { config, schema: { body: Nothing } }, async ({ branch }) => ({
    epochs: await epochsOf(database, proved(branch)),
  }))
  app.post('/api/v1/sync/history/events', { config, schema: { body: EventsBody } }, async ({ branch, body }) => ({
    events: await eventsAfter(database, proved(branch), body.epoch, body.after),
  }))
  app.post(
    '/api/v1/sync/history/catalogue',
    { config, schema: { body: CatalogueBody } },
    async ({ branch, body }, reply) => {
      const text = await catalogueBody(database, proved(branch), body.hash)
      return text === null ? reply.code(404).send(problem('CatalogueInvalid')) : { body: text }
    },
  )
}
