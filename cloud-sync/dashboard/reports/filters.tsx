import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { FleetBranch } from '#shared/wire/draft.ts'
import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import {
  COMPARISONS,
  type Comparison,
  dateAfter,
  dayCountOf,
  type ReportQuestion,
  SPANS,
  spanUpTo,
} from './question.ts'

const COMPARED: Readonly<Record<Comparison, DashboardKey>> = {
  none: 'dash.report.compareNone',
  before: 'dash.report.compareBefore',
  year: 'dash.report.compareYear',
}

interface FiltersProps {
  readonly question: ReportQuestion
  readonly ask: (change: Partial<ReportQuestion>) => void
  readonly branches: readonly FleetBranch[]
  readonly today: string
  /** How what it is of alone is called; '': it is of everything. */
  readonly ofName: string
}

/** Which days: so many up to yesterday, or from one to another. */
function Days({ question, ask, today }: Pick<FiltersProps, 'question' | 'ask' | 'today'>) {
  const { say } = useWords()
  const { from, to } = question
  const span = to === dateAfter(today, -1) ? SPANS.find((it) => it === dayCountOf(question)) : undefined
  const put = (change: Partial<Pick<ReportQuestion, 'from' | 'to'>>): void => {
    const [first, last] = [change.from ?? from, change.to ?? to]
    if (first === '' || last === '') return
    // Whoever sets one end beyond the other means the other, too.
    ask(first <= last ? { from: first, to: last } : { from: change.from ?? last, to: change.to ?? first })
  }
  return (
    <>
      <NativeSelect
        label={say('dash.report.period')}
        data={[
          ...SPANS.map((count) => ({ value: String(count), label: say('dash.report.lastDays', { count }) })),
          { value: '', label: say('dash.report.ownDays') },
        ]}
        value={span === undefined ? '' : String(span)}
        onChange={({ currentTarget: { value } }) => value !== '' && ask(spanUpTo(today, Number(value)))}
      />
      <TextInput
        type="date"
        label={say('dash.report.from')}
        value={from}
        onChange={({ currentTarget }) => put({ from: currentTarget.value })}
      />
      <TextInput
        type="date"
        label={say('dash.report.to')}
        value={to}
        onChange={({ currentTarget }) => put({ to: currentTarget.value })}
      />
    </>
  )
}

/** What is asked: which days, which branch, and what it is held against. */
export function Filters({ question, ask, branches, today, ofName }: FiltersProps) {
  const { say } = useWords()
  const { language } = useHere()
  return (
    <search className="filters" aria-label={say('dash.report.question')}>
      <Days question={question} ask={ask} today={today} />
      <NativeSelect
        label={say('dash.branch')}
        data={[
          { value: '', label: say('dash.report.allBranches') },
          ...branches.map(({ branchId, name }) => ({ value: branchId, label: readWords(name, language) })),
        ]}
        value={question.branch ?? ''}
        onChange={({ currentTarget: { value } }) => ask({ branch: value === '' ? null : value, of: null })}
      />
      {question.report !== 'satisfaction' && (
        <NativeSelect
          label={say('dash.report.compare')}
          data={COMPARISONS.map((it) => ({ value: it, label: say(COMPARED[it]) }))}
          value={question.comparison}
          onChange={({ currentTarget }) => ask({ comparison: currentTarget.value as Comparison })}
        />
      )}
      {question.of !== null && (
        <Button className="filter-of" variant="light" onClick={() => ask({ of: null })}>
          {say('dash.report.onlyThis', { name: ofName })}
        </Button>
      )}
    </search>
  )
}
