/** The 128 characters from byte 0x80 on; `\ufffd` where the page has none. Names are those of the printers' manuals. */
const UPPER_HALVES = {
  PC437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  PC850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  PC858:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  WPC1252:
    '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
} as const

/** Code pages whose characters we know. A printer numbers them as it likes: the number is in its profile. */
export type CodePageName = keyof typeof UPPER_HALVES
export const CODE_PAGE_NAMES = Object.keys(UPPER_HALVES) as readonly CodePageName[]

const FIRST_UPPER_BYTE = 0x80
const FIRST_PRINTABLE_BYTE = 0x20
const LAST_PRINTABLE_BYTE = 0x7e
const MISSING = '\ufffd'

/**
 * Writes a text in a printer's code page.
 * @returns one byte per character, or `null` when the page lacks one of them; the line must then be drawn
 */
export function encodeCodePage(text: string, page: CodePageName): readonly number[] | null {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const upperIndex = character === MISSING ? -1 : UPPER_HALVES[page].indexOf(character)
    if (code >= FIRST_PRINTABLE_BYTE && code <= LAST_PRINTABLE_BYTE) bytes.push(code)
    else if (upperIndex >= 0) bytes.push(FIRST_UPPER_BYTE + upperIndex)
    else return null
  }
  return bytes
}

/** Reads one printable byte, 0x20 to 0xff, as a printer set to this page would. */
export function decodeCodePage(byte: number, page: CodePageName): string {
  return byte < FIRST_UPPER_BYTE ? String.fromCharCode(byte) : (UPPER_HALVES[page][byte - FIRST_UPPER_BYTE] ?? MISSING)
}
