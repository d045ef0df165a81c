import { Type } from 'typebox'
import { ROLES, type Role, scopesOf } from '#shared/access/roles.ts'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { invite, listInvitations, markMailed, takeBackInvitation } from '../identity/members/invitations.ts'
import {
  changeRole,
  listMembers,
  MEMBERS_LISTED_MAX,
  type MemberChange,
  removeMember,
} from '../identity/members/members.ts'
import { tenantName } from '../identity/members/tenants.ts'
import type { Identity } from '../identity/open-identity.ts'
import { EMAIL_LENGTH_MAX, emailOf, isEmail } from '../identity/people/email.ts'
import { invitationMail } from '../identity/people/identity-mails.ts'
import { countMail } from '../identity/people/mail-counts.ts'
import type { App, Parts } from '../parts.ts'
import type { RecordAudit } from '../plugins/audit.ts'
import { askingPerson, mayNotGive } from '../plugins/person-door.ts'
import { type Answer, createSecretAnswers } from '../store/answers.ts'
import { tenantOf } from '../store/branches.ts'
import { slug, TenantParams, uuid } from './params.ts'

const MemberParams = Type.Object({ slug: slug(), personId: uuid() }, strict)
const InvitationParams = Type.Object({ slug: slug(), invitationId: uuid() }, strict)
const MembersQuery = Type.Object({ after: Type.Optional(uuid()) }, strict)
const RoleBody = Type.Object({ role: Type.Enum(ROLES) }, strict)
const InvitationBody = Type.Object(
  {
    email: Type.String({ maxLength: EMAIL_LENGTH_MAX }),
    role: Type.Enum(ROLES),
    language: Type.Optional(Type.Enum(LANGUAGES)),
  },
  strict,
)

const READ = { door: 'person', scope: 'read:agent' } as const
/** Who may give a role could give it to himself: only those who may do all of it already. */
const CHANGE = { door: 'person', scope: 'manage:settings' } as const
/** A key that gave roles would give what it lacks; nor does one take them, and lock everybody out. */
const GIVE = { ...CHANGE, isForPeople: true } as const
const INVITE = { ...GIVE, rateLimit: { max: 30, timeWindow: 60_000 } } as const

const answers = {
  Done: null,
  MemberUnknown: problem('MemberUnknown'),
  LastAdministrator: problem('LastAdministrator'),
} as const satisfies Record<MemberChange, object | null>

interface Asked {
  readonly tenantId: string
  readonly email: string
  readonly role: Role
  readonly language: Language
  readonly madeBy: string
  readonly record: RecordAudit
}

/** The link goes out by mail; where it cannot, whoever invites is given it, and told. */
async function sendInvitation(identity: Identity, { database, nowMs }: Parts, asked: Asked): Promise<Answer> {
  const { store, publicUrl, mailer } = identity
  const { tenantId, email, role, language, record } = asked
  const invited = await invite(store, tenantId, asked, nowMs(), record)
  if (invited.kind !== 'Invited') {
    const refused = problem(invited.kind)
    return { status: refused.status, body: refused }
  }
  const { invitationId, token, expiresAtMs } = invited
  const link = `${publicUrl}/join/${token}`
  const tenant = (await tenantName(database, tenantId, language)) ?? ''
  const mail = invitationMail(language, { to: emailOf(email), tenant, role, link })
  // Who invites the same address for ever is handed the link: nobody's mailbox is filled through us.
  const mayMail =
    mailer !== null && (await store.work((db) => countMail(db, store, { kind: 'invitation', email }, nowMs())))
  const isMailed = mayMail && (await mailer.send(mail))
  if (isMailed) await markMailed(store, invitationId)
  const delivery = isMailed ? 'mailed' : mailer === null ? 'not-configured' : 'failed'
  return { status: 201, body: { invitationId, expiresAtMs, delivery, link: isMailed ? null : link } }
}

function registerInvitations(app: App, identity: Identity, parts: Parts): void {
  const { database, nowMs } = parts
  const { store } = identity
  const secrets = createSecretAnswers(nowMs)

  app.get(
    '/api/v1/tenants/:slug/invitations',
    { config: CHANGE, schema: { params: TenantParams } },
    async ({ params }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      return { items: await listInvitations(store, tenantId, nowMs()) }
    },
  )

  app.post(
    '/api/v1/tenants/:slug/invitations',
    { config: { ...INVITE, audit: 'MemberInvited' }, schema: { params: TenantParams, body: InvitationBody } },
    async (request, reply) => {
      const { email, role, language = 'fr' } = request.body
      const forbidden = mayNotGive(askingPerson(request), scopesOf(role))
      if (forbidden !== null) return reply.code(forbidden.status).send(forbidden)
      if (!isEmail(emailOf(email)))
        return reply.code(400).send(problem('RequestInvalid', { detail: 'The e-mail address is not complete' }))
      const tenantId = await tenantOf(database, request.params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const { personId: madeBy } = askingPerson(request)
      const asked = { tenantId, email, role, language, madeBy, record: request.audit.record }
      const { status, body } = await secrets.once(request, () => sendInvitation(identity, parts, asked))
      return reply.code(status).send(body)
    },
  )

  app.delete(
    '/api/v1/tenants/:slug/invitations/:invitationId',
    { config: { ...GIVE, audit: 'InvitationWithdrawn' }, schema: { params: InvitationParams } },
    async ({ params, audit }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const isGone = await takeBackInvitation(store, tenantId, params.invitationId, audit.record)
      return isGone ? reply.code(204).send() : reply.code(404).send(problem('InvitationUnknown'))
    },
  )
}

/** Who may work in a tenant, and as what; who is asked to. */
export function registerMemberRoutes(app: App, identity: Identity, parts: Parts): void {
  const { database, nowMs } = parts
  const { store } = identity

  app.get(
    '/api/v1/tenants/:slug/members',
    { config: READ, schema: { params: TenantParams, querystring: MembersQuery } },
    async ({ params, query }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const items = await listMembers(store, tenantId, query.after ?? null)
      return { items, next: items.length < MEMBERS_LISTED_MAX ? null : (items.at(-1)?.personId ?? null) }
    },
  )

  app.patch(
    '/api/v1/tenants/:slug/members/:personId',
    { config: { ...GIVE, audit: 'MemberChanged' }, schema: { params: MemberParams, body: RoleBody } },
    async (request, reply) => {
      const { params, audit } = request
      const { role } = request.body
      const forbidden = mayNotGive(askingPerson(request), scopesOf(role))
      if (forbidden !== null) return reply.code(forbidden.status).send(forbidden)
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const { personId } = params
      const refused =
        answers[await changeRole(store, { tenantId, personId }, role, { nowMs: nowMs(), record: audit.record })]
      if (refused !== null) return reply.code(refused.status).send(refused)
      return { personId, role }
    },
  )

  app.delete(
    '/api/v1/tenants/:slug/members/:personId',
    { config: { ...GIVE, audit: 'MemberRemoved' }, schema: { params: MemberParams } },
    async ({ params, audit }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      const changing = { nowMs: nowMs(), record: audit.record }
      const refused = answers[await removeMember(store, { tenantId, personId: params.personId }, changing)]
      return refused === null ? reply.code(204).send() : reply.code(refused.status).send(refused)
    },
  )
  registerInvitations(app, identity, parts)
}
