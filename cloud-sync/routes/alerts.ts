import { Type } from 'typebox'
import { type AlertList, AlertRuleBody, type AlertRules } from '#shared/wire/alerts.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { askerOf } from '../asker.ts'
import type { App, Parts } from '../parts.ts'
import { askerHere, mayNotGive } from '../plugins/person-door.ts'
import { acknowledgeAlert, addAlertRule, listAlertRules, listAlerts, removeAlertRule } from '../store/alert-rules.ts'
import { onceTaken, Refused } from '../store/answers.ts'
import { tenantOf } from '../store/branches.ts'
import { slug, TenantParams, uuid } from './params.ts'

const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
/** What a key had set up would go on mailing when the key is over. */
const SETS = { ...SETTINGS, isForPeople: true, takesSetup: true } as const
const READ = { door: 'person', scope: 'read:queue' } as const
const MANAGE = { door: 'person', scope: 'manage:queue' } as const
const RULES = '/api/v1/tenants/:slug/alert-rules'
const ALERTS = '/api/v1/tenants/:slug/alerts'
const RuleParams = Type.Object({ slug: slug(), ruleId: uuid() }, strict)
const AlertParams = Type.Object({ slug: slug(), alertId: uuid() }, strict)

/** From when on head office is told of something, by whom it is mailed. */
function registerRules(app: App, { database, nowMs, identity }: Parts): void {
  app.get(RULES, { config: SETTINGS, schema: { params: TenantParams } }, async ({ params }, reply) => {
    const tenantId = await tenantOf(database, params.slug)
    if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
    const items = await database.asTenant(tenantId, (db) => listAlertRules(db, tenantId))
    return { items, isMailOff: (identity?.mailer ?? null) === null } satisfies AlertRules
  })

  app.post(
    RULES,
    { config: { ...SETS, audit: 'AlertRuleSet' }, schema: { params: TenantParams, body: AlertRuleBody } },
    async (request, reply) => {
      const { params, body } = request
      // Whoever is mailed it reads it.
      const forbidden = mayNotGive(askerHere(request), ['read:queue'])
      if (forbidden !== null) return reply.code(forbidden.status).send(forbidden)
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const by = { madeBy: askerOf(request), nowMs: nowMs() }
      const done = await onceTaken(database, request, tenantId, async (db) => {
        const added = await addAlertRule(db, tenantId, body, by)
        if (typeof added === 'string') throw new Refused(added)
        await request.audit.record(db, tenantId, {
          about: added.ruleId,
          after: { kind: body.kind, branchId: body.branchId },
        })
        return { status: 201, body: added }
      })
      return reply.code(done.status).send(done.body)
    },
  )

  app.delete(
    `${RULES}/:ruleId`,
    { config: { ...SETTINGS, audit: 'AlertRuleRemoved' }, schema: { params: RuleParams } },
    async ({ params, audit }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const isGone = await database.asTenant(tenantId, async (db) => {
        const wasThere = await removeAlertRule(db, tenantId, params.ruleId)
        if (wasThere) await audit.record(db, tenantId, { about: params.ruleId })
        return wasThere
      })
      if (!isGone) return reply.code(404).send(problem('AlertRuleUnknown'))
      app.live.changedIn(tenantId)
      return reply.code(204).send()
    },
  )
}

/** What is beyond a rule, and who knows of it. */
export function registerAlertRoutes(app: App, parts: Parts): void {
  const { database, nowMs } = parts
  registerRules(app, parts)
  app.get(ALERTS, { config: READ, schema: { params: TenantParams } }, async ({ params }, reply) => {
    const tenantId = await tenantOf(database, params.slug)
    if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
    return { items: await database.asTenant(tenantId, (db) => listAlerts(db, tenantId)) } satisfies AlertList
  })

  app.post(
    `${ALERTS}/:alertId/acknowledgement`,
    { config: { ...MANAGE, audit: 'AlertAcknowledged' }, schema: { params: AlertParams } },
    async (request, reply) => {
      const { params, audit } = request
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const by = { asker: askerOf(request), nowMs: nowMs() }
      const { isThere } = await database.asTenant(tenantId, async (db) => {
        const done = await acknowledgeAlert(db, tenantId, params.alertId, by)
        if (done.isNew) await audit.record(db, tenantId, { about: params.alertId })
        else audit.settle()
        return done
      })
      if (!isThere) return reply.code(404).send(problem('AlertUnknown'))
      app.live.changedIn(tenantId)
      return reply.code(204).send()
    },
  )
}
