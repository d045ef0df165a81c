/** Whatever a cloud, or somebody who plays one, answers: it is asked no more often than this. */
const GAP_MS = 1_000

/** Waits until the next request may be made. */
export type Pace = (signal: AbortSignal) => Promise<void>

/**
 * One request a second at most, of all who share it.
 * @param pause - ends early, and well, when the signal says so
 */
export function createPace(monotonicMs: () => number, pause: (ms: number, signal: AbortSignal) => Promise<void>): Pace {
  let lastAtMs = Number.NEGATIVE_INFINITY
  let turn: Promise<void> = Promise.resolve()
  return (signal) => {
    turn = turn.then(async () => {
      if (signal.aborted) return
      const waitMs = Math.min(GAP_MS, lastAtMs + GAP_MS - monotonicMs())
      if (waitMs > 0) await pause(waitMs, signal)
      // Whoever has given up meanwhile asks nothing.
      if (!signal.aborted) lastAtMs = monotonicMs()
    })
    return turn
  }
}
