import type { Role } from '#shared/access/roles.ts'
import type { Language } from '#shared/domain/ids.ts'
import { PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN } from '../people/passwords.ts'
import type { ProgramWithLeave } from '../provider/leave.ts'
import { buttonLink, escaped, faultOf, fieldOf, formOf, type PageText, sayIn, whole } from './page-parts.ts'

/** The pages on which people join a tenant, mend their account and choose where they work. Pure: values in, text out. */

const newPasswordField = (language: Language, label: PageText = 'password'): string => {
  const say = sayIn(language)
  return fieldOf({
    ...{ name: 'password', label: say(label), type: 'password', autocomplete: 'new-password' },
    ...{ help: say('passwordHelp', { count: PASSWORD_CHARACTERS_MIN }), lengthMax: PASSWORD_CHARACTERS_MAX },
  })
}

export interface JoinForm {
  readonly action: string
  readonly tenant: string
  readonly role: Role
  readonly email: string
  readonly name: string
  readonly fault: PageText | null
  /** Whether the address has an account, and one with a second factor; `either`: whoever asks is not told. */
  readonly person: 'new' | 'known' | 'known-with-code' | 'either'
}

const INVITED = {
  new: 'inviteHelp',
  known: 'inviteKnownHelp',
  'known-with-code': 'inviteKnownHelp',
  either: 'inviteEitherHelp',
} as const

function joinFields(language: Language, { name, person }: JoinForm): readonly string[] {
  const say = sayIn(language)
  const nameField = (isRequired: boolean): string =>
    fieldOf({
      ...{ name: 'name', label: say('name'), type: 'text', autocomplete: 'name', value: name, lengthMax: 120 },
      ...{ isRequired, ...(!isRequired && { help: say('nameIfNew') }) },
    })
  if (person === 'new') return [nameField(true), newPasswordField(language)]
  const password = fieldOf({
    ...{ name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' },
    ...(person === 'either' && { help: say('passwordEither', { count: PASSWORD_CHARACTERS_MIN }) }),
  })
  const code = fieldOf({
    ...{ name: 'code', label: say('codeOptional'), type: 'text', autocomplete: 'one-time-code' },
    ...{ help: say(person === 'either' ? 'codeIfAny' : 'codeHelp'), lengthMax: 20, isDigits: true },
    isRequired: person !== 'either',
  })
  if (person === 'either') return [password, nameField(false), code]
  return person === 'known' ? [password] : [password, code]
}

export function joinPage(language: Language, form: JoinForm): string {
  const { action, tenant, role, email, fault, person } = form
  const say = sayIn(language)
  const told = say(INVITED[person], { role: say(role), email })
  // Password managers keep what is chosen here under her address.
  const user = `<input type="hidden" name="username" autocomplete="username" value="${escaped(email)}">`
  const fields = user + joinFields(language, form).join('')
  return whole(
    language,
    say('inviteTitle', { tenant }),
    `<p>${told}</p>${faultOf(fault && say(fault))}${formOf(action, fields, say('accept'))}`,
  )
}

export function forgotPage(language: Language): string {
  const say = sayIn(language)
  const field = fieldOf({ name: 'email', label: say('email'), type: 'email', autocomplete: 'username' })
  return whole(language, say('forgotTitle'), `<p>${say('forgotHelp')}</p>${formOf('/forgot', field, say('sendLink'))}`)
}

export function resetPage(
  language: Language,
  { action, fault }: { readonly action: string; readonly fault: PageText | null },
): string {
  const say = sayIn(language)
  return whole(
    language,
    say('resetTitle'),
    `<p>${say('resetHelp')}</p>${faultOf(fault && say(fault))}${formOf(action, newPasswordField(language), say('save'))}`,
  )
}

/** @param view - her address, by which password managers know what she changes */
export function passwordPage(
  language: Language,
  { email, fault }: { readonly email: string; readonly fault: PageText | null },
): string {
  const say = sayIn(language)
  const user = `<input type="hidden" name="username" autocomplete="username" value="${escaped(email)}" disabled>`
  const now = fieldOf({
    ...{ name: 'current', label: say('passwordNow'), type: 'password', autocomplete: 'current-password' },
  })
  const form = formOf('/account/password', user + now + newPasswordField(language, 'resetTitle'), say('save'))
  const back = `<p class="aside"><a href="/account">${say('back')}</a></p>`
  return whole(
    language,
    say('passwordChange'),
    `<p>${say('resetHelp')}</p>${faultOf(fault && say(fault))}${form}${back}`,
  )
}

export interface AccountView {
  readonly name: string
  readonly email: string
  readonly isEmailProved: boolean
  readonly canMail: boolean
  readonly fault: PageText | null
  /** Those that she has given leave to act for her. */
  readonly programs: readonly ProgramWithLeave[]
}

/** Each with a button that takes her leave back; nothing where none has it. */
function programsOf(language: Language, programs: readonly ProgramWithLeave[]): string {
  if (programs.length === 0) return ''
  const say = sayIn(language)
  const rows = programs.map(({ clientId, name }) => {
    const told = `<bdi id="${escaped(clientId)}">${escaped(name)}</bdi>`
    const hidden = `<input type="hidden" name="client" value="${escaped(clientId)}">`
    const button = `<button class="quiet" type="submit" aria-describedby="${escaped(clientId)}">${say('takeBack')}</button>`
    return `<li>${told}<form method="post" action="/account/programs">${hidden}${button}</form></li>`
  })
  return `<h2>${say('programs')}</h2><p>${say('programsHelp')}</p><ul class="programs">${rows.join('')}</ul>`
}

export function myAccountPage(language: Language, view: AccountView): string {
  const { name, email, isEmailProved, canMail, fault, programs } = view
  const say = sayIn(language)
  const send = isEmailProved || !canMail ? '' : formOf('/account/email', '', say('sendCode'))
  const proved = `<p>${say(isEmailProved ? 'emailProved' : 'emailUnproved')}</p>`
  return whole(
    language,
    say('accountTitle'),
    `<p><strong>${escaped(name)}</strong><br><bdi dir="ltr">${escaped(email)}</bdi></p>${proved}${faultOf(fault && say(fault))}${send}${buttonLink('/account/password', say('passwordChange'))}${buttonLink('/account/second-factor', say('factor'))}${buttonLink('/account/everywhere', say('everywhere'))}${programsOf(language, programs)}<p class="aside"><a href="/dashboard/">${say('toDashboard')}</a></p>`,
  )
}

export function mailCodePage(
  language: Language,
  { email, fault }: { readonly email: string; readonly fault: PageText | null },
): string {
  const say = sayIn(language)
  const field = fieldOf({
    ...{ name: 'code', label: say('code'), type: 'text', autocomplete: 'one-time-code' },
    ...{ lengthMax: 20, isDigits: true },
  })
  return whole(
    language,
    say('mailCodeTitle'),
    `<p>${say('mailCodeHelp', { email })}</p>${faultOf(fault && say(fault))}${formOf('/account/email/code', field, say('verify'))}<p class="aside"><a href="/account">${say('back')}</a></p>`,
  )
}

export function everywherePage(language: Language): string {
  const say = sayIn(language)
  return whole(
    language,
    say('everywhereTitle'),
    `<p>${say('everywhereHelp')}</p>${formOf('/account/everywhere', '', say('everywhere'))}${buttonLink('/account', say('back'))}`,
  )
}

export interface Workplace {
  /** null: the platform itself. */
  readonly slug: string | null
  readonly name: string
  readonly role: Role | null
}

export function tenantPage(
  language: Language,
  { action, places }: { readonly action: string; readonly places: readonly Workplace[] },
): string {
  const say = sayIn(language)
  const buttons = places.map(({ slug, name, role }) => {
    const label = slug === null ? say('platform') : escaped(name)
    const told = role === null ? '' : `<small>${say(role)}</small>`
    return `<button class="place" type="submit" name="place" value="${escaped(slug ?? '')}"><bdi>${label}</bdi>${told}</button>`
  })
  return whole(
    language,
    say('tenantTitle'),
    `<form method="post" action="${escaped(action)}">${buttons.join('')}</form>`,
  )
}
