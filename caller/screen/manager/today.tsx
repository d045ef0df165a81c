import type { ReactNode } from 'react'
import { TimeText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import { formatTime } from '#shared/words/format.ts'
import {
  type BranchReports,
  type DayWaits,
  type Fetched,
  type LastLeaves,
  nextTimeMs,
  quartersAhead,
  type ToldError,
  type WhatIf,
} from '../../reports.ts'
import type { ManagerProps } from '../caller-props.ts'
import { Figures } from './figures.tsx'
import { Duration, NumberTable, Share } from './table.tsx'

/** Each part of the page: what it is called, and what it says when it has nothing. */
const PANELS = {
  outlook: { title: 'manager.outlook', none: 'manager.noOutlook' },
  replay: { title: 'manager.whatIf', none: 'manager.noWhatIf' },
  told: { title: 'manager.told', none: 'manager.noTold' },
} as const satisfies Record<string, { readonly title: WordKey; readonly none: WordKey }>

interface PanelProps<Value> {
  readonly name: keyof typeof PANELS
  readonly fetched: Fetched<Value>
  readonly before?: ReactNode
  readonly draw: (value: Value) => ReactNode
}

/** A part of the page that says honestly when it has nothing to say. */
function Panel<Value>({ name, fetched, before, draw }: PanelProps<Value>) {
  const words = useWords()
  const { title, none } = PANELS[name]
  return (
    <section className={`panel ${name}`}>
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
  readonly nowMs: number
  readonly onStopAt: (time: string) => void
}

function Outlook({ stopAt, lastLeaves, timezone, nowMs, onStopAt }: OutlookProps) {
  const words = useWords()
  const ahead = quartersAhead(nowMs, timezone)
  // What was chosen stays to be seen when its time has come.
  const quarters = ahead.includes(stopAt) || stopAt === '' ? ahead : [stopAt, ...ahead]
  const time = (atMs: number): string => formatTime(atMs, words.language, timezone)
  return (
    <Panel
      name="outlook"
      fetched={lastLeaves}
      before={
        <label className="field stop-at">
          <span className="field-label">{words.say('manager.stopAt')}</span>
          <select
            className="field-input"
            dir="ltr"
            value={stopAt}
            onChange={(event) => onStopAt(event.currentTarget.value)}
          >
            {quarters.map((quarter) => (
              <option key={quarter}>{quarter}</option>
            ))}
          </select>
        </label>
      }
      draw={({ midMs, highMs }) => (
        <p className="outlook-answer" role="status">
          {/* In a quiet hour nobody is left to wait for the stop. */}
          {highMs <= nextTimeMs(stopAt, nowMs, timezone)
            ? words.say('manager.leftBefore')
            : words.say('manager.lastLeaves', { time: time(midMs), latest: time(highMs) })}
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
      <td className="figure">
        <TimeText>{String(waits.notCalledCount ?? '–')}</TimeText>
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

function rowsOf(more: WhatIf | null, less: WhatIf | null): readonly (readonly [WordKey, DayWaits])[] {
  const rows: readonly (readonly [WordKey, DayWaits | undefined])[] = [
    ['manager.asItWas', (more ?? less)?.actual],
    ['manager.oneMore', more?.changed],
    ['manager.oneLess', less?.changed],
  ]
  return rows.flatMap(([name, waits]) => (waits === undefined ? [] : [[name, waits] as const]))
}

function Replay({ reports }: { readonly reports: BranchReports }) {
  const words = useWords()
  const time = words.say('manager.unitTime')
  const columns = [
    { key: 'mean', text: words.say('manager.waitMean'), unit: time },
    { key: 'p90', text: words.say('manager.waitP90'), unit: time },
    { key: 'sla', text: words.say('manager.onTarget'), unit: words.say('manager.unitShare') },
    { key: 'notCalled', text: words.say('manager.notCalled') },
  ]
  return (
    <Panel
      name="replay"
      fetched={together(reports)}
      draw={({ more, less }) => (
        <NumberTable caption={words.say('manager.whatIf')} corner="" columns={columns}>
          <tbody>
            {rowsOf(more, less).map(([name, waits]) => (
              <WaitsRow key={name} name={name} waits={waits} />
            ))}
          </tbody>
        </NumberTable>
      )}
    />
  )
}

function Told({ told }: { readonly told: Fetched<ToldError> }) {
  const words = useWords()
  const [time, share] = [words.say('manager.unitTime'), words.say('manager.unitShare')]
  return (
    <Panel
      name="told"
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
export function TodayPage({ reports, desk, moment, onStopAt }: ManagerProps) {
  const timezone = desk.branch?.timezone ?? 'UTC'
  return (
    <div className="today">
      <Figures today={reports.today} />
      <div className="panels">
        <Outlook
          stopAt={reports.stopAt}
          lastLeaves={reports.lastLeaves}
          timezone={timezone}
          nowMs={moment.atMs}
          onStopAt={onStopAt}
        />
        <Replay reports={reports} />
        <Told told={reports.told} />
      </div>
    </div>
  )
}
