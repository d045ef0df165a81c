import type { AgentId } from '#shared/domain/ids.ts'

/**
 * Wrong PINs of one name, and at this kiosk in all; one is forgotten each ten minutes.
 *
 * A PIN has four digits at least. Whoever stands at a kiosk for the ten hours a branch is open, tries PINs and is seen by
 * nobody has 15 tries, and one more each ten minutes: 75 of 10,000, so that on one day of a hundred she is in; with six
 * digits on one of ten thousand. Of one name alone she has 65. Whoever merely mistypes shuts out her own name; after
 * somebody's mischief everybody else has a try again within ten minutes.
 */
export const TRIES_OF_ONE_MAX = 5
export const TRIES_IN_ALL_MAX = 15
const FORGOTTEN_MS = 600_000

/** Counts tries before they are proved, so that tries made at once are counted like tries made in turn. */
export interface PinTries {
  /** @returns false when no try is left for now */
  mayTry(agentId: AgentId): boolean
  /** Nobody looked at that PIN. */
  takeBack(agentId: AgentId): void
  /** It was right: what went wrong under this name before is forgotten. */
  forgive(agentId: AgentId): void
}

interface Count {
  readonly tries: number
  readonly atMs: number
}

export function createPinTries(monotonicMs: () => number): PinTries {
  const NONE: Count = { tries: 0, atMs: 0 }
  let inAll = NONE
  const byAgent = new Map<AgentId, Count>()

  const left = ({ tries, atMs }: Count): number => Math.max(0, tries - (monotonicMs() - atMs) / FORGOTTEN_MS)
  const changed = (count: Count, by: number): Count => ({ tries: Math.max(0, left(count) + by), atMs: monotonicMs() })

  function count(agentId: AgentId, by: number): void {
    inAll = changed(inAll, by)
    const ofOne = changed(byAgent.get(agentId) ?? NONE, by)
    // No name is remembered of whom nothing is held against.
    if (ofOne.tries === 0) byAgent.delete(agentId)
    else byAgent.set(agentId, ofOne)
  }

  return {
    mayTry(agentId) {
      if (left(byAgent.get(agentId) ?? NONE) + 1 > TRIES_OF_ONE_MAX || left(inAll) + 1 > TRIES_IN_ALL_MAX) return false
      count(agentId, 1)
      return true
    },
    takeBack: (agentId) => count(agentId, -1),
    forgive(agentId) {
      // The others' tries stay counted: a PIN of one's own gives no more tries at somebody else's.
      inAll = changed(inAll, -1)
      byAgent.delete(agentId)
    },
  }
}
