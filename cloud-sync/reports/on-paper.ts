import type { Language } from '#shared/domain/ids.ts'
import { toCsv } from '#shared/project/csv.ts'
import { type FigureLine, type FigureReport, lineName, type TableBy } from '#shared/project/figure-report.ts'
import type { FigureReportAnswer, ReportTable, SatisfactionAnswer } from '#shared/wire/reports.ts'

/** Dates that are told one by one on paper; of more the trend is drawn, and a table of them is for a spreadsheet. */
const DATES_MAX = 31
/** Lines of all the tables of one paper: drawing them keeps whoever else asks waiting. */
export const PAPER_LINES_MAX = 400

/** How a report is told where there is no page to choose on. */
export interface Telling {
  readonly language: Language
  /** Of the branch, or of the tenant that has several. */
  readonly title: string
  readonly timeZone: string
}

interface Table {
  readonly by: TableBy
  readonly lines: readonly FigureLine[]
}

/** Branches have queues and agents of the same name: each is told with its branch. */
function namedLines({ lines, branches, linesBy }: FigureReportAnswer, language: Language): readonly FigureLine[] {
  if (branches.length < 2) return lines as readonly FigureLine[]
  const branchNames = new Map(branches.map((line) => [line.id, lineName(line as FigureLine, 'branch', language)]))
  return (lines as readonly (FigureLine & { branchId: string | null })[]).map((line) => {
    const branchName = line.branchId === null ? undefined : branchNames.get(line.branchId)
    return branchName === undefined ? line : { ...line, name: `${branchName} — ${lineName(line, linesBy, language)}` }
  })
}

function tableOf(answer: FigureReportAnswer, table: ReportTable, language: Language): Table {
  if (table === 'lines') return { by: answer.linesBy, lines: namedLines(answer, language) }
  if (table === 'branches') return { by: 'branch', lines: answer.branches as readonly FigureLine[] }
  return { by: 'date', lines: answer.days as readonly FigureLine[] }
}

const reportOf = (answer: FigureReportAnswer, told: Telling, tables: readonly Table[]): FigureReport => ({
  ...{ from: answer.from, to: answer.to, timezone: told.timeZone, branchName: told.title },
  ...{ defaultLanguage: told.language, runningDate: null, medianErrorMax: answer.medianErrorMax },
  ...{ total: answer.total, tables, trend: answer.days as readonly FigureLine[] },
})

/** A report as a table of one kind of lines. */
export const tableReport = (answer: FigureReportAnswer, table: ReportTable, told: Telling): FigureReport =>
  reportOf(answer, told, [tableOf(answer, table, told.language)])

/** A report as a paper holds it. @returns null: it has more lines than a paper is drawn of */
export function paperReport(answer: FigureReportAnswer, told: Telling): FigureReport | null {
  const names: readonly ReportTable[] = [
    'lines',
    ...(answer.branches.length > 1 ? (['branches'] as const) : []),
    ...(answer.days.length > 1 && answer.days.length <= DATES_MAX ? (['days'] as const) : []),
  ]
  const tables = names.map((name) => tableOf(answer, name, told.language))
  const lineCount = tables.reduce((sum, { lines }) => sum + lines.length, 0)
  if (lineCount > PAPER_LINES_MAX) return null
  const isOneDay = answer.from === answer.to
  const paper = reportOf(answer, told, tables)
  return isOneDay && answer.heatMap !== null ? { ...paper, hours: answer.heatMap } : paper
}

/** One line of figures, named as the interface names them: nothing of them is for a reader yet. */
export const satisfactionCsv = ({ report: _, ...figures }: SatisfactionAnswer): string =>
  toCsv([
    Object.keys(figures),
    Object.values(figures).map((value) => (typeof value === 'boolean' ? String(value) : value)),
  ])
