import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import type { Identity } from '../../identity/open-identity.ts'
import { forgotPage, resetPage } from '../../identity/pages/account-pages.ts'
import { wordPage } from '../../identity/pages/sign-in-page.ts'
import { languageNamed, resetMail } from '../../identity/people/identity-mails.ts'
import { hashPassword, PASSWORD_CHARACTERS_MAX, passwordFault } from '../../identity/people/passwords.ts'
import type { Person } from '../../identity/people/people.ts'
import { beginReset, finishReset, forgetReset, readReset } from '../../identity/people/resets.ts'
import type { Mailer } from '../../mail/mailer.ts'
import type { App } from '../../parts.ts'
import { createKnownDevices } from './known-devices.ts'
import { LinkParams, languageOf, OPEN, sendPage, TRY, takeForms } from './sign-in-pages.ts'

const ForgotForm = Type.Object({ email: Type.String({ maxLength: 254 }) }, strict)
const ResetForm = Type.Object({ password: Type.String({ maxLength: 4 * PASSWORD_CHARACTERS_MAX }) }, strict)
/** Of all who ask; each sends a mail to somebody. */
const ASK = { ...OPEN, rateLimit: { max: 10, timeWindow: 60_000 } } as const

/** Mails of this kind that wait for the mail server; who asks while so many do is told to come again. */
const WAITING_MAX = 50

/**
 * Sends the link once the page is answered: neither what it says nor when it comes tells whether somebody has the address.
 */
function createSender({ store, publicUrl }: Identity, mailer: Mailer, nowMs: () => number) {
  const waiting = new Set<Promise<void>>()
  async function send(email: string, isHers: (person: Person) => boolean): Promise<void> {
    const begun = await beginReset(store, email, isHers, nowMs())
    if (begun === null) return
    const { token, person } = begun
    const link = `${publicUrl}/reset/${token}`
    if (!(await mailer.send(resetMail(languageNamed(person.language), { to: person.email, link }))))
      await forgetReset(store, begun)
  }
  return {
    /** @returns false when too many wait: nothing is sent */
    begin(email: string, isHers: (person: Person) => boolean, log: FastifyBaseLogger): boolean {
      if (waiting.size >= WAITING_MAX) return false
      const sending = send(email, isHers)
        .catch((error: unknown) => log.error({ err: error }, 'a link for a new password could not be sent'))
        .finally(() => waiting.delete(sending))
      waiting.add(sending)
      return true
    },
    settled: () => Promise.all(waiting),
  }
}

function registerForgot(pages: App, identity: Identity, nowMs: () => number): void {
  const { mailer } = identity
  const sender = mailer === null ? null : createSender(identity, mailer, nowMs)
  const devices = createKnownDevices(identity, nowMs)
  pages.addHook('onClose', async () => {
    await sender?.settled()
  })
  const sayNoMail = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendPage(reply.code(503), wordPage(languageOf(request), 'noMail', 'noMailResetHelp'))

  pages.get('/forgot', { config: TRY, schema: { hide: true } }, async (request, reply) =>
    sender === null ? sayNoMail(request, reply) : sendPage(reply, forgotPage(languageOf(request))),
  )

  pages.post(
    '/forgot',
    { config: { ...ASK, audit: 'PasswordResetAsked' }, schema: { hide: true, body: ForgotForm } },
    async (request, reply) => {
      if (sender === null) return sayNoMail(request, reply)
      const language = languageOf(request)
      const isHers = (person: Person): boolean => devices.sourceOf(request, person).isHers
      return sender.begin(request.body.email, isHers, request.log)
        ? sendPage(reply, wordPage(language, 'forgotSent', 'forgotSentHelp'))
        : sendPage(reply.code(429), wordPage(language, 'busy', null))
    },
  )
}

/** A forgotten password: asked for by address, changed by the link that was mailed. */
export function registerReset(app: App, identity: Identity, nowMs: () => number): void {
  const { store, publicUrl } = identity
  const devices = createKnownDevices(identity, nowMs)
  const sayOver = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendPage(reply.code(410), wordPage(languageOf(request), 'resetEnded', 'resetEndedHelp'))

  void app.register(async (instance) => {
    const pages = instance as App
    takeForms(pages, publicUrl)
    registerForgot(pages, identity, nowMs)

    pages.get('/reset/:token', { config: TRY, schema: { hide: true, params: LinkParams } }, async (request, reply) => {
      const { token } = request.params
      if ((await readReset(store, token, nowMs())) === null) return sayOver(request, reply)
      return sendPage(reply, resetPage(languageOf(request), { action: `/reset/${token}`, fault: null }))
    })

    pages.post(
      '/reset/:token',
      { config: { ...TRY, audit: 'PasswordChanged' }, schema: { hide: true, params: LinkParams, body: ResetForm } },
      async (request, reply) => {
        const { token } = request.params
        const { password } = request.body
        const asked = await readReset(store, token, nowMs())
        if (asked === null) return sayOver(request, reply)
        const language = languageOf(request)
        const fault = passwordFault(password, asked.email)
        if (fault !== null) return sendPage(reply.code(422), resetPage(language, { action: `/reset/${token}`, fault }))
        const personId = await finishReset(store, token, await hashPassword(password), nowMs(), request.audit.record)
        if (personId === null) return sayOver(request, reply)
        await devices.rememberAnew(request, reply, personId)
        return sendPage(reply, wordPage(language, 'resetDone', 'resetDoneHelp'))
      },
    )
  })
}
