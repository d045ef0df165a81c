import { Type } from 'typebox'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { UPLOAD_EVENTS_MAX } from '#shared/wire/sync.ts'
import type { App, Parts } from '../parts.ts'
import { alikeAfter, catalogueBody, epochsOf, eventsAfter } from '../store/history.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { lastHeard, roleOf, sealedVisits } from '../store/role.ts'

const Nothing = Type.Object({}, strict)
const EventsBody = Type.Object(
  {
    epoch: Type.String({ minLength: 1, maxLength: 64 }),
    after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  strict,
)
const AlikeBody = Type.Object(
  {
    ...EventsBody.properties,
    hashes: Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { minItems: 1, maxItems: UPLOAD_EVENTS_MAX }),
  },
  strict,
)
const VisitsBody = Type.Object({ after: Type.String({ maxLength: 64 }) }, strict)
const CatalogueBody = Type.Object({ hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, strict)

function proved(branch: BranchIdentity | null): BranchIdentity {
  if (branch === null) throw new Error('The door of branches let somebody else in')
  return branch
}

/** A branch's own log, back to a branch whose box died. */
export function registerHistoryRoutes(app: App, { database }: Parts): void {
  const config = { door: 'branch', audit: NOT_AUDITED.sync } as const
  app.post('/api/v1/sync/history', { config, schema: { body: Nothing } }, async ({ branch }) => ({
    epochs: await epochsOf(database, proved(branch)),
    ...(await lastHeard(database, proved(branch))),
  }))
  app.post('/api/v1/sync/history/role', { config, schema: { body: Nothing } }, async ({ branch }, reply) => {
    const role = await roleOf(database, proved(branch))
    return role ?? reply.code(404).send(problem('HistoryUnknown'))
  })
  app.post('/api/v1/sync/history/side', { config, schema: { body: VisitsBody } }, async ({ branch, body }) => ({
    visits: await sealedVisits(database, proved(branch), body.after),
  }))
  app.post('/api/v1/sync/history/events', { config, schema: { body: EventsBody } }, async ({ branch, body }) => ({
    events: await eventsAfter(database, proved(branch), body.epoch, body.after),
  }))
  // Also a box that was replaced learns from where on its log is another's; it is told how much, and nothing of it.
  app.post(
    '/api/v1/sync/history/alike',
    { config: { ...config, takesFormer: true }, schema: { body: AlikeBody } },
    async ({ branch, body }) => ({ alikeCount: await alikeAfter(database, proved(branch), body) }),
  )
  app.post(
    '/api/v1/sync/history/catalogue',
    { config, schema: { body: CatalogueBody } },
    async ({ branch, body }, reply) => {
      const text = await catalogueBody(database, proved(branch), body.hash)
      return text === null ? reply.code(404).send(problem('HistoryUnknown')) : { body: text }
    },
  )
}
