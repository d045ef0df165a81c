import { createHash, hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { createPace } from '#shared/http/pace.ts'
import type { DeviceKind } from '#shared/wire/requests.ts'

/** How long a code works. */
export const PAIRING_MS = 10 * 60_000
const PAIRINGS_MAX = 100
const WRONG_MAX = 5
/**
 * Claims from one address. It is not what keeps a code: five wrong secrets do, of a hundred million. It keeps whoever tries
 * at random from voiding the codes of others.
 */
const CLAIM_PACE = { max: 20, windowMs: 60_000, askersMax: 2_000 } as const
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ'

export interface Pairing {
  readonly kind: DeviceKind
  readonly name: string
}

export interface TakenPairing extends Pairing {
  /** The device could not be paired: the code works again. */
  putBack(): void
}

/** The pairing a code stands for, once; null when it is wrong, used, void, too old or for another kind of device. */
export type TakePairing = (code: string, kind?: DeviceKind) => TakenPairing | null

/** Codes waiting to be typed. In memory only: a restart voids them, and the installer makes a new one. */
export interface Pairings {
  /** @returns null when too many are open */
  make(pairing: Pairing): { code: string; expiresInMs: number } | null
  /**
   * Whoever brings a code is counted by her address first: told to wait, she has tried none.
   * @param tries - what it is taken for; nobody else takes one
   */
  claim<Answer>(
    address: string,
    tries: (take: TakePairing) => Answer,
  ): { readonly waitMs: number } | { readonly answer: Answer }
}

/** A device's token: 32 random bytes, so that its plain hash gives nothing away. */
export const makeToken = (): string => randomBytes(32).toString('base64url')
export const hashToken = (token: string): string => hash('sha256', token)

interface Open extends Pairing {
  readonly secretHash: Buffer
  readonly expiresMs: number
  wrongCount: number
}

const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

export function createPairings(monotonicMs: () => number): Pairings {
  const open = new Map<string, Open>()
  const claims = createPace(CLAIM_PACE, monotonicMs)

  function forgetOld(): void {
    for (const [name, { expiresMs }] of open) if (expiresMs <= monotonicMs()) open.delete(name)
  }

  function freeName(): string {
    for (;;) {
      const name = Array.from({ length: 3 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
      if (!open.has(name)) return name
    }
  }

  const take: TakePairing = (code, kind) => {
    forgetOld()
    const match = /^([A-Z]{3})-?(\d{4})-?(\d{4})$/.exec(code.trim().toUpperCase().replaceAll(' ', '-'))
    const [, name = '', left = '', right = ''] = match ?? []
    const found = open.get(name)
    if (found === undefined) return null
    if (!timingSafeEqual(hashSecret(left + right), found.secretHash)) {
      found.wrongCount += 1
      if (found.wrongCount >= WRONG_MAX) open.delete(name)
      return null
    }
    if (kind !== undefined && kind !== found.kind) return null
    open.delete(name)
    return { kind: found.kind, name: found.name, putBack: () => void open.set(name, found) }
  }

  return {
    make(pairing) {
      forgetOld()
      if (open.size >= PAIRINGS_MAX) return null
      const name = freeName()
      const secret = String(randomInt(100_000_000)).padStart(8, '0')
      open.set(name, {
        ...pairing,
        secretHash: hashSecret(secret),
        expiresMs: monotonicMs() + PAIRING_MS,
        wrongCount: 0,
      })
      return { code: `${name}-${secret.slice(0, 4)}-${secret.slice(4)}`, expiresInMs: PAIRING_MS }
    },
    claim(address, tries) {
      const waitMs = claims.take(address)
      return waitMs > 0 ? { waitMs } : { answer: tries(take) }
    },
  }
}
