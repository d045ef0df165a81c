import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { scopesOf } from '#shared/access/roles.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { markMailed } from '../identity/members/invitations.ts'
import type { Identity } from '../identity/open-identity.ts'
import { resetMail } from '../identity/people/identity-mails.ts'
import { type Helper, makePasswordLink, takeSecondFactor } from '../identity/people/recovery.ts'
import type { App, Parts } from '../parts.ts'
import { askingPerson, mayNotGive } from '../plugins/person-door.ts'
import { type Answer, createSecretAnswers } from '../store/answers.ts'
import { tenantOf } from '../store/branches.ts'
import { slug, uuid } from './params.ts'

const MemberParams = Type.Object({ slug: slug(), personId: uuid() }, strict)
/** Whoever gets into another's account could do what she may: people alone, who may do all of it already. */
const SETTINGS = { door: 'person', scope: 'manage:settings', isForPeople: true } as const
const HELPS = { ...SETTINGS, rateLimit: { max: 30, timeWindow: 60_000 } } as const

function helperOf(request: FastifyRequest, tenantId: string): Helper {
  const person = askingPerson(request)
  return {
    isForPlatform: person.isForPlatform,
    mayActFor: (role) => mayNotGive(person, scopesOf(role)) === null,
    record: (db) => request.audit.record(db, tenantId),
  }
}

/** An administrator lets somebody in again who has lost her password, or her second factor with all backup codes. */
export function registerRecoveryRoutes(app: App, identity: Identity, { database, nowMs }: Parts): void {
  const { store, publicUrl, mailer } = identity
  const secrets = createSecretAnswers(nowMs)
  const path = '/api/v1/tenants/:slug/members/:personId'

  app.delete(
    `${path}/second-factor`,
    { config: { ...HELPS, audit: 'SecondFactorTaken' }, schema: { params: MemberParams } },
    async (request, reply) => {
      const { slug: name, personId } = request.params
      const tenantId = await tenantOf(database, name)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const done = await takeSecondFactor(store, { tenantId, personId }, helperOf(request, tenantId), nowMs())
      if (done === 'Done') return reply.code(204).send()
      const refused = problem(done)
      return reply.code(refused.status).send(refused)
    },
  )

  /** Goes out by mail; where it cannot, whoever makes it is given it, and told. */
  async function sendLink(request: FastifyRequest, tenantId: string, personId: string): Promise<Answer> {
    const made = await makePasswordLink(store, { tenantId, personId }, helperOf(request, tenantId), nowMs())
    if (typeof made === 'string') return { status: problem(made).status, body: problem(made) }
    const { token, linkId, expiresAtMs, email, language } = made
    const link = `${publicUrl}/reset/${token}`
    const isMailed = (await mailer?.send(resetMail(language, { to: email, link }))) ?? false
    if (isMailed) await markMailed(store, linkId)
    const delivery = isMailed ? 'mailed' : mailer === null ? 'not-configured' : 'failed'
    return { status: 201, body: { expiresAtMs, delivery, link: isMailed ? null : link } }
  }

  app.post(
    `${path}/password-link`,
    { config: { ...HELPS, audit: 'PasswordLinkMade' }, schema: { params: MemberParams } },
    async (request, reply) => {
      const { slug: name, personId } = request.params
      const tenantId = await tenantOf(database, name)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const { status, body } = await secrets.once(request, () => sendLink(request, tenantId, personId))
      return reply.code(status).send(body)
    },
  )
}
