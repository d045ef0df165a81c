import { lazy, Suspense, useState } from 'react'
import { Link, Redirect, useSearchParams } from 'wouter'
import type { Words } from '#shared/domain/catalogue.ts'
import { type FigureReportAnswer, REPORTS, type ReportName, type SatisfactionAnswer } from '#shared/wire/reports.ts'
import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { reportWords } from '#shared/words/reports.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import { EmptyState, Page, Waiting } from '../parts/parts.tsx'
import { useFleet } from '../queries.ts'
import { AdviceList } from './advice-list.tsx'
import { Downloads } from './downloads.tsx'
import { Filters } from './filters.tsx'
import { HeatMap } from './heat-map.tsx'
import { ReportBranches, ReportDays, ReportLines } from './lines.tsx'
import { AgeNote, ExactnessNote, RangeNote } from './notes.tsx'
import { dateIn, type ReportQuestion, readQuestion, writeQuestion } from './question.ts'
import './reports.css'
import { sayCount, sayShare } from './say-figure.ts'
import { Totals } from './totals.tsx'
import { type ReportAnswer, useReport } from './use-report.ts'

const Charts = lazy(async () => ({ default: (await import('./charts.tsx')).Charts }))

const TITLES: Readonly<Record<ReportName, DashboardKey>> = {
  'wait-times': 'dash.report.waitTimes',
  'agent-performance': 'dash.report.agentPerformance',
  'queue-stats': 'dash.report.queueStats',
  satisfaction: 'dash.report.satisfaction',
}
const HELPS: Readonly<Record<ReportName, DashboardKey>> = {
  'wait-times': 'dash.report.waitTimesHelp',
  'agent-performance': 'dash.report.agentPerformanceHelp',
  'queue-stats': 'dash.report.queueStatsHelp',
  satisfaction: 'dash.report.satisfactionHelp',
}
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** The four reports; each keeps the days and the branch that were asked for. */
function Tabs({ question }: { readonly question: ReportQuestion }) {
  const { session } = useHere()
  const { say } = useWords()
  const query = writeQuestion({ ...question, of: null })
  return (
    <nav className="report-tabs" aria-label={say('dash.reports')}>
      {REPORTS.map((report) => (
        <Link
          key={report}
          href={`/t/${session.slug}/reports/${report}?${query}`}
          aria-current={report === question.report ? 'page' : undefined}
        >
          {say(TITLES[report])}
        </Link>
      ))}
    </nav>
  )
}

/** A line for each day, for whoever wants them: a year of them is long. */
function Days({ answer }: { readonly answer: FigureReportAnswer }) {
  const { language } = useHere()
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="report-part" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{reportWords(language)('date')}</summary>
      {isOpen && <ReportDays answer={answer} />}
    </details>
  )
}

interface FiguresProps {
  readonly answer: FigureReportAnswer
  readonly question: ReportQuestion
  readonly nowMs: number
}

function Figures({ answer, question, nowMs }: FiguresProps) {
  const { say } = useWords()
  const { language } = useHere()
  const sayText = reportWords(language)
  const { days, branches, heatMap, rangeError, linesBy } = answer
  if (days.length === 0)
    return (
      <>
        <AgeNote answer={answer} nowMs={nowMs} />
        <EmptyState title={sayText('none')} text={say('dash.report.noneHelp')} />
      </>
    )
  return (
    <>
      <AgeNote answer={answer} nowMs={nowMs} />
      <Totals answer={answer} />
      <ExactnessNote answer={answer} />
      <AdviceList answer={answer} />
      <Suspense fallback={<Waiting />}>
        <Charts answer={answer} />
      </Suspense>
      {heatMap !== null && heatMap.length > 0 && (
        <section className="floor-part report-part">
          <h2>{say('dash.report.heatMap')}</h2>
          <HeatMap cells={heatMap} />
        </section>
      )}
      <section className="floor-part report-part">
        <h2>{sayText(linesBy)}</h2>
        <ReportLines answer={answer} question={question} />
      </section>
      {branches.length > 1 && (
        <section className="floor-part report-part">
          <h2>{sayText('branch')}</h2>
          <ReportBranches answer={answer} question={question} />
        </section>
      )}
      {rangeError !== null && <RangeNote error={rangeError} />}
      <Days answer={answer} />
    </>
  )
}

/** What customers answered, beside how many did. */
function Satisfaction({ answer }: { readonly answer: SatisfactionAnswer }) {
  const { say } = useWords()
  const { language } = useHere()
  const { isCollected, answerCount, csat, meanScore, npsCount, nps } = answer
  if (!isCollected) return <EmptyState title={say('dash.report.notAsked')} text={say('dash.report.notAskedHelp')} />
  const none = say('dash.none')
  const tiles = [
    [say('dash.report.csat'), csat === null ? none : sayShare(csat, language), answerCount],
    [say('dash.report.meanScore'), meanScore === null ? none : sayCount(meanScore, language, 2), answerCount],
    [say('dash.report.nps'), nps === null ? none : sayCount(nps, language), npsCount],
  ] as const
  return (
    <dl className="totals report-totals">
      {tiles.map(([label, value, count]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <bdi>{value}</bdi>
            <p className="beside">{say('dash.report.answers', { count })}</p>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** How what a report is of alone is called. */
function useNameOf({ of }: ReportQuestion, answer: ReportAnswer | undefined): string {
  const { language } = useHere()
  if (of === null || answer === undefined || answer.report === 'satisfaction') return of?.id ?? ''
  return readWords(answer.lines.find(({ id }) => id === of.id)?.name as Words, language) || of.id
}

function Answered({ question, nowMs }: { readonly question: ReportQuestion; readonly nowMs: number }) {
  const { data, error } = useReport(question)
  // The answer to the question before may stand a moment longer, unless it is of another kind.
  if (data === undefined || error !== null || data.report !== question.report) return <Waiting error={error} />
  if (data.report === 'satisfaction') return <Satisfaction answer={data} />
  return <Figures answer={data} question={question} nowMs={nowMs} />
}

/** One report of some days, by its address. */
export function ReportsPage({ report }: { readonly report: string }) {
  const { session } = useHere()
  const { say } = useWords()
  const [params, setParams] = useSearchParams()
  const fleet = useFleet()
  if (fleet.data === undefined) return <Waiting error={fleet.error} />
  const { items, nowMs } = fleet.data
  const zone = items.find(({ branchId }) => branchId === params.get('branch'))?.timeZone ?? ownZone
  const today = dateIn(nowMs, zone)
  const question = readQuestion(report, params, today)
  if (question === null) return <Redirect to={`/t/${session.slug}/reports/${REPORTS[0]}`} />
  const ask = (change: Partial<ReportQuestion>): void =>
    setParams(writeQuestion({ ...question, ...change }), { replace: true })
  return (
    <Page title={say(TITLES[question.report])} help={say(HELPS[question.report])}>
      <Tabs question={question} />
      <AskedFilters question={question} ask={ask} branches={items} today={today} />
      <Answered question={question} nowMs={nowMs} />
      <Downloads question={question} />
    </Page>
  )
}

function AskedFilters(props: Omit<React.ComponentProps<typeof Filters>, 'ofName'>) {
  const { data } = useReport(props.question)
  return <Filters {...props} ofName={useNameOf(props.question, data)} />
}
