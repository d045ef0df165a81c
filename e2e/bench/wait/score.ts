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
