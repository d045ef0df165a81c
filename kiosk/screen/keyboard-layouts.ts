import type { Language } from '#shared/domain/ids.ts'

/** The keys of one script, row by row, as they lie on the keyboards people know. */
export interface KeyboardLayout {
  readonly rows: readonly (readonly string[])[]
  /** Letters with marks: names need them, a search does not. */
  readonly marked: readonly string[]
}

export const LAYOUTS: Readonly<Record<Language, KeyboardLayout>> = {
  fr: { rows: [[...'azertyuiop'], [...'qsdfghjklm'], [...'wxcvbn’-']], marked: [...'éèêëàâçîïôûù'] },
  en: { rows: [[...'qwertyuiop'], [...'asdfghjkl'], [...'zxcvbnm’-']], marked: [] },
  ar: { rows: [[...'ضصثقفغعهخحجد'], [...'شسيبلاتنمكط'], [...'ئءؤرىةوزظذ']], marked: [...'أإآ'] },
}

/** A key as it is written after a text: a name begins with a capital, and so does each part of it. */
export const typedAfter = (text: string, key: string): string =>
  text === '' || /[\s’-]$/.test(text) ? key.toUpperCase() : key
