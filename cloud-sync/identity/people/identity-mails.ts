import type { Role } from '#shared/access/roles.ts'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { accountText } from '#shared/words/account.ts'
import type { Mail } from '../../mail/mailer.ts'

/** What is mailed to people of their account. Pure: values in, a mail out. */

/** As it was kept with the person; what is no language of ours is French. */
export const languageNamed = (name: string): Language => LANGUAGES.find((it) => it === name) ?? 'fr'

export interface InvitationMail {
  readonly to: string
  readonly tenant: string
  readonly role: Role
  readonly link: string
}

export const invitationMail = (language: Language, { to, tenant, role, link }: InvitationMail): Mail => ({
  to,
  subject: accountText(language, 'mailInvite', { tenant }),
  text: accountText(language, 'mailInviteText', { tenant, role: accountText(language, role), link }),
})

export const resetMail = (language: Language, { to, link }: { readonly to: string; readonly link: string }): Mail => ({
  to,
  subject: accountText(language, 'mailReset'),
  text: accountText(language, 'mailResetText', { link }),
})

export const codeMail = (language: Language, { to, code }: { readonly to: string; readonly code: string }): Mail => ({
  to,
  subject: accountText(language, 'mailCode', { code }),
  text: accountText(language, 'mailCodeText', { code }),
})
