import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { strict } from '#shared/wire/schema.ts'
import type { SignInText } from '#shared/words/sign-in.ts'
import { isFirstLink, useFirstLink } from '../identity/links.ts'
import type { Identity } from '../identity/open-identity.ts'
import { hashPassword, PASSWORD_CHARACTERS_MAX, passwordFault } from '../identity/passwords.ts'
import { forgiveTries, mayTry, provePassword } from '../identity/people.ts'
import { proveCode } from '../identity/second-factor.ts'
import { accountPage, codePage, consentPage, passwordPage, SIGN_IN_STYLE, wordPage } from '../identity/sign-in-page.ts'
import type { App } from '../parts.ts'

const OPEN = { door: 'open' } as const
/** A person types; a program that guesses is told to wait. */
const TRIES_A_MINUTE = 20
const TRY = { ...OPEN, rateLimit: { max: TRIES_A_MINUTE, timeWindow: 60_000 } } as const

const text = (lengthMax: number) => Type.String({ maxLength: lengthMax })
const UidParams = Type.Object({ uid: Type.String({ pattern: '^[\\w-]{10,64}$' }) }, strict)
const TokenParams = Type.Object({ token: Type.String({ pattern: '^[\\w-]{32}$' }) }, strict)
const PasswordForm = Type.Object({ email: text(254), password: text(4 * PASSWORD_CHARACTERS_MAX) }, strict)
const CodeForm = Type.Object({ code: text(20) }, strict)
const ConsentForm = Type.Object({ answer: Type.Union([Type.Literal('allow'), Type.Literal('deny')]) }, strict)
const AccountForm = Type.Object(
  { name: text(120), email: text(254), password: text(4 * PASSWORD_CHARACTERS_MAX) },
  strict,
)

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

const isLanguage = (it: string): it is Language => (LANGUAGES as readonly string[]).includes(it)

/** What the application asked for, then what the browser prefers. */
function languageOf({ headers }: FastifyRequest, locales: unknown = ''): Language {
  const wanted = `${typeof locales === 'string' ? locales.replaceAll(' ', ',') : ''},${headers['accept-language'] ?? ''}`
  return (
    wanted
      .split(',')
      .map((it) => it.trim().slice(0, 2).toLowerCase())
      .find(isLanguage) ?? 'fr'
  )
}

/** @param leadsTo - where what is sent here may lead: browsers hold that, too, to the policy */
function sendPage(reply: FastifyReply, page: string, leadsTo = ''): FastifyReply {
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; form-action 'self' ${leadsTo}; frame-ancestors 'none'; base-uri 'none'`,
    )
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .type('text/html; charset=utf-8')
    .send(page)
}

const originOf = (address: unknown): string =>
  typeof address === 'string' && URL.canParse(address) ? new URL(address).origin : ''

/** Proved by her password, and asked for a code: kept in the cookie of this one sign-in, sealed, for a few minutes. */
const HALF_MS_MAX = 5 * 60_000
const HALF_COOKIE = 'smartqueue_half'

export function registerSignInRoutes(app: App, identity: Identity, nowMs: () => number): void {
  const { store, publicUrl } = identity
  const half = store.sealing('half signed in')
  const isSecure = publicUrl.startsWith('https:')

  void app.register(async (pages) => {
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 16_384 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
    )
    // A form of another site is not sent with our cookie; this holds where a browser is too old to know.
    pages.addHook('onRequest', async (request, reply) => {
      const { origin } = request.headers
      if (request.method === 'POST' && origin !== undefined && origin !== new URL(publicUrl).origin)
        return sendPage(reply.code(403), wordPage(languageOf(request), 'refused', 'endedHelp'))
      return undefined
    })

    /** @returns null when the sign-in is not known here any more; then the page that says so is sent */
    async function detailsOf(request: FastifyRequest, reply: FastifyReply) {
      try {
        return await identity.provider().interactionDetails(request.raw, reply.raw)
      } catch {
        sendPage(reply.code(410), wordPage(languageOf(request), 'ended', 'endedHelp'))
        return null
      }
    }

    async function finish(
      request: FastifyRequest,
      reply: FastifyReply,
      result: Parameters<ReturnType<Identity['provider']>['interactionResult']>[2],
    ) {
      const returnTo = await identity.provider().interactionResult(request.raw, reply.raw, result)
      return reply.code(303).header('location', returnTo).send()
    }

    pages.get('/sign-in/style.css', { config: OPEN, schema: { hide: true } }, (_request, reply) =>
      reply.type('text/css').header('cache-control', 'max-age=3600').send(SIGN_IN_STYLE),
    )

    pages.get('/sign-in/:uid', { config: OPEN, schema: { hide: true, params: UidParams } }, async (request, reply) => {
      const details = await detailsOf(request, reply)
      if (details === null) return reply
      const { uid, prompt, params } = details
      const language = languageOf(request, params['ui_locales'])
      const leadsTo = originOf(params['redirect_uri'])
      if (prompt.name === 'login')
        return sendPage(
          reply,
          passwordPage(language, { action: `/sign-in/${uid}/password`, email: '', fault: null }),
          leadsTo,
        )
      const client = await identity.provider().Client.find(String(params['client_id']))
      const missing = Object.values((prompt.details['missingResourceScopes'] ?? {}) as Record<string, string[]>)
      const page = consentPage(language, {
        action: `/sign-in/${uid}/consent`,
        client: client?.clientName ?? client?.clientId ?? '',
        scopes: [...new Set(missing.flat())],
      })
      return sendPage(reply, page, leadsTo)
    })

    pages.post(
      '/sign-in/:uid/password',
      { config: TRY, schema: { hide: true, params: UidParams, body: PasswordForm } },
      async (request, reply) => {
        const details = await detailsOf(request, reply)
        if (details === null) return reply
        const { uid, params } = details
        const { email } = request.body as { email: string; password: string }
        const tried = await provePassword(store, request.body as { email: string; password: string }, nowMs())
        const language = languageOf(request, params['ui_locales'])
        const leadsTo = originOf(params['redirect_uri'])
        if (tried.kind !== 'Proved') {
          const fault: SignInText = tried.kind === 'Wrong' ? 'wrong' : 'locked'
          return sendPage(
            reply.code(tried.kind === 'Wrong' ? 401 : 429),
            passwordPage(language, { action: `/sign-in/${uid}/password`, email, fault }),
            leadsTo,
          )
        }
        const { person } = tried
        if (!person.hasTotp) {
          await forgiveTries(store, person.personId)
          return finish(request, reply, { login: { accountId: person.personId, amr: ['pwd'] } })
        }
        const kept = half.seal(JSON.stringify([uid, person.personId, nowMs()])).toString('base64url')
        reply.header(
          'set-cookie',
          `${HALF_COOKIE}=${kept}; Path=/sign-in/${uid}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}; Max-Age=${HALF_MS_MAX / 1_000}`,
        )
        return sendPage(reply, codePage(language, { action: `/sign-in/${uid}/code`, fault: null }), leadsTo)
      },
    )

    function halfOf({ headers }: FastifyRequest, uid: string): string | null {
      const found = new RegExp(`(?:^|; )${HALF_COOKIE}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1]
      if (found === undefined) return null
      try {
        const [ofUid, personId, atMs] = JSON.parse(half.open(Buffer.from(found, 'base64url'))) as [
          string,
          string,
          number,
        ]
        return ofUid === uid && nowMs() - atMs <= HALF_MS_MAX ? personId : null
      } catch {
        return null
      }
    }

    pages.post(
      '/sign-in/:uid/code',
      { config: TRY, schema: { hide: true, params: UidParams, body: CodeForm } },
      async (request, reply) => {
        const details = await detailsOf(request, reply)
        if (details === null) return reply
        const { uid, params } = details
        const language = languageOf(request, params['ui_locales'])
        const personId = halfOf(request, uid)
        if (personId === null) return sendPage(reply.code(410), wordPage(language, 'ended', 'endedHelp'))
        const action = `/sign-in/${uid}/code`
        if (!(await mayTry(store, personId, nowMs())))
          return sendPage(
            reply.code(429),
            codePage(language, { action, fault: 'locked' }),
            originOf(params['redirect_uri']),
          )
        const { code } = request.body as { code: string }
        if (!(await proveCode(store, personId, code, nowMs())))
          return sendPage(
            reply.code(401),
            codePage(language, { action, fault: 'codeWrong' }),
            originOf(params['redirect_uri']),
          )
        await forgiveTries(store, personId)
        return finish(request, reply, { login: { accountId: personId, amr: ['pwd', 'otp'] } })
      },
    )

    pages.post(
      '/sign-in/:uid/consent',
      { config: TRY, schema: { hide: true, params: UidParams, body: ConsentForm } },
      async (request, reply) => {
        const details = await detailsOf(request, reply)
        if (details === null) return reply
        const { prompt, params, session, grantId } = details
        if ((request.body as { answer: string }).answer === 'deny')
          return finish(request, reply, { error: 'access_denied', error_description: 'refused by the person' })
        const provider = identity.provider()
        const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
        const grant =
          known ?? new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) })
        const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details as {
          missingOIDCScope?: string[]
          missingResourceScopes?: Record<string, string[]>
        }
        grant.addOIDCScope(missingOIDCScope.join(' '))
        for (const [resource, scopes] of Object.entries(missingResourceScopes))
          grant.addResourceScope(resource, scopes.join(' '))
        return finish(request, reply, { consent: { grantId: await grant.save() } })
      },
    )

    pages.get('/first/:token', { config: TRY, schema: { hide: true, params: TokenParams } }, async (request, reply) => {
      const { token } = request.params as { token: string }
      const language = languageOf(request)
      if (!(await isFirstLink(store, token, nowMs())))
        return sendPage(reply.code(410), wordPage(language, 'linkEnded', 'linkEndedHelp'))
      return sendPage(reply, accountPage(language, { action: `/first/${token}`, name: '', email: '', fault: null }))
    })

    pages.post(
      '/first/:token',
      { config: TRY, schema: { hide: true, params: TokenParams, body: AccountForm } },
      async (request, reply) => {
        const { token } = request.params as { token: string }
        const { name, email, password } = request.body as { name: string; email: string; password: string }
        const language = languageOf(request)
        if (!(await isFirstLink(store, token, nowMs())))
          return sendPage(reply.code(410), wordPage(language, 'linkEnded', 'linkEndedHelp'))
        const fault = EMAIL.test(email) ? passwordFault(password, email) : 'emailWrong'
        if (fault !== null)
          return sendPage(reply.code(422), accountPage(language, { action: `/first/${token}`, name, email, fault }))
        const person = { name, email, language, passwordHash: await hashPassword(password) }
        const isMade = await useFirstLink(store, token, person, nowMs())
        return isMade
          ? sendPage(reply.code(201), wordPage(language, 'created', 'createdHelp'))
          : sendPage(reply.code(410), wordPage(language, 'linkEnded', 'linkEndedHelp'))
      },
    )
  })
}
