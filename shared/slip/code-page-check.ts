import { encodeCodePage } from './code-pages.ts'
import type { ProfileCodePage } from './profile.ts'

/** Letters that French and English tickets need beyond plain Latin. */
const LETTERS = [...'éèêëàâçùûîïôÉÀÇœ€']

/** What printers in the field call their code pages; a printer that means something else prints other letters. */
export const CODE_PAGE_CANDIDATES: readonly ProfileCodePage[] = [
  { name: 'PC858', selector: 19 },
  { name: 'PC858', selector: 13 },
  { name: 'WPC1252', selector: 16 },
  { name: 'WPC1252', selector: 6 },
  { name: 'PC850', selector: 2 },
  { name: 'PC437', selector: 0 },
]

/** The letters that a printer shows when it understands a candidate; the same on its paper and beside it on the screen. */
export const codePageSample = ({ name }: ProfileCodePage): string =>
  LETTERS.filter((letter) => encodeCodePage(letter, name) !== null).join(' ')
