import { useState } from 'react'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import { type Fetched, FIGURE_GROUPS, type FigureGroup, type FigureRow, REPORT_BY, type Today } from '../../reports.ts'
import { type Column, Duration, NumberTable, Share } from './table.tsx'

type Reading = readonly [word: WordKey, kind: 'count' | 'time' | 'share', read: (row: FigureRow) => number | null]

const CUSTOMERS: readonly Reading[] = [
  ['manager.issued', 'count', (row) => row.issuedCount],
  ['manager.completed', 'count', (row) => row.completedCount],
  ['manager.noShow', 'count', (row) => row.noShowCount],
  ['manager.abandoned', 'count', (row) => row.abandonedCount],
  ['manager.waitMean', 'time', (row) => row.waitMeanMs],
  ['manager.waitMedian', 'time', (row) => row.waitMedianMs],
  ['manager.waitP90', 'time', (row) => row.waitP90Ms],
  ['manager.onTarget', 'share', (row) => row.onTargetShare],
  ['manager.serviceMean', 'time', (row) => row.serviceMeanMs],
]

const PEOPLE: readonly Reading[] = [
  ['manager.called', 'count', (row) => row.calledCount],
  ['manager.completed', 'count', (row) => row.completedCount],
  ['manager.noShow', 'count', (row) => row.noShowCount],
  ['manager.serviceMean', 'time', (row) => row.serviceMeanMs],
  ['manager.waitMean', 'time', (row) => row.waitMeanMs],
  ['manager.signedIn', 'time', (row) => row.signedInMs],
  ['manager.breaks', 'time', (row) => row.breakMs],
  ['manager.busy', 'share', (row) => row.busyShare],
]

const READINGS: Record<FigureGroup, readonly Reading[]> = {
  services: CUSTOMERS,
  queues: CUSTOMERS,
  counters: PEOPLE,
  agents: PEOPLE,
  hours: CUSTOMERS,
}

const GROUP_WORDS: Record<FigureGroup, WordKey> = {
  services: 'manager.by.services',
  queues: 'manager.by.queues',
  counters: 'manager.by.counters',
  agents: 'manager.by.agents',
  hours: 'manager.by.hours',
}

const CORNERS: Record<FigureGroup, WordKey> = {
  services: 'caller.service',
  queues: 'manager.queues',
  counters: 'manager.counter',
  agents: 'manager.agent',
  hours: 'manager.by.hours',
}

function Figure({ row, reading: [, kind, read] }: { readonly row: FigureRow; readonly reading: Reading }) {
  const value = read(row)
  return (
    <td className="figure">
      {kind === 'time' && <Duration ms={value} />}
      {kind === 'share' && <Share share={value} />}
      {kind === 'count' && <bdi dir="ltr">{value ?? '–'}</bdi>}
    </td>
  )
}

function useName(group: FigureGroup): (row: FigureRow) => string {
  const words = useWords()
  return ({ id, name }) => {
    if (group === 'hours') return `\u2066${id}:00\u2069`
    if (name === null) return id
    return typeof name === 'string' ? name : words.read(name)
  }
}

interface GroupTableProps {
  readonly group: FigureGroup
  readonly rows: readonly FigureRow[]
  readonly total: FigureRow
}

function GroupTable({ group, rows, total }: GroupTableProps) {
  const words = useWords()
  const nameOf = useName(group)
  const readings = READINGS[group]
  const columns = readings.map(([word, kind]): Column => {
    const unit = { count: null, time: words.say('manager.unitTime'), share: words.say('manager.unitShare') }[kind]
    return { key: word, text: words.say(word), ...(unit !== null && { unit }) }
  })
  if (rows.length === 0) return <p className="nothing">{words.say('manager.noRows')}</p>
  return (
    <NumberTable caption={words.say(GROUP_WORDS[group])} corner={words.say(CORNERS[group])} columns={columns}>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">{nameOf(row)}</th>
            {readings.map((reading) => (
              <Figure key={reading[0]} row={row} reading={reading} />
            ))}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{words.say('manager.all')}</th>
          {readings.map((reading) => (
            <Figure key={reading[0]} row={total} reading={reading} />
          ))}
        </tr>
      </tfoot>
    </NumberTable>
  )
}

function Downloads({ date, group }: { readonly date: string; readonly group: FigureGroup }) {
  const words = useWords()
  const span = `from=${date}&to=${date}&language=${words.language}`
  const table = (format: string): string => `/api/v1/reports/figures?${span}&by=${REPORT_BY[group]}&format=${format}`
  // The report of the day leaves agents out: they are printed only when somebody asks for them.
  const pdf =
    group === 'agents'
      ? { address: table('pdf'), text: words.say('manager.pdf') }
      : { address: `/api/v1/reports/figures?${span}&format=pdf`, text: words.say('manager.dayPdf') }
  return (
    <p className="downloads">
      <a className="button button-plain" href={table('csv')} download>
        {words.say('manager.csv')}
      </a>
      <a className="button button-plain" href={pdf.address} download>
        {pdf.text}
      </a>
    </p>
  )
}

function Groups(props: {
  readonly today: Today
  readonly group: FigureGroup
  readonly onGroup: (group: FigureGroup) => void
}) {
  const words = useWords()
  return (
    <fieldset className="groups">
      <legend className="only-heard">{words.say('manager.figures')}</legend>
      {FIGURE_GROUPS.filter((group) => props.today.groups[group] !== undefined).map((group) => (
        <Button key={group} isPressed={group === props.group} onPress={() => props.onGroup(group)}>
          {words.say(GROUP_WORDS[group])}
        </Button>
      ))}
    </fieldset>
  )
}

/** The figures of the present day, by whatever one asks. */
export function Figures({ today }: { readonly today: Fetched<Today> }) {
  const words = useWords()
  const [group, setGroup] = useState<FigureGroup>('services')
  return (
    <section className="panel figures">
      <h2>{words.say('manager.figures')}</h2>
      {today.status === 'loading' && <p className="nothing">{words.say('manager.loading')}</p>}
      {today.status === 'none' && <p className="nothing">{words.say('manager.noFigures')}</p>}
      {today.status === 'there' && (
        <>
          <div className="figures-head">
            <Groups today={today.value} group={group} onGroup={setGroup} />
            <Downloads date={today.value.date} group={group} />
          </div>
          <GroupTable group={group} rows={today.value.groups[group] ?? []} total={today.value.total} />
          {(group === 'services' || group === 'queues') && <p className="nothing">{words.say('manager.byVisits')}</p>}
        </>
      )}
    </section>
  )
}
