/** Letters without case, marks and the turns of Arabic writing that people leave out when they type. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    // Marks, and the stroke that only makes an Arabic word longer.
    .replaceAll(/[\p{M}\u0640]/gu, '')
    .replaceAll(/[أإآٱ]/g, 'ا')
    .replaceAll(/[ىی]/g, 'ي')
    .replaceAll('ک', 'ك')
    .replaceAll('ة', 'ه')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .trim()

const piecesOf = (text: string): readonly string[] =>
  plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((piece) => piece !== '')

const begins = (word: string, piece: string): boolean => word.startsWith(piece) || word.startsWith(`ال${piece}`)

/** Whether every word that was typed begins a word of the text. Nothing typed finds everything. */
export function isFound(text: string, typed: string): boolean {
  const words = piecesOf(text)
  return piecesOf(typed).every((piece) => words.some((word) => begins(word, piece)))
}

/**
 * How well a text answers what was typed: its first word begins as the first one typed does, or some word of it does.
 * @returns null when it does not, or when nothing was typed
 */
export function matchOf(text: string, typed: string): 'start' | 'word' | null {
  const [first] = piecesOf(typed)
  if (first === undefined || !isFound(text, typed)) return null
  return begins(piecesOf(text)[0] ?? '', first) ? 'start' : 'word'
}
