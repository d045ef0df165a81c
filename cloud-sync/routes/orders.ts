import { Type } from 'typebox'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { BUNDLE_TEXT_MAX, DiagnosticsBody } from '#shared/wire/diagnostics.ts'
import { ORDER_MINUTES, OrderBody, ResultsBody } from '#shared/wire/orders.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { App, Parts } from '../parts.ts'
import { onceTaken, Refused } from '../store/answers.ts'
import { branchOf } from '../store/branches.ts'
import { bundleOf, keepBundle, keepResults, ordersOf, sendOrder } from '../store/orders.ts'
import { BranchParams, slug, uuid } from './params.ts'

const READ = { door: 'person', scope: 'read:queue' } as const
const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
const ORDERS = '/api/v1/tenants/:slug/branches/:branchId/orders'
const BundleParams = Type.Object(
  { slug: slug(), branchId: uuid(), number: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) },
  strict,
)

/** What head office has a branch or its devices do, and what came of it. */
export function registerOrderRoutes(app: App, { database, nowMs }: Parts): void {
  app.post(
    ORDERS,
    { config: { ...SETTINGS, audit: 'OrderSent' }, schema: { params: BranchParams, body: OrderBody } },
    async (request, reply) => {
      const { params, body } = request
      const branch = await branchOf(database, params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const { status, body: answer } = await onceTaken(database, request, branch.tenantId, async (db) => {
        const sent = await sendOrder(db, branch, body, nowMs())
        if (sent === 'InboxFull' || sent === 'OrdersFull') throw new Refused(sent)
        if (sent === 'BranchUnknown') return { status: 404, body: problem(sent) }
        const after = { seq: sent.number, kind: body.kind, validMinutes: ORDER_MINUTES[body.kind] }
        const about = 'deviceId' in body ? body.deviceId : null
        await request.audit.record(db, branch.tenantId, { about, after })
        return { status: 201, body: sent }
      })
      return reply.code(status).send(answer)
    },
  )

  app.get(ORDERS, { config: READ, schema: { params: BranchParams } }, async ({ params }, reply) => {
    const branch = await branchOf(database, params)
    if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
    const items = await ordersOf(database, branch)
    return items === null ? reply.code(404).send(problem('BranchUnknown')) : { items }
  })

  app.get(
    `${ORDERS}/:number/diagnostics`,
    { config: { ...SETTINGS, audit: 'DiagnosticsRead' }, schema: { params: BundleParams } },
    async (request, reply) => {
      const { slug: tenant, branchId, number } = request.params
      const branch = await branchOf(database, { slug: tenant, branchId })
      const bundle =
        branch === null
          ? null
          : await database.asTenant(branch.tenantId, async (db) => {
              const found = await bundleOf(db, branch, Number(number))
              const after = { branchId, seq: Number(number) }
              if (found !== null) await request.audit.record(db, branch.tenantId, { after })
              return found
            })
      if (bundle === null) return reply.code(404).send(problem('DiagnosticsUnknown', { about: number }))
      return reply
        .type('application/gzip')
        .header('content-disposition', `attachment; filename="diagnostics-${number}.json.gz"`)
        .header('cache-control', 'no-store')
        .send(bundle)
    },
  )

  app.post(
    '/api/v1/sync/orders',
    { config: { door: 'branch', lane: 'beside', audit: NOT_AUDITED.sync }, schema: { body: ResultsBody } },
    async ({ branch, body }) => {
      if (branch === null) throw new Error('The door of branches let somebody else in')
      await keepResults(database, branch, body.results)
      return { numbers: body.results.map(({ number }) => number) }
    },
  )

  app.post(
    '/api/v1/sync/diagnostics',
    {
      config: { door: 'branch', lane: 'beside', audit: NOT_AUDITED.sync },
      bodyLimit: BUNDLE_TEXT_MAX,
      schema: { body: DiagnosticsBody },
    },
    async ({ branch, body }, reply) => {
      if (branch === null) throw new Error('The door of branches let somebody else in')
      const kept = await keepBundle(database, branch, body.number, body.bundle)
      return kept === 'kept' ? { number: body.number } : reply.code(problem(kept).status).send(problem(kept))
    },
  )
}
