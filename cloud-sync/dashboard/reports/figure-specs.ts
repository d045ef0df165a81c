import type { Figures } from '#shared/project/figures.ts'
import type { Summary } from '#shared/project/spread.ts'
import type { ReportName } from '#shared/wire/reports.ts'
import type { ReportText } from '#shared/words/reports.ts'

// Which figures each report tells, by the names that its paper and its tables have for them.

export type FigureUnit = 'count' | 'time' | 'share'

/** One figure of a line. */
export interface FigureSpec {
  /** Said one after the other. */
  readonly texts: readonly ReportText[]
  readonly unit: FigureUnit
  readonly read: (figures: Figures) => number | null
  /** What a change for the better looks like; left out: nobody can say. */
  readonly better?: 'less' | 'more'
  /** A mean never stands alone. */
  readonly beside?: (figures: Figures) => Summary
}

const counted = (text: ReportText, read: FigureSpec['read'], better?: 'less' | 'more'): FigureSpec => ({
  ...{ texts: [text], unit: 'count', read },
  ...(better !== undefined && { better }),
})
const share = (text: ReportText, read: FigureSpec['read'], better?: 'less' | 'more'): FigureSpec => ({
  ...{ texts: [text], unit: 'share', read },
  ...(better !== undefined && { better }),
})
const time = (text: ReportText, read: FigureSpec['read']): FigureSpec => ({ texts: [text], unit: 'time', read })

const issued = counted('issued', (it) => it.issuedCount)
const called = counted('called', (it) => it.calledCount)
const completed = counted('completed', (it) => it.completedCount)
const sla = share('sla', (it) => it.slaCompliance, 'more')
const noShow = share('noShowRate', (it) => it.noShowRate, 'less')
const abandonment = share('abandonmentRate', (it) => it.abandonmentRate, 'less')
const completion = share('completionRate', (it) => it.completionRate, 'more')
const utilisation = share('utilisation', (it) => it.utilisation)
const occupancy = share('occupancy', (it) => it.occupancy)

/** The median, with count, mean and percentile beside it. */
const summed = (text: ReportText, beside: (figures: Figures) => Summary): FigureSpec => ({
  ...{ texts: [text, 'median'], unit: 'time', read: (it) => beside(it).medianMs, better: 'less', beside },
})
const wait = summed('wait', (it) => it.wait)
const toService = summed('toService', (it) => it.timeToService)
const serviceTime = summed('serviceTime', (it) => it.serviceTime)

const spread = (text: ReportText, of: (figures: Figures) => Summary): readonly FigureSpec[] => [
  { texts: [text, 'mean'], unit: 'time', read: (it) => of(it).meanMs, better: 'less' },
  { texts: [text, 'median'], unit: 'time', read: (it) => of(it).medianMs, better: 'less' },
  { texts: [text, 'p90'], unit: 'time', read: (it) => of(it).p90Ms, better: 'less' },
]

type FigureReportName = Exclude<ReportName, 'satisfaction'>

/** What stands large above everything. */
export const TOTALS: Readonly<Record<FigureReportName, readonly FigureSpec[]>> = {
  'wait-times': [issued, wait, toService, sla, abandonment, noShow],
  'agent-performance': [completed, serviceTime, utilisation, occupancy, noShow, completion],
  'queue-stats': [issued, called, wait, sla, abandonment, occupancy],
}

/** What each line of a table tells. */
export const COLUMNS: Readonly<Record<FigureReportName, readonly FigureSpec[]>> = {
  'wait-times': [issued, called, ...spread('wait', (it) => it.wait), sla, abandonment, noShow],
  'agent-performance': [
    ...[called, completed, ...spread('serviceTime', (it) => it.serviceTime), noShow],
    ...[utilisation, time('signedIn', (it) => it.signedInMs), time('breaks', (it) => it.breakMs)],
    time('serving', (it) => it.servingMs),
  ],
  'queue-stats': [issued, called, completed, ...spread('wait', (it) => it.wait), sla, abandonment, noShow],
}
