import { Type } from 'typebox'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import { eventsAside, historiesOf } from '../store/histories.ts'
import { eventsAfter } from '../store/history.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { BranchParams } from './params.ts'

const EpochParams = Type.Object(
  { ...BranchParams.properties, epoch: Type.String({ minLength: 1, maxLength: 64 }) },
  strict,
)
const PartParams = Type.Object(
  { ...BranchParams.properties, partId: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }) },
  strict,
)
const AfterQuery = Type.Object({ after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })) }, strict)
/** A log tells what each agent did: it is for whoever answers for the tenant. */
const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
const PATH = '/api/v1/tenants/:slug/branches/:branchId/histories'

/** What is held of a branch's log beside its line: head office reads what each of two boxes did. */
export function registerHistoriesRoutes(app: App, { database }: Parts): void {
  async function branchOf({ slug, branchId }: { slug: string; branchId: string }): Promise<BranchIdentity | null> {
    const tenantId = await tenantOf(database, slug)
    return tenantId === null ? null : { tenantId, branchId }
  }

  app.get(PATH, { config: SETTINGS, schema: { params: BranchParams } }, async ({ params }, reply) => {
    const branch = await branchOf(params)
    return branch === null ? reply.code(404).send(problem('TenantUnknown')) : historiesOf(database, branch)
  })
  app.get(
    `${PATH}/:epoch/events`,
    { config: SETTINGS, schema: { params: EpochParams, querystring: AfterQuery } },
    async ({ params, query }, reply) => {
      const branch = await branchOf(params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      return { events: await eventsAfter(database, branch, params.epoch, Number(query.after ?? 0)) }
    },
  )
  app.get(`${PATH}/aside/:partId`, { config: SETTINGS, schema: { params: PartParams } }, async ({ params }, reply) => {
    const branch = await branchOf(params)
    const events = branch === null ? null : await eventsAside(database, branch, params.partId)
    return events === null ? reply.code(404).send(problem('HistoryUnknown')) : { events }
  })
}
