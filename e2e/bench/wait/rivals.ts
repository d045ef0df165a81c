/** The simple rules that ours is compared with; each sees the whole branch as one queue. */
export const RIVALS = [
  'rolling mean, 60 min',
  'rolling mean, last 20',
  'last to enter service',
  'head of the line',
  'queue × mean gap',
] as const
export type Rival = (typeof RIVALS)[number]

const HOUR_MS = 3_600_000
const GAPS_MS = 1_800_000
const LAST = 20
/** Before anything was completed. */
const FIRST_GAP_MS = 60_000

export interface RivalsOfDay {
  called(waitMs: number, nowMs: number): void
  finished(nowMs: number): void
  /** @param headMs - how long the one has waited who has waited longest */
  guess(waitingCount: number, headMs: number, nowMs: number): Readonly<Record<Rival, number>>
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

export function startRivals(): RivalsOfDay {
  let calls: { readonly atMs: number; readonly waitMs: number }[] = []
  let finishes: number[] = []
  return {
    called(waitMs, nowMs) {
      calls.push({ atMs: nowMs, waitMs })
    },
    finished(nowMs) {
      finishes.push(nowMs)
    },
    guess(waitingCount, headMs, nowMs) {
      const last = calls.slice(-LAST).map(({ waitMs }) => waitMs)
      const ofHour = calls.filter(({ atMs }) => atMs >= nowMs - HOUR_MS)
      // What an hour has forgotten is needed no more, but for the last twenty.
      calls = calls.slice(-Math.max(LAST, ofHour.length))
      finishes = finishes.filter((atMs) => atMs >= nowMs - GAPS_MS)
      const gapMs = finishes.length === 0 ? FIRST_GAP_MS : GAPS_MS / finishes.length
      return {
        'rolling mean, 60 min': mean(ofHour.map(({ waitMs }) => waitMs)),
        'rolling mean, last 20': mean(last),
        'last to enter service': last.at(-1) ?? 0,
        'head of the line': headMs,
        'queue × mean gap': (waitingCount + 1) * gapMs,
      }
    },
  }
}
