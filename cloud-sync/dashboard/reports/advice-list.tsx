import type { Words } from '#shared/domain/catalogue.ts'
import type { Advice, FigureReportAnswer } from '#shared/wire/reports.ts'
import type { DashboardKey, DashboardWords } from '#shared/words/dashboard-words.ts'
import { formatDuration } from '#shared/words/format.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import { sayChange, sayCount, sayShare, sayWeekday } from './say-figure.ts'

const ORDERS: Readonly<Record<'fifo' | 'priority' | 'sla', DashboardKey>> = {
  fifo: 'dash.algorithm.fifo',
  priority: 'dash.algorithm.priority',
  sla: 'dash.algorithm.sla',
}

const WINNERS: Readonly<Record<'this' | 'compared' | 'neither', DashboardKey>> = {
  this: 'dash.advice.betterThis',
  compared: 'dash.advice.betterCompared',
  neither: 'dash.advice.betterNeither',
}

interface Said {
  readonly text: string
  readonly evidence: string
}

type Of<Kind extends Advice['kind']> = Extract<Advice, { kind: Kind }>

function sayOrder({ say, language }: DashboardWords, it: Of<'order'>, branchName: string): Said {
  const name = [branchName, readWords(it.name as Words, language) || it.queueId]
    .filter((part) => part !== '')
    .join(' · ')
  const evidence =
    it.better === 'sla'
      ? say('dash.advice.late', {
          share: sayShare(it.lateShare ?? 0, language),
          count: sayCount(it.waitCount, language),
        })
      : say('dash.advice.priorities', { share: sayShare(it.priorityShare ?? 0, language) })
  return {
    text: say('dash.advice.order', { name, now: say(ORDERS[it.now]), better: say(ORDERS[it.better]) }),
    evidence,
  }
}

function sayCounters({ say, language }: DashboardWords, it: Of<'counters'>): Said {
  const weekday = sayWeekday(it.weekday, language, 'long')
  const hours = `${it.hour}:00–${(it.hour + 1) % 24}:00`
  return {
    text: say('dash.advice.counters', { weekday, hours, needed: String(it.needed) }),
    evidence: say('dash.advice.load', {
      ...{ perDay: sayCount(it.perDay, language, 1), days: String(it.dayCount), service: formatDuration(it.serviceMs) },
      ...{ open: sayCount(it.openCounters, language, 1), load: sayShare(it.load, language) },
    }),
  }
}

function sayBetter({ say, language }: DashboardWords, it: Of<'better'>): Said {
  return {
    text: say(WINNERS[it.winner]),
    evidence: say('dash.advice.changes', {
      wait: sayChange(it.waitChange, language),
      abandonment: sayChange(it.abandonmentChange, language),
      ...{ mine: sayCount(it.counts.this, language), other: sayCount(it.counts.compared, language) },
    }),
  }
}

/** What the figures speak for, each with the figures that say so. */
export function AdviceList({ answer }: { readonly answer: FigureReportAnswer }) {
  const words = useWords()
  const { language } = useHere()
  if (answer.advice.length === 0) return null
  const branchName = (branchId: string): string =>
    answer.branches.length < 2
      ? ''
      : readWords(answer.branches.find(({ id }) => id === branchId)?.name as Words, language)
  const said = answer.advice.map((it) =>
    it.kind === 'order'
      ? sayOrder(words, it, branchName(it.branchId))
      : it.kind === 'counters'
        ? sayCounters(words, it)
        : sayBetter(words, it),
  )
  return (
    <section className="floor-part report-part">
      <h2>{words.say('dash.advice.title')}</h2>
      <ul className="differences">
        {said.map(({ text, evidence }) => (
          <li key={text} className="difference">
            <strong>{text}</strong>
            <p>{evidence}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
