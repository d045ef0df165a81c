/** How much each of many may ask for in a while. */
export interface Pace {
  /** Counts one more of theirs. @returns how long they are to wait with it; 0: not at all */
  take(who: string): number
  /** One that was counted is none. */
  giveBack(who: string): void
  /** The same without counting. */
  waitMs(who: string): number
}

export interface PaceLimits {
  /** In one window. */
  readonly max: number
  readonly windowMs: number
  /** Who are counted at once; beyond, whoever was counted first is forgotten. */
  readonly askersMax: number
}

/**
 * Counts in windows that all share: one table that is emptied, not a clock for each. So twice as much may pass about the
 * turn of two windows, and no more than that.
 * @param nowMs - may be set back; then a new window begins
 */
export function createPace({ max, windowMs, askersMax }: PaceLimits, nowMs: () => number): Pace {
  const counts = new Map<string, number>()
  let startedAtMs = nowMs()

  /** @returns until the window ends */
  function restMs(): number {
    const passedMs = nowMs() - startedAtMs
    if (passedMs >= 0 && passedMs < windowMs) return windowMs - passedMs
    counts.clear()
    startedAtMs = nowMs()
    return windowMs
  }

  return {
    take(who) {
      const waitMs = restMs()
      const count = counts.get(who) ?? 0
      if (count >= max) return waitMs
      if (count === 0 && counts.size >= askersMax) {
        const [first] = counts.keys()
        if (first !== undefined) counts.delete(first)
      }
      counts.set(who, count + 1)
      return 0
    },
    giveBack(who) {
      const count = counts.get(who) ?? 0
      if (count > 1) counts.set(who, count - 1)
      else counts.delete(who)
    },
    waitMs(who) {
      const waitMs = restMs()
      return (counts.get(who) ?? 0) >= max ? waitMs : 0
    },
  }
}

/** For the header Retry-After. */
export const waitSeconds = (waitMs: number): number => Math.max(1, Math.ceil(waitMs / 1_000))
