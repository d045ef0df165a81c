import { Type } from 'typebox'
import { SCOPES } from '#shared/access/roles.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { addIssuer, listIssuers, removeIssuer } from '../identity/elsewhere/issuers.ts'
import type { Identity } from '../identity/open-identity.ts'
import type { App, Parts } from '../parts.ts'
import { askingPerson, mayNotGive } from '../plugins/person-door.ts'
import { createSecretAnswers } from '../store/answers.ts'
import { tenantOf } from '../store/branches.ts'
import { slug, TenantParams, uuid } from './params.ts'

const IssuerParams = Type.Object({ slug: slug(), issuerId: uuid() }, strict)
const IssuerBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60 }),
    issuer: Type.String({ pattern: '^https?://', maxLength: 500 }),
    clientId: Type.String({ minLength: 1, maxLength: 200 }),
    clientSecret: Type.String({ minLength: 1, maxLength: 500 }),
  },
  strict,
)

const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
/** Whoever names an issuer says who everybody is: no key does. */
const NAMES = { ...SETTINGS, isForPeople: true } as const

/** Where else the people of a tenant may prove who they are. A secret is taken, and never told. */
export function registerIssuerRoutes(app: App, identity: Identity, { database, nowMs }: Parts): void {
  const { store, elsewhere } = identity
  const answers = createSecretAnswers(nowMs)

  app.get(
    '/api/v1/tenants/:slug/issuers',
    { config: SETTINGS, schema: { params: TenantParams } },
    async ({ params }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      return { items: await listIssuers(store, tenantId) }
    },
  )

  app.post(
    '/api/v1/tenants/:slug/issuers',
    {
      config: { ...NAMES, audit: 'IssuerSet', rateLimit: { max: 10, timeWindow: 60_000 } },
      schema: { params: TenantParams, body: IssuerBody },
    },
    async (request, reply) => {
      const { params, body } = request
      // An issuer may say that somebody is the administrator.
      const forbidden = mayNotGive(askingPerson(request), SCOPES)
      if (forbidden !== null) return reply.code(forbidden.status).send(forbidden)
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const asked = { tenantId, ...body, madeBy: askingPerson(request).personId }
      const answer = await answers.once(request, async () => {
        // Whoever has mistyped it learns so now, not on the day when nobody can sign in.
        const reason = await elsewhere.meet({ ...asked, issuerId: '' }).then(
          () => null,
          (error: Error) => error.message,
        )
        if (reason !== null) return { status: 422, body: problem('IssuerUnreachable', { detail: reason }) }
        const added = await addIssuer(store, asked, nowMs(), request.audit.record)
        if (added.kind !== 'Added') return { status: 409, body: problem(added.kind) }
        return { status: 201, body: { issuerId: added.issuerId } }
      })
      return reply.code(answer.status).send(answer.body)
    },
  )

  app.delete(
    '/api/v1/tenants/:slug/issuers/:issuerId',
    { config: { ...NAMES, audit: 'IssuerRemoved' }, schema: { params: IssuerParams } },
    async ({ params, audit }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const isGone = await removeIssuer(store, tenantId, params.issuerId, audit.record)
      return isGone ? reply.code(204).send() : reply.code(404).send(problem('IssuerUnknown'))
    },
  )
}
