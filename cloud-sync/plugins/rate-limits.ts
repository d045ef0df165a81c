import type { FastifyRequest } from 'fastify'
import { createPace } from '#shared/http/pace.ts'
import { askerOf } from '../asker.ts'
import type { Parts } from '../parts.ts'

/** How much may be asked in a minute. Routes that cost more, or that somebody might guess at, say less beside. */
export interface RateLimits {
  /** By one person, one program with its key, or one address at the open doors. */
  readonly asked: number
  /** By one branch: its past comes up as fast as it is taken, and its lanes are guarded for themselves. */
  readonly askedByBranch: number
  /** With nothing that opens the door, from one address. */
  readonly refused: number
}

export const RATE_LIMITS: RateLimits = { asked: 1_200, askedByBranch: 6_000, refused: 600 }
const ASKERS_MAX = 20_000
const MINUTE = { windowMs: 60_000, askersMax: ASKERS_MAX } as const

/** Who has asked too much; in memory, so that each instance counts for itself. */
export function createRateLimits({ nowMs, rateLimits = RATE_LIMITS }: Parts) {
  const asked = createPace({ ...MINUTE, max: rateLimits.asked }, nowMs)
  const byBranch = createPace({ ...MINUTE, max: rateLimits.askedByBranch }, nowMs)
  const refused = createPace({ ...MINUTE, max: rateLimits.refused }, nowMs)
  return {
    /** Before it is looked at who it is. @returns for how long whoever guesses at this address is not listened to */
    waitAtDoorMs: ({ ip }: FastifyRequest): number => refused.waitMs(ip),
    noteRefused: ({ ip }: FastifyRequest): void => void refused.take(ip),
    /** @returns how long whoever has been let in is to wait; 0: not at all */
    takeMs: (request: FastifyRequest): number => (request.branch === null ? asked : byBranch).take(askerOf(request)),
  }
}
