import {
  MESSAGE_CHANNELS,
  type MessagePolicyAnswer,
  MessagePolicyBody,
  NotificationsQuery,
} from '#shared/wire/messages.ts'
import { problem } from '#shared/wire/problem.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import { keepPolicy, type MessagePolicy, readPolicy } from '../store/message-policy.ts'
import { listNotifications } from '../store/message-reports.ts'
import { TenantParams } from './params.ts'

const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
const PATH = '/api/v1/tenants/:slug/notifications'

/** How customers are written to, and what became of it. */
export function registerNotificationRoutes(app: App, { database, nowMs, messaging }: Parts): void {
  const answerOf = (policy: MessagePolicy): MessagePolicyAnswer => ({
    ...policy,
    // Said as it is: nothing goes out by a channel for which there are no credentials, and nothing is called sent.
    status: MESSAGE_CHANNELS.map((channel) => ({
      ...{ channel, state: messaging?.providers[channel] === undefined ? 'not-configured' : 'configured' },
    })),
  })

  app.get(
    PATH,
    {
      config: { door: 'person', scope: 'send:notification' },
      schema: { params: TenantParams, querystring: NotificationsQuery },
    },
    async ({ params, query }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      return { items: await listNotifications(database, tenantId, query.state ?? null) }
    },
  )

  app.get(`${PATH}/policy`, { config: SETTINGS, schema: { params: TenantParams } }, async ({ params }, reply) => {
    const tenantId = await tenantOf(database, params.slug)
    if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
    return answerOf(await database.asTenant(tenantId, (db) => readPolicy(db, tenantId)))
  })

  app.put(
    `${PATH}/policy`,
    { config: { ...SETTINGS, audit: 'MessagePolicySet' }, schema: { params: TenantParams, body: MessagePolicyBody } },
    async ({ params, body, audit }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      await database.asTenant(tenantId, async (db) => {
        await keepPolicy(db, tenantId, body, nowMs())
        await audit.record(db, tenantId, { about: tenantId })
      })
      return answerOf(body)
    },
  )
}
