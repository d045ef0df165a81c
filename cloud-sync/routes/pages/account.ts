import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { strict } from '#shared/wire/schema.ts'
import { PLATFORM } from '../../audit/entries.ts'
import type { Identity } from '../../identity/open-identity.ts'
import { everywherePage, mailCodePage, myAccountPage } from '../../identity/pages/account-pages.ts'
import type { PageText } from '../../identity/pages/page-parts.ts'
import { wordPage } from '../../identity/pages/sign-in-page.ts'
import { codeMail, languageNamed } from '../../identity/people/identity-mails.ts'
import { forgetMailCode, newMailCode, proveMailCode } from '../../identity/people/mail-codes.ts'
import { findPerson, type Person } from '../../identity/people/people.ts'
import { signOutEverywhere } from '../../identity/provider/artifacts.ts'
import { tenantBound } from '../../identity/provider/bound-sessions.ts'
import { programsWithLeave, takeBackLeave } from '../../identity/provider/leave.ts'
import { isSignedOut } from '../../identity/provider/signed-out.ts'
import type { App } from '../../parts.ts'
import { languageOf, sendPage, TRY, takeForms } from './sign-in-pages.ts'

const CodeForm = Type.Object({ code: Type.String({ maxLength: 20 }) }, strict)
/** As programs of others are named. */
const ProgramForm = Type.Object({ client: Type.String({ pattern: '^client-[0-9a-f]{16}$' }) }, strict)
const NothingForm = Type.Object({}, strict)

/** What she does about her own account. */
const itself = ({ personId }: Person) => ({ actor: { kind: 'person', id: personId }, about: personId }) as const

/** @returns who has proved to us in this browser who she is; null: nobody, or a tenant's issuer says who it is */
export async function personHere(
  { provider, store }: Identity,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Person | null> {
  const context = provider().createContext(request.raw, reply.raw)
  const { accountId, loginTs, acr } = await provider().Session.get(context)
  const isProved = accountId !== undefined && tenantBound(acr) === null
  const person = isProved ? await findPerson(store, accountId) : null
  if (person === null || isSignedOut(person, loginTs ?? 0)) return null
  request.audit.note(itself(person))
  return person
}

export const sayNobody = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendPage(reply.code(401), wordPage(languageOf(request), 'nobody', 'endedHelp'))

function registerEmailProof(pages: App, identity: Identity, nowMs: () => number): void {
  const { store, mailer } = identity
  const ask = (request: FastifyRequest, reply: FastifyReply, { email }: Person, fault: PageText | null) =>
    sendPage(reply, mailCodePage(languageOf(request), { email, fault }))

  pages.post(
    '/account/email',
    { config: { ...TRY, audit: NOT_AUDITED.mail }, schema: { hide: true, body: NothingForm } },
    async (request, reply) => {
      const person = await personHere(identity, request, reply)
      if (person === null) return sayNobody(request, reply)
      if (mailer === null) return sendPage(reply.code(503), wordPage(languageOf(request), 'noMail', 'noMailHelp'))
      const made = await newMailCode(store, person, nowMs())
      if (made === 'JustSent') return ask(request, reply.code(429), person, 'mailCodeSoon')
      if (made === 'EnoughOfDay') return ask(request, reply.code(429), person, 'mailCodesMany')
      if (await mailer.send(codeMail(languageNamed(person.language), { to: person.email, ...made })))
        return ask(request, reply, person, null)
      await forgetMailCode(store, person, made.code)
      return sendPage(reply.code(503), wordPage(languageOf(request), 'mailFailed', null))
    },
  )

  pages.post(
    '/account/email/code',
    { config: { ...TRY, audit: 'EmailVerified' }, schema: { hide: true, body: CodeForm } },
    async (request, reply) => {
      const person = await personHere(identity, request, reply)
      if (person === null) return sayNobody(request, reply)
      const proof = await proveMailCode(store, person, request.body.code, nowMs())
      if (proof === 'Wrong') return ask(request, reply.code(422), person, 'mailCodeWrong')
      if (proof === 'Ended') return ask(request, reply.code(410), person, 'mailCodeEnded')
      return reply.code(303).header('location', '/account').send()
    },
  )
}

/** She takes back the leave that she gave a program of others. */
function registerPrograms(pages: App, identity: Identity, nowMs: () => number): void {
  pages.post(
    '/account/programs',
    { config: { ...TRY, audit: 'ConsentTakenBack' }, schema: { hide: true, body: ProgramForm } },
    async (request, reply) => {
      const person = await personHere(identity, request, reply)
      if (person === null) return sayNobody(request, reply)
      await identity.store.asTenant(PLATFORM, async (db) => {
        await takeBackLeave(db, person.personId, request.body.client, nowMs())
        await request.audit.record(db, PLATFORM, itself(person))
      })
      return reply.code(303).header('location', '/account').send()
    },
  )
}

/** What somebody does about her own account, in the browser in which she is signed in. */
export function registerAccount(app: App, identity: Identity, nowMs: () => number): void {
  const { store, publicUrl, mailer } = identity
  void app.register(async (instance) => {
    const pages = instance as App
    takeForms(pages, publicUrl)

    pages.get('/account', { config: TRY, schema: { hide: true } }, async (request, reply) => {
      const person = await personHere(identity, request, reply)
      if (person === null) return sayNobody(request, reply)
      const programs = await programsWithLeave(store, person.personId, nowMs())
      const view = { ...person, canMail: mailer !== null, fault: null, programs }
      return sendPage(reply, myAccountPage(languageOf(request), view))
    })

    pages.get('/account/everywhere', { config: TRY, schema: { hide: true } }, async (request, reply) => {
      const person = await personHere(identity, request, reply)
      return person === null ? sayNobody(request, reply) : sendPage(reply, everywherePage(languageOf(request)))
    })

    pages.post(
      '/account/everywhere',
      { config: { ...TRY, audit: 'SignedOutEverywhere' }, schema: { hide: true, body: NothingForm } },
      async (request, reply) => {
        const person = await personHere(identity, request, reply)
        if (person === null) return sayNobody(request, reply)
        await store.asTenant(PLATFORM, async (db) => {
          await signOutEverywhere(db, person.personId, nowMs())
          await request.audit.record(db, PLATFORM, itself(person))
        })
        return sendPage(reply, wordPage(languageOf(request), 'everywhereDone', null))
      },
    )
    registerEmailProof(pages, identity, nowMs)
    registerPrograms(pages, identity, nowMs)
  })
}
