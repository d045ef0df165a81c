/** The cloud is there, has too much to do, and says when to come again. */
export interface TurnedAway {
  readonly kind: 'turned away'
  /** Not before so long, by its own word. */
  readonly askedMs: number
}

/** Whatever a cloud, or somebody who plays one, asks for. */
const ASKED_MS_MAX = 15 * 60_000

/** @returns null: the cloud did not say when to come again, or is not too busy at all */
export function turnedAway(status: number, retryAfter: string | null): TurnedAway | null {
  if (status !== 429 && status !== 503) return null
  if (retryAfter === null || !/^\d{1,9}$/.test(retryAfter)) return null
  return { kind: 'turned away', askedMs: Math.min(Number(retryAfter) * 1_000, ASKED_MS_MAX) }
}

/** Never earlier than asked, and never all at once: thousands are told the same in the same second. */
export const comeAgainMs = ({ askedMs }: TurnedAway, random: () => number): number => askedMs * (1 + random() / 2)
