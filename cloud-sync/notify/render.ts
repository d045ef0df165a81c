/** What a text may name, each in braces. */
export const VARIABLES = ['number', 'counter', 'ahead', 'service', 'branch', 'tenant'] as const
export type Variable = (typeof VARIABLES)[number]
export type Values = Readonly<Record<Variable, string>>

const NAMED = /\{([^{}]*)\}/g

/** @returns what a text names that nobody knows */
export const strangersIn = (text: string): readonly string[] =>
  [...text.matchAll(NAMED)].map(([, name = '']) => name).filter((name) => !VARIABLES.some((known) => known === name))

/** Fills in what a text names. A name that came in with a value is not filled in again. */
export const fillIn = (text: string, values: Values): string =>
  text.replace(NAMED, (whole, name: string) => (Object.hasOwn(values, name) ? values[name as Variable] : whole))

/** The alphabet of text messages; each of the second line counts twice. */
const PLAIN =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const TWICE = '^{}\\[~]|€'

/** Of how many parts a text message is; each is paid for. */
export function textParts(body: string): number {
  let length = 0
  for (const letter of body) {
    if (PLAIN.includes(letter)) length += 1
    else if (TWICE.includes(letter)) length += 2
    // One letter beyond the alphabet, and all of them take sixteen bits.
    else return body.length <= 70 ? 1 : Math.ceil(body.length / 67)
  }
  return length <= 160 ? 1 : Math.ceil(length / 153)
}
