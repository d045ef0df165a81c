/** How long somebody will probably wait: one in ten less than the low figure, one in ten more than the high one. */
export interface WaitRange {
  readonly lowMs: number
  readonly midMs: number
  readonly highMs: number
}

/** What was told against what came of it, since this branch began to tell. Sums, so that it never grows. */
export interface Measured {
  count: number
  errorSumMs: number
  absoluteErrorSumMs: number
  squaredErrorSum: number
  insideCount: number
  aboveCount: number
}

export const emptyMeasured = (): Measured => ({
  count: 0,
  errorSumMs: 0,
  absoluteErrorSumMs: 0,
  squaredErrorSum: 0,
  insideCount: 0,
  aboveCount: 0,
})

export function measure(measured: Measured, told: WaitRange, waitMs: number): void {
  const errorMs = told.midMs - waitMs
  measured.count += 1
  measured.errorSumMs += errorMs
  measured.absoluteErrorSumMs += Math.abs(errorMs)
  measured.squaredErrorSum += errorMs * errorMs
  if (waitMs > told.highMs) measured.aboveCount += 1
  else if (waitMs >= told.lowMs) measured.insideCount += 1
}

export interface MeasuredError {
  readonly count: number
  /** Told minus real, on the mean: above 0 means that people were called earlier than told. */
  readonly biasMs: number
  readonly absoluteErrorMs: number
  /** In square milliseconds. */
  readonly squaredError: number
  /** Of all waits; 0.8 is the aim. */
  readonly insideShare: number
  /** Waited longer than the high figure; 0.1 is the aim. */
  readonly aboveShare: number
}

/** @returns null while nothing has been measured */
export function measuredError(measured: Measured): MeasuredError | null {
  const { count } = measured
  if (count === 0) return null
  return {
    count,
    biasMs: measured.errorSumMs / count,
    absoluteErrorMs: measured.absoluteErrorSumMs / count,
    squaredError: measured.squaredErrorSum / count,
    insideShare: measured.insideCount / count,
    aboveShare: measured.aboveCount / count,
  }
}
