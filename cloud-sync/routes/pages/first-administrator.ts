import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import type { Identity } from '../../identity/open-identity.ts'
import { accountPage, wordPage } from '../../identity/pages/sign-in-page.ts'
import { emailOf, isEmail } from '../../identity/people/email.ts'
import { isFirstLink, useFirstLink } from '../../identity/people/links.ts'
import { hashPassword, PASSWORD_CHARACTERS_MAX, passwordFault } from '../../identity/people/passwords.ts'
import type { App } from '../../parts.ts'
import { LinkParams, languageOf, sendPage, TRY, takeForms } from './sign-in-pages.ts'

const AccountForm = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    email: Type.String({ maxLength: 254 }),
    password: Type.String({ maxLength: 4 * PASSWORD_CHARACTERS_MAX }),
  },
  strict,
)

/** The link that a cloud shows at its first start: whoever has it makes the first administrator, once. */
export function registerFirstAdministrator(app: App, { store, publicUrl }: Identity, nowMs: () => number): void {
  void app.register(async (instance) => {
    const pages = instance as App
    takeForms(pages, publicUrl)

    pages.get('/first/:token', { config: TRY, schema: { hide: true, params: LinkParams } }, async (request, reply) => {
      const { token } = request.params
      const language = languageOf(request)
      return (await isFirstLink(store, token, nowMs()))
        ? sendPage(reply, accountPage(language, { action: `/first/${token}`, name: '', email: '', fault: null }))
        : sendPage(reply.code(410), wordPage(language, 'linkEnded', 'linkEndedHelp'))
    })

    pages.post(
      '/first/:token',
      {
        config: { ...TRY, audit: 'FirstAdministratorMade' },
        schema: { hide: true, params: LinkParams, body: AccountForm },
      },
      async (request, reply) => {
        const { token } = request.params
        const { name, email, password } = request.body
        const language = languageOf(request)
        const fault = isEmail(emailOf(email)) ? passwordFault(password, email) : 'emailWrong'
        const isOpen = await isFirstLink(store, token, nowMs())
        if (isOpen && fault !== null)
          return sendPage(reply.code(422), accountPage(language, { action: `/first/${token}`, name, email, fault }))
        const isMade =
          isOpen &&
          (await useFirstLink(
            store,
            token,
            { name, email, language, passwordHash: await hashPassword(password) },
            nowMs(),
            request.audit.record,
          ))
        return isMade
          ? sendPage(reply.code(201), wordPage(language, 'created', 'createdHelp'))
          : sendPage(reply.code(410), wordPage(language, 'linkEnded', 'linkEndedHelp'))
      },
    )
  })
}
