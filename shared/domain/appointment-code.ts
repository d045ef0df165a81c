/** Short enough to be typed, long enough not to be guessed by touching keys. */
export const CODE_LENGTH = { min: 4, max: 40 } as const

/** Digits of Arabic and Persian writing stand for the same numbers. */
const asciiDigit = (digit: string): string => String((digit.codePointAt(0) ?? 0) & 0xf)

/** A code as it is compared: people leave out dashes and spaces, and scanners write letters as they find them. */
export const plainCode = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, asciiDigit)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .slice(0, CODE_LENGTH.max + 1)

/** Whether it is worth asking the branch about. */
export const isCode = (plain: string): boolean => plain.length >= CODE_LENGTH.min && plain.length <= CODE_LENGTH.max
