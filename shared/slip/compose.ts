import type { WaitRange } from '../project/wait-range.ts'
import { type SlipWords, slipMoment, slipWords } from '../words/slip.ts'
import type { PrinterProfile } from './profile.ts'
import type { Slip, SlipContent, SlipLine, TextDirection, TextLine } from './slip.ts'

const RTL_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const ANY_LETTER = /\p{L}/u
/** Intl and French typography join with these; a printer's code page may not have them, a plain space looks the same. */
const JOINING_SPACES = /[\u00a0\u202f\u2007\u2009]/g
/** Control and direction marks have no place in a name, and a line break in one would break the slip. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g
const COLUMN_WIDTH = { normal: 1, large: 2 } as const

/**
 * A text's direction by its first letter, so that a French branch name stays left to right on an Arabic slip.
 * @returns `otherwise` for a text without letters
 */
export function directionOf(text: string, otherwise: TextDirection): TextDirection {
  const letter = ANY_LETTER.exec(text)?.[0]
  if (letter === undefined) return otherwise
  return RTL_LETTER.test(letter) ? 'rtl' : 'ltr'
}

/**
 * Breaks a text between words into lines of at most `columnCount` characters; a longer word is broken inside.
 * @param columnCount - 1 or more
 */
export function wrapText(text: string, columnCount: number): readonly string[] {
  const lines: string[] = []
  let line: string[] = []
  const flush = () => {
    if (line.length > 0) lines.push(line.join(''))
    line = []
  }
  for (const word of text.split(' ').filter((part) => part.length > 0)) {
    let letters = Array.from(word)
    if (line.length > 0 && line.length + 1 + letters.length > columnCount) flush()
    while (letters.length > columnCount) {
      lines.push(letters.slice(0, columnCount).join(''))
      letters = letters.slice(columnCount)
    }
    line.push(...(line.length > 0 ? [' '] : []), ...letters)
  }
  flush()
  return lines
}

type Look = Partial<Omit<TextLine, 'type' | 'text' | 'direction' | 'size'>> & { readonly size?: 'normal' | 'large' }

function textLines(text: string, look: Look, slip: { content: SlipContent; profile: PrinterProfile }): TextLine[] {
  const size = look.size ?? 'normal'
  const direction = directionOf(text, slip.content.language === 'ar' ? 'rtl' : 'ltr')
  const clean = text.normalize('NFC').replace(UNPRINTABLE, ' ')
  // Wrapped before joining spaces become plain ones, so that "10 %" or " :" never starts a line.
  return wrapText(clean, Math.floor(slip.profile.columnCount / COLUMN_WIDTH[size])).map((line) => ({
    type: 'text',
    text: line.replace(JOINING_SPACES, ' '),
    size,
    weight: look.weight ?? 'regular',
    align: look.align ?? 'center',
    direction,
    ground: look.ground ?? 'paper',
  }))
}

function waitText(words: SlipWords, range: WaitRange): string {
  if (range.form === 'under') return words.waitUnder(range.minutes)
  return range.form === 'about'
    ? words.waitAbout(range.minutes)
    : words.waitBetween(range.lowMinutes, range.highMinutes)
}

function numberLine(content: SlipContent): TextLine {
  return {
    type: 'text',
    text: content.number,
    size: 'huge',
    weight: 'bold',
    align: 'center',
    direction: 'ltr',
    ground: 'paper',
  }
}

/**
 * Lays out a ticket for one kind of printer: who, what for, the number, what comes next, its code, when.
 * The number is also the last line, in small letters that any printer draws itself: it survives a torn or faded slip.
 * @param content.copyNumber - 2 and more print a black bar at the top, so that a copy never passes for an original
 */
export function composeSlip(content: SlipContent, profile: PrinterProfile): Slip {
  const words = slipWords(content.language)
  const text = (line: string, look: Look = {}) => textLines(line, look, { content, profile })
  // The whole slip is mirrored for Arabic, the names in Latin letters with it.
  const start: Look = { align: content.language === 'ar' ? 'right' : 'left' }
  const feed = (lineCount: number): SlipLine => ({ type: 'feed', lineCount })
  const isCopy = content.copyNumber > 1

  const mark = isCopy ? [...text(words.copy(content.copyNumber), { size: 'large', weight: 'bold', ground: 'ink' })] : []
  const ahead = content.aheadCount === null ? [] : text(words.ahead(content.aheadCount), { weight: 'bold' })
  // Who gets a copy has waited for a while already.
  const wait = content.wait === null || isCopy ? [] : text(waitText(words, content.wait), { weight: 'bold' })
  const then =
    content.thenNames.length === 0
      ? []
      : [feed(1), ...text(words.thenSame), ...content.thenNames.flatMap((name) => text(name, { weight: 'bold' }))]
  const qr: SlipLine[] =
    content.qrData === null
      ? []
      : [{ type: 'qr', data: printableAddress(content.qrData) }, feed(1), ...text(words.code)]

  return {
    language: content.language,
    lines: [
      ...mark,
      ...(isCopy ? [feed(1)] : []),
      ...text(content.branchName, { weight: 'bold' }),
      { type: 'rule' },
      ...text(content.serviceName, { size: 'large', weight: 'bold' }),
      feed(1),
      ...text(words.yourNumber),
      numberLine(content),
      ...ahead,
      ...wait,
      ...then,
      feed(1),
      ...qr,
      { type: 'rule' },
      ...(content.offline ? text(words.offline, { ...start, weight: 'bold' }) : []),
      ...text(isCopy ? words.copyNote : words.keep, start),
      ...text(slipMoment(content.language, content.issuedAtMs, content.timezone), start),
      ...text(content.number, start),
      feed(profile.feedBeforeCutLineCount),
      { type: 'cut' },
    ],
  }
}

/** A QR code is counted in bytes by the printer: other letters are escaped as in any web address. */
function printableAddress(data: string): string {
  return data.toWellFormed().replace(/[^\x20-\x7e]/gu, encodeURIComponent)
}
