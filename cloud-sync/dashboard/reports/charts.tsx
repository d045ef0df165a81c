import { useId } from 'react'
import {
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { Words } from '#shared/domain/catalogue.ts'
import type { Figures } from '#shared/project/figures.ts'
import type { Band } from '#shared/project/spread.ts'
import type { FigureReportAnswer } from '#shared/wire/reports.ts'
import { formatDuration } from '#shared/words/format.ts'
import { reportWords } from '#shared/words/reports.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import { sayCount, sayDate } from './say-figure.ts'

const HEIGHT = 260
const SCALE_WIDTH = 56
/** More of them beside each other are no picture. */
const BRANCHES_MAX = 30

const TIP = { border: 0, borderRadius: 8, background: 'var(--surface)', color: 'var(--ink)', boxShadow: 'var(--lift)' }

interface Series {
  readonly key: string
  readonly name: string
  readonly colour: 'var(--accent-fill)' | 'var(--amber-fill)' | 'var(--line-strong)'
}

type Row = Readonly<Record<string, string | number | null>>

interface ChartProps {
  readonly title: string
  readonly rows: readonly Row[]
  /** Of a row: what it is of. */
  readonly of: string
  readonly series: readonly Series[]
  readonly sayValue: (value: number) => string
  readonly kind: 'lines' | 'bars' | 'stack'
}

/**
 * One picture. Its library draws from left to right; in Arabic the first row stands at the right, and the scale there.
 * Nothing moves: what is drawn is there at once.
 */
function Chart({ title, rows, of, series, sayValue, kind }: ChartProps) {
  const { direction } = useWords()
  const id = useId()
  const isMirrored = direction === 'rtl'
  const shown = {
    ...{ data: [...rows], accessibilityLayer: false },
    margin: { top: 8, right: isMirrored ? 0 : 12, bottom: 0, left: isMirrored ? 12 : 0 },
  }
  const axes = [
    <CartesianGrid key="grid" vertical={false} stroke="var(--line)" />,
    <XAxis key="x" dataKey={of} reversed={isMirrored} tickLine={false} stroke="var(--line-strong)" minTickGap={16} />,
    <YAxis
      key="y"
      width={SCALE_WIDTH}
      orientation={isMirrored ? 'right' : 'left'}
      tickFormatter={sayValue}
      tickLine={false}
      axisLine={false}
      stroke="var(--ink-soft)"
    />,
    <Tooltip
      key="tip"
      formatter={(value) => sayValue(Number(value))}
      isAnimationActive={false}
      contentStyle={TIP}
      cursor={{ fill: 'var(--sunken)', stroke: 'var(--line-strong)' }}
    />,
    ...(series.length > 1
      ? [
          <Legend
            key="legend"
            itemSorter={null}
            formatter={(name) => (
              <span className="legend-name" dir={direction}>
                {name}
              </span>
            )}
          />,
        ]
      : []),
  ]
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      {/* Whoever listens has the same figures in the tables below. */}
      <div dir="ltr" aria-hidden="true">
        <ResponsiveContainer width="100%" height={HEIGHT}>
          {kind === 'lines' ? (
            <LineChart {...shown}>
              {axes}
              {series.map(({ key, name, colour }) => (
                <Line
                  key={key}
                  dataKey={key}
                  name={name}
                  stroke={colour}
                  strokeWidth={2}
                  dot={{ r: 2 }}
                  connectNulls
                  isAnimationActive={false}
                />
              ))}
            </LineChart>
          ) : (
            <BarChart {...shown}>
              {axes}
              {series.map(({ key, name, colour }) => (
                <Bar
                  key={key}
                  dataKey={key}
                  name={name}
                  fill={colour}
                  isAnimationActive={false}
                  {...(kind === 'stack' && { stackId: 'all' })}
                />
              ))}
            </BarChart>
          )}
        </ResponsiveContainer>
      </div>
    </figure>
  )
}

/** What all pictures of a report speak of: waits, or of agents the time they served. */
function useSubject({ report }: FigureReportAnswer) {
  const { language } = useHere()
  const sayText = reportWords(language)
  const isOfAgents = report === 'agent-performance'
  return {
    name: `${sayText(isOfAgents ? 'serviceTime' : 'wait')} (${sayText('minutes')})`,
    summaryOf: ({ serviceTime, wait }: Figures) => (isOfAgents ? serviceTime : wait),
    bandsOf: (answer: FigureReportAnswer): readonly Band[] => (isOfAgents ? answer.serviceBands : answer.waitBands),
    series: [
      { key: 'median', name: sayText('median'), colour: 'var(--accent-fill)' },
      { key: 'p90', name: sayText('p90'), colour: 'var(--amber-fill)' },
    ] as const,
  }
}

/** How days went: how long it took, and who came. */
function Trends({ answer }: { readonly answer: FigureReportAnswer }) {
  const { say } = useWords()
  const { language } = useHere()
  const sayText = reportWords(language)
  const { name, summaryOf, series } = useSubject(answer)
  const rows = answer.days.map((day) => ({
    date: sayDate(day.id, language),
    ...{ median: summaryOf(day).medianMs, p90: summaryOf(day).p90Ms },
    ...{ completed: day.completedCount, noShow: day.noShowCount, cancelled: day.cancelledCount },
  }))
  return (
    <>
      <Chart
        title={say('dash.report.trendOf', { what: name })}
        {...{ rows, series, of: 'date', kind: 'lines', sayValue: formatDuration }}
      />
      <Chart
        title={say('dash.report.trendOf', { what: sayText('issued') })}
        {...{ rows, of: 'date', kind: 'stack' }}
        sayValue={(value) => sayCount(value, language)}
        series={[
          { key: 'completed', name: sayText('completed'), colour: 'var(--accent-fill)' },
          { key: 'noShow', name: sayText('noShow'), colour: 'var(--amber-fill)' },
          { key: 'cancelled', name: sayText('cancelled'), colour: 'var(--line-strong)' },
        ]}
      />
    </>
  )
}

const sayBand = ({ fromMs, toMs }: Band): string =>
  toMs === null ? `${formatDuration(fromMs)} +` : `${formatDuration(fromMs)}–${formatDuration(toMs)}`

/** How long most, and how long a few. Bands grow as times do, so that the first minutes are told apart, too. */
function Distribution({ answer }: { readonly answer: FigureReportAnswer }) {
  const { say } = useWords()
  const { language } = useHere()
  const { name, bandsOf } = useSubject(answer)
  const bands = bandsOf(answer)
  if (bands.length === 0) return null
  return (
    <Chart
      title={say('dash.report.distributionOf', { what: name })}
      rows={bands.map((band) => ({ band: sayBand(band), count: band.count }))}
      {...{ of: 'band', kind: 'bars' }}
      series={[{ key: 'count', name: reportWords(language)('count'), colour: 'var(--accent-fill)' }]}
      sayValue={(value) => sayCount(value, language)}
    />
  )
}

/** Branches beside each other. */
function Branches({ answer }: { readonly answer: FigureReportAnswer }) {
  const { say } = useWords()
  const { language } = useHere()
  const { name, summaryOf, series } = useSubject(answer)
  const { branches } = answer
  if (branches.length < 2 || branches.length > BRANCHES_MAX) return null
  const rows = branches.map((branch) => ({
    name: readWords(branch.name as Words, language),
    ...{ median: summaryOf(branch).medianMs, p90: summaryOf(branch).p90Ms },
  }))
  return (
    <Chart
      title={say('dash.report.branchesOf', { what: name })}
      {...{ rows, series, of: 'name', kind: 'bars', sayValue: formatDuration }}
    />
  )
}

/** All pictures of a report, in one file: what draws them comes when they are looked at. */
export function Charts({ answer }: { readonly answer: FigureReportAnswer }) {
  return (
    <div className="charts">
      {answer.days.length > 1 && <Trends answer={answer} />}
      <Distribution answer={answer} />
      <Branches answer={answer} />
    </div>
  )
}
