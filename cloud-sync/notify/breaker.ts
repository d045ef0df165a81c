/** So many failures of the provider itself, one after the other, and it is left alone for so long; then one is tried. */
const FAILURES_MAX = 10
const REST_MS = 30_000

/** Of one provider, in one cloud: who is away is not asked by everybody in turn. */
export interface Breaker {
  /** @returns 0: it may be asked; else when it may */
  restsUntilMs(nowMs: number): number
  /** @param isWell - whether it answered, be it to refuse */
  note(isWell: boolean, nowMs: number): void
}

export function createBreaker(): Breaker {
  let failureCount = 0
  let untilMs = 0
  return {
    restsUntilMs(nowMs) {
      if (untilMs === 0) return 0
      if (nowMs < untilMs) return untilMs
      // One is let through; the others wait for what becomes of it.
      untilMs = nowMs + REST_MS
      return 0
    },
    note(isWell, nowMs) {
      failureCount = isWell ? 0 : failureCount + 1
      if (isWell) untilMs = 0
      else if (failureCount >= FAILURES_MAX) untilMs = nowMs + REST_MS
    },
  }
}
