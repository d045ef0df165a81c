import { Type } from 'typebox'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { askerOf } from '../asker.ts'
import { stillMay } from '../identity/members/still-may.ts'
import type { App, Parts } from '../parts.ts'
import { askerHere } from '../plugins/person-door.ts'
import { type Answer, createSecretAnswers } from '../store/answers.ts'
import { tenantOf } from '../store/branches.ts'
import type { TenantDb } from '../store/database.ts'
import { addWebhook, listMessages, listWebhooks, removeWebhook } from '../store/webhooks.ts'
import { urlFault } from '../webhooks/address.ts'
import { NOT_TOLD_YET, TOPIC_SCOPES, TOPICS } from '../webhooks/messages.ts'
import { newSecret } from '../webhooks/signature.ts'
import { slug, TenantParams, uuid } from './params.ts'

const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
/** One that a key had made would go on when the key is over. */
const SETS = { ...SETTINGS, isForPeople: true, takesSetup: true } as const
const WebhookBody = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: 2_000 }),
    topics: Type.Array(Type.Union(TOPICS.map((topic) => Type.Literal(topic))), {
      minItems: 1,
      maxItems: TOPICS.length,
      uniqueItems: true,
    }),
  },
  strict,
)
const WebhookParams = Type.Object({ slug: slug(), webhookId: uuid() }, strict)

/** Who is told what happens in a tenant, as it happens. */
export function registerWebhookRoutes(app: App, { database, nowMs, identity, admitsLoopback = false }: Parts): void {
  const secrets = createSecretAnswers(nowMs)
  const sealing = database.sealing('webhook')
  const path = '/api/v1/tenants/:slug/webhooks'

  app.post(
    path,
    { config: { ...SETS, audit: 'WebhookSet' }, schema: { params: TenantParams, body: WebhookBody } },
    async (request, reply) => {
      const { params, body } = request
      const { url, topics } = body
      const fault = urlFault(url, { admitsLoopback })
      if (fault !== null) return reply.code(400).send(problem('RequestInvalid', { detail: `url: ${fault}` }))
      const untold = topics.filter((topic) => NOT_TOLD_YET.has(topic))
      if (untold.length > 0)
        return reply.code(400).send(problem('RequestInvalid', { detail: `Nothing is told of ${untold.join()} yet` }))
      // Whoever is told of tickets reads them.
      const { scopes } = askerHere(request)
      const needed = topics.map((topic) => TOPIC_SCOPES[topic])
      const lacking = needed.filter((scope) => !scopes.includes(scope))
      if (lacking.length > 0)
        return reply.code(403).send(problem('Forbidden', { detail: `You may not read: ${lacking.join(' ')}` }))
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const add = async (db: TenantDb): Promise<Answer> => {
        const member = request.person === null ? null : { tenantId, personId: request.person.personId }
        if (member !== null && !(await stillMay(db, identity?.store ?? null, member, ['manage:settings', ...needed])))
          return { status: 403, body: problem('Forbidden') }
        const secret = newSecret()
        const asked = { url, topics, secretSealed: sealing.seal(secret), madeBy: askerOf(request) }
        const webhookId = await addWebhook(db, tenantId, asked, nowMs())
        if (webhookId === null) return { status: 409, body: problem('WebhooksFull') }
        await request.audit.record(db, tenantId, { about: webhookId })
        return { status: 201, body: { webhookId, secret } }
      }
      const answer = await secrets.once(request, () => database.asTenant(tenantId, add))
      return reply.code(answer.status).send(answer.body)
    },
  )

  app.get(path, { config: SETTINGS, schema: { params: TenantParams } }, async ({ params }, reply) => {
    const tenantId = await tenantOf(database, params.slug)
    if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
    return { items: await database.asTenant(tenantId, (db) => listWebhooks(db, tenantId)) }
  })

  app.delete(
    `${path}/:webhookId`,
    { config: { ...SETTINGS, audit: 'WebhookRemoved' }, schema: { params: WebhookParams } },
    async ({ params: { slug: name, webhookId }, audit }, reply) => {
      const tenantId = await tenantOf(database, name)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const isDone = await database.asTenant(tenantId, async (db) => {
        const isGone = await removeWebhook(db, tenantId, webhookId)
        if (isGone) await audit.record(db, tenantId)
        return isGone
      })
      return isDone ? reply.code(204).send() : reply.code(404).send(problem('WebhookUnknown'))
    },
  )

  app.get(
    `${path}/:webhookId/messages`,
    { config: SETTINGS, schema: { params: WebhookParams } },
    async ({ params: { slug: name, webhookId } }, reply) => {
      const tenantId = await tenantOf(database, name)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      return { items: await database.asTenant(tenantId, (db) => listMessages(db, tenantId, webhookId)) }
    },
  )
}
