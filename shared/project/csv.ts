const LINE_END = '\r\n'
/** Tells spreadsheet programs that the text is UTF-8; without it they garble accents and Arabic. */
export const BYTE_ORDER_MARK = '\ufeff'

/**
 * A text that a spreadsheet would take for a formula is led by an apostrophe: a service could be named `=cmd|…`, and
 * whoever opens the table must not run it.
 */
const harmless = (text: string): string => (/^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(text) ? `'${text}` : text)

function field(value: string | number | null): string {
  if (value === null) return ''
  const text = typeof value === 'number' ? String(value) : harmless(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A table as RFC 4180 has it: commas, CRLF, quotes doubled. @param rows - the first names the columns; null is an empty field */
export const toCsv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => row.map(field).join(',') + LINE_END).join('')
