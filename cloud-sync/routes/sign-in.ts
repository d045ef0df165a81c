import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import type { SignInText } from '#shared/words/sign-in.ts'
import type { Identity } from '../identity/open-identity.ts'
import { PASSWORD_CHARACTERS_MAX } from '../identity/passwords.ts'
import { forgiveTries, mayTry, provePassword } from '../identity/people.ts'
import { proveCode } from '../identity/second-factor.ts'
import { codePage, consentPage, passwordPage, SIGN_IN_STYLE } from '../identity/sign-in-page.ts'
import type { App } from '../parts.ts'
import { finish, OPEN, sendEnded, sendPage, TRY, takeForms, type UnderWay, underWay } from './sign-in-pages.ts'

const UidParams = Type.Object({ uid: Type.String({ pattern: '^[\\w-]{10,64}$' }) }, strict)
const PasswordForm = Type.Object(
  {
    email: Type.String({ maxLength: 254 }),
    password: Type.String({ maxLength: 4 * PASSWORD_CHARACTERS_MAX }),
  },
  strict,
)
const CodeForm = Type.Object({ code: Type.String({ maxLength: 20 }) }, strict)
const ConsentForm = Type.Object({ answer: Type.Union([Type.Literal('allow'), Type.Literal('deny')]) }, strict)

/** Proved by her password, and asked for a code: kept in the cookie of this one sign-in, sealed, for a few minutes. */
const HALF_MS_MAX = 5 * 60_000
const HALF_COOKIE = 'smartqueue_half'

function createHalves({ store, publicUrl }: Identity, nowMs: () => number) {
  const sealing = store.sealing('half signed in')
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  return {
    keep(reply: FastifyReply, uid: string, personId: string): void {
      const kept = sealing.seal(JSON.stringify([uid, personId, nowMs()])).toString('base64url')
      const limits = `Path=/sign-in/${uid}; HttpOnly; SameSite=Lax; Max-Age=${HALF_MS_MAX / 1_000}`
      reply.header('set-cookie', `${HALF_COOKIE}=${kept}; ${limits}${secure}`)
    },
    /** @returns who it is; null: nobody, or too long ago */
    read({ headers }: FastifyRequest, uid: string): string | null {
      const found = new RegExp(`(?:^|; )${HALF_COOKIE}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1]
      if (found === undefined) return null
      try {
        const [ofUid, personId, atMs] = JSON.parse(sealing.open(Buffer.from(found, 'base64url'))) as [
          string,
          string,
          number,
        ]
        return ofUid === uid && nowMs() - atMs <= HALF_MS_MAX ? personId : null
      } catch {
        // Not sealed by us: whoever made it up signs in from the beginning.
        return null
      }
    },
  }
}

function registerPassword(pages: App, identity: Identity, nowMs: () => number): void {
  const { store } = identity
  const halves = createHalves(identity, nowMs)
  const ask = (reply: FastifyReply, { uid, language, leadsTo }: UnderWay, email: string, fault: SignInText | null) =>
    sendPage(reply, passwordPage(language, { action: `/sign-in/${uid}/password`, email, fault }), leadsTo)
  const askCode = (reply: FastifyReply, { uid, language, leadsTo }: UnderWay, fault: SignInText | null) =>
    sendPage(reply, codePage(language, { action: `/sign-in/${uid}/code`, fault }), leadsTo)

  pages.get('/sign-in/:uid', { config: OPEN, schema: { hide: true, params: UidParams } }, async (request, reply) => {
    const way = await underWay(identity, request, reply)
    if (way === null) return reply
    return way.interaction.prompt.name === 'login' ? ask(reply, way, '', null) : askConsent(identity, reply, way)
  })

  pages.post(
    '/sign-in/:uid/password',
    { config: TRY, schema: { hide: true, params: UidParams, body: PasswordForm } },
    async (request, reply) => {
      const way = await underWay(identity, request, reply)
      if (way === null) return reply
      const { email } = request.body
      const tried = await provePassword(store, request.body, nowMs())
      if (tried.kind === 'Wrong') return ask(reply.code(401), way, email, 'wrong')
      if (tried.kind === 'Locked') return ask(reply.code(429), way, email, 'locked')
      const { personId, hasTotp } = tried.person
      if (hasTotp) {
        halves.keep(reply, way.uid, personId)
        return askCode(reply, way, null)
      }
      await forgiveTries(store, personId)
      return finish(identity, request, reply, { login: { accountId: personId, amr: ['pwd'] } })
    },
  )

  pages.post(
    '/sign-in/:uid/code',
    { config: TRY, schema: { hide: true, params: UidParams, body: CodeForm } },
    async (request, reply) => {
      const way = await underWay(identity, request, reply)
      if (way === null) return reply
      const personId = halves.read(request, way.uid)
      if (personId === null) return sendEnded(request, reply)
      if (!(await mayTry(store, personId, nowMs()))) return askCode(reply.code(429), way, 'locked')
      if (!(await proveCode(store, personId, request.body.code, nowMs())))
        return askCode(reply.code(401), way, 'codeWrong')
      await forgiveTries(store, personId)
      return finish(identity, request, reply, { login: { accountId: personId, amr: ['pwd', 'otp'] } })
    },
  )
}

/** What a program of others lacks of her leave. */
interface Missing {
  readonly missingOIDCScope?: readonly string[]
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>
}
const missingIn = ({ interaction }: UnderWay): Missing => interaction.prompt.details as Missing

async function askConsent({ provider }: Identity, reply: FastifyReply, way: UnderWay): Promise<FastifyReply> {
  const { uid, interaction, language, leadsTo } = way
  const client = await provider().Client.find(String(interaction.params['client_id']))
  const page = consentPage(language, {
    action: `/sign-in/${uid}/consent`,
    client: client?.clientName ?? client?.clientId ?? '',
    scopes: [...new Set(Object.values(missingIn(way).missingResourceScopes ?? {}).flat())],
  })
  return sendPage(reply, page, leadsTo)
}

function registerConsent(pages: App, identity: Identity): void {
  pages.post(
    '/sign-in/:uid/consent',
    { config: TRY, schema: { hide: true, params: UidParams, body: ConsentForm } },
    async (request, reply) => {
      const way = await underWay(identity, request, reply)
      if (way === null) return reply
      if (request.body.answer === 'deny')
        return finish(identity, request, reply, { error: 'access_denied', error_description: 'refused by the person' })
      const { params, session, grantId } = way.interaction
      const { Grant } = identity.provider()
      const known = grantId === undefined ? undefined : await Grant.find(grantId)
      const accountId = session?.accountId
      if (accountId === undefined) return sendEnded(request, reply)
      const grant = known ?? new Grant({ accountId, clientId: String(params['client_id']) })
      const { missingOIDCScope = [], missingResourceScopes = {} } = missingIn(way)
      grant.addOIDCScope(missingOIDCScope.join(' '))
      for (const [resource, scopes] of Object.entries(missingResourceScopes))
        grant.addResourceScope(resource, scopes.join(' '))
      return finish(identity, request, reply, { consent: { grantId: await grant.save() } })
    },
  )
}

/** The pages on which a person proves who she is, and lets programs of others act for her. */
export function registerSignInRoutes(app: App, identity: Identity, nowMs: () => number): void {
  void app.register(async (instance) => {
    const pages = instance as App
    takeForms(pages, identity.publicUrl)
    pages.get('/sign-in/style.css', { config: OPEN, schema: { hide: true } }, (_request, reply) =>
      reply.type('text/css').header('cache-control', 'max-age=3600').send(SIGN_IN_STYLE),
    )
    registerPassword(pages, identity, nowMs)
    registerConsent(pages, identity)
  })
}
