import type { AgentId } from '#shared/domain/ids.ts'

const WRONG_MAX = 5
const LOCKED_MS = 60_000

/** Counts wrong PINs per agent, so that six digits cannot be tried out. One entry an agent at most. */
export interface PinGuard {
  /**
   * Counts a try before it is proved, so that tries made at once are counted like tries made in turn.
   * @returns false when no try is left for now
   */
  mayTry(agentId: AgentId): boolean
  /** The PIN was right: the tries are forgotten. */
  forgive(agentId: AgentId): void
}

export function createPinGuard(monotonicMs: () => number): PinGuard {
  const tries = new Map<AgentId, { count: number; lockedUntilMs: number }>()
  return {
    mayTry(agentId) {
      const { count, lockedUntilMs } = tries.get(agentId) ?? { count: 0, lockedUntilMs: 0 }
      if (lockedUntilMs > monotonicMs()) return false
      const isLast = count + 1 >= WRONG_MAX
      tries.set(agentId, { count: isLast ? 0 : count + 1, lockedUntilMs: isLast ? monotonicMs() + LOCKED_MS : 0 })
      return true
    },
    forgive: (agentId) => void tries.delete(agentId),
  }
}
