import { Type } from 'typebox'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import { fleetOf } from '../store/fleet.ts'
import { LISTED_MAX } from '../store/listing.ts'
import { TenantParams, uuid } from './params.ts'

const FleetQuery = Type.Object({ after: Type.Optional(uuid()) }, strict)

/** All branches of a tenant at a glance: when each was heard last, and how it was then. */
export function registerFleetRoute(app: App, { database }: Parts): void {
  app.get(
    '/api/v1/tenants/:slug/fleet',
    { config: { door: 'person', scope: 'read:queue' }, schema: { params: TenantParams, querystring: FleetQuery } },
    async ({ params, query }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const items = await fleetOf(database, tenantId, { after: query.after ?? null })
      return { items, next: items.length < LISTED_MAX ? null : (items.at(-1)?.branchId ?? null) }
    },
  )
}
