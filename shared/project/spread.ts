/**
 * How a set of durations lies: their sum, and how many there are of each. Raw rows count each millisecond by itself;
 * rollups count buckets, which add up over days and are a few dozen however many tickets there were.
 */
export interface Spread {
  sumMs: number
  readonly countByKey: Map<number, number>
}

/** Which key a duration counts under, and which duration a key speaks for. */
export interface Grain {
  readonly keyOf: (ms: number) => number
  readonly msOf: (key: number) => number
}

/** Count, mean, median and 90th percentile, in milliseconds; null where nothing was measured. */
export interface Summary {
  readonly count: number
  readonly meanMs: number | null
  readonly medianMs: number | null
  readonly p90Ms: number | null
}

const BUCKET_FIRST_MS = 1_000
const BUCKETS_PER_DOUBLING = 8
/** Twenty doublings of a second: twelve days. */
const BUCKET_COUNT = 160

/** Where each bucket ends: below the first second, then eight to each doubling. Whole numbers, alike on every machine. */
const ENDS_MS = Array.from({ length: BUCKET_COUNT + 1 }, (_, index) =>
  Math.round(BUCKET_FIRST_MS * 2 ** (index / BUCKETS_PER_DOUBLING)),
)

/**
 * How far a median or a percentile from buckets may be from the one of the raw rows, as a share of it. The nearest rank
 * falls into the true value's own bucket, a bucket is 2^(1/8) wide, and its geometric middle speaks for it: 2^(1/16) - 1,
 * and a little for the rounding of its ends. Below one second the error is at most half a second; beyond twelve days
 * there is no bound. Counts, sums and means have no error at all.
 */
export const BUCKET_ERROR_MAX = 0.045
export const BUCKET_ERROR_MS_MAX = 500

export const exactGrain: Grain = { keyOf: (ms) => ms, msOf: (key) => key }

export const bucketGrain: Grain = {
  keyOf(ms) {
    let low = 0
    let high = BUCKET_COUNT + 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (ms < (ENDS_MS[middle] ?? Number.POSITIVE_INFINITY)) high = middle
      else low = middle + 1
    }
    return low
  },
  msOf(key) {
    const endMs = ENDS_MS[key]
    const beginMs = ENDS_MS[key - 1]
    if (beginMs === undefined) return BUCKET_FIRST_MS / 2
    return endMs === undefined ? beginMs : Math.round(Math.sqrt(beginMs * endMs))
  },
}

export const emptySpread = (): Spread => ({ sumMs: 0, countByKey: new Map() })

/** A count that comes to nothing leaves no trace, so that equal spreads look alike. */
export function addCount(spread: Spread, key: number, count: number): void {
  const sum = (spread.countByKey.get(key) ?? 0) + count
  if (sum === 0) spread.countByKey.delete(key)
  else spread.countByKey.set(key, sum)
}

/** @param sign - -1 takes the duration out again */
export function addDuration(spread: Spread, ms: number, grain: Grain, sign: 1 | -1): void {
  spread.sumMs += sign * ms
  addCount(spread, grain.keyOf(ms), sign)
}

export function addSpread(into: Spread, other: Spread, sign: 1 | -1 = 1): void {
  into.sumMs += sign * other.sumMs
  for (const [key, count] of other.countByKey) addCount(into, key, sign * count)
}

/**
 * Median and percentile by the nearest rank: the value below or at which that share of all values lies.
 * @param grain - the one the spread was counted by
 */
export function summaryOf({ sumMs, countByKey }: Spread, grain: Grain): Summary {
  const keys = [...countByKey].toSorted(([a], [b]) => a - b)
  const count = keys.reduce((sum, [, one]) => sum + one, 0)
  const at = (share: number): number | null => {
    const rank = Math.max(1, Math.ceil(share * count))
    let seen = 0
    for (const [key, one] of keys) {
      seen += one
      if (seen >= rank) return grain.msOf(key)
    }
    return null
  }
  return { count, meanMs: count === 0 ? null : sumMs / count, medianMs: at(0.5), p90Ms: at(0.9) }
}

/** How many durations lie from one time to another; null: there is no upper end. */
export interface Band {
  readonly fromMs: number
  readonly toMs: number | null
  readonly count: number
}

/** The first band ends with this bucket, at 32 seconds: below it nobody speaks of a wait. */
const FIRST_BAND_BUCKET = 40
const BUCKETS_PER_BAND = 4

/**
 * How durations are distributed, from the first band in which there are any to the last. The ends of bands are ends of
 * buckets, half a doubling apart: so their counts are exact, whichever grain the spread was counted by.
 */
export function bandsOf({ countByKey }: Spread, grain: Grain): readonly Band[] {
  const countByBand = new Map<number, number>()
  for (const [key, count] of countByKey) {
    const bucket = bucketGrain.keyOf(grain.msOf(key))
    const band = Math.max(0, Math.ceil((bucket - FIRST_BAND_BUCKET) / BUCKETS_PER_BAND))
    countByBand.set(band, (countByBand.get(band) ?? 0) + count)
  }
  if (countByBand.size === 0) return []
  const [first, last] = [Math.min(...countByBand.keys()), Math.max(...countByBand.keys())]
  const endOf = (band: number): number | null => ENDS_MS[FIRST_BAND_BUCKET + band * BUCKETS_PER_BAND] ?? null
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const band = first + index
    return { fromMs: band === 0 ? 0 : (endOf(band - 1) ?? 0), toMs: endOf(band), count: countByBand.get(band) ?? 0 }
  })
}
