import type { Language } from '#shared/domain/ids.ts'
import { ACCOUNT_TEXTS, type AccountText } from '#shared/words/account.ts'
import { SIGN_IN_TEXTS, type SignInText } from '#shared/words/sign-in.ts'

/** What the pages of the sign-in are made of: plain HTML that works without a script. Pure: values in, text out. */

export type PageText = SignInText | AccountText

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter)

export type Say = (key: PageText, values?: Readonly<Record<string, string | number>>) => string

export const sayIn = (language: Language): Say => {
  const texts = { ...SIGN_IN_TEXTS[language], ...ACCOUNT_TEXTS[language] }
  // A name or an address keeps its own direction inside a sentence.
  const isolated = (value: string | number): string =>
    typeof value === 'string' ? `\u2068${value}\u2069` : String(value)
  return (key, values = {}) =>
    escaped(texts[key].replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => isolated(values[name] ?? '')))
}

export function whole(language: Language, title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · SmartQueue</title>
<link rel="stylesheet" href="/sign-in/style.css"></head>
<body><main id="root"><p class="mark">SmartQueue</p><h1>${title}</h1>${body}</main></body></html>
`
}

export interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'email' | 'password'
  readonly autocomplete: string
  readonly value?: string
  readonly help?: string
  readonly lengthMax?: number
  readonly isDigits?: boolean
  readonly isRequired?: boolean
}

export function fieldOf({
  name,
  label,
  type,
  autocomplete,
  value = '',
  help,
  lengthMax = 254,
  isDigits = false,
  isRequired = true,
}: Field): string {
  const told = help === undefined ? '' : `<small id="${name}-help">${help}</small>`
  const by = help === undefined ? '' : ` aria-describedby="${name}-help"`
  // An address or a code is read from left to right in every language.
  const direction = type === 'text' && !isDigits ? '' : ' dir="ltr"'
  return `<label for="${name}">${label}</label>${told}
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${lengthMax}"${by}${direction} value="${escaped(value)}"${isRequired ? ' required' : ''}${isDigits ? ' inputmode="numeric"' : ''}>`
}

export const faultOf = (text: string | null): string =>
  text === null ? '' : `<p class="fault" role="alert">${text}</p>`

export const formOf = (action: string, fields: string, button: string): string =>
  `<form method="post" action="${escaped(action)}">${fields}<button type="submit">${button}</button></form>`

export const buttonLink = (address: string, label: string): string =>
  `<a class="button" href="${escaped(address)}">${label}</a>`

export const SIGN_IN_STYLE = `
:root { --ground: #f6f1e7; --surface: #fffdf8; --line: #857a68; --ink: #221c14; --soft: #5c5344; --accent: #14604f; --on-accent: #fff; --red: #a3241c; --red-soft: #fae3df; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14110c; --surface: #1f1b14; --line: #8b7f6b; --ink: #fbf5e9; --soft: #c9bda8; --accent: #4dbf9f; --on-accent: #0d0b08; --red: #ff9c90; --red-soft: #401a16; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink); font: 400 1.0625rem/1.5 "Noto Sans", "Noto Sans Arabic", sans-serif; }
main { width: min(26rem, calc(100vw - 2rem)); margin: 1rem; padding: clamp(1.25rem, 6vw, 2rem); background: var(--surface); border-radius: 1.5rem; }
h1 { margin: 0 0 1.25rem; font-size: 1.625rem; line-height: 1.25; overflow-wrap: anywhere; text-wrap: balance; }
h2 { margin: 1.75rem 0 0.5rem; font-size: 1.1875rem; line-height: 1.35; }
.mark { margin: 0 0 0.5rem; color: var(--accent); font-weight: 600; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
form, .buttons { display: grid; gap: 0.375rem; }
label { margin-top: 0.75rem; font-weight: 600; }
small { margin-bottom: 0.25rem; color: var(--soft); font-size: 0.9375rem; }
input { min-height: 3rem; padding: 0 0.875rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--ground); color: inherit; font: inherit; }
[dir=rtl] input[dir=ltr] { text-align: end; }
button { min-height: 3rem; margin-top: 1.25rem; padding: 0.625rem 1rem; border: 0; border-radius: 0.875rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; line-height: 1.35; cursor: pointer; }
a { color: var(--accent); }
a.button { display: grid; place-items: center; min-height: 3rem; margin-top: 0.75rem; padding: 0.625rem 1rem; border-radius: 0.875rem; color: var(--ink); box-shadow: inset 0 0 0 1px var(--line); font-weight: 600; line-height: 1.35; text-align: center; text-decoration: none; }
.detail { margin: 0; color: var(--soft); font-size: 0.9375rem; overflow-wrap: anywhere; }
button.place { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; margin-top: 0.5rem; padding: 0.75rem 1rem; background: transparent; color: var(--ink); box-shadow: inset 0 0 0 1px var(--line); text-align: start; overflow-wrap: anywhere; }
button.place small { margin: 0; font-weight: 400; }
.picture { display: grid; place-items: center; margin-bottom: 1rem; }
.picture svg { width: 12rem; height: 12rem; border-radius: 0.5rem; }
.codes { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 0.5rem; padding: 0; list-style: none; font-size: 1.125rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.aside { margin: 1.25rem 0 0; text-align: center; }
button.quiet { margin-top: 0.25rem; background: transparent; color: var(--ink); box-shadow: inset 0 0 0 1px var(--line); }
:is(input, button, a):focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.fault { padding: 0.75rem 1rem; border-radius: 0.5rem; background: var(--red-soft); color: var(--red); font-weight: 600; }
.programs { margin: 0; padding: 0; list-style: none; }
.programs li { padding: 0.75rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
ul { margin: 0 0 1rem; padding-inline-start: 1.25rem; }
`
