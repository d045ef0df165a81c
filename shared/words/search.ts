/** Letters without case, marks and the turns of Arabic writing that people leave out when they type. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[أإآٱ]/g, 'ا')
    .replaceAll('ى', 'ي')
    .replaceAll('ة', 'ه')
    .toLowerCase()
    .trim()

/** Whether every word that was typed begins a word of the text. Nothing typed finds everything. */
export function isFound(text: string, typed: string): boolean {
  const words = plain(text).split(/[^\p{L}\p{N}]+/u)
  return plain(typed)
    .split(/[^\p{L}\p{N}]+/u)
    .every((piece) => piece === '' || words.some((word) => word.startsWith(piece) || word.startsWith(`ال${piece}`)))
}
