import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { AgentId } from '#shared/domain/ids.ts'

const derive = promisify(argon2)

/** OWASP's second choice for argon2id: 19 MiB, two passes. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const
const WRONG_MAX = 5
const LOCKED_MS = 60_000

async function digest(pin: string, nonce: Buffer): Promise<Buffer> {
  return derive('argon2id', { ...COST, message: Buffer.from(pin), nonce })
}

/** @returns salt and digest as text, to be kept beside the catalogue */
export async function hashPin(pin: string): Promise<string> {
  const nonce = randomBytes(16)
  return `${nonce.toString('base64url')}.${(await digest(pin, nonce)).toString('base64url')}`
}

export async function isPin(pin: string, stored: string): Promise<boolean> {
  const [nonce = '', expected = ''] = stored.split('.')
  const found = await digest(pin, Buffer.from(nonce, 'base64url'))
  const wanted = Buffer.from(expected, 'base64url')
  return found.length === wanted.length && timingSafeEqual(found, wanted)
}

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
