import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { GlobalFonts } from '@napi-rs/canvas'

// Own family names: an installed "Noto Sans" of another version must never stand in for the bundled one.
const LATIN = 'SmartQueue Latin'
const LATIN_EXTENDED = 'SmartQueue Latin Extended'
const ARABIC = 'SmartQueue Arabic'

/** For `context.font`: Latin first, so that digits and ticket numbers look the same in all three languages. */
export const PAPER_FONTS = `"${LATIN}", "${LATIN_EXTENDED}", "${ARABIC}"`

const FILES: readonly (readonly [family: string, file: string])[] = [
  ...[500, 700, 900].flatMap((weight) => [
    [LATIN, `@fontsource/noto-sans/files/noto-sans-latin-${weight}-normal.woff2`] as const,
    [LATIN_EXTENDED, `@fontsource/noto-sans/files/noto-sans-latin-ext-${weight}-normal.woff2`] as const,
    [ARABIC, `@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-${weight}-normal.woff2`] as const,
  ]),
]

let areRegistered = false

/** Makes the bundled fonts known to the canvas, once per process. @throws when a bundled file is missing or broken */
export function registerPaperFonts(): void {
  if (areRegistered) return
  const require = createRequire(import.meta.url)
  for (const [family, file] of FILES) {
    // Read here rather than by path: a packed app's files are not on the disk where native code looks.
    if (GlobalFonts.register(readFileSync(require.resolve(file)), family) === null) {
      throw new Error(`The bundled font ${file} cannot be read`)
    }
  }
  areRegistered = true
}
