import type { Clocks } from '#shared/domain/clock.ts'

/** Monday 23 November 2026, nine in the morning in Dakar. */
export const NINE_OCLOCK_MS = Date.UTC(2026, 10, 23, 9)

/** The machine's two clocks in a test's hands; they stand still unless they are moved. */
export interface TestClock extends Clocks {
  /** Time goes by on both. */
  readonly pass: (ms: number) => void
  /** Somebody sets the wall clock; steady time knows nothing of it. */
  readonly jump: (ms: number) => void
}

export function testClock(startMs: number = NINE_OCLOCK_MS): TestClock {
  let wallMs = startMs
  let monotonicMs = 1_000
  return {
    wallMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    pass(ms) {
      wallMs += ms
      monotonicMs += ms
    },
    jump(ms) {
      wallMs += ms
    },
  }
}
