import { entryOf } from './bounded.ts'
import { FIRST_GUESS, UNIT_MS } from './features.ts'
import type { Learned } from './learned.ts'
import { correct, newLine } from './least-squares.ts'
import { measure } from './measured.ts'
import { correctRange } from './range.ts'

/** One for the branch and one for each service, for each standing. */
const LINES_MAX = 200
/** Long waits scatter more, so they say less: at this wait half as much. */
const HALF_WEIGHT_MS = 150_000
const WEIGHT_MIN = 0.1
const ERROR_MAX_MS = 600_000

/** The wait of a ticket is known: the lines, the range and the measured error learn from it. */
export function learnOutcome(learned: Learned, key: string, nowMs: number): void {
  const asked = learned.asked[key]
  if (asked === undefined) return
  delete learned.asked[key]
  if (asked.isNewcomer) learned.outcomeCount += 1
  const waitMs = nowMs - asked.sinceMs
  const { features, guessed } = asked
  const expectedMs = guessed.midMs
  const weight = Math.max(WEIGHT_MIN, HALF_WEIGHT_MS / (HALF_WEIGHT_MS + expectedMs))
  const errorMax = Math.max(ERROR_MAX_MS, 2 * expectedMs) / UNIT_MS
  for (const name of asked.lines) {
    const line = entryOf(learned.lines, name, LINES_MAX, () => newLine(FIRST_GUESS))
    if (line !== undefined) correct(line, features, waitMs / UNIT_MS, weight, errorMax)
  }
  correctRange(learned.quantiles, guessed, waitMs, asked.effects)
  if (asked.isTold && asked.isNewcomer) measure(learned.measured, guessed, waitMs)
}
