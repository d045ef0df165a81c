import { Type } from 'typebox'
import { SCOPES } from '#shared/access/roles.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { stillMay } from '../identity/members/still-may.ts'
import type { App, Parts } from '../parts.ts'
import { askingPerson, mayNotGive } from '../plugins/person-door.ts'
import { type Answer, createSecretAnswers } from '../store/answers.ts'
import { KEY_DAYS_MAX, listApiKeys, makeApiKey, revokeApiKey } from '../store/api-keys.ts'
import { tenantOf } from '../store/branches.ts'
import type { TenantDb } from '../store/database.ts'
import { slug, TenantParams } from './params.ts'

const DAY_MS = 24 * 3_600_000
const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
/** A key that made keys would outlive its own end, and its revocation. */
const MAKES = { ...SETTINGS, isForPeople: true } as const

const KeyBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    scopes: Type.Array(Type.Union(SCOPES.map((scope) => Type.Literal(scope))), {
      minItems: 1,
      maxItems: SCOPES.length,
      uniqueItems: true,
    }),
    days: Type.Integer({ minimum: 1, maximum: KEY_DAYS_MAX }),
  },
  strict,
)
const KeyParams = Type.Object({ slug: slug(), keyId: Type.String({ pattern: '^sqt_[0-9a-f]{12}$' }) }, strict)

/** Keys by which programs act for a tenant. A person makes them, out of what she may do herself. */
export function registerApiKeyRoutes(app: App, { database, nowMs, identity }: Parts): void {
  const secrets = createSecretAnswers(nowMs)
  const path = '/api/v1/tenants/:slug/api-keys'

  app.post(
    path,
    { config: { ...MAKES, audit: 'KeyMade' }, schema: { params: TenantParams, body: KeyBody } },
    async (request, reply) => {
      const { params } = request
      const person = askingPerson(request)
      const { name, scopes, days } = request.body
      const forbidden = mayNotGive(person, scopes)
      if (forbidden !== null) return reply.code(forbidden.status).send(forbidden)
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const expiresAtMs = nowMs() + days * DAY_MS
      const make = async (db: TenantDb): Promise<Answer> => {
        const { personId } = person
        if (!(await stillMay(db, identity?.store ?? null, { tenantId, personId }, ['manage:settings', ...scopes])))
          return { status: 403, body: problem('Forbidden') }
        const key = await makeApiKey(db, tenantId, { name, scopes, expiresAtMs, madeBy: personId }, nowMs())
        if (key === null) return { status: 409, body: problem('ApiKeysFull') }
        const after = { scopes: scopes.join(' '), expiresAtMs }
        await request.audit.record(db, tenantId, { about: key.keyId, after })
        return { status: 201, body: { ...key, expiresAtMs } }
      }
      const { status, body } = await secrets.once(request, () => database.asTenant(tenantId, make))
      return reply.code(status).send(body)
    },
  )

  app.get(path, { config: SETTINGS, schema: { params: TenantParams } }, async ({ params }, reply) => {
    const tenantId = await tenantOf(database, params.slug)
    if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
    return { items: await database.asTenant(tenantId, (db) => listApiKeys(db, tenantId)) }
  })

  app.delete(
    `${path}/:keyId`,
    { config: { ...SETTINGS, audit: 'KeyRevoked' }, schema: { params: KeyParams } },
    async ({ params: { slug: name, keyId }, audit }, reply) => {
      const tenantId = await tenantOf(database, name)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const isDone = await database.asTenant(tenantId, async (db) => {
        const isRevoked = await revokeApiKey(db, tenantId, keyId, nowMs())
        if (isRevoked) await audit.record(db, tenantId)
        return isRevoked
      })
      return isDone ? reply.code(204).send() : reply.code(404).send(problem('ApiKeyUnknown'))
    },
  )
}
