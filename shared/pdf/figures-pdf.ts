import PDFDocument from 'pdfkit'
import type { Language } from '../domain/ids.ts'
import { type FigureLine, type FigureReport, lineName, type TableBy } from '../project/figure-report.ts'
import type { Figures } from '../project/figures.ts'
import { formatDuration, formatTime } from '../words/format.ts'
import { type ReportText, reportDate, reportNumber, reportWords, type SayReport } from '../words/reports.ts'
import { slipMoment } from '../words/slip.ts'
import { directionOf } from '../words/speaker.ts'
import { drawText, registerReportFonts, type TextStyle, type Weight } from './draw-text.ts'

/** A4 across, in points. */
const PAGE = { width: 841.89, height: 595.28, margin: 36 }
const INNER_WIDTH = PAGE.width - 2 * PAGE.margin
const BOTTOM = PAGE.height - PAGE.margin - 16
const ROW_HEIGHT = 16
const HEAD_HEIGHT = 30
const NAME_WIDTH = 150
const GAP = 8
const TREND_HEIGHT = 64
const BAR_WIDTH_MAX = 24
const DAY_MS = 24 * 3_600_000
const COLORS = { ink: '#17222d', soft: '#556270', line: '#c9d1d9', band: '#eef2f5', bar: '#3d6f9e' }
const NOTHING = '–'

const timer = (ms: number | null): string => (ms === null ? NOTHING : formatDuration(ms))
const percent = (share: number | null): string => (share === null ? NOTHING : `${Math.round(share * 100)} %`)

interface Column {
  /** Said over several columns once, where it is the same as its neighbour's. */
  readonly group: ReportText | null
  readonly text: ReportText
  readonly show: (figures: Figures) => string
}

const durations = (group: ReportText, of: (figures: Figures) => Figures['wait']): readonly Column[] => [
  { group, text: 'count', show: (it) => String(of(it).count) },
  { group, text: 'mean', show: (it) => timer(of(it).meanMs) },
  { group, text: 'median', show: (it) => timer(of(it).medianMs) },
  { group, text: 'p90', show: (it) => timer(of(it).p90Ms) },
]

const TICKETS: readonly Column[] = [
  { group: null, text: 'issued', show: (it) => String(it.issuedCount) },
  { group: null, text: 'completed', show: (it) => String(it.completedCount) },
  { group: null, text: 'noShow', show: (it) => String(it.noShowCount) },
  ...durations('wait', (it) => it.wait),
  ...durations('serviceTime', (it) => it.serviceTime),
  { group: null, text: 'sla', show: (it) => percent(it.slaCompliance) },
]

/** Nobody takes a ticket at a counter: there, calls are counted, and how much of the time somebody was served. */
const AT_COUNTERS: readonly Column[] = [
  { group: null, text: 'called', show: (it) => String(it.calledCount) },
  ...TICKETS.slice(1, -1),
  { group: null, text: 'signedIn', show: (it) => timer(it.signedInMs) },
  { group: null, text: 'busy', show: (it) => percent(it.utilisation) },
]

const columnsOf = (by: TableBy): readonly Column[] => (by === 'counter' || by === 'agent' ? AT_COUNTERS : TICKETS)

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
  const facts: readonly (readonly [ReportText, string])[] = [
    ['issued', String(total.issuedCount)],
    ['completed', String(total.completedCount)],
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

function tableHead(sheet: Sheet, by: TableBy): void {
  const { say, y } = sheet
  const columns = columnsOf(by)
  const soft = { size: 8, color: COLORS.soft }
  write(sheet, say(`name.${by}`), { at: 0, y: y + 14, width: NAME_WIDTH - 8 }, soft)
  for (const [index, { group, text }] of columns.entries()) {
    const { at, width } = columnAt(index, columns.length)
    write(sheet, say(text), { at, y: y + 14, width, align: 'end' }, soft)
    if (group === null || columns[index - 1]?.group === group) continue
    const span = columns.filter((column) => column.group === group).length
    const last = columnAt(index + span - 1, columns.length)
    const box = { at, y: y + 1, width: last.at + last.width - at, align: 'center' } as const
    write(sheet, `${say(group)} · ${say('minutes')}`, box, { size: 8, weight: 700 })
  }
  rule(sheet, y + HEAD_HEIGHT - 3)
  sheet.y += HEAD_HEIGHT
}

function tableRow(sheet: Sheet, by: TableBy, name: string, figures: Figures, weight: Weight = 500): void {
  const columns = columnsOf(by)
  write(sheet, name, { at: 0, y: sheet.y, width: NAME_WIDTH - 8 }, { weight })
  for (const [index, { show }] of columns.entries())
    write(sheet, show(figures), { ...columnAt(index, columns.length), y: sheet.y, align: 'end' }, { weight })
  sheet.y += ROW_HEIGHT
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
    if (makeRoom(sheet, ROW_HEIGHT)) tableHead(sheet, by)
    tableRow(sheet, by, lineName(line, by, language), line)
  }
  if (total !== null) {
    if (makeRoom(sheet, ROW_HEIGHT + 2)) tableHead(sheet, by)
    rule(sheet, sheet.y - 1)
    sheet.y += 2
    tableRow(sheet, by, say('all'), total, 700)
  }
  sheet.y += 14
}

/** A bar for each date, as high as it had tickets; a date without any is a gap, and no neighbour of the next. */
function trend(sheet: Sheet, { from, to, trend: lines = [] }: FigureReport): void {
  const dayCount = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
  if (lines.length === 0 || dayCount < 2) return
  const { doc, say, language } = sheet
  makeRoom(sheet, TREND_HEIGHT + 44)
  const most = Math.max(...lines.map(({ issuedCount }) => issuedCount))
  write(sheet, say('date'), { at: 0, y: sheet.y, width: INNER_WIDTH }, { size: 12, weight: 700 })
  const soft = { size: 8, color: COLORS.soft }
  write(sheet, `${say('issued')}: 0 – ${most}`, { at: 0, y: sheet.y + 4, width: INNER_WIDTH, align: 'end' }, soft)
  const step = INNER_WIDTH / dayCount
  const width = Math.min(step * 0.8, BAR_WIDTH_MAX)
  const bottom = sheet.y + 20 + TREND_HEIGHT
  for (const { id, issuedCount } of lines) {
    const at = ((Date.parse(id) - Date.parse(from)) / DAY_MS) * step
    const x = directionOf(language) === 'ltr' ? PAGE.margin + at : PAGE.width - PAGE.margin - at - width
    const height = most === 0 ? 0 : (issuedCount / most) * TREND_HEIGHT
    doc.rect(x, bottom - height, width, height).fill(COLORS.bar)
  }
  rule(sheet, bottom)
  write(sheet, from, { at: 0, y: bottom + 3, width: INNER_WIDTH / 2 }, soft)
  write(sheet, to, { at: INNER_WIDTH / 2, y: bottom + 3, width: INNER_WIDTH / 2, align: 'end' }, soft)
  sheet.y = bottom + 24
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
