import type { Words } from '#shared/domain/catalogue.ts'
import { formatTime } from '#shared/words/format.ts'

/** What was asked of the branch: on its way, not to be had, or there. */
export type Fetched<Value> =
  | { readonly status: 'loading' }
  | { readonly status: 'none' }
  | { readonly status: 'there'; readonly value: Value }

export const LOADING = { status: 'loading' } as const

/** One line of the day's figures. Shares are of 1; null where there is nothing to measure. */
export interface FigureRow {
  readonly id: string
  readonly name: Words | string | null
  readonly issuedCount: number
  readonly calledCount: number
  readonly completedCount: number
  readonly noShowCount: number
  readonly abandonedCount: number
  readonly waitMeanMs: number | null
  readonly waitMedianMs: number | null
  readonly waitP90Ms: number | null
  readonly serviceMeanMs: number | null
  readonly onTargetShare: number | null
  readonly busyShare: number | null
  readonly signedInMs: number | null
  readonly breakMs: number | null
}

export const FIGURE_GROUPS = ['services', 'queues', 'counters', 'agents', 'hours'] as const
export type FigureGroup = (typeof FIGURE_GROUPS)[number]

/** How the table of a group is asked for. */
export const REPORT_BY: Record<FigureGroup, string> = {
  services: 'service',
  queues: 'queue',
  counters: 'counter',
  agents: 'agent',
  hours: 'hour',
}

export interface Today {
  readonly date: string
  readonly total: FigureRow
  /** A group that may not be seen here is not there. */
  readonly groups: { readonly [group in FigureGroup]?: readonly FigureRow[] }
}

export interface LastLeaves {
  readonly midMs: number
  readonly highMs: number
}

/** How far the waits that were told were from those that came. */
export interface ToldError {
  readonly count: number
  /** Positive: people waited longer than was reckoned. */
  readonly biasMs: number
  readonly meanAbsoluteErrorMs: number
  readonly insideShare: number
  readonly aboveShare: number
}

export interface DayWaits {
  readonly meanWaitMs: number | null
  readonly p90WaitMs: number | null
  readonly slaShare: number | null
  /** Still waiting at the end of what was played. */
  readonly notCalledCount: number | null
}

/** A day as it was and as it would have been with another counter. */
export interface WhatIf {
  readonly actual: DayWaits
  readonly changed: DayWaits
}

/** All that the manager's pages show beside the live state. */
export interface BranchReports {
  readonly today: Fetched<Today>
  /** `HH:MM` in the branch's zone. */
  readonly stopAt: string
  readonly lastLeaves: Fetched<LastLeaves>
  readonly oneMore: Fetched<WhatIf>
  readonly oneLess: Fetched<WhatIf>
  readonly told: Fetched<ToldError>
}

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (json: unknown): Fields | null =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : null

const numberIn = (fields: Fields | null, name: string): number | null => {
  const value = fields?.[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

const countIn = (fields: Fields, name: string): number => numberIn(fields, name) ?? 0

function nameIn({ name }: Fields): FigureRow['name'] {
  if (typeof name === 'string') return name
  return fieldsOf(name) as Words | null
}

function readRow(json: unknown): FigureRow | null {
  const row = fieldsOf(json)
  if (row === null) return null
  const [wait, service] = [fieldsOf(row['wait']), fieldsOf(row['serviceTime'])]
  return {
    id: typeof row['id'] === 'string' ? row['id'] : '',
    name: nameIn(row),
    issuedCount: countIn(row, 'issuedCount'),
    calledCount: countIn(row, 'calledCount'),
    completedCount: countIn(row, 'completedCount'),
    noShowCount: countIn(row, 'noShowCount'),
    abandonedCount: countIn(row, 'abandonedCount'),
    waitMeanMs: numberIn(wait, 'meanMs'),
    waitMedianMs: numberIn(wait, 'medianMs'),
    waitP90Ms: numberIn(wait, 'p90Ms'),
    serviceMeanMs: numberIn(service, 'meanMs'),
    onTargetShare: numberIn(row, 'slaCompliance'),
    busyShare: numberIn(row, 'utilisation'),
    signedInMs: numberIn(row, 'signedInMs'),
    breakMs: numberIn(row, 'breakMs'),
  }
}

/** The figures of the present day. @returns null when no day is open, or for anything else */
export function readToday(json: unknown): Today | null {
  const fields = fieldsOf(json)
  const total = readRow(fields?.['total'])
  if (fields === null || total === null || typeof fields['date'] !== 'string') return null
  const groups = FIGURE_GROUPS.flatMap((group) => {
    const rows = fields[group]
    return Array.isArray(rows) ? [[group, rows.map(readRow).filter((row) => row !== null)] as const] : []
  })
  return { date: fields['date'], total, groups: Object.fromEntries(groups) }
}

export function readLastLeaves(json: unknown): LastLeaves | null {
  const fields = fieldsOf(fieldsOf(json)?.['lastLeavesAtMs'])
  const [midMs, highMs] = [numberIn(fields, 'midMs'), numberIn(fields, 'highMs')]
  return midMs === null || highMs === null ? null : { midMs, highMs }
}

/** @returns null while nothing was measured */
export function readToldError(json: unknown): ToldError | null {
  const fields = fieldsOf(fieldsOf(json)?.['error']) ?? fieldsOf(json)
  const count = numberIn(fields, 'count') ?? 0
  const biasMs = numberIn(fields, 'biasMs')
  const meanAbsoluteErrorMs = numberIn(fields, 'absoluteErrorMs') ?? numberIn(fields, 'meanAbsoluteErrorMs')
  const insideShare = numberIn(fields, 'insideShare')
  const aboveShare = numberIn(fields, 'aboveShare') ?? numberIn(fields, 'aboveHighShare')
  if (count === 0 || biasMs === null || meanAbsoluteErrorMs === null || insideShare === null || aboveShare === null)
    return null
  return { count, biasMs, meanAbsoluteErrorMs, insideShare, aboveShare }
}

function readWaits(json: unknown): DayWaits | null {
  const fields = fieldsOf(json)
  if (fields === null) return null
  return {
    meanWaitMs: numberIn(fields, 'meanWaitMs'),
    p90WaitMs: numberIn(fields, 'p90WaitMs'),
    slaShare: numberIn(fields, 'slaShare'),
    notCalledCount: numberIn(fields, 'notCalledCount'),
  }
}

export function readWhatIf(json: unknown): WhatIf | null {
  const fields = fieldsOf(json)
  const [actual, changed] = [readWaits(fields?.['actual']), readWaits(fields?.['changed'])]
  return actual === null || changed === null ? null : { actual, changed }
}

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/**
 * When a clock on the branch's wall next shows a time. What is past already is now: nobody stops yesterday.
 * @param time - `HH:MM`; half a day ahead and more counts as past
 */
export function nextTimeMs(time: string, nowMs: number, timezone: string): number {
  const nowMinutes = minutesOf(formatTime(nowMs, 'en', timezone))
  const aheadMinutes = (minutesOf(time) - nowMinutes + DAY_MINUTES) % DAY_MINUTES
  const minuteMs = nowMs - (nowMs % MINUTE_MS)
  return minuteMs + (aheadMinutes > DAY_MINUTES / 2 ? 0 : aheadMinutes) * MINUTE_MS
}

const QUARTER_MINUTES = 15

/** The quarters of an hour that lie ahead within half a day, as the branch's clock shows them. */
export function quartersAhead(nowMs: number, timezone: string): readonly string[] {
  const first = Math.floor(minutesOf(formatTime(nowMs, 'en', timezone)) / QUARTER_MINUTES) + 1
  const two = (value: number): string => String(value).padStart(2, '0')
  return Array.from({ length: DAY_MINUTES / 2 / QUARTER_MINUTES }, (_, index) => {
    const minutes = ((first + index) * QUARTER_MINUTES) % DAY_MINUTES
    return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  })
}

/** The next full hour in the branch's zone: where the question of the day's end begins. */
export function nextHour(nowMs: number, timezone: string): string {
  const hour = (Math.floor(minutesOf(formatTime(nowMs, 'en', timezone)) / 60) + 1) % 24
  return `${String(hour).padStart(2, '0')}:00`
}
