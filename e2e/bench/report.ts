import { median, short } from './figures.ts'
import type { Goal } from './goals.ts'

/** One goal as it was measured: a pair of figures for each round. */
export interface Measured {
  readonly goal: Goal
  readonly rounds: readonly { readonly ours: number; readonly limit: number }[]
}

const HEADINGS = ['line', 'what', 'ours', 'limit', 'ratio (min–max)', 'floor', 'aim', '', 'beside'] as const

const ratiosOf = ({ rounds }: Measured): readonly number[] => rounds.map(({ ours, limit }) => ours / limit)

export function isBelowFloor(measured: Measured): boolean {
  const { floor, bound } = measured.goal
  if (floor === null) return false
  const ratio = median(ratiosOf(measured))
  return bound === 'least' ? ratio < floor : ratio > floor
}

function verdictOf(measured: Measured): string {
  if (measured.goal.floor === null) return ''
  return isBelowFloor(measured) ? 'BELOW FLOOR' : 'PASS'
}

function bounded({ bound }: Goal, value: number | null): string {
  return value === null ? '' : `${bound === 'least' ? '>=' : '<='} ${value}x`
}

function row(measured: Measured): readonly string[] {
  const { goal, rounds } = measured
  const ratios = ratiosOf(measured)
  const figure = (values: readonly number[]): string => `${short(median(values))} ${goal.unit}`
  return [
    goal.line,
    goal.what,
    figure(rounds.map(({ ours }) => ours)),
    figure(rounds.map(({ limit }) => limit)),
    `${short(median(ratios))}x (${short(Math.min(...ratios))}–${short(Math.max(...ratios))})`,
    bounded(goal, goal.floor),
    bounded(goal, goal.aim),
    verdictOf(measured),
    goal.limit,
  ]
}

/** The whole table: medians over the rounds, the ratio of each round beside its own limit. */
export function table(all: readonly Measured[]): string {
  const rows = [HEADINGS, ...all.map(row)]
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
