import type { FastifyReply, FastifyRequest } from 'fastify'
import { toString as drawQr } from 'qrcode'
import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import { PLATFORM } from '../../audit/entries.ts'
import type { Identity } from '../../identity/open-identity.ts'
import type { PageText } from '../../identity/pages/page-parts.ts'
import { backupCodesPage, turnOffPage, turnOnPage } from '../../identity/pages/second-factor-pages.ts'
import { PASSWORD_CHARACTERS_MAX } from '../../identity/people/passwords.ts'
import { type Person, provePassword } from '../../identity/people/people.ts'
import { beginTotp, endTotp, newTotp, proveCode, totpUrl } from '../../identity/people/second-factor.ts'
import { forgiveTries } from '../../identity/people/tries.ts'
import type { App } from '../../parts.ts'
import { personHere, sayNobody } from './account.ts'
import { createKnownDevices } from './known-devices.ts'
import { createSealedCookie } from './sealed-cookie.ts'
import { languageOf, refusedAs, sendPage, TRY, takeForms } from './sign-in-pages.ts'

const PATH = '/account/second-factor'
const ProofForm = Type.Object(
  { code: Type.String({ maxLength: 20 }), password: Type.String({ maxLength: 4 * PASSWORD_CHARACTERS_MAX }) },
  strict,
)

/** A secret that her app has been shown and has not confirmed yet. */
interface Shown {
  readonly personId: string
  readonly secret: string
}
const SHOWN_MS_MAX = 15 * 60_000

/** Somebody turns her second factor on or off: with her password, so that an open window is not enough. */
export function registerSecondFactor(app: App, identity: Identity, nowMs: () => number): void {
  const { store, publicUrl } = identity
  const devices = createKnownDevices(identity, nowMs)
  const shown = createSealedCookie<Shown>(identity, { name: 'smartqueue_totp', ageMsMax: SHOWN_MS_MAX, nowMs })

  async function showSecret(
    request: FastifyRequest,
    reply: FastifyReply,
    secret: string,
    { email }: Person,
    fault: PageText | null,
  ) {
    const svg = await drawQr(totpUrl(secret, email), { type: 'svg', margin: 2 })
    return sendPage(reply, turnOnPage(languageOf(request), { secret, svg, fault }))
  }

  /** Whoever sits at her open window, and does not know what she knows. */
  function noteRefused({ audit }: FastifyRequest, { personId }: Person, isLocked: boolean): void {
    const actor = { kind: 'person', id: personId } as const
    audit.note({ code: refusedAs(isLocked), actor, about: personId }, { tenantId: PLATFORM })
  }

  const sourceOf = (request: FastifyRequest) => (person: Person | null) => devices.sourceOf(request, person)
  const forgive = (request: FastifyRequest, person: Person): Promise<unknown> =>
    forgiveTries(store, person.email, devices.sourceOf(request, person), 1)

  /** @returns why not; null: it is her */
  async function passwordFaultOf(request: FastifyRequest, person: Person, password: string): Promise<PageText | null> {
    const { kind } = await provePassword(store, { email: person.email, password }, sourceOf(request), nowMs())
    if (kind === 'Proved') return null
    noteRefused(request, person, kind === 'Locked')
    return kind === 'Locked' ? 'locked' : 'passwordWrong'
  }

  void app.register(async (instance) => {
    const pages = instance as App
    takeForms(pages, publicUrl)

    pages.get(PATH, { config: TRY, schema: { hide: true } }, async (request, reply) => {
      const person = await personHere(identity, request, reply)
      if (person === null) return sayNobody(request, reply)
      if (person.hasTotp) return sendPage(reply, turnOffPage(languageOf(request), null))
      const { secret } = newTotp(person.email)
      shown.keep(reply, PATH, { personId: person.personId, secret })
      return showSecret(request, reply, secret, person, null)
    })

    pages.post(
      `${PATH}/on`,
      { config: { ...TRY, audit: 'TotpBegun' }, schema: { hide: true, body: ProofForm } },
      async (request, reply) => {
        const person = await personHere(identity, request, reply)
        const kept = shown.read(request)
        if (person === null) return sayNobody(request, reply)
        if (person.hasTotp || kept?.personId !== person.personId) request.audit.settle()
        if (person.hasTotp || kept?.personId !== person.personId) return reply.code(303).header('location', PATH).send()
        const { code, password } = request.body
        const again = (fault: PageText) => showSecret(request, reply.code(422), kept.secret, person, fault)
        const fault = await passwordFaultOf(request, person, password)
        if (fault !== null) return again(fault)
        const codes = await beginTotp(
          store,
          person.personId,
          { secret: kept.secret, code: code.replaceAll(/\D/g, '') },
          nowMs(),
        )
        if (codes === null) return again('codeWrong')
        await forgive(request, person)
        shown.forget(reply, PATH)
        return sendPage(reply, backupCodesPage(languageOf(request), codes))
      },
    )

    pages.post(
      `${PATH}/off`,
      { config: { ...TRY, audit: 'TotpEnded' }, schema: { hide: true, body: ProofForm } },
      async (request, reply) => {
        const person = await personHere(identity, request, reply)
        if (person === null) return sayNobody(request, reply)
        const { personId } = person
        const { code, password } = request.body
        const again = (fault: PageText) => sendPage(reply.code(422), turnOffPage(languageOf(request), fault))
        const fault = await passwordFaultOf(request, person, password)
        if (fault !== null) return again(fault)
        const codeFault = await proveCode(store, personId, code, nowMs())
        if (codeFault === 'codeWrong') noteRefused(request, person, false)
        if (codeFault !== null) return again(codeFault)
        await store.work((db) => endTotp(db, personId))
        await forgive(request, person)
        return reply.code(303).header('location', '/account').send()
      },
    )
  })
}
