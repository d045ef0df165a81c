import type { Figures } from '#shared/project/figures.ts'
import type { FigureReportAnswer } from '#shared/wire/reports.ts'
import { formatDuration } from '#shared/words/format.ts'
import { reportWords } from '#shared/words/reports.ts'
import { useHere, useWords } from '../here.tsx'
import { type FigureSpec, TOTALS } from './figure-specs.ts'
import { sayChange, sayCount, sayFigure } from './say-figure.ts'

const [WIDTH, HEIGHT] = [100, 24]

/** How a figure went, day by day: silent, for the table of days says it. */
function Sparkline({ values }: { readonly values: readonly (number | null)[] }) {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ value, at }]))
  if (known.length < 2) return null
  const most = Math.max(...known.map(({ value }) => value), Number.MIN_VALUE)
  const points = known.map(
    ({ value, at }) =>
      `${((at / (values.length - 1)) * WIDTH).toFixed(1)},${(HEIGHT - (value / most) * HEIGHT).toFixed(1)}`,
  )
  return (
    <svg className="sparkline" viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  )
}

/** Below this it is as it was. */
const CHANGE_MIN = 0.005

/** Against the compared period. Of shares the points are told: half as many no-shows of few are nothing. */
function Change({ spec, mine, other }: { readonly spec: FigureSpec; readonly mine: Figures; readonly other: Figures }) {
  const { say, language } = useWords()
  const [now, before] = [spec.read(mine), spec.read(other)]
  if (now === null || before === null) return null
  const change = spec.unit === 'share' ? now - before : before === 0 ? null : now / before - 1
  if (change === null) return null
  const isBetter = spec.better === undefined ? null : change < 0 === (spec.better === 'less')
  const tone = Math.abs(change) < CHANGE_MIN || isBetter === null ? '' : isBetter ? 'is-better' : 'is-worse'
  const told =
    spec.unit === 'share'
      ? say('dash.report.points', { points: `${change > 0 ? '+' : ''}${sayCount(change * 100, language, 1)}` })
      : sayChange(change, language)
  const was = sayFigure(before, spec.unit, language) ?? ''
  return (
    <p className={`change ${tone}`}>
      {tone !== '' && (
        <span className="only-heard">{say(isBetter === true ? 'dash.report.better' : 'dash.report.worse')} </span>
      )}
      <bdi>{told}</bdi> <span className="change-was">{say('dash.report.was', { value: was })}</span>
    </p>
  )
}

function Tile({ spec, answer }: { readonly spec: FigureSpec; readonly answer: FigureReportAnswer }) {
  const { say } = useWords()
  const { language } = useHere()
  const sayText = reportWords(language)
  const { total, comparison, days } = answer
  const beside = spec.beside?.(total)
  return (
    <div>
      <dt>{spec.texts.map((it) => sayText(it)).join(' · ')}</dt>
      <dd>
        <bdi>{sayFigure(spec.read(total), spec.unit, language) ?? say('dash.none')}</bdi>
        {beside !== undefined && beside.meanMs !== null && beside.p90Ms !== null && (
          <p className="beside">
            {say('dash.report.beside', {
              ...{ mean: formatDuration(beside.meanMs), p90: formatDuration(beside.p90Ms) },
              count: sayCount(beside.count, language),
            })}
          </p>
        )}
        {comparison !== null && <Change spec={spec} mine={total} other={comparison.total} />}
        <Sparkline values={days.map((day) => spec.read(day))} />
      </dd>
    </div>
  )
}

/** What the period comes to, each figure with how it went. */
export function Totals({ answer }: { readonly answer: FigureReportAnswer }) {
  return (
    <dl className="totals report-totals">
      {TOTALS[answer.report].map((spec) => (
        <Tile key={spec.texts.join(' ')} spec={spec} answer={answer} />
      ))}
    </dl>
  )
}
