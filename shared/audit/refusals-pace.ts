/** Refusals that are written in a minute; whoever tries doors all day must not fill the book. */
const NOTED_MAX = 60
const WINDOW_MS = 60_000

export interface RefusalsPace {
  /** @returns null: this one is not written, only counted; else how many were left out before it */
  next(): number | null
}

/** @param nowMs - a clock that does not jump */
export function createRefusalsPace(nowMs: () => number): RefusalsPace {
  let windowEndsMs = Number.NEGATIVE_INFINITY
  let noted = 0
  let skipped = 0
  return {
    next() {
      if (nowMs() >= windowEndsMs) {
        windowEndsMs = nowMs() + WINDOW_MS
        noted = 0
      }
      if (noted >= NOTED_MAX) {
        skipped += 1
        return null
      }
      noted += 1
      const before = skipped
      skipped = 0
      return before
    },
  }
}
