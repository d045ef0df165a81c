import type { WaitRange } from '../../../shared/wait/measured.ts'

/** One thing that was said, and what came of it. */
export interface Said {
  readonly told: WaitRange
  readonly waitMs: number
}

/** Times in seconds. */
export interface Score {
  readonly count: number
  readonly squaredError: number
  readonly absoluteError: number
  /** Told minus real. */
  readonly bias: number
  /** Of the low, the middle and the high figure (0.1, 0.5, 0.9), the mean of the three. */
  readonly pinball: number
  /** Width of the range, and ten times by how much it was missed. */
  readonly interval: number
  readonly inside: number
  readonly above: number
}

const mean = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.length === 0 ? Number.NaN : items.reduce((sum, item) => sum + of(item), 0) / items.length

const pinballAt = (share: number, told: number, real: number): number =>
  real >= told ? share * (real - told) : (1 - share) * (told - real)

/** The 80 % range's miss is fined by 2 / 0.2. */
const FINE = 10

export function scoreOf(said: readonly Said[]): Score {
  const seconds = said.map(({ told, waitMs }) => ({
    low: told.lowMs / 1_000,
    mid: told.midMs / 1_000,
    high: told.highMs / 1_000,
    real: waitMs / 1_000,
  }))
  return {
    count: seconds.length,
    squaredError: mean(seconds, ({ mid, real }) => (mid - real) ** 2),
    absoluteError: mean(seconds, ({ mid, real }) => Math.abs(mid - real)),
    bias: mean(seconds, ({ mid, real }) => mid - real),
    pinball: mean(
      seconds,
      ({ low, mid, high, real }) =>
        (pinballAt(0.1, low, real) + pinballAt(0.5, mid, real) + pinballAt(0.9, high, real)) / 3,
    ),
    interval: mean(
      seconds,
      ({ low, high, real }) => high - low + FINE * (Math.max(0, low - real) + Math.max(0, real - high)),
    ),
    inside: mean(seconds, ({ low, high, real }) => (real >= low && real <= high ? 1 : 0)),
    above: mean(seconds, ({ high, real }) => (real > high ? 1 : 0)),
  }
}

/**
 * A cell of hour and queue length is well filled by so many people, from so many days. A hundred people alone move
 * their share by 4 points, and people of one hour of one day share its luck: six days move it by 16 points.
 */
export const CELL_COUNT_MIN = 100
export const CELL_DAYS_MIN = 10
/** Of short logs: half of their days. */
const daysMin = (dayCount: number): number => Math.min(CELL_DAYS_MIN, Math.ceil(dayCount / 2))

const LENGTHS = [1, 3, 6, 11, 21, Number.POSITIVE_INFINITY] as const

export interface Cell {
  readonly hour: number
  readonly length: string
  readonly count: number
  readonly dayCount: number
  readonly isWellFilled: boolean
  readonly inside: number
}

/** Coverage for each hour of the day and length of the queue, of those cells with people enough. */
export function cellsOf(
  said: readonly (Said & { readonly hour: number; readonly waitingCount: number; readonly day: string })[],
): readonly Cell[] {
  const leastDays = daysMin(new Set(said.map(({ day }) => day)).size)
  const cells = new Map<
    string,
    { readonly hour: number; readonly length: string; readonly said: Said[]; readonly days: Set<string> }
  >()
  for (const one of said) {
    const band = LENGTHS.findLastIndex((from) => one.waitingCount >= from)
    const [from, next] = [LENGTHS[band] ?? 0, LENGTHS[band + 1] ?? 0]
    const length = next === Number.POSITIVE_INFINITY ? `${from} and more` : `${from}–${next - 1}`
    const key = `${one.hour} ${length}`
    const cell = cells.get(key) ?? { hour: one.hour, length, said: [], days: new Set() }
    cell.said.push(one)
    cell.days.add(one.day)
    cells.set(key, cell)
  }
  return [...cells.values()]
    .filter((cell) => cell.said.length >= CELL_COUNT_MIN)
    .map(({ hour, length, said: within, days }) => ({
      hour,
      length,
      count: within.length,
      dayCount: days.size,
      isWellFilled: days.size >= leastDays,
      inside: scoreOf(within).inside,
    }))
    .toSorted((a, b) => a.hour - b.hour || a.length.localeCompare(b.length))
}
