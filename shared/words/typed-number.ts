/** Zeros of the digits that people type: Arabic-Indic, and those of Persian and Urdu keyboards. */
const ZEROS = ['٠', '۰'] as const
/** Invisible signs that turn the direction of writing; they come along when a number is copied from an Arabic text. */
const DIRECTION_SIGNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A number as somebody typed it from paper, as it is printed: `a ٠٠٥` is A005. */
export function plainNumber(typed: string): string {
  return typed
    .replaceAll(DIRECTION_SIGNS, '')
    .replaceAll(/\s/gu, '')
    .replaceAll(/[٠-٩۰-۹]/gu, (digit) => {
      const zero = ZEROS.findLast((it) => it <= digit) ?? ZEROS[0]
      return String((digit.codePointAt(0) ?? 0) - (zero.codePointAt(0) ?? 0))
    })
    .toUpperCase()
}
