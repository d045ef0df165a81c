import type { Language } from '#shared/domain/ids.ts'
import { scopeText } from '#shared/words/scopes.ts'
import type { SignInText } from '#shared/words/sign-in.ts'
import { PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN } from '../people/passwords.ts'
import { buttonLink, escaped, faultOf, fieldOf, formOf, type PageText, sayIn, whole } from './page-parts.ts'

/** The pages of the sign-in itself. Pure: values in, text out. */

export interface PasswordForm {
  /** Where its answers go, without a slash at its end. */
  readonly at: string
  readonly email: string
  readonly fault: PageText | null
  /** Where else she may prove who she is. */
  readonly issuers: readonly { readonly issuerId: string; readonly name: string }[]
}

export function passwordPage(language: Language, { at, email, fault, issuers }: PasswordForm): string {
  const say = sayIn(language)
  const fields = [
    fieldOf({ name: 'email', label: say('email'), type: 'email', autocomplete: 'username', value: email }),
    fieldOf({ name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' }),
  ]
  const elsewhere = issuers.map(({ issuerId, name: issuer }) =>
    buttonLink(`${at}/elsewhere/${issuerId}`, say('continueWith', { issuer })),
  )
  return whole(
    language,
    say('title'),
    `${faultOf(fault && say(fault))}${formOf(`${at}/password`, fields.join(''), say('enter'))}${elsewhere.join('')}<p class="aside"><a href="/forgot">${say('forgot')}</a></p>`,
  )
}

export function codePage(
  language: Language,
  { action, fault }: { readonly action: string; readonly fault: SignInText | null },
): string {
  const say = sayIn(language)
  const field = fieldOf({
    ...{ name: 'code', label: say('code'), type: 'text', autocomplete: 'one-time-code' },
    ...{ help: say('codeHelp'), lengthMax: 20, isDigits: true },
  })
  return whole(language, say('codeTitle'), faultOf(fault && say(fault)) + formOf(action, field, say('verify')))
}

export function consentPage(
  language: Language,
  { action, client, scopes }: { readonly action: string; readonly client: string; readonly scopes: readonly string[] },
): string {
  const say = sayIn(language)
  const list = scopes.map((scope) => `<li>${escaped(scopeText(language, scope) ?? scope)}</li>`).join('')
  const buttons = `<button type="submit" name="answer" value="allow">${say('allow')}</button><button class="quiet" type="submit" name="answer" value="deny">${say('deny')}</button>`
  return whole(
    language,
    say('asks', { client }),
    `<p>${say('asksHelp', { client })}</p><ul>${list}</ul><form method="post" action="${escaped(action)}">${buttons}</form>`,
  )
}

export interface AccountForm {
  readonly action: string
  readonly name: string
  readonly email: string
  readonly fault: SignInText | null
}

export function accountPage(language: Language, { action, name, email, fault }: AccountForm): string {
  const say = sayIn(language)
  const fields = [
    fieldOf({ name: 'name', label: say('name'), type: 'text', autocomplete: 'name', value: name, lengthMax: 120 }),
    fieldOf({ name: 'email', label: say('email'), type: 'email', autocomplete: 'username', value: email }),
    fieldOf({
      ...{ name: 'password', label: say('password'), type: 'password', autocomplete: 'new-password' },
      ...{ help: say('passwordHelp', { count: PASSWORD_CHARACTERS_MIN }), lengthMax: PASSWORD_CHARACTERS_MAX },
    }),
  ]
  return whole(
    language,
    say('firstTitle'),
    `<p>${say('firstHelp')}</p>${faultOf(fault && say(fault))}${formOf(action, fields.join(''), say('create'))}`,
  )
}

const TO_SIGN_IN = ['/dashboard/', 'enter'] as const
/** What is said, and the one way on from there, where there is one: an address, and its name. */
const WAYS_ON: Readonly<Partial<Record<PageText, readonly [string, PageText]>>> = {
  created: TO_SIGN_IN,
  joined: TO_SIGN_IN,
  resetDone: TO_SIGN_IN,
  everywhereDone: TO_SIGN_IN,
  signedOut: TO_SIGN_IN,
  nobody: TO_SIGN_IN,
  forgotSent: TO_SIGN_IN,
  // Used by herself, mostly.
  inviteEnded: TO_SIGN_IN,
  linkEnded: TO_SIGN_IN,
  resetEnded: ['/forgot', 'forgot'],
  noTenant: ['/account', 'accountTitle'],
  mailFailed: ['/account', 'back'],
}

/** Says one thing, what to do about it, and leads on. */
export function wordPage(
  language: Language,
  title: PageText,
  help: PageText | null,
  values: Readonly<Record<string, string>> = {},
): string {
  const say = sayIn(language)
  const told = help === null ? '' : `<p>${say(help, values)}</p>`
  const [address, label] = WAYS_ON[title] ?? []
  const way = address === undefined || label === undefined ? '' : buttonLink(address, say(label))
  return whole(language, say(title, values), told + way)
}

export function signOutPage(language: Language, form: string): string {
  const say = sayIn(language)
  const buttons = `<button type="submit" form="op.logoutForm" name="logout" value="yes">${say('signOut')}</button><button class="quiet" type="submit" form="op.logoutForm">${say('stay')}</button>`
  const everywhere = `<p class="aside"><a href="/account/everywhere">${say('everywhere')}</a></p>`
  return whole(language, say('signOutTitle'), `${form}<div class="buttons">${buttons}</div>${everywhere}`)
}

/** @param detail - for whoever wrote the application, in the words of the protocol */
export function errorPage(language: Language, detail: string): string {
  const say = sayIn(language)
  const told = `<p>${say('endedHelp')}</p><p class="detail" dir="ltr" lang="en">${escaped(detail)}</p>`
  return whole(language, say('refused'), told)
}
