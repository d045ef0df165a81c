import PDFDocument from 'pdfkit'
import type { Language } from '../domain/ids.ts'
import { type FigureLine, type FigureReport, lineName, type TableBy } from '../project/figure-report.ts'
import type { Figures } from '../project/figures.ts'
import { formatTime } from '../words/format.ts'
import { type ReportText, reportDate, reportNumber, reportWords, type SayReport } from '../words/reports.ts'
import { slipMoment } from '../words/slip.ts'
import { directionOf } from '../words/speaker.ts'
import { drawText, registerReportFonts, type TextStyle, type Weight, widthOf } from './draw-text.ts'
import { columnsOf, percent } from './figure-columns.ts'

/** A4 across, in points. */
const PAGE = { width: 841.89, height: 595.28, margin: 36 }
const INNER_WIDTH = PAGE.width - 2 * PAGE.margin
const BOTTOM = PAGE.height - PAGE.margin - 16
const ROW_HEIGHT = 16
const LINE_HEIGHT = 11
const HEAD_HEIGHT = 30
const NAME_WIDTH = 150
const GAP = 8
const TREND_HEIGHT = 64
const BAR_WIDTH_MAX = 24
const DAY_MS = 24 * 3_600_000
/** A day of few hours is drawn with bars that are not broader than others. */
const HOURS_MIN = 10
const COLORS = { ink: '#17222d', soft: '#556270', line: '#c9d1d9', band: '#eef2f5', bar: '#3d6f9e' }

interface Sheet {
  readonly doc: PDFKit.PDFDocument
  readonly language: Language
  readonly say: SayReport
  y: number
}

/** Writes at a distance from where lines of the language begin: from the left, in Arabic from the right. */
function write(
  { doc, language }: Sheet,
  text: string,
  box: { readonly at: number; readonly y: number; readonly width: number; readonly align?: 'start' | 'end' | 'center' },
  style: Partial<TextStyle> & { readonly weight?: Weight } = {},
): void {
  const direction = directionOf(language)
  const x = direction === 'ltr' ? PAGE.margin + box.at : PAGE.width - PAGE.margin - box.at - box.width
  const { y, width, align = 'start' } = box
  drawText(doc, text, { x, y, width, align }, { size: 9, weight: 500, color: COLORS.ink, direction, ...style })
}

function rule({ doc }: Sheet, y: number, color: string = COLORS.line): void {
  doc
    .moveTo(PAGE.margin, y)
    .lineTo(PAGE.width - PAGE.margin, y)
    .lineWidth(0.6)
    .strokeColor(color)
    .stroke()
}

function titleText({ from, to }: FigureReport, language: Language): string {
  const names = { from: reportDate(from, language), to: reportDate(to, language) }
  return reportWords(language)(from === to ? 'dayTitle' : 'spanTitle', names)
}

function title(sheet: Sheet, report: FigureReport, nowMs: number): void {
  const { say, language } = sheet
  const { branchName, runningDate, timezone } = report
  write(sheet, branchName, { at: 0, y: sheet.y, width: INNER_WIDTH }, { size: 10, color: COLORS.soft })
  write(sheet, titleText(report, language), { at: 0, y: sheet.y + 16, width: INNER_WIDTH }, { size: 18, weight: 700 })
  sheet.y += 46
  if (runningDate === null) return
  const note = say('running', { time: formatTime(nowMs, language, timezone) })
  write(sheet, note, { at: 0, y: sheet.y, width: INNER_WIDTH }, { color: COLORS.soft })
  sheet.y += 24
}

/** What a manager asks first, large. */
function keyFigures(sheet: Sheet, { total }: FigureReport): void {
  const { language } = sheet
  const facts: readonly (readonly [ReportText, string])[] = [
    ['issued', reportNumber(total.issuedCount, language)],
    ['completed', reportNumber(total.completedCount, language)],
    ['sla', percent(total.slaCompliance)],
    ['noShowRate', percent(total.noShowRate)],
    ['completionRate', percent(total.completionRate)],
    ['abandonmentRate', percent(total.abandonmentRate)],
    ['utilisation', percent(total.utilisation)],
    ['occupancy', percent(total.occupancy)],
  ]
  const width = INNER_WIDTH / facts.length
  for (const [index, [text, value]] of facts.entries()) {
    const at = index * width
    write(sheet, sheet.say(text), { at, y: sheet.y, width: width - 8 }, { size: 8, color: COLORS.soft })
    write(sheet, value, { at, y: sheet.y + 12, width: width - 8 }, { size: 17, weight: 700 })
  }
  sheet.y += 48
}

const columnAt = (index: number, count: number): { at: number; width: number } => {
  const width = (INNER_WIDTH - NAME_WIDTH) / count
  return { at: NAME_WIDTH + index * width + GAP, width: width - GAP }
}

/** Units stand below units: digits run from the left in Arabic, too. */
const alignOf = ({ language }: Sheet): 'start' | 'end' => (directionOf(language) === 'ltr' ? 'end' : 'start')

function tableHead(sheet: Sheet, by: TableBy): void {
  const { say, y } = sheet
  const columns = columnsOf(by)
  const soft = { size: 8, color: COLORS.soft }
  write(sheet, say(`name.${by}`), { at: 0, y: y + 14, width: NAME_SPACE }, soft)
  for (const [index, { group, text }] of columns.entries()) {
    const { at, width } = columnAt(index, columns.length)
    write(sheet, say(text), { at, y: y + 14, width, align: alignOf(sheet) }, soft)
    if (group === null || columns[index - 1]?.group === group) continue
    const span = columns.filter((column) => column.group === group).length
    const last = columnAt(index + span - 1, columns.length)
    const box = { at, y: y + 1, width: last.at + last.width - at, align: 'center' } as const
    write(sheet, `${say(group)} · ${say('minutes')}`, box, { size: 8, weight: 700 })
  }
  rule(sheet, y + HEAD_HEIGHT - 3)
  sheet.y += HEAD_HEIGHT
}

const NAME_SPACE = NAME_WIDTH - 8

/** A name that is longer than its column stands on two lines, for small letters are hard to read. */
function nameLines({ doc, language }: Sheet, name: string, weight: Weight): readonly string[] {
  const style: TextStyle = { size: 9, weight, color: COLORS.ink, direction: directionOf(language) }
  const words = name.split(/\s+/)
  let first = words.length
  while (first > 1 && widthOf(doc, words.slice(0, first).join(' '), style) > NAME_SPACE) first -= 1
  const lines = [words.slice(0, first), words.slice(first)]
  return lines.map((some) => some.join(' ')).filter((line) => line !== '')
}

interface Row {
  readonly lines: readonly string[]
  readonly figures: Figures
  readonly weight: Weight
}

const heightOf = ({ lines }: Row): number => ROW_HEIGHT + (lines.length - 1) * LINE_HEIGHT

function tableRow(sheet: Sheet, by: TableBy, row: Row): void {
  const columns = columnsOf(by)
  const { weight, figures } = row
  for (const [index, line] of row.lines.entries())
    write(sheet, line, { at: 0, y: sheet.y + index * LINE_HEIGHT, width: NAME_SPACE }, { weight })
  for (const [index, { show }] of columns.entries()) {
    const box = { ...columnAt(index, columns.length), y: sheet.y, align: alignOf(sheet) }
    write(sheet, show(figures, sheet.language), box, { weight })
  }
  sheet.y += heightOf(row)
}

/** A new page when so much more does not fit on this one. @returns whether there is a new page */
function makeRoom(sheet: Sheet, height: number): boolean {
  if (sheet.y + height <= BOTTOM) return false
  sheet.doc.addPage()
  sheet.y = PAGE.margin
  return true
}

function table(sheet: Sheet, by: TableBy, lines: readonly FigureLine[], total: Figures | null): void {
  const { say, language } = sheet
  makeRoom(sheet, 24 + HEAD_HEIGHT + 3 * ROW_HEIGHT)
  write(sheet, say(by), { at: 0, y: sheet.y, width: INNER_WIDTH }, { size: 12, weight: 700 })
  sheet.y += 18
  if (lines.length === 0) {
    write(sheet, say('none'), { at: 0, y: sheet.y, width: INNER_WIDTH }, { color: COLORS.soft })
    sheet.y += ROW_HEIGHT + 8
    return
  }
  tableHead(sheet, by)
  for (const line of lines) {
    const row: Row = { lines: nameLines(sheet, lineName(line, by, language), 500), figures: line, weight: 500 }
    if (makeRoom(sheet, heightOf(row))) tableHead(sheet, by)
    tableRow(sheet, by, row)
  }
  if (total !== null) {
    if (makeRoom(sheet, ROW_HEIGHT + 2)) tableHead(sheet, by)
    rule(sheet, sheet.y - 1)
    sheet.y += 2
    tableRow(sheet, by, { lines: [say('all')], figures: total, weight: 700 })
  }
  sheet.y += 14
}

interface Bar {
  /** From the first, which is 0. */
  readonly place: number
  readonly count: number
  readonly label?: string
}

/** A bar for each, as high as it had tickets; a place without any is a gap, and no neighbour of the next. */
function bars(sheet: Sheet, by: TableBy, all: readonly Bar[], placeCount: number): number {
  const { doc, say, language } = sheet
  makeRoom(sheet, TREND_HEIGHT + 44)
  const most = Math.max(...all.map(({ count }) => count))
  write(sheet, say(by), { at: 0, y: sheet.y, width: INNER_WIDTH }, { size: 12, weight: 700 })
  const soft = { size: 8, color: COLORS.soft }
  const scale = `${say('issued')}: 0 – ${reportNumber(most, language)}`
  write(sheet, scale, { at: 0, y: sheet.y + 4, width: INNER_WIDTH, align: 'end' }, soft)
  const step = INNER_WIDTH / placeCount
  const width = Math.min(step * 0.8, BAR_WIDTH_MAX)
  const bottom = sheet.y + 20 + TREND_HEIGHT
  for (const { place, count, label } of all) {
    const at = place * step
    const x = directionOf(language) === 'ltr' ? PAGE.margin + at : PAGE.width - PAGE.margin - at - width
    const height = most === 0 ? 0 : (count / most) * TREND_HEIGHT
    doc.rect(x, bottom - height, width, height).fill(COLORS.bar)
    if (label !== undefined) write(sheet, label, { at, y: bottom + 3, width, align: 'center' }, soft)
  }
  rule(sheet, bottom)
  sheet.y = bottom + 24
  return bottom
}

/**
 * The hours of one day by the clock, from the first in which somebody came. Branches begin their days at different hours, so
 * those after midnight stand first whatever day they belong to.
 */
function hoursOfDay(sheet: Sheet, hours: NonNullable<FigureReport['hours']>): void {
  const [first, last] = [Math.min(...hours.map(({ hour }) => hour)), Math.max(...hours.map(({ hour }) => hour))]
  const all = hours.map(({ hour, issuedCount: count }) => ({ place: hour - first, count, label: `${hour}:00` }))
  bars(sheet, 'hour', all, Math.max(HOURS_MIN, last - first + 1))
}

function trend(sheet: Sheet, { from, to, trend: lines = [], hours = [] }: FigureReport): void {
  const dayCount = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
  if (dayCount < 2 && hours.length > 0) hoursOfDay(sheet, hours)
  if (lines.length === 0 || dayCount < 2) return
  const all = lines.map(({ id, issuedCount: count }) => ({
    place: (Date.parse(id) - Date.parse(from)) / DAY_MS,
    count,
  }))
  const y = bars(sheet, 'date', all, dayCount) + 3
  const soft = { size: 8, color: COLORS.soft }
  write(sheet, from, { at: 0, y, width: INNER_WIDTH / 2 }, soft)
  write(sheet, to, { at: INNER_WIDTH / 2, y, width: INNER_WIDTH / 2, align: 'end' }, soft)
}

/** Each page says what it is a part of, and when it was made. */
function feet(sheet: Sheet, report: FigureReport, nowMs: number): void {
  const { doc, say, language } = sheet
  const { count } = doc.bufferedPageRange()
  const moment = slipMoment(language, nowMs, report.timezone)
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page)
    const y = PAGE.height - PAGE.margin - 8
    const soft = { size: 8, color: COLORS.soft }
    write(sheet, say('made', { moment }), { at: 0, y, width: INNER_WIDTH / 2 }, soft)
    const pages = say('page', { page: page + 1, pages: count })
    write(sheet, pages, { at: INNER_WIDTH / 2, y, width: INNER_WIDTH / 2, align: 'end' }, soft)
  }
}

/** Lines of queues, counters and agents count stays: a total of tickets below them would look like a wrong sum. */
const hasTotal = (by: TableBy): boolean => by === 'service' || by === 'hour' || by === 'date' || by === 'branch'

/**
 * The report on paper: A4 across, in one language, from the right in Arabic.
 * @param nowMs - when it is made
 */
export function figuresPdf(report: FigureReport, language: Language, nowMs: number): Promise<Uint8Array> {
  const say = reportWords(language)
  const doc = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margin: 0,
    bufferPages: true,
    lang: language,
    info: { Title: titleText(report, language), CreationDate: new Date(nowMs) },
  })
  const chunks: Buffer[] = []
  const done = new Promise<Uint8Array>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A copy of its own: what a thread hands over must not lie in a pool that others use.
    doc.on('end', () => resolve(Uint8Array.from(Buffer.concat(chunks))))
    doc.on('error', reject)
  })
  registerReportFonts(doc)
  const sheet: Sheet = { doc, language, say, y: PAGE.margin }
  title(sheet, report, nowMs)
  keyFigures(sheet, report)
  trend(sheet, report)
  for (const { by, lines } of report.tables) table(sheet, by, lines, hasTotal(by) ? report.total : null)
  if (report.medianErrorMax > 0) {
    makeRoom(sheet, ROW_HEIGHT)
    const note = say('rounded', { percent: reportNumber(report.medianErrorMax * 100, language) })
    write(sheet, note, { at: 0, y: sheet.y, width: INNER_WIDTH }, { size: 8, color: COLORS.soft })
  }
  feet(sheet, report, nowMs)
  doc.end()
  return done
}
