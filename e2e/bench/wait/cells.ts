import { type Said, scoreOf } from './score.ts'

/**
 * A cell of hour and queue length is well filled when its coverage is known to ±10 points at 95 %: then one that lies
 * at 80 % is seen outside 70–90 % once in twenty. People of one hour of one day share its luck, so they count as fewer
 * than they are; by how much is reckoned over all cells together, not from the cell that is judged.
 */
export const HALF_WIDTH_MAX = 0.1
const NORMAL_95 = 1.96
const AIM = 0.8
/** Cells of fewer people are not spoken of at all. */
const COUNT_MIN = 30

const LENGTHS = [1, 3, 6, 11, 21, Number.POSITIVE_INFINITY] as const

export interface Cell {
  readonly hour: number
  readonly length: string
  readonly count: number
  readonly dayCount: number
  readonly halfWidth: number
  readonly isWellFilled: boolean
  readonly inside: number
  /** Told minus real, in seconds. */
  readonly bias: number
}

/** One who was told a range, and where and when. */
export type Placed = Said & { readonly hour: number; readonly waitingCount: number; readonly day: string }

interface Filled {
  readonly hour: number
  readonly length: string
  readonly said: Said[]
  readonly byDay: Map<string, { count: number; insideCount: number }>
}

const isInside = ({ told, waitMs }: Said): boolean => waitMs >= told.lowMs && waitMs <= told.highMs

function gathered(said: readonly Placed[]): readonly Filled[] {
  const cells = new Map<string, Filled>()
  for (const one of said) {
    const band = LENGTHS.findLastIndex((from) => one.waitingCount >= from)
    const [from, next] = [LENGTHS[band] ?? 0, LENGTHS[band + 1] ?? 0]
    const length = next === Number.POSITIVE_INFINITY ? `${from} and more` : `${from}–${next - 1}`
    const key = `${one.hour} ${length}`
    const cell: Filled = cells.get(key) ?? { hour: one.hour, length, said: [], byDay: new Map() }
    const day = cell.byDay.get(one.day) ?? { count: 0, insideCount: 0 }
    day.count += 1
    if (isInside(one)) day.insideCount += 1
    cell.said.push(one)
    cell.byDay.set(one.day, day)
    cells.set(key, cell)
  }
  return [...cells.values()].filter((cell) => cell.said.length >= COUNT_MIN)
}

/** How alike two people of one cell and day are in whether their range held: 0 not at all, 1 entirely. */
function likenessOf(cells: readonly Pick<Filled, 'byDay'>[]): number {
  let shared = 0
  let possible = 0
  for (const { byDay } of cells) {
    const days = [...byDay.values()]
    const count = days.reduce((sum, day) => sum + day.count, 0)
    const share = days.reduce((sum, day) => sum + day.insideCount, 0) / count
    const spread = share * (1 - share)
    for (const day of days) {
      shared += (day.insideCount - share * day.count) ** 2 - day.count * spread
      possible += day.count * (day.count - 1) * spread
    }
  }
  return possible === 0 ? 0 : Math.min(1, Math.max(0, shared / possible))
}

function halfWidthOf({ byDay }: Pick<Filled, 'byDay'>, likeness: number): number {
  let count = 0
  let weight = 0
  for (const day of byDay.values()) {
    count += day.count
    weight += day.count * (1 + (day.count - 1) * likeness)
  }
  return (NORMAL_95 * Math.sqrt(AIM * (1 - AIM) * weight)) / count
}

/** Coverage for each hour of the day and length of the queue. */
export function cellsOf(said: readonly Placed[]): readonly Cell[] {
  const cells = gathered(said)
  const likeness = likenessOf(cells)
  return cells
    .map((cell): Cell => {
      const halfWidth = halfWidthOf(cell, likeness)
      const { inside, bias, count } = scoreOf(cell.said)
      const { hour, length, byDay } = cell
      const isWellFilled = halfWidth <= HALF_WIDTH_MAX
      return { hour, length, count, dayCount: byDay.size, halfWidth, isWellFilled, inside, bias }
    })
    .toSorted((a, b) => a.hour - b.hour || a.length.localeCompare(b.length))
}
