import type { Language } from '#shared/domain/ids.ts'
import { escaped, faultOf, fieldOf, formOf, type PageText, sayIn, whole } from './page-parts.ts'

/** The pages on which somebody turns her second factor on and off. Pure: values in, text out. */

const fieldsOf = (language: Language, help?: string): string => {
  const say = sayIn(language)
  return [
    fieldOf({
      ...{ name: 'code', label: say('code'), type: 'text', autocomplete: 'one-time-code' },
      ...{ lengthMax: 20, isDigits: true, ...(help !== undefined && { help }) },
    }),
    fieldOf({ name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' }),
  ].join('')
}

const backOf = (language: Language): string => `<p class="aside"><a href="/account">${sayIn(language)('back')}</a></p>`

export interface TurnOn {
  readonly secret: string
  /** The same as a picture, to be scanned. */
  readonly svg: string
  readonly fault: PageText | null
}

export function turnOnPage(language: Language, { secret, svg, fault }: TurnOn): string {
  const say = sayIn(language)
  const key = (secret.match(/.{1,4}/g) ?? []).join(' ')
  const picture = `<div class="picture">${svg}</div><p><bdi dir="ltr">${escaped(key)}</bdi></p>`
  const form = formOf('/account/second-factor/on', fieldsOf(language), say('turnOn'))
  const help = `<p>${say('factorHelp')}</p>`
  return whole(language, say('factor'), help + picture + faultOf(fault && say(fault)) + form + backOf(language))
}

export function turnOffPage(language: Language, fault: PageText | null): string {
  const say = sayIn(language)
  const form = formOf('/account/second-factor/off', fieldsOf(language, say('codeOrBackup')), say('turnOff'))
  return whole(
    language,
    say('factor'),
    `<p>${say('factorOn')}</p>${faultOf(fault && say(fault))}${form}${backOf(language)}`,
  )
}

/** In two groups, as it is read out and typed; spaces do not count. */
const grouped = (code: string): string => `${code.slice(0, code.length / 2)} ${code.slice(code.length / 2)}`

export function backupCodesPage(language: Language, codes: readonly string[]): string {
  const say = sayIn(language)
  const list = codes.map((code) => `<li><bdi dir="ltr">${escaped(grouped(code))}</bdi></li>`).join('')
  return whole(
    language,
    say('backupTitle'),
    `<p>${say('backupHelp')}</p><ul class="codes">${list}</ul>${backOf(language)}`,
  )
}
