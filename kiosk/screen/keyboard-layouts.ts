import type { Language } from '#shared/domain/ids.ts'

/** The keys of one script, row by row, as they lie on the keyboards people know. */
export interface KeyboardLayout {
  readonly rows: readonly (readonly string[])[]
  /** Letters with marks: names need them, a search does not. */
  readonly marked: readonly string[]
  /** The same by the alphabet, a few to a key, for large keys and for four of them. */
  readonly groups: readonly string[]
  readonly markedGroups: readonly string[]
}

const LATIN = ['abcde', 'fghij', 'klmno', 'pqrst', 'uvwxyz']

export const LAYOUTS: Readonly<Record<Language, KeyboardLayout>> = {
  fr: {
    rows: [[...'azertyuiop'], [...'qsdfghjklm'], [...'wxcvbn’-']],
    marked: [...'éèêëàâçîïôûù'],
    groups: LATIN,
    markedGroups: ['éèêëàâ', 'çîïôûù', '’-'],
  },
  en: {
    rows: [[...'qwertyuiop'], [...'asdfghjkl'], [...'zxcvbnm’-']],
    marked: [],
    groups: LATIN,
    markedGroups: ['’-'],
  },
  ar: {
    rows: [[...'ضصثقفغعهخحجد'], [...'شسيبلاتنمكط'], [...'ئءؤرىةوزظذ']],
    marked: [...'أإآ'],
    groups: ['ابتث', 'جحخد', 'ذرزسش', 'صضط', 'ظعغف', 'قكلم', 'نهوي'],
    markedGroups: ['أإآؤئ', 'ءةى'],
  },
}

/** What the code of an appointment is made of. */
export const CODE_GROUPS = ['12345', '67890', ...LATIN.map((letters) => letters.toUpperCase()), '-']

/** A key as it is written after a text: a name begins with a capital, and so does each part of it. */
export const typedAfter = (text: string, key: string): string =>
  text === '' || /[\s’-]$/.test(text) ? key.toUpperCase() : key
