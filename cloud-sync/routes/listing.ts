import { Type } from 'typebox'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import { LISTED_MAX, listBranches, listTenants } from '../store/listing.ts'
import { slug, TenantParams, uuid } from './params.ts'
import { registerTenantRoute } from './tenant.ts'

const TenantsQuery = Type.Object({ after: Type.Optional(slug()) }, strict)
const BranchesQuery = Type.Object({ after: Type.Optional(uuid()) }, strict)

/** A page of what there is, and by what to ask for the next; null: that was all. */
const pageOf = <Item>(items: readonly Item[], placeOf: (item: Item) => string) => {
  const last = items.at(-1)
  return { items, next: items.length < LISTED_MAX || last === undefined ? null : placeOf(last) }
}

/** Which tenants and branches there are, and how one is called. */
export function registerListingRoutes(app: App, parts: Parts): void {
  const { database } = parts
  registerTenantRoute(app, parts)
  app.get(
    '/api/v1/tenants',
    { config: { door: 'person', scope: 'platform' }, schema: { querystring: TenantsQuery } },
    async ({ query }) => pageOf(await listTenants(database, query.after ?? ''), (it) => it.slug),
  )

  app.get(
    '/api/v1/tenants/:slug/branches',
    { config: { door: 'person', scope: 'read:queue' }, schema: { params: TenantParams, querystring: BranchesQuery } },
    async ({ params, query }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      return pageOf(await listBranches(database, tenantId, query.after ?? null), (it) => it.branchId)
    },
  )
}
