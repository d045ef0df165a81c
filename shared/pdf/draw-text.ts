import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { TextDirection } from '../words/speaker.ts'

export type Weight = 500 | 700

/**
 * The bundled letters. The older of the two formats: the library cannot cut a subset out of the newer one.
 * Latin comes first, so that digits look the same in all three languages.
 */
const FILES = ([500, 700] as const).flatMap((weight) => [
  [`latin-${weight}`, `@fontsource/noto-sans/files/noto-sans-latin-${weight}-normal.woff`] as const,
  [`latin-ext-${weight}`, `@fontsource/noto-sans/files/noto-sans-latin-ext-${weight}-normal.woff`] as const,
  [`arabic-${weight}`, `@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-${weight}-normal.woff`] as const,
])

/** @throws when a bundled font is missing or broken */
export function registerReportFonts(doc: PDFKit.PDFDocument): void {
  const require = createRequire(import.meta.url)
  for (const [name, file] of FILES) doc.registerFont(name, readFileSync(require.resolve(file)))
}

const isArabic = (text: string): boolean => /\p{Script=Arabic}/u.test(text)
const isLatinWord = (word: string): boolean => /\p{Script=Latin}/u.test(word)
const isMark = (word: string): boolean => !/[\p{L}\p{N}]/u.test(word)
const isNumber = (word: string): boolean => /\d/.test(word) && !isArabic(word)

/** Letters of one font, in the order they are drawn from the left. */
interface Run {
  readonly text: string
  readonly font: string
}

const BASIC_LATIN =
  /^[\u0020-\u00ff\u0131\u0152\u0153\u02bb-\u02dc\u2000-\u206f\u2074\u20ac\u2122\u2191\u2193\u2212\u2215]$/u

function fontOf(letter: string, weight: Weight): string {
  if (isArabic(letter) || /[\u0600-\u06ff]/u.test(letter)) return `arabic-${weight}`
  return BASIC_LATIN.test(letter) ? `latin-${weight}` : `latin-ext-${weight}`
}

const MIRRORED: Readonly<Record<string, string>> = { '(': ')', ')': '(', '[': ']', ']': '[', '«': '»', '»': '«' }
const mirror = (text: string): string => [...text].map((letter) => MIRRORED[letter] ?? letter).join('')

/** A word cut where the font changes. Vowel signs and joiners stay with the letters they follow. */
function runsOf(word: string, weight: Weight): readonly Run[] {
  const runs: { text: string; font: string }[] = []
  for (const letter of word) {
    const last = runs.at(-1)
    const font = /\p{M}|\u200c|\u200d/u.test(letter) && last !== undefined ? last.font : fontOf(letter, weight)
    if (last?.font === font) last.text += letter
    else runs.push({ text: letter, font })
  }
  return runs
}

/**
 * The words of a line in the order they stand in, from the left. The library shapes and joins Arabic letters and puts
 * those of one word right, but sets words from the left; so each word is placed by itself. Latin words in a row keep
 * their own order inside Arabic, with the numbers that follow them and the dashes between them, and the other way round.
 */
export function wordsFromLeft(text: string, direction: TextDirection): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word !== '')
  const isAgainst = direction === 'rtl' ? isLatinWord : isArabic
  const groups: string[][] = []
  let isOpen = false
  const leadsOn = (index: number): boolean => isAgainst(words.slice(index).find((word) => !isMark(word)) ?? '')
  for (const [index, word] of words.entries()) {
    const isBetween = isMark(word) && leadsOn(index)
    const goesOn: boolean = isOpen && (isAgainst(word) || isNumber(word) || isBetween)
    if (goesOn) groups.at(-1)?.push(word)
    else groups.push([word])
    isOpen = isAgainst(word) || goesOn
  }
  return direction === 'rtl' ? groups.toReversed().flat() : groups.flatMap((group) => group.toReversed())
}

/** The letters of one word from the left. A full stop behind a number stands where an Arabic line ends: on its left. */
function visualRuns(word: string, weight: Weight, direction: TextDirection): readonly Run[] {
  const [, number = word, stop = ''] =
    direction === 'rtl' && isNumber(word) && !isLatinWord(word) ? (/^(.*\d)([.,:;!،؛؟]+)$/.exec(word) ?? []) : []
  const runs = runsOf(number, weight)
  const isTurned = isArabic(word) || (direction === 'rtl' && !isLatinWord(word) && !isNumber(word))
  if (!isTurned) return [...runsOf(stop, weight), ...runs]
  return runs.map((run) => (run.font.startsWith('arabic') ? run : { ...run, text: mirror(run.text) })).toReversed()
}

export interface TextStyle {
  readonly size: number
  readonly weight: Weight
  readonly color: string
  readonly direction: TextDirection
}

function measure(doc: PDFKit.PDFDocument, runs: readonly Run[], size: number): number {
  return runs.reduce((sum, { text, font }) => sum + doc.font(font).fontSize(size).widthOfString(text), 0)
}

const SPACE_EM = 0.26
const SIZE_MIN_SHARE = 0.7

/** How wide a text stands on the page, in points. */
export function widthOf(doc: PDFKit.PDFDocument, text: string, { size, weight, direction }: TextStyle): number {
  const words = wordsFromLeft(text, direction)
  const gaps = Math.max(0, words.length - 1) * SPACE_EM * size
  return gaps + words.reduce((sum, word) => sum + measure(doc, visualRuns(word, weight, direction), size), 0)
}

/** The text as large as fits, and where not even small letters do, its beginning. */
function fitted(
  doc: PDFKit.PDFDocument,
  text: string,
  style: TextStyle,
  width: number,
): { text: string; size: number } {
  const wanted = widthOf(doc, text, style)
  if (wanted <= width) return { text, size: style.size }
  // A hair less than fits, so that a rounding does not cost a letter.
  const size = Math.max(style.size * SIZE_MIN_SHARE, (0.995 * style.size * width) / wanted)
  let shown = text
  while (shown.length > 1 && widthOf(doc, shown === text ? shown : `${shown}…`, { ...style, size }) > width)
    shown = shown.slice(0, -1).trimEnd()
  return { text: shown === text ? text : `${shown}…`, size }
}

/**
 * Draws one line into a box, in points from the page's top left. `start` is where a line of that direction begins.
 * What does not fit becomes smaller, then shorter; nothing runs into its neighbour.
 */
export function drawText(
  doc: PDFKit.PDFDocument,
  text: string,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly align: 'start' | 'end' | 'center' },
  style: TextStyle,
): void {
  const fit = fitted(doc, text, style, box.width)
  const drawn = { ...style, size: fit.size }
  const width = widthOf(doc, fit.text, drawn)
  const isLeft = (box.align === 'start') === (style.direction === 'ltr')
  const slack = box.width - width
  let x = box.x + (box.align === 'center' ? slack / 2 : isLeft ? 0 : slack)
  doc.fillColor(style.color)
  for (const word of wordsFromLeft(fit.text, style.direction)) {
    for (const { text: letters, font } of visualRuns(word, style.weight, style.direction)) {
      doc.font(font).fontSize(fit.size)
      // Fonts of different scripts hang differently below one top: the baseline is what they share.
      doc.text(letters, x, box.y + style.size, { lineBreak: false, baseline: 'alphabetic' })
      x += doc.widthOfString(letters)
    }
    x += SPACE_EM * fit.size
  }
}
