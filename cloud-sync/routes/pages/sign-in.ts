import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import type { SignInText } from '#shared/words/sign-in.ts'
import { type Issuer, listIssuers } from '../../identity/elsewhere/issuers.ts'
import type { Identity } from '../../identity/open-identity.ts'
import { SIGN_IN_STYLE } from '../../identity/pages/page-parts.ts'
import { codePage, passwordPage } from '../../identity/pages/sign-in-page.ts'
import { PASSWORD_CHARACTERS_MAX } from '../../identity/people/passwords.ts'
import { findPerson, provePassword } from '../../identity/people/people.ts'
import { proveCode } from '../../identity/people/second-factor.ts'
import { forgiveTries, mayTry } from '../../identity/people/tries.ts'
import { isSignedOut, signInSecond } from '../../identity/provider/signed-out.ts'
import type { App, Parts } from '../../parts.ts'
import { createKnownDevices } from './known-devices.ts'
import { createSealedCookie } from './sealed-cookie.ts'
import { askConsent, registerConsent } from './sign-in-consent.ts'
import { registerElsewhere } from './sign-in-elsewhere.ts'
import {
  finish,
  NOTED,
  noteSignIn,
  OPEN,
  refusedAs,
  sendEnded,
  sendPage,
  TRY,
  takeForms,
  tenantAskedFor,
  UidParams,
  type UnderWay,
  underWay,
} from './sign-in-pages.ts'
import { askPlace, registerPlace } from './sign-in-place.ts'

const PasswordForm = Type.Object(
  {
    email: Type.String({ maxLength: 254 }),
    password: Type.String({ maxLength: 4 * PASSWORD_CHARACTERS_MAX }),
  },
  strict,
)
const CodeForm = Type.Object({ code: Type.String({ maxLength: 20 }) }, strict)

/** Proved by her password, and asked for a code: kept in the cookie of this one sign-in, sealed, for a few minutes. */
const HALF_MS_MAX = 5 * 60_000

interface Half {
  readonly uid: string
  readonly personId: string
  /** When her password was proved. */
  readonly signedInS: number
}

function registerPassword(pages: App, identity: Identity, { database, nowMs }: Parts): void {
  const { store } = identity
  const devices = createKnownDevices(identity, nowMs)
  const issuersOf = async (way: UnderWay): Promise<readonly Issuer[]> => {
    const tenantId = await tenantAskedFor(identity, database, way)
    return tenantId === null ? [] : listIssuers(store, tenantId)
  }
  const halves = createSealedCookie<Half>(identity, { name: 'smartqueue_half', ageMsMax: HALF_MS_MAX, nowMs })
  const ask = async (reply: FastifyReply, way: UnderWay, email: string, fault: SignInText | null) => {
    const { uid, language, leadsTo } = way
    const issuers = await issuersOf(way)
    return sendPage(reply, passwordPage(language, { at: `/sign-in/${uid}`, email, fault, issuers }), leadsTo)
  }
  const askCode = (reply: FastifyReply, { uid, language, leadsTo }: UnderWay, fault: SignInText | null) =>
    sendPage(reply, codePage(language, { action: `/sign-in/${uid}/code`, fault }), leadsTo)

  pages.get('/sign-in/:uid', { config: OPEN, schema: { hide: true, params: UidParams } }, async (request, reply) => {
    const way = await underWay(identity, request, reply)
    if (way === null) return reply
    const { name } = way.interaction.prompt
    if (name === 'login') return ask(reply, way, '', null)
    return name === 'place' ? askPlace(identity, database, request, reply, way) : askConsent(identity, reply, way)
  })

  pages.post(
    '/sign-in/:uid/password',
    { config: { ...TRY, audit: NOTED }, schema: { hide: true, params: UidParams, body: PasswordForm } },
    async (request, reply) => {
      const way = await underWay(identity, request, reply)
      if (way === null) return reply
      const { email } = request.body
      const tried = await provePassword(store, request.body, (it) => devices.sourceOf(request, it), nowMs())
      if (tried.kind !== 'Proved')
        noteSignIn(identity, request, way, refusedAs(tried.kind === 'Locked'), tried.personId)
      if (tried.kind === 'Wrong') return ask(reply.code(401), way, email, 'wrong')
      if (tried.kind === 'Locked') return ask(reply.code(429), way, email, 'locked')
      const { personId, hasTotp } = tried.person
      const signedInS = signInSecond(tried.person, nowMs())
      if (hasTotp) {
        halves.keep(reply, `/sign-in/${way.uid}`, { uid: way.uid, personId, signedInS })
        return askCode(reply, way, null)
      }
      await forgiveTries(store, email, tried.source, 1)
      devices.remember(request, reply, tried.person)
      noteSignIn(identity, request, way, 'SignedIn', personId)
      return finish(identity, request, reply, { login: { accountId: personId, amr: ['pwd'], ts: signedInS } })
    },
  )

  pages.post(
    '/sign-in/:uid/code',
    { config: { ...TRY, audit: NOTED }, schema: { hide: true, params: UidParams, body: CodeForm } },
    async (request, reply) => {
      const way = await underWay(identity, request, reply)
      if (way === null) return reply
      const half = halves.read(request)
      const person = half?.uid === way.uid ? await findPerson(store, half.personId) : null
      // What was proved before she signed out of everything is proved no more.
      if (half === null || person === null || isSignedOut(person, half.signedInS)) return sendEnded(request, reply)
      const { personId, email } = person
      const source = devices.sourceOf(request, person)
      if (!(await mayTry(store, email, source, nowMs()))) {
        noteSignIn(identity, request, way, 'SignInLocked', personId)
        return askCode(reply.code(429), way, 'locked')
      }
      const fault = await proveCode(store, personId, request.body.code, nowMs())
      if (fault !== null) {
        noteSignIn(identity, request, way, 'SignInRefused', personId)
        return askCode(reply.code(401), way, fault)
      }
      await forgiveTries(store, email, source, 2)
      devices.remember(request, reply, person)
      noteSignIn(identity, request, way, 'SignedIn', personId)
      const login = { accountId: personId, amr: ['pwd', 'otp'], ts: half.signedInS }
      return finish(identity, request, reply, { login })
    },
  )
}

/** The pages on which a person proves who she is, and lets programs of others act for her. */
export function registerSignInRoutes(app: App, identity: Identity, parts: Parts): void {
  void app.register(async (instance) => {
    const pages = instance as App
    takeForms(pages, identity.publicUrl)
    pages.get('/sign-in/style.css', { config: OPEN, schema: { hide: true } }, (_request, reply) =>
      reply.type('text/css').header('cache-control', 'max-age=3600').send(SIGN_IN_STYLE),
    )
    registerPassword(pages, identity, parts)
    registerPlace(pages, identity, parts)
    registerConsent(pages, identity)
    registerElsewhere(pages, identity, parts)
  })
}
