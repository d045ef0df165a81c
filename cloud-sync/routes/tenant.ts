import { problem } from '#shared/wire/problem.ts'
import type { TenantHere } from '#shared/wire/tenant.ts'
import { findPerson, membershipsOf } from '../identity/people/people.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import { TenantParams } from './params.ts'

type About = Pick<TenantHere, 'hasOtherPlaces' | 'runsPlatform'>
/** Of a program nothing is told but where it is. */
const NOWHERE_ELSE: About = { hasOtherPlaces: false, runsPlatform: false }

async function aboutPerson({ identity }: Parts, tenantId: string, personId: string | null): Promise<About> {
  const person = identity === undefined || personId === null ? null : await findPerson(identity.store, personId)
  if (identity === undefined || person === null) return NOWHERE_ELSE
  if (person.isSuperAdmin) return { hasOtherPlaces: true, runsPlatform: true }
  const memberships = await membershipsOf(identity.store, person.personId)
  return { hasOtherPlaces: memberships.some((it) => it.tenantId !== tenantId), runsPlatform: false }
}

/** How a tenant is called; not where else somebody works, only whether there is such a place. */
export function registerTenantRoute(app: App, parts: Parts): void {
  const { database } = parts
  app.get(
    '/api/v1/tenants/:slug',
    { config: { door: 'person', scope: 'read:queue' }, schema: { params: TenantParams } },
    async ({ params: { slug }, person }, reply) => {
      const tenantId = await tenantOf(database, slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const [row] = await database.asTenant(tenantId, (db) =>
        db.query<{ name: TenantHere['name'] }>('select name from tenant where tenant_id = $1', [tenantId]),
      )
      const about = await aboutPerson(parts, tenantId, person?.personId ?? null)
      return { slug, name: row?.name ?? {}, ...about } satisfies TenantHere
    },
  )
}
