import type { Language } from '../domain/ids.ts'
import type { TableBy } from '../project/figure-report.ts'
import type { Figures } from '../project/figures.ts'
import { formatDuration } from '../words/format.ts'
import { type ReportText, reportNumber } from '../words/reports.ts'

/** What of a line of figures stands on paper, column by column. */

const NOTHING = '–'

const timer = (ms: number | null): string => (ms === null ? NOTHING : formatDuration(ms))
export const percent = (share: number | null): string => (share === null ? NOTHING : `${Math.round(share * 100)} %`)

export interface Column {
  /** Said over several columns once, where it is the same as its neighbour's. */
  readonly group: ReportText | null
  readonly text: ReportText
  readonly show: (figures: Figures, language: Language) => string
}

const durations = (group: ReportText, of: (figures: Figures) => Figures['wait']): readonly Column[] => [
  { group, text: 'count', show: (it, language) => reportNumber(of(it).count, language) },
  { group, text: 'mean', show: (it) => timer(of(it).meanMs) },
  { group, text: 'median', show: (it) => timer(of(it).medianMs) },
  { group, text: 'p90', show: (it) => timer(of(it).p90Ms) },
]

const TICKETS: readonly Column[] = [
  { group: null, text: 'issued', show: (it, language) => reportNumber(it.issuedCount, language) },
  { group: null, text: 'completed', show: (it, language) => reportNumber(it.completedCount, language) },
  { group: null, text: 'noShow', show: (it, language) => reportNumber(it.noShowCount, language) },
  ...durations('wait', (it) => it.wait),
  ...durations('serviceTime', (it) => it.serviceTime),
  { group: null, text: 'sla', show: (it) => percent(it.slaCompliance) },
]

/** Nobody takes a ticket at a counter: there, calls are counted, and how much of the time somebody was served. */
const AT_COUNTERS: readonly Column[] = [
  { group: null, text: 'called', show: (it, language) => reportNumber(it.calledCount, language) },
  ...TICKETS.slice(1, -1),
  { group: null, text: 'signedIn', show: (it) => timer(it.signedInMs) },
  { group: null, text: 'busy', show: (it) => percent(it.utilisation) },
]

export const columnsOf = (by: TableBy): readonly Column[] =>
  by === 'counter' || by === 'agent' ? AT_COUNTERS : TICKETS
