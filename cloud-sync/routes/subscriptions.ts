import { Type } from 'typebox'
import { SubscriptionBody, type Subscriptions } from '#shared/wire/alerts.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { askerOf } from '../asker.ts'
import type { App, Parts } from '../parts.ts'
import { askerHere, mayNotGive } from '../plugins/person-door.ts'
import { onceTaken, Refused } from '../store/answers.ts'
import { tenantOf } from '../store/branches.ts'
import { addSubscription, listCheckedDays, listSubscriptions, removeSubscription } from '../store/subscriptions.ts'
import { slug, TenantParams, uuid } from './params.ts'

const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
/** What a key had set up would go on mailing when the key is over. */
const SETS = { ...SETTINGS, isForPeople: true, takesSetup: true } as const
const PATH = '/api/v1/tenants/:slug/report-subscriptions'
const SubscriptionParams = Type.Object({ slug: slug(), subscriptionId: uuid() }, strict)

/** Who is mailed the report of each day. */
export function registerSubscriptionRoutes(app: App, { database, nowMs, identity }: Parts): void {
  app.get(PATH, { config: SETTINGS, schema: { params: TenantParams } }, async ({ params }, reply) => {
    const tenantId = await tenantOf(database, params.slug)
    if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
    return database.asTenant(
      tenantId,
      async (db): Promise<Subscriptions> => ({
        items: await listSubscriptions(db, tenantId, null),
        isMailOff: (identity?.mailer ?? null) === null,
        checkedDays: await listCheckedDays(db, tenantId),
      }),
    )
  })

  app.post(
    PATH,
    {
      config: { ...SETS, audit: 'ReportSubscriptionSet' },
      schema: { params: TenantParams, body: SubscriptionBody },
    },
    async (request, reply) => {
      const { params, body } = request
      // Whoever is mailed it reads it.
      const forbidden = mayNotGive(askerHere(request), ['read:reports'])
      if (forbidden !== null) return reply.code(forbidden.status).send(forbidden)
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const asked = { ...body, email: body.email.toLowerCase() }
      const by = { madeBy: askerOf(request), nowMs: nowMs() }
      const done = await onceTaken(database, request, tenantId, async (db) => {
        const added = await addSubscription(db, tenantId, asked, by)
        if (typeof added === 'string') throw new Refused(added)
        const { subscriptionId, isNew } = added
        if (isNew) await request.audit.record(db, tenantId, { about: subscriptionId })
        else request.audit.settle()
        return { status: isNew ? 201 : 200, body: { subscriptionId } }
      })
      return reply.code(done.status).send(done.body)
    },
  )

  app.delete(
    `${PATH}/:subscriptionId`,
    { config: { ...SETTINGS, audit: 'ReportSubscriptionRemoved' }, schema: { params: SubscriptionParams } },
    async ({ params, audit }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const isGone = await database.asTenant(tenantId, async (db) => {
        const wasThere = await removeSubscription(db, tenantId, params.subscriptionId)
        if (wasThere) await audit.record(db, tenantId, { about: params.subscriptionId })
        return wasThere
      })
      return isGone ? reply.code(204).send() : reply.code(404).send(problem('SubscriptionUnknown'))
    },
  )
}
