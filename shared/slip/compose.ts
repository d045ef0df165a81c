import type { SlipPart } from '../domain/catalogue.ts'
import type { Language } from '../domain/ids.ts'
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

export type Look = Partial<Omit<TextLine, 'type' | 'text' | 'direction' | 'size'>> & {
  readonly size?: 'normal' | 'large'
}

/** A text as lines that fit the paper. */
export function textLines(
  text: string,
  look: Look,
  slip: { readonly language: Language; readonly profile: PrinterProfile },
): TextLine[] {
  const size = look.size ?? 'normal'
  const direction = directionOf(text, slip.language === 'ar' ? 'rtl' : 'ltr')
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

interface Composing {
  readonly content: SlipContent
  readonly profile: PrinterProfile
  readonly text: (line: string, look?: Look) => readonly SlipLine[]
}

const BOLD: Look = { weight: 'bold' }
const feed = (lineCount: number): SlipLine => ({ type: 'feed', lineCount })

/** Who printed it, and for what: to be found again among other papers. */
function headOf({ content, text }: Composing, logo: string | null): readonly SlipLine[] {
  const has = (part: SlipPart): boolean => content.parts.includes(part)
  const branch = [
    ...(has('logo') && logo !== null ? [{ type: 'logo', png: logo } as const, feed(1)] : []),
    ...(has('branch') ? text(content.branchName, BOLD) : []),
  ]
  const sign = has('sign') && content.sign !== null ? [{ type: 'sign', sign: content.sign } as const, feed(1)] : []
  const names = [content.serviceName, ...content.further.map(({ serviceName }) => serviceName)]
  const service = has('service')
    ? [...new Set(names)].flatMap((name, index) => text(name, index === 0 ? { size: 'large', ...BOLD } : {}))
    : []
  return [
    ...branch,
    ...(branch.length === 0 ? [] : [{ type: 'rule' } as const]),
    ...sign,
    ...service,
    ...(service.length === 0 ? [] : [feed(1)]),
  ]
}

/** What comes next, as far as anybody can tell. */
function outlookOf({ content, text }: Composing): readonly SlipLine[] {
  const { parts, aheadCount, language, further, thenNames, copyNumber } = content
  // Who gets a copy has waited for a while already.
  const wait = copyNumber > 1 ? null : content.wait
  const told = [language, ...further.map((it) => it.language)].map((spoken, index) => {
    const words = slipWords(spoken)
    const look = index === 0 ? BOLD : {}
    return [
      ...(parts.includes('ahead') && aheadCount !== null ? text(words.ahead(aheadCount), look) : []),
      ...(parts.includes('range') && wait !== null ? text(waitText(words, wait), look) : []),
    ]
  })
  const then =
    thenNames.length === 0
      ? []
      : [feed(1), ...text(slipWords(language).thenSame), ...thenNames.flatMap((name) => text(name, BOLD))]
  return [...told.flat(), ...then]
}

/** What is kept for later: the code, what the branch says, how to keep the paper, when it was given. */
function footOf({ content, text }: Composing): readonly SlipLine[] {
  const { parts, qrData, language, message, further } = content
  const words = slipWords(language)
  // The whole slip is mirrored for Arabic, the names in Latin letters with it.
  const start: Look = { align: language === 'ar' ? 'right' : 'left' }
  const qr: readonly SlipLine[] =
    qrData === null || !parts.includes('qr')
      ? []
      : [feed(1), { type: 'qr', data: printableAddress(qrData) }, feed(1), ...text(words.code)]
  const said = parts.includes('message') ? [message, ...further.map((it) => it.message)] : []
  const messages = [...new Set(said)].flatMap((it, index) => (it === null ? [] : text(it, index === 0 ? BOLD : {})))
  return [
    ...qr,
    ...(messages.length === 0 ? [] : [feed(1), ...messages]),
    { type: 'rule' },
    ...(content.offline ? text(words.offline, { ...start, ...BOLD }) : []),
    ...text(content.copyNumber > 1 ? words.copyNote : words.keep, start),
    ...(parts.includes('time') ? text(slipMoment(language, content.issuedAtMs, content.timezone), start) : []),
    ...text(content.number, start),
  ]
}

/**
 * Lays out a ticket for one kind of printer: who, what for, the number, what comes next, its code, when.
 * The number is also the last line, in small letters that any printer draws itself: it survives a torn or faded slip.
 * @param content.copyNumber - 2 and more print a black bar at the top, so that a copy never passes for an original
 * @param logo - the branch's, as a data URL; null = none
 */
export function composeSlip(content: SlipContent, profile: PrinterProfile, logo: string | null = null): Slip {
  const text = (line: string, look: Look = {}) => textLines(line, look, { language: content.language, profile })
  const composing: Composing = { content, profile, text }
  const words = slipWords(content.language)
  const also = content.further.map(({ language }) => slipWords(language).yourNumber)
  const mark = text(words.copy(content.copyNumber), { size: 'large', weight: 'bold', ground: 'ink' })
  return {
    language: content.language,
    lines: [
      ...(content.copyNumber > 1 ? [...mark, feed(1)] : []),
      ...headOf(composing, logo),
      ...text(words.yourNumber),
      ...also.flatMap((line) => text(line)),
      numberLine(content),
      ...outlookOf(composing),
      ...footOf(composing),
      feed(profile.feedBeforeCutLineCount),
      { type: 'cut' },
    ],
  }
}

/** A QR code is counted in bytes by the printer: other letters are escaped as in any web address. */
function printableAddress(data: string): string {
  return data.toWellFormed().replace(/[^\x20-\x7e]/gu, encodeURIComponent)
}
