import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { decodeJwt } from 'jose'
import { createPace } from '#shared/http/pace.ts'
import { askerOf } from '../asker.ts'
import type { Parts } from '../parts.ts'
import { isKeyLike } from './key-door.ts'
import { tokenOf } from './person-at-door.ts'

/** How much may be asked in a minute. Routes that cost more, or that somebody might guess at, say less beside. */
export interface RateLimits {
  /** By one person, one program with its key, or one address at the open doors. */
  readonly asked: number
  /** By one branch: its past comes up as fast as it is taken, and its lanes are guarded for themselves. */
  readonly askedByBranch: number
  /** With nothing that proves anybody, from one address; whoever shares it and is proved is counted by herself. */
  readonly refused: number
}

export const RATE_LIMITS: RateLimits = { asked: 1_200, askedByBranch: 6_000, refused: 600 }
const ASKERS_MAX = 20_000
const MINUTE = { windowMs: 60_000, askersMax: ASKERS_MAX } as const

/** Keys that were proved lately. */
const PROVED_MAX = 10_000

/** By which a key is told from others where it is not to be kept itself. */
const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url')

/** A key that was brought, and may be guessed. */
interface Guess {
  /** For so long it is not looked for; 0: it is. */
  readonly waitMs: number
  /** It was looked for. */
  over(): void
  /** What came of it. */
  note(isProven: boolean): void
}

const NO_GUESS: Guess = { waitMs: 0, over() {}, note() {} }

/** Who came to a door that is not hers: what she came with was looked at, and is somebody's. */
function provenAs(request: FastifyRequest): string {
  const token = tokenOf(request)
  if (isKeyLike(token)) return `key ${hashOf(token)}`
  return `person ${decodeJwt(token).sub}`
}

/** Who has asked too much; in memory, so that each instance counts for itself. */
export function createRateLimits({ nowMs, rateLimits = RATE_LIMITS }: Parts) {
  const asked = createPace({ ...MINUTE, max: rateLimits.asked }, nowMs)
  const byBranch = createPace({ ...MINUTE, max: rateLimits.askedByBranch }, nowMs)
  const refused = createPace({ ...MINUTE, max: rateLimits.refused }, nowMs)
  const proved = new Set<string>()

  function note(key: string, isProven: boolean): void {
    proved.delete(key)
    if (!isProven) return
    proved.add(key)
    const [oldest] = proved
    if (proved.size > PROVED_MAX && oldest !== undefined) proved.delete(oldest)
  }

  return {
    /**
     * Whoever guesses keys would have the database asked for each. One that was not proved lately counts with what was
     * refused from its line while it is looked for, so that many at once cost no more than many in turn.
     */
    guess(request: FastifyRequest): Guess {
      const [token, { ip }] = [tokenOf(request), request]
      if (!isKeyLike(token)) return NO_GUESS
      const key = hashOf(token)
      const isKnown = proved.has(key)
      return {
        waitMs: isKnown ? 0 : refused.take(ip),
        over: () => (isKnown ? undefined : refused.giveBack(ip)),
        note: (isProven) => note(key, isProven),
      }
    },
    /**
     * Of whoever was let in through no door.
     * @param isProven - it is known who she is; she may not do this
     * @returns for how long she, or whoever guesses at this address, is only told to wait
     */
    refuseMs: (request: FastifyRequest, isProven: boolean): number =>
      isProven ? asked.take(provenAs(request)) : refused.take(request.ip),
    /** @returns how long whoever has been let in is to wait; 0: not at all */
    takeMs: (request: FastifyRequest): number => (request.branch === null ? asked : byBranch).take(askerOf(request)),
  }
}
