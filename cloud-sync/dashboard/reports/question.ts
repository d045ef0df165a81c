import { LINES_BY, type LinesBy, REPORTS, type ReportName } from '#shared/wire/reports.ts'

/** What a page of figures asks. Its address says it: whoever is given the address sees the same. */
export interface ReportQuestion {
  readonly report: ReportName
  /** Business dates, both among them. */
  readonly from: string
  readonly to: string
  /** null: all branches. */
  readonly branch: string | null
  readonly comparison: Comparison
  /** One service, queue or agent alone; null: all. */
  readonly of: { readonly by: LinesBy; readonly id: string } | null
}

export const COMPARISONS = ['none', 'before', 'year'] as const
/** `before`: the days just before. `year`: 52 weeks earlier, so that each day is held against one of its weekday. */
export type Comparison = (typeof COMPARISONS)[number]

/** Days up to yesterday that are offered at one choice; the first of them but one is what a bare address asks. */
export const SPANS = [7, 28, 91, 364] as const
const SPAN_DAYS = 28
const YEAR_DAYS = 364
const DAY_MS = 86_400_000
const DATE = /^\d{4}-\d\d-\d\d$/

export const dateAfter = (date: string, dayCount: number): string =>
  new Date(Date.parse(date) + dayCount * DAY_MS).toISOString().slice(0, 10)

/** Both among them. */
export const dayCountOf = ({ from, to }: Pick<ReportQuestion, 'from' | 'to'>): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1

/** The date on a calendar of that zone, as `2026-11-28`. */
export const dateIn = (atMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(atMs)

/** So many days, the last of them yesterday: today's are not over. */
export const spanUpTo = (today: string, dayCount: number): Pick<ReportQuestion, 'from' | 'to'> => ({
  from: dateAfter(today, -dayCount),
  to: dateAfter(today, -1),
})

const isDate = (text: string | null): text is string =>
  text !== null && DATE.test(text) && !Number.isNaN(Date.parse(text))

/** @returns null: there is no such report */
export function readQuestion(report: string, params: URLSearchParams, today: string): ReportQuestion | null {
  const known = REPORTS.find((it) => it === report)
  if (known === undefined) return null
  const [from, to] = [params.get('from'), params.get('to')]
  const by = LINES_BY.find((it) => params.has(it))
  return {
    report: known,
    ...(isDate(from) && isDate(to) ? { from, to } : spanUpTo(today, SPAN_DAYS)),
    branch: params.get('branch'),
    comparison: COMPARISONS.find((it) => it === params.get('compare')) ?? 'none',
    of: by === undefined ? null : { by, id: params.get(by) ?? '' },
  }
}

/** As it stands in the address. */
export function writeQuestion({ from, to, branch, comparison, of }: ReportQuestion): URLSearchParams {
  return new URLSearchParams({
    ...{ from, to },
    ...(branch !== null && { branch }),
    ...(comparison !== 'none' && { compare: comparison }),
    ...(of !== null && { [of.by]: of.id }),
  })
}

/** As the cloud is asked. */
export function pathOf(question: ReportQuestion, more: Readonly<Record<string, string>> = {}): string {
  const { report, from, to, branch, comparison, of } = question
  const backDays = comparison === 'year' ? YEAR_DAYS : dayCountOf(question)
  const query = new URLSearchParams({
    ...{ from, to },
    ...(branch !== null && { branch }),
    ...(of !== null && { [of.by]: of.id }),
    ...(comparison !== 'none' && { compareFrom: dateAfter(from, -backDays) }),
    ...more,
  })
  return `/reports/${report}?${query}`
}
