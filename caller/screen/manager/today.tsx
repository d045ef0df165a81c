import type { ReactNode } from 'react'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import { formatTime } from '#shared/words/format.ts'
import type { BranchReports, DayWaits, Fetched, LastLeaves, ToldError, WhatIf } from '../../reports.ts'
import { Figures } from './figures.tsx'
import type { ManagerProps } from './manager-pages.tsx'
import { Duration, NumberTable, Share } from './table.tsx'

interface PanelProps<Value> {
  readonly title: WordKey
  readonly fetched: Fetched<Value>
  readonly none: WordKey
  readonly className: string
  readonly before?: ReactNode
  readonly draw: (value: Value) => ReactNode
}

/** A part of the page that says honestly when it has nothing to say. */
function Panel<Value>({ title, fetched, none, className, before, draw }: PanelProps<Value>) {
  const words = useWords()
  return (
    <section className={`panel ${className}`}>
      <h2>{words.say(title)}</h2>
      {before}
      {fetched.status === 'loading' && <p className="nothing">{words.say('manager.loading')}</p>}
      {fetched.status === 'none' && <p className="nothing">{words.say(none)}</p>}
      {fetched.status === 'there' && draw(fetched.value)}
    </section>
  )
}

interface OutlookProps {
  readonly stopAt: string
  readonly lastLeaves: Fetched<LastLeaves>
  readonly timezone: string
  readonly onStopAt: (time: string) => void
}

function Outlook({ stopAt, lastLeaves, timezone, onStopAt }: OutlookProps) {
  const words = useWords()
  const time = (atMs: number): string => formatTime(atMs, words.language, timezone)
  return (
    <Panel
      className="outlook"
      title="manager.outlook"
      none="manager.noOutlook"
      fetched={lastLeaves}
      before={
        <label className="field stop-at">
          <span className="field-label">{words.say('manager.stopAt')}</span>
          <input
            className="field-input"
            type="time"
            dir="ltr"
            lang="fr"
            value={stopAt}
            onChange={(event) => onStopAt(event.currentTarget.value)}
          />
        </label>
      }
      draw={({ midMs, highMs }) => (
        <p className="outlook-answer" role="status">
          {words.say('manager.lastLeaves', { time: time(midMs), latest: time(highMs) })}
        </p>
      )}
    />
  )
}

function WaitsRow({ name, waits }: { readonly name: WordKey; readonly waits: DayWaits }) {
  const words = useWords()
  return (
    <tr>
      <th scope="row">{words.say(name)}</th>
      <td className="figure">
        <Duration ms={waits.meanWaitMs} />
      </td>
      <td className="figure">
        <Duration ms={waits.p90WaitMs} />
      </td>
      <td className="figure">
        <Share share={waits.slaShare} />
      </td>
    </tr>
  )
}

/** Both replays as one: what is known of either is shown. */
function together({ oneMore, oneLess }: BranchReports): Fetched<{ more: WhatIf | null; less: WhatIf | null }> {
  if (oneMore.status === 'loading' || oneLess.status === 'loading') return { status: 'loading' }
  const more = oneMore.status === 'there' ? oneMore.value : null
  const less = oneLess.status === 'there' ? oneLess.value : null
  return more === null && less === null ? { status: 'none' } : { status: 'there', value: { more, less } }
}

function Replay({ reports }: { readonly reports: BranchReports }) {
  const words = useWords()
  const time = words.say('manager.unitTime')
  const columns = [
    { key: 'mean', text: words.say('manager.waitMean'), unit: time },
    { key: 'p90', text: words.say('manager.waitP90'), unit: time },
    { key: 'sla', text: words.say('manager.onTarget'), unit: words.say('manager.unitShare') },
  ]
  return (
    <Panel
      className="replay"
      title="manager.whatIf"
      none="manager.noWhatIf"
      fetched={together(reports)}
      draw={({ more, less }) => (
        <NumberTable caption={words.say('manager.whatIf')} corner="" columns={columns}>
          <tbody>
            {(more ?? less) !== null && <WaitsRow name="manager.asItWas" waits={(more ?? less)?.actual ?? NO_WAITS} />}
            {more !== null && <WaitsRow name="manager.oneMore" waits={more.changed} />}
            {less !== null && <WaitsRow name="manager.oneLess" waits={less.changed} />}
          </tbody>
        </NumberTable>
      )}
    />
  )
}

const NO_WAITS: DayWaits = { meanWaitMs: null, p90WaitMs: null, slaShare: null }

function Told({ told }: { readonly told: Fetched<ToldError> }) {
  const words = useWords()
  const [time, share] = [words.say('manager.unitTime'), words.say('manager.unitShare')]
  return (
    <Panel
      className="told"
      title="manager.told"
      none="manager.noTold"
      fetched={told}
      draw={({ count, biasMs, meanAbsoluteErrorMs, insideShare, aboveShare }) => (
        <dl className="facts">
          <dt>{words.say('manager.toldCount')}</dt>
          <dd>{count}</dd>
          <dt>
            {words.say('manager.toldInside')} <small>{share}</small>
          </dt>
          <dd>
            <Share share={insideShare} />
          </dd>
          <dt>
            {words.say('manager.toldAbove')} <small>{share}</small>
          </dt>
          <dd>
            <Share share={aboveShare} />
          </dd>
          <dt>
            {words.say('manager.toldError')} <small>{time}</small>
          </dt>
          <dd>
            <Duration ms={meanAbsoluteErrorMs} />
          </dd>
          <dt>
            {words.say(biasMs >= 0 ? 'manager.toldLonger' : 'manager.toldShorter')} <small>{time}</small>
          </dt>
          <dd>
            <Duration ms={Math.abs(biasMs)} />
          </dd>
        </dl>
      )}
    />
  )
}

/** The day in figures, how it may end, and how right the branch was about waiting. */
export function TodayPage({ reports, desk, onStopAt }: ManagerProps) {
  const timezone = desk.branch?.timezone ?? 'UTC'
  return (
    <div className="today">
      <Figures today={reports.today} />
      <div className="panels">
        <Outlook stopAt={reports.stopAt} lastLeaves={reports.lastLeaves} timezone={timezone} onStopAt={onStopAt} />
        <Replay reports={reports} />
        <Told told={reports.told} />
      </div>
    </div>
  )
}
