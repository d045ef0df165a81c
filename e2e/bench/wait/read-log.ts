import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { RecordedDay, Visit } from './recorded.ts'

const COLUMNS = ['day', 'joined_s', 'outcome', 'started_or_left_s', 'ended_s', 'service', 'priority', 'agent'] as const
type Column = (typeof COLUMNS)[number]

const DAY_MS = 86_400_000

/** People of this priority are placed as if they had waited so long already: the rule of the bank that wrote the log. */
export const logPrivilegeMs = (priority: string): number => (priority === '2' ? 90_000 : 0)

/**
 * Reads a log of days, one line for each customer, plain or gzipped.
 * @throws Error in one sentence when a column is missing or a figure is not one
 */
export function readLog(path: string): readonly RecordedDay[] {
  const bytes = readFileSync(path)
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '')
  const names = head.split(',')
  const missing = COLUMNS.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new Error(`${path} has no column ${missing.join(', ')}.`)
  const visitsByDay = new Map<number, Visit[]>()
  for (const [at, line] of lines.entries()) {
    const cells = line.split(',')
    const cell = (name: Column): string => cells[names.indexOf(name)] ?? ''
    const dayNumber = Number(cell('day'))
    const visits = visitsByDay.get(dayNumber) ?? []
    visits.push(visitOf(cell, `line ${at + 2} of ${path}`))
    visitsByDay.set(dayNumber, visits)
  }
  return [...visitsByDay.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([day, visits]) => ({ name: String(day), visits, shifts: null }))
}

function visitOf(cell: (name: Column) => string, where: string): Visit {
  const ms = (name: Column): number => {
    const seconds = Number(cell(name))
    if (!Number.isFinite(seconds) || seconds > (2 * DAY_MS) / 1_000) throw new Error(`${name} is no time in ${where}.`)
    return seconds * 1_000
  }
  const isServed = cell('outcome') === 'served'
  const endedWaitMs = ms('started_or_left_s')
  return {
    id: where.split(' ')[1] ?? where,
    serviceId: cell('service'),
    priority: cell('priority'),
    joinedMs: ms('joined_s'),
    endedWaitMs,
    isServed,
    finishedMs: isServed ? ms('ended_s') : endedWaitMs,
    counterId: cell('agent'),
  }
}
