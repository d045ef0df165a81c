import { problem } from '#shared/wire/problem.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import { readSetAside } from '../store/fold-rows.ts'
import { presentOf } from '../store/present-rows.ts'
import { strangeLogs } from '../store/strange-log.ts'
import { BranchParams, TenantParams } from './params.ts'

const READ = { door: 'person', scope: 'read:queue' } as const
const REPORTS = { door: 'person', scope: 'read:reports' } as const

/** What head office reads of its branches' logs. */
export function registerReadingRoutes(app: App, { database }: Parts): void {
  app.get(
    '/api/v1/tenants/:slug/branches/:branchId/now',
    { config: READ, schema: { params: BranchParams } },
    async ({ params: { slug: name, branchId } }, reply) => {
      const tenantId = await tenantOf(database, name)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const kept = await presentOf(database, { tenantId, branchId })
      return kept ?? reply.code(404).send(problem('BranchUnknown', { detail: 'It has never said how it is' }))
    },
  )

  app.get(
    '/api/v1/tenants/:slug/set-aside',
    { config: REPORTS, schema: { params: TenantParams } },
    async ({ params }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      return database.asTenant(tenantId, async (db) => ({
        ...(await readSetAside(db, tenantId)),
        strange: await strangeLogs(db, tenantId),
      }))
    },
  )
}
