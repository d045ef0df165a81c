import type { Words } from '../domain/catalogue.ts'
import type { Language } from '../domain/ids.ts'
import { type ReportText, reportWords, type SayReport } from '../words/reports.ts'
import { toCsv } from './csv.ts'
import type { Dimension, Figures } from './figures.ts'
import type { Summary } from './spread.ts'

/** What a report has a line for each of. */
export const REPORT_BYS = ['service', 'queue', 'counter', 'agent', 'hour', 'date'] as const satisfies readonly (
  | Dimension
  | 'date'
)[]
export type ReportBy = (typeof REPORT_BYS)[number]
/** A branch reports of itself; head office of several. */
export type TableBy = ReportBy | 'branch'

/** One line, ready to be drawn. */
export interface FigureLine extends Figures {
  readonly id: string
  /** From the catalogue that knew it last; null for hours and dates, and for what no catalogue knows any more. */
  readonly name: Words | string | null
  /** The catalogue in force does not hold it. */
  readonly isRetired: boolean
}

export interface FigureReport {
  readonly from: string
  readonly to: string
  readonly timezone: string
  readonly branchName: string
  readonly defaultLanguage: Language
  /** The business date that still goes on, if it is among these; its counter time counts up to now. */
  readonly runningDate: string | null
  /** How far a median or percentile may be from the one of the rows, as a share of it; 0 when it is exact. */
  readonly medianErrorMax: number
  readonly total: Figures
  readonly tables: readonly { readonly by: TableBy; readonly lines: readonly FigureLine[] }[]
  /** Its dates, to be drawn on paper; left out: no trend is. */
  readonly trend?: readonly FigureLine[]
  /** Hours of a single day, to be drawn on paper; left out: they are not. */
  readonly hours?: readonly { readonly hour: number; readonly issuedCount: number }[]
}

/** A report of one table, as the caller's page draws it. */
export const tableJson = ({ tables, ...report }: FigureReport): object => ({
  ...report,
  by: tables[0]?.by ?? null,
  rows: tables[0]?.lines ?? [],
})

/** The present day, as the caller's page draws it; `agents` is null for whoever may not see them. */
export function todayJson({ from, timezone, branchName, total, tables }: FigureReport): object {
  const rowsOf = (by: ReportBy): readonly FigureLine[] | null => tables.find((table) => table.by === by)?.lines ?? null
  return {
    ...{ date: from, timezone, branchName, total },
    services: rowsOf('service'),
    queues: rowsOf('queue'),
    counters: rowsOf('counter'),
    hours: rowsOf('hour'),
    agents: rowsOf('agent'),
  }
}

/** A line's name in a language, or what comes nearest. */
export function lineName({ id, name }: FigureLine, by: TableBy, language: Language): string {
  if (by === 'hour') return `${id}:00`
  if (name === null) return id
  if (typeof name === 'string') return name
  return name[language] ?? name.fr ?? name.en ?? name.ar ?? id
}

type Unit = 'seconds' | 'percent' | null

interface Column {
  readonly texts: readonly ReportText[]
  readonly unit: Unit
  readonly read: (figures: Figures) => number | null
  /** Where it says nothing: an empty field, since 0 would be a claim. */
  readonly isMuteBy?: (by: TableBy) => boolean
}

/** Nobody takes a ticket at a counter or from an agent. */
const hasNoIssue = (by: TableBy): boolean => by === 'counter' || by === 'agent'
/** A shift belongs to a counter and an agent, and so to a date; to no service, queue or hour. */
const hasNoShift = (by: TableBy): boolean => by === 'service' || by === 'queue' || by === 'hour'

const counting = (text: ReportText, read: Column['read']): Column => ({ texts: [text], unit: null, read })

/** A mean never stands alone: count, median and 90th percentile stand beside it. */
const summary = (text: ReportText, of: (figures: Figures) => Summary): readonly Column[] => [
  { texts: [text, 'count'], unit: null, read: (it) => of(it).count },
  { texts: [text, 'mean'], unit: 'seconds', read: (it) => of(it).meanMs },
  { texts: [text, 'median'], unit: 'seconds', read: (it) => of(it).medianMs },
  { texts: [text, 'p90'], unit: 'seconds', read: (it) => of(it).p90Ms },
]

const percent = (text: ReportText, read: Column['read']): Column => ({ texts: [text], unit: 'percent', read })
const time = (text: ReportText, read: Column['read']): Column => ({
  ...{ texts: [text], unit: 'seconds', read, isMuteBy: hasNoShift },
})

const COLUMNS: readonly Column[] = [
  { ...counting('issued', (it) => it.issuedCount), isMuteBy: hasNoIssue },
  counting('called', (it) => it.calledCount),
  counting('completed', (it) => it.completedCount),
  counting('noShow', (it) => it.noShowCount),
  counting('cancelled', (it) => it.cancelledCount),
  counting('abandoned', (it) => it.abandonedCount),
  ...summary('wait', (it) => it.wait),
  ...summary('toService', (it) => it.timeToService),
  ...summary('serviceTime', (it) => it.serviceTime),
  percent('sla', (it) => it.slaCompliance),
  percent('noShowRate', (it) => it.noShowRate),
  percent('completionRate', (it) => it.completionRate),
  percent('abandonmentRate', (it) => it.abandonmentRate),
  percent('utilisation', (it) => it.utilisation),
  percent('occupancy', (it) => it.occupancy),
  time('signedIn', (it) => it.signedInMs),
  time('breaks', (it) => it.breakMs),
  time('serving', (it) => it.servingMs),
]

function header(column: Column, say: SayReport): string {
  const name = column.texts.map((text) => say(text)).join(' ')
  return column.unit === null ? name : `${name} (${say(column.unit)})`
}

function cell({ unit, read }: Column, figures: Figures): number | null {
  const value = read(figures)
  if (value === null || unit === null) return value
  return unit === 'seconds' ? Math.round(value / 1_000) : Math.round(value * 1_000) / 10
}

/** The first table of a report, and a last line for all of it. Durations in whole seconds, shares in percent. */
export function figuresCsv(report: FigureReport, language: Language): string {
  const say = reportWords(language)
  const [table] = report.tables
  if (table === undefined) throw new Error('A report has a table')
  const { by, lines } = table
  const values = (figures: Figures) => COLUMNS.map((column) => cell(column, figures))
  const lineValues = (line: FigureLine) =>
    COLUMNS.map((column) => (column.isMuteBy?.(by) === true ? null : cell(column, line)))
  return toCsv([
    [say('id'), say(`name.${by}`), ...COLUMNS.map((column) => header(column, say))],
    ...lines.map((line) => [line.id, lineName(line, by, language), ...lineValues(line)]),
    ['', say('all'), ...values(report.total)],
  ])
}
