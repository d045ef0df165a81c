import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import { joinAs, joinAsNew, type OpenInvitation, readInvitation } from '../../identity/members/invitations.ts'
import { tenantName } from '../../identity/members/tenants.ts'
import type { Identity } from '../../identity/open-identity.ts'
import { joinPage } from '../../identity/pages/account-pages.ts'
import type { PageText } from '../../identity/pages/page-parts.ts'
import { wordPage } from '../../identity/pages/sign-in-page.ts'
import { hashPassword, PASSWORD_CHARACTERS_MAX, passwordFault } from '../../identity/people/passwords.ts'
import { provePassword } from '../../identity/people/people.ts'
import { proveCode } from '../../identity/people/second-factor.ts'
import { forgiveTries } from '../../identity/people/tries.ts'
import type { App, Parts } from '../../parts.ts'
import { createKnownDevices } from './known-devices.ts'
import { LinkParams, languageOf, NOTED, refusedAs, sendPage, TRY, takeForms } from './sign-in-pages.ts'

const JoinForm = Type.Object(
  {
    username: Type.Optional(Type.String({ maxLength: 254 })),
    name: Type.Optional(Type.String({ maxLength: 120 })),
    password: Type.String({ maxLength: 4 * PASSWORD_CHARACTERS_MAX }),
    code: Type.Optional(Type.String({ maxLength: 20 })),
  },
  strict,
)

interface Typed {
  readonly name: string
  readonly password: string
  readonly code: string
}

/**
 * The link of an invitation: who is new chooses a password, who has an account proves that she has it. Which of the two it
 * is, is told to whoever has read a mail at the address alone: a link that was handed on tells nobody who has an account.
 */
export function registerJoin(app: App, identity: Identity, { database, nowMs }: Parts): void {
  const { store, publicUrl } = identity
  const devices = createKnownDevices(identity, nowMs)

  /** @returns what she typed wrong; null: she has joined; `over`: the link is used up */
  async function join(
    invitation: OpenInvitation,
    typed: Typed,
    request: FastifyRequest,
  ): Promise<PageText | 'over' | null> {
    const { email, person, tenantId, isMailed } = invitation
    const { name, password } = typed
    const noteRefused = (isLocked: boolean, personId: string | null): void => {
      const actor = { kind: 'stranger', id: null } as const
      // Whoever reads the tenant's audit is told no more of the address than whoever has the link.
      const about = isMailed ? personId : null
      request.audit.note({ code: refusedAs(isLocked), actor, about }, { tenantId })
    }
    const prove = () => provePassword(store, { email, password }, (it) => devices.sourceOf(request, it), nowMs())
    const fault = person === null || !isMailed ? passwordFault(password, email) : null
    if (person === null) {
      if (fault !== null && isMailed) return fault
      // The same work, the same count and the same words as for a wrong password of somebody.
      const isLocked = !isMailed && (await prove()).kind === 'Locked'
      if (isLocked || fault !== null) {
        noteRefused(isLocked, null)
        return isLocked ? 'locked' : 'passwordUnfit'
      }
      const language = languageOf(request)
      const made = { name: name === '' ? email : name, language, passwordHash: await hashPassword(password) }
      return (await joinAsNew(store, invitation, made, nowMs(), request.audit.record)) ? null : 'over'
    }
    const tried = await prove()
    if (tried.kind !== 'Proved') {
      noteRefused(tried.kind === 'Locked', tried.personId)
      if (tried.kind === 'Locked') return 'locked'
      return isMailed ? 'passwordWrong' : 'passwordUnfit'
    }
    const { personId, hasTotp } = tried.person
    const codeFault = hasTotp ? await proveCode(store, personId, typed.code, nowMs()) : null
    if (codeFault === 'codeWrong') noteRefused(false, personId)
    if (codeFault !== null) return codeFault
    await forgiveTries(store, email, tried.source, 1)
    const joined = await joinAs(store, invitation, personId, nowMs(), request.audit.record)
    if (joined === 'MembershipsFull') return 'membershipsFull'
    return joined === 'Joined' ? null : 'over'
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    invitation: OpenInvitation,
    more: { readonly token: string; readonly name: string; readonly fault: PageText | null },
  ) {
    const language = languageOf(request)
    const { email, role, person, isMailed } = invitation
    const known = person?.hasTotp === true ? 'known-with-code' : 'known'
    const told = person === null ? 'new' : known
    const page = joinPage(language, {
      ...{ action: `/join/${more.token}`, email, role, name: more.name, fault: more.fault },
      tenant: (await tenantName(database, invitation.tenantId, language)) ?? '',
      person: isMailed ? told : 'either',
    })
    return sendPage(reply, page)
  }

  const sayOver = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendPage(reply.code(410), wordPage(languageOf(request), 'inviteEnded', 'inviteEndedHelp'))

  void app.register(async (instance) => {
    const pages = instance as App
    takeForms(pages, publicUrl)

    pages.get('/join/:token', { config: TRY, schema: { hide: true, params: LinkParams } }, async (request, reply) => {
      const { token } = request.params
      const invitation = await readInvitation(store, token, nowMs())
      if (invitation === null) return sayOver(request, reply)
      return show(request, reply, invitation, { token, name: '', fault: null })
    })

    pages.post(
      '/join/:token',
      { config: { ...TRY, audit: NOTED }, schema: { hide: true, params: LinkParams, body: JoinForm } },
      async (request, reply) => {
        const { token } = request.params
        const { name = '', password, code = '' } = request.body
        const invitation = await readInvitation(store, token, nowMs())
        if (invitation === null) return sayOver(request, reply)
        const fault = await join(invitation, { name, password, code }, request)
        if (fault === 'over') return sayOver(request, reply)
        if (fault !== null) return show(request, reply.code(422), invitation, { token, name, fault })
        const language = languageOf(request)
        const tenant = (await tenantName(database, invitation.tenantId, language)) ?? ''
        return sendPage(reply.code(201), wordPage(language, 'joined', 'joinedHelp', { tenant }))
      },
    )
  })
}
