import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addDuration,
  addSpread,
  BUCKET_ERROR_MAX,
  BUCKET_ERROR_MS_MAX,
  bandsOf,
  bucketGrain,
  emptySpread,
  exactGrain,
  type Grain,
  type Spread,
  summaryOf,
} from './spread.ts'

const TWELVE_DAYS = 12 * 24 * 3_600_000
const durations = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 5_000 }),
    fc.integer({ min: 0, max: 7_200_000 }),
    fc.integer({ min: 0, max: TWELVE_DAYS }),
  ),
  { minLength: 1, maxLength: 200 },
)

function spreadOf(values: readonly number[], grain: Grain): Spread {
  const spread = emptySpread()
  for (const value of values) addDuration(spread, value, grain, 1)
  return spread
}

test('a median or percentile from buckets is within the bound that is written beside it; counts and means are exact', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const exact = summaryOf(spreadOf(values, exactGrain), exactGrain)
      const rolled = summaryOf(spreadOf(values, bucketGrain), bucketGrain)
      expect([rolled.count, rolled.meanMs]).toEqual([exact.count, exact.meanMs])
      for (const key of ['medianMs', 'p90Ms'] as const) {
        const [near, true_] = [rolled[key] ?? Number.NaN, exact[key] ?? Number.NaN]
        expect(Math.abs(near - true_)).toBeLessThanOrEqual(Math.max(BUCKET_ERROR_MS_MAX, true_ * BUCKET_ERROR_MAX))
      }
    }),
    { seed: 1, numRuns: 500 },
  )
})

test('the exact median and percentile are those of the sorted values', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const sorted = values.toSorted((a, b) => a - b)
      const { medianMs, p90Ms } = summaryOf(spreadOf(values, exactGrain), exactGrain)
      expect(medianMs).toBe(sorted[Math.ceil(0.5 * sorted.length) - 1])
      expect(p90Ms).toBe(sorted[Math.ceil(0.9 * sorted.length) - 1])
    }),
    { seed: 2, numRuns: 200 },
  )
})

test('what is taken out again leaves no trace', () => {
  const spread = spreadOf([10, 2_000, 2_000], bucketGrain)
  addSpread(spread, spreadOf([2_000], bucketGrain), -1)
  expect(spread).toEqual(spreadOf([10, 2_000], bucketGrain))
  addSpread(spread, spread, -1)
  expect(spread).toEqual(emptySpread())
})

test('a distribution has the same exact counts by either grain, and each duration lies in its band', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const bands = bandsOf(spreadOf(values, exactGrain), exactGrain)
      expect(bandsOf(spreadOf(values, bucketGrain), bucketGrain)).toEqual(bands)
      for (const { fromMs, toMs, count } of bands)
        expect(values.filter((ms) => ms >= fromMs && ms < (toMs ?? Number.POSITIVE_INFINITY))).toHaveLength(count)
      expect(bands.reduce((sum, { count }) => sum + count, 0)).toBe(values.length)
    }),
  )
  expect(bandsOf(emptySpread(), exactGrain)).toEqual([])
})
