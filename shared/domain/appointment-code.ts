/** Short enough to be typed, long enough not to be guessed by touching keys: see the branch server's code-tries.ts. */
export const CODE_LENGTH = { min: 6, max: 40 } as const

/** Digits of Arabic and Persian writing stand for the same numbers. */
const asciiDigit = (digit: string): string => String((digit.codePointAt(0) ?? 0) & 0xf)

/** Letters and digits alone, whatever they were written with. */
const bareCode = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, asciiDigit)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .slice(0, CODE_LENGTH.max + 1)

/**
 * A code as it is compared: people leave out dashes and spaces, scanners write letters as they find them, and what
 * people read as I, L or O is a digit, for no code has these letters.
 */
export const plainCode = (text: string): string => bareCode(text).replaceAll(/[IL]/g, '1').replaceAll('O', '0')

/** Whether it is worth asking the branch about. */
export const isCode = (plain: string): boolean => plain.length >= CODE_LENGTH.min && plain.length <= CODE_LENGTH.max

/** Whether a branch expects anybody under it: long enough, and without letters that are read as digits. */
export const isClearCode = (text: string): boolean => isCode(bareCode(text)) && !/[ILO]/.test(bareCode(text))
