import { Alert } from '@mantine/core'
import type { Words } from '#shared/domain/catalogue.ts'
import type { FigureReportAnswer, ToldRangeError } from '#shared/wire/reports.ts'
import { formatDuration } from '#shared/words/format.ts'
import { reportWords } from '#shared/words/reports.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import { AWAY_MS, sayMoment } from '../say-age.ts'
import { sayCount, sayShare } from './say-figure.ts'

/** Branches that are named one by one. */
const NAMED_MAX = 5
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** Which branches are away: their figures end where they were heard last. */
export function AgeNote({ answer, nowMs }: { readonly answer: FigureReportAnswer; readonly nowMs: number }) {
  const words = useWords()
  const { language } = useHere()
  const away = answer.branches.filter(({ heardAtMs }) => heardAtMs === null || nowMs - heardAtMs > AWAY_MS)
  if (away.length === 0) return null
  return (
    <Alert color="orange" className="age-note">
      <p>{words.say('dash.report.away', { count: away.length })}</p>
      <ul>
        {away.slice(0, NAMED_MAX).map(({ id, name, heardAtMs, timeZone }) => (
          <li key={id}>
            <bdi>{readWords(name as Words, language)}</bdi>
            {' — '}
            {heardAtMs === null
              ? words.say('dash.never')
              : words.say('dash.awaySince', { time: sayMoment(words, heardAtMs, timeZone) })}
          </li>
        ))}
        {away.length > NAMED_MAX && <li>…</li>}
      </ul>
    </Alert>
  )
}

/** How exact each figure is, and by whose clock days are. */
export function ExactnessNote({ answer }: { readonly answer: FigureReportAnswer }) {
  const { say } = useWords()
  const { language } = useHere()
  const { medianErrorMax, branches } = answer
  const zones = [...new Set(branches.map(({ timeZone }) => timeZone))]
  const isElsewhere = zones.some((zone) => zone !== ownZone)
  return (
    <p className="page-help">
      {medianErrorMax === 0
        ? say('dash.report.exact')
        : reportWords(language)('rounded', { percent: sayCount(medianErrorMax * 100, language, 1) })}
      {isElsewhere && ` ${say('dash.report.zones', { zones: zones.slice(0, NAMED_MAX).join(', ') })}`}
    </p>
  )
}

/** Shares that the ranges aim at. */
const [INSIDE_AIM, ABOVE_AIM] = [0.8, 0.1]

/** How true the ranges were that customers were told. */
export function RangeNote({ error }: { readonly error: ToldRangeError }) {
  const { say } = useWords()
  const { language } = useHere()
  const { count, biasMs, absoluteErrorMs, insideShare, aboveShare } = error
  const facts = [
    [
      say('dash.report.rangeInside'),
      sayShare(insideShare, language),
      say('dash.report.aim', { aim: sayShare(INSIDE_AIM, language) }),
    ],
    [
      say('dash.report.rangeAbove'),
      sayShare(aboveShare, language),
      say('dash.report.aim', { aim: sayShare(ABOVE_AIM, language) }),
    ],
    [say('dash.report.rangeError'), formatDuration(absoluteErrorMs), reportWords(language)('minutes')],
    [
      say('dash.report.rangeBias'),
      formatDuration(Math.abs(biasMs)),
      say(biasMs >= 0 ? 'dash.report.biasSooner' : 'dash.report.biasLater'),
    ],
  ] as const
  return (
    <section className="floor-part report-part">
      <h2>{say('dash.report.ranges')}</h2>
      <p className="page-help">{say('dash.report.rangesHelp', { count })}</p>
      <dl className="totals report-totals">
        {facts.map(([label, value, beside]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value}</bdi>
              <p className="beside">{beside}</p>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
