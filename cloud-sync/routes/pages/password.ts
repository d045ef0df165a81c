import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type ParsedBy, strict } from '#shared/wire/schema.ts'
import { PLATFORM } from '../../audit/entries.ts'
import type { Identity } from '../../identity/open-identity.ts'
import { passwordPage } from '../../identity/pages/account-pages.ts'
import type { PageText } from '../../identity/pages/page-parts.ts'
import { wordPage } from '../../identity/pages/sign-in-page.ts'
import { hashPassword, PASSWORD_CHARACTERS_MAX, passwordFault } from '../../identity/people/passwords.ts'
import { type Person, provePassword } from '../../identity/people/people.ts'
import { changePassword } from '../../identity/people/resets.ts'
import { forgiveTries } from '../../identity/people/tries.ts'
import type { App } from '../../parts.ts'
import { personHere, sayNobody } from './account.ts'
import { createKnownDevices } from './known-devices.ts'
import { languageOf, refusedAs, sendPage, TRY, takeForms } from './sign-in-pages.ts'

const PATH = '/account/password'
const password = Type.String({ maxLength: 4 * PASSWORD_CHARACTERS_MAX })
const PasswordForm = Type.Object({ current: password, password }, strict)
type Typed = ParsedBy<typeof PasswordForm>

/** Somebody who is signed in chooses another password: with the one she has, so that an open window is not enough. */
export function registerPassword(app: App, identity: Identity, nowMs: () => number): void {
  const { store, publicUrl } = identity
  const devices = createKnownDevices(identity, nowMs)

  function refuse(request: FastifyRequest, person: Person, isLocked: boolean): PageText {
    const actor = { kind: 'person', id: person.personId } as const
    request.audit.note({ code: refusedAs(isLocked), actor, about: person.personId }, { tenantId: PLATFORM })
    return isLocked ? 'locked' : 'passwordWrong'
  }

  /** @returns why not; null: it is changed */
  async function change(request: FastifyRequest, person: Person, typed: Typed): Promise<PageText | null> {
    const sourceOf = (it: Person | null) => devices.sourceOf(request, it)
    const tried = await provePassword(store, { email: person.email, password: typed.current }, sourceOf, nowMs())
    if (tried.kind !== 'Proved') return refuse(request, person, tried.kind === 'Locked')
    await forgiveTries(store, person.email, sourceOf(person), 1)
    const fault = passwordFault(typed.password, person.email)
    if (fault !== null) return fault
    const { provedHash } = tried
    const chosen = { provedHash, passwordHash: await hashPassword(typed.password) }
    const isDone = await changePassword(store, person.personId, chosen, nowMs(), request.audit.record)
    return isDone ? null : refuse(request, person, false)
  }

  void app.register(async (instance) => {
    const pages = instance as App
    takeForms(pages, publicUrl)
    const again = (request: FastifyRequest, reply: FastifyReply, { email }: Person, fault: PageText | null) =>
      sendPage(reply, passwordPage(languageOf(request), { email, fault }))

    pages.get(PATH, { config: TRY, schema: { hide: true } }, async (request, reply) => {
      const person = await personHere(identity, request, reply)
      return person === null ? sayNobody(request, reply) : again(request, reply, person, null)
    })

    pages.post(
      PATH,
      { config: { ...TRY, audit: 'PasswordChanged' }, schema: { hide: true, body: PasswordForm } },
      async (request, reply) => {
        const person = await personHere(identity, request, reply)
        if (person === null) return sayNobody(request, reply)
        const fault = await change(request, person, request.body)
        if (fault !== null) return again(request, reply.code(422), person, fault)
        await devices.rememberAnew(request, reply, person.personId)
        return sendPage(reply, wordPage(languageOf(request), 'resetDone', 'resetDoneHelp'))
      },
    )
  })
}
