import PDFDocument from 'pdfkit'
import type { Language } from '#shared/domain/ids.ts'
import { drawText, registerReportFonts, type TextStyle, type Weight, widthOf } from '#shared/pdf/draw-text.ts'
import { commissioningWords, type SayCommissioning } from '#shared/words/commissioning.ts'
import { slipMoment } from '#shared/words/slip.ts'
import { directionOf } from '#shared/words/speaker.ts'
import { countOf, type Finding, STEPS, sayFinding, type Verdict } from './finding.ts'

/** A4 upright, in points. */
const PAGE = { width: 595.28, height: 841.89, margin: 42 }
const INNER_WIDTH = PAGE.width - 2 * PAGE.margin
const BOTTOM = PAGE.height - PAGE.margin - 24
const LINE_HEIGHT = 13
const MARK_WIDTH = 16
const ABOUT_WIDTH = 108
const TEXT_AT = MARK_WIDTH + ABOUT_WIDTH + 8
const COLORS = { ink: '#17222d', soft: '#556270', line: '#c9d1d9', good: '#1d6b3c', bad: '#a3241c', mute: '#7a5b00' }

/** What the report says besides its findings. */
export interface ReportFacts {
  readonly branchName: string
  readonly timezone: string
  readonly language: Language
  readonly who: string
  readonly fromMs: number
  readonly toMs: number
  readonly words: readonly string[]
  readonly version: string
  readonly deviceNames: readonly string[]
  readonly findings: readonly Finding[]
}

interface Sheet {
  readonly doc: PDFKit.PDFDocument
  readonly language: Language
  readonly say: SayCommissioning
  y: number
}

type Look = Partial<TextStyle> & { readonly weight?: Weight }

const styleOf = (language: Language, look: Look): TextStyle => ({
  size: 9.5,
  weight: 500,
  color: COLORS.ink,
  direction: directionOf(language),
  ...look,
})

/** Breaks a sentence between its words. */
function linesOf({ doc, language }: Sheet, text: string, width: number, look: Look): readonly string[] {
  const style = styleOf(language, look)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(doc, longer, style) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

/** Writes at a distance from where lines of the language begin: from the left, in Arabic from the right. */
function write(
  { doc, language }: Sheet,
  text: string,
  box: { readonly at: number; readonly y: number; readonly width: number; readonly align?: 'start' | 'end' },
  look: Look = {},
): void {
  const { at, y, width, align = 'start' } = box
  const isLtr = directionOf(language) === 'ltr'
  const x = isLtr ? PAGE.margin + at : PAGE.width - PAGE.margin - at - width
  drawText(doc, text, { x, y, width, align }, styleOf(language, look))
}

function paragraph(sheet: Sheet, text: string, look: Look = {}): void {
  for (const line of linesOf(sheet, text, INNER_WIDTH, look)) {
    makeRoom(sheet, LINE_HEIGHT)
    write(sheet, line, { at: 0, y: sheet.y, width: INNER_WIDTH }, look)
    sheet.y += LINE_HEIGHT
  }
}

function makeRoom(sheet: Sheet, height: number): void {
  if (sheet.y + height <= BOTTOM) return
  sheet.doc.addPage()
  sheet.y = PAGE.margin
}

/** A verdict by shape as well as colour: a ring with a tick, a cross, a dash, a dot. */
function mark({ doc, language }: Sheet, verdict: Verdict, at: number, y: number): void {
  const x = directionOf(language) === 'ltr' ? PAGE.margin + at + 5 : PAGE.width - PAGE.margin - at - 5
  const pen = doc.lineWidth(1.4)
  if (verdict === 'good')
    pen
      .strokeColor(COLORS.good)
      .moveTo(x - 4, y)
      .lineTo(x - 1, y + 3.5)
      .lineTo(x + 4.5, y - 4)
      .stroke()
  if (verdict === 'bad')
    pen
      .strokeColor(COLORS.bad)
      .moveTo(x - 3.5, y - 3.5)
      .lineTo(x + 3.5, y + 3.5)
      .moveTo(x + 3.5, y - 3.5)
      .lineTo(x - 3.5, y + 3.5)
      .stroke()
  if (verdict === 'skipped')
    pen
      .strokeColor(COLORS.mute)
      .moveTo(x - 4, y)
      .lineTo(x + 4, y)
      .stroke()
  if (verdict === 'told') doc.fillColor(COLORS.soft).circle(x, y, 1.8).fill()
}

function head(sheet: Sheet, facts: ReportFacts): void {
  const { say, language } = sheet
  const moment = (ms: number): string => slipMoment(language, ms, facts.timezone)
  write(sheet, facts.branchName, { at: 0, y: sheet.y, width: INNER_WIDTH }, { size: 11, color: COLORS.soft })
  write(sheet, say('title'), { at: 0, y: sheet.y + 16, width: INNER_WIDTH }, { size: 20, weight: 700 })
  sheet.y += 50
  const rows: readonly (readonly [string, string])[] = [
    [say('who'), facts.who],
    ['SmartQueue', facts.version],
    [say('branchKey'), facts.words.join(' ')],
    [say('devices'), facts.deviceNames.join(' · ') || '–'],
  ]
  paragraph(sheet, say('when', { from: moment(facts.fromMs), to: moment(facts.toMs) }))
  sheet.y += 4
  for (const [name, value] of rows) {
    write(sheet, name, { at: 0, y: sheet.y, width: TEXT_AT + 30 }, { color: COLORS.soft })
    const lines = linesOf(sheet, value, INNER_WIDTH - TEXT_AT - 38, { weight: 700 })
    for (const line of lines) {
      write(sheet, line, { at: TEXT_AT + 38, y: sheet.y, width: INNER_WIDTH - TEXT_AT - 38 }, { weight: 700 })
      sheet.y += LINE_HEIGHT
    }
  }
  sheet.y += 8
}

/** How many of each verdict, and so what the marks mean. */
function tally(sheet: Sheet, findings: readonly Finding[]): void {
  const verdicts = ['good', 'bad', 'skipped', 'told'] as const
  const width = INNER_WIDTH / verdicts.length
  for (const [index, verdict] of verdicts.entries()) {
    const at = index * width
    mark(sheet, verdict, at, sheet.y + 9)
    write(
      sheet,
      String(countOf(findings, verdict)),
      { at: at + 16, y: sheet.y, width: width - 18 },
      { size: 15, weight: 700 },
    )
    write(
      sheet,
      sheet.say(`verdict.${verdict}`),
      { at: at + 16, y: sheet.y + 20, width: width - 18 },
      { size: 8.5, color: COLORS.soft },
    )
  }
  sheet.y += 44
}

function row(sheet: Sheet, finding: Finding): void {
  const width = INNER_WIDTH - TEXT_AT
  const look: Look = finding.verdict === 'bad' ? { weight: 700 } : {}
  const lines = linesOf(sheet, sayFinding(finding, sheet.language), width, look)
  makeRoom(sheet, lines.length * LINE_HEIGHT + 3)
  mark(sheet, finding.verdict, 0, sheet.y + 6)
  write(sheet, finding.about, { at: MARK_WIDTH, y: sheet.y, width: ABOUT_WIDTH }, { color: COLORS.soft })
  for (const line of lines) {
    write(sheet, line, { at: TEXT_AT, y: sheet.y, width }, look)
    sheet.y += LINE_HEIGHT
  }
  sheet.y += 3
}

function steps(sheet: Sheet, findings: readonly Finding[]): void {
  for (const step of STEPS) {
    const own = findings.filter((finding) => finding.step === step)
    if (own.length === 0) continue
    makeRoom(sheet, 44)
    sheet.y += 6
    write(sheet, sheet.say(`step.${step}`), { at: 0, y: sheet.y, width: INNER_WIDTH }, { size: 12, weight: 700 })
    sheet.y += 17
    const { doc, y } = sheet
    doc.moveTo(PAGE.margin, y - 2).lineTo(PAGE.width - PAGE.margin, y - 2)
    doc.lineWidth(0.6).strokeColor(COLORS.line).stroke()
    sheet.y += 3
    for (const finding of own) row(sheet, finding)
  }
}

function feet(sheet: Sheet, facts: ReportFacts): void {
  const { doc, say, language } = sheet
  const { count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page)
    const y = PAGE.height - PAGE.margin - 8
    const soft = { size: 8, color: COLORS.soft }
    const name = `${facts.branchName} · ${slipMoment(language, facts.toMs, facts.timezone)}`
    write(sheet, name, { at: 0, y, width: INNER_WIDTH * 0.7 }, soft)
    const pages = say('page', { page: page + 1, pages: count })
    write(sheet, pages, { at: INNER_WIDTH * 0.7, y, width: INNER_WIDTH * 0.3, align: 'end' }, soft)
  }
}

/** What was found, on paper: A4 upright, in one language, from the right in Arabic. */
export function commissioningPdf(facts: ReportFacts): Promise<Uint8Array> {
  const { language } = facts
  const say = commissioningWords(language)
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    lang: language,
    info: { Title: `${say('title')} · ${facts.branchName}`, Author: facts.who, CreationDate: new Date(facts.toMs) },
  })
  const chunks: Buffer[] = []
  const done = new Promise<Uint8Array>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  registerReportFonts(doc)
  const sheet: Sheet = { doc, language, say, y: PAGE.margin }
  head(sheet, facts)
  tally(sheet, facts.findings)
  steps(sheet, facts.findings)
  makeRoom(sheet, 4 * LINE_HEIGHT)
  sheet.y += 12
  paragraph(sheet, say('notMore'), { weight: 700 })
  paragraph(sheet, say('signature'), { color: COLORS.soft })
  feet(sheet, facts)
  doc.end()
  return done
}
