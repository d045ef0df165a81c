import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../store/database.ts'
import {
  type Claimed,
  type ClaimParts,
  claimMessage,
  PACE,
  type Pace,
  settleAsked,
  settleSend,
} from '../store/message-claim.ts'
import { nextDueMs } from '../store/message-rows.ts'
import { createBreaker } from './breaker.ts'
import type { Providers, SendOutcome } from './provider.ts'

/** Messages that one cloud has under way at once of one tenant. */
const AT_ONCE = 8
/** Of one tenant in one go: other tenants have messages, too. What is left is taken up again. */
const TAKEN_MAX = 2_000
/** Between what is written down and the provider there are moments; whoever was stopped for longer is taken for dead. */
const STALE_MS = 5_000

export interface CourierParts {
  readonly database: Database
  readonly providers: Providers
  readonly log: FastifyBaseLogger
  readonly nowMs: () => number
  readonly pace?: Pace
}

/** Carries messages of tenants to the providers, and finds out what became of them. */
export interface Courier {
  /** Does what is due of one tenant. @returns when there is more to do; null: not by itself */
  work(tenantId: string): Promise<number | null>
}

/** Whether the provider itself is well: one that refuses, or says that it has too much, is there. */
const isWell = (outcome: SendOutcome): boolean =>
  outcome.kind === 'accepted' || outcome.kind === 'refused' || (outcome.kind === 'again' && outcome.isAway !== true)

export function createCourier({ database, providers, log, nowMs, pace = PACE }: CourierParts): Courier {
  const breakers = { sms: createBreaker(), email: createBreaker() }
  const parts: ClaimParts = { database, providers, breakers, pace, nowMs }

  async function carry({ act, message }: Claimed): Promise<void> {
    const provider = providers[message.channel]
    if (act === 'ask') {
      const askedAtMs = nowMs()
      const taken = (await provider?.takenSince?.(message, message.attemptedAtMs)) ?? null
      await settleAsked(parts, message, taken, askedAtMs)
      return
    }
    // Nobody has been asked to send it, and who cannot be asked what it has taken must not be left to say so.
    if (provider === undefined || nowMs() - message.attemptedAtMs > Math.min(STALE_MS, pace.leaseMs / 2))
      return settleSend(parts, message, { kind: 'again', reason: 'Stalled' })
    const outcome = await provider.send(message)
    breakers[message.channel].note(isWell(outcome), nowMs())
    if (!isWell(outcome)) log.warn({ provider: provider.name, outcome }, 'a provider did not answer as it should')
    await settleSend(parts, message, outcome)
  }

  return {
    async work(tenantId) {
      let leftCount = TAKEN_MAX
      async function carryOn(): Promise<void> {
        while (leftCount > 0) {
          leftCount -= 1
          const claimed = await claimMessage(parts, tenantId)
          if (claimed === null) return
          if (claimed !== 'settled') await carry(claimed)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, carryOn))
      return database.asTenant(tenantId, (db) => nextDueMs(db, tenantId))
    },
  }
}
