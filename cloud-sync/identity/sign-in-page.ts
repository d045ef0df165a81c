import type { Language } from '#shared/domain/ids.ts'
import { SIGN_IN_TEXTS, type SignInText } from '#shared/words/sign-in.ts'
import { PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN } from './passwords.ts'

/** The pages of the sign-in as plain HTML: they work without a script. Pure: values in, text out. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter)

type Say = (key: SignInText, values?: Readonly<Record<string, string | number>>) => string

const sayIn = (language: Language): Say => {
  const texts = SIGN_IN_TEXTS[language]
  return (key, values = {}) =>
    escaped(texts[key].replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? '')))
}

function whole(language: Language, title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · SmartQueue</title>
<link rel="stylesheet" href="/sign-in/style.css"></head>
<body><main><p class="mark">SmartQueue</p><h1>${title}</h1>${body}</main></body></html>
`
}

interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'email' | 'password'
  readonly autocomplete: string
  readonly value?: string
  readonly help?: string
  readonly lengthMax?: number
  readonly isDigits?: boolean
}

function fieldOf({
  name,
  label,
  type,
  autocomplete,
  value = '',
  help,
  lengthMax = 254,
  isDigits = false,
}: Field): string {
  const told = help === undefined ? '' : `<small id="${name}-help">${help}</small>`
  const by = help === undefined ? '' : ` aria-describedby="${name}-help"`
  // An address or a code is read from left to right in every language.
  const direction = type === 'text' && !isDigits ? '' : ' dir="ltr"'
  return `<label for="${name}">${label}</label>${told}
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${lengthMax}"${by}${direction} value="${escaped(value)}" required${isDigits ? ' inputmode="numeric"' : ''}>`
}

const faultOf = (text: string | null): string => (text === null ? '' : `<p class="fault" role="alert">${text}</p>`)

const formOf = (action: string, fields: string, button: string): string =>
  `<form method="post" action="${escaped(action)}">${fields}<button type="submit">${button}</button></form>`

export function passwordPage(
  language: Language,
  { action, email, fault }: { readonly action: string; readonly email: string; readonly fault: SignInText | null },
): string {
  const say = sayIn(language)
  const fields = [
    fieldOf({ name: 'email', label: say('email'), type: 'email', autocomplete: 'username', value: email }),
    fieldOf({ name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' }),
  ]
  return whole(language, say('title'), faultOf(fault && say(fault)) + formOf(action, fields.join(''), say('enter')))
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
  const list = scopes.map((scope) => `<li dir="ltr">${escaped(scope)}</li>`).join('')
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

/** Says one thing, and what to do about it. */
export function wordPage(language: Language, title: SignInText, help: SignInText | null): string {
  const say = sayIn(language)
  return whole(language, say(title), help === null ? '' : `<p>${say(help)}</p>`)
}

export function signOutPage(language: Language, form: string): string {
  const say = sayIn(language)
  const buttons = `<button type="submit" form="op.logoutForm" name="logout" value="yes">${say('signOut')}</button><button class="quiet" type="submit" form="op.logoutForm">${say('stay')}</button>`
  return whole(language, say('signOutTitle'), `${form}<div class="buttons">${buttons}</div>`)
}

export const SIGN_IN_STYLE = `
:root { --ground: #f6f1e7; --surface: #fffdf8; --line: #857a68; --ink: #221c14; --soft: #5c5344; --accent: #14604f; --on-accent: #fff; --red: #a3241c; --red-soft: #fae3df; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14110c; --surface: #1f1b14; --line: #8b7f6b; --ink: #fbf5e9; --soft: #c9bda8; --accent: #4dbf9f; --on-accent: #0d0b08; --red: #ff9c90; --red-soft: #401a16; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink); font: 400 1.0625rem/1.5 "Noto Sans", "Noto Sans Arabic", sans-serif; }
main { width: min(26rem, calc(100vw - 2rem)); margin: 1rem; padding: 2rem; background: var(--surface); border-radius: 1.5rem; }
h1 { margin: 0 0 1.25rem; font-size: 1.625rem; line-height: 1.25; overflow-wrap: anywhere; }
.mark { margin: 0 0 0.5rem; color: var(--accent); font-weight: 600; }
p { margin: 0 0 1rem; }
form, .buttons { display: grid; gap: 0.375rem; }
label { margin-top: 0.75rem; font-weight: 600; }
small { margin-bottom: 0.25rem; color: var(--soft); font-size: 0.9375rem; }
input { min-height: 3rem; padding: 0 0.875rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--ground); color: inherit; font: inherit; }
[dir=rtl] input[dir=ltr] { text-align: end; }
button { min-height: 3rem; margin-top: 1.25rem; border: 0; border-radius: 0.875rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button.quiet { margin-top: 0.25rem; background: transparent; color: var(--ink); box-shadow: inset 0 0 0 1px var(--line); }
:is(input, button):focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.fault { padding: 0.75rem 1rem; border-radius: 0.5rem; background: var(--red-soft); color: var(--red); font-weight: 600; }
ul { margin: 0 0 1rem; padding-inline-start: 1.25rem; }
`
