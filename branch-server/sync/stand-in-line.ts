import type { PresentSender } from './present-sender.ts'
import { comeAgainMs, type TurnedAway } from './turned-away.ts'
import type { Pause } from './within.ts'

interface LineParts {
  readonly present: PresentSender
  readonly random: () => number
  readonly pause: Pause
}

/** The present is due at once, and is not told all the same: it is not asked about more often. */
const LOOK_MS_MIN = 1_000

/**
 * Waits with the history as long as the cloud has asked. How the branch is now goes on being told meanwhile.
 * @returns what came between: then all begins anew; null: the history may go on
 */
export async function standInLine(
  asked: TurnedAway,
  { present, random, pause }: LineParts,
  signal: AbortSignal,
): Promise<'away' | 'refused' | null> {
  for (let leftMs = comeAgainMs(asked, random); leftMs > 0 && !signal.aborted; ) {
    const waitMs = Math.min(leftMs, Math.max(LOOK_MS_MIN, present.dueInMs()))
    await pause(waitMs, signal)
    leftMs -= waitMs
    if (signal.aborted) return null
    const told = await present.step()
    if (told === 'away' || told === 'refused') return told
    if (typeof told !== 'object' || told === null) continue
    const againMs = comeAgainMs(told, random)
    await pause(againMs, signal)
    leftMs -= againMs
  }
  return null
}
