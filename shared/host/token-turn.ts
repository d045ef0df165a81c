import type { BranchAnswer } from './branch-client.ts'
import type { HostLog } from './host-log.ts'
import type { Pairing } from './pairing.ts'

/** A token that somebody has copied off this disk is worth so much time at most. */
export const TOKEN_MS_MAX = 7 * 24 * 3_600_000
const TOKEN_PATH = '/api/v1/devices/self/token'

/** Whether the token is old enough to be changed is looked at this often, and whenever the line comes up. */
const LOOK_MS = 3_600_000

export interface TurnParts {
  readonly pairing: () => Pairing | null
  /** On the disk when it returns. */
  readonly keep: (pairing: Pairing) => void
  /** @throws UnreachableError */
  readonly ask: (pairing: Pairing, method: 'GET' | 'POST', path: string) => Promise<BranchAnswer>
  readonly wallMs: () => number
  readonly log: HostLog
}

/** Changes this device's token now and then, and finds the one that counts when the branch does not know ours. */
export interface TokenTurn {
  /** @throws UnreachableError */
  look(): Promise<void>
  /**
   * The branch does not know the token. An answer of it may have been lost, or it was put back to before the change.
   * @returns whether another one of this device counts, and is the device's from now on @throws UnreachableError
   */
  recover(): Promise<boolean>
}

function tokenIn({ status, body }: BranchAnswer): string | null {
  if (status !== 201) return null
  const { token } = JSON.parse(body) as { readonly token?: unknown }
  return typeof token === 'string' ? token : null
}

export function createTokenTurn({ pairing, keep, ask, wallMs, log }: TurnParts): TokenTurn {
  /** Meanwhile the device may have been paired anew: that is not ours to write over. */
  function put(before: Pairing, change: Partial<Pairing>, without: 'nextToken' | 'formerToken'): boolean {
    if (pairing() !== before) return false
    const { [without]: _, ...rest } = { ...before, ...change }
    keep(rest)
    return true
  }

  /** @returns whether the branch took it */
  async function confirm(known: Pairing, nextToken: string): Promise<boolean> {
    const { status } = await ask({ ...known, token: nextToken }, 'POST', `${TOKEN_PATH}/confirm`)
    if (status === 200)
      return put(known, { token: nextToken, formerToken: known.token, tokenSinceMs: Math.floor(wallMs()) }, 'nextToken')
    if (status === 401) put(known, {}, 'nextToken')
    return false
  }

  async function takeFormer(known: Pairing, formerToken: string): Promise<boolean> {
    const { status } = await ask({ ...known, token: formerToken }, 'GET', '/api/v1/devices/self')
    if (status === 200) return put(known, { token: formerToken, tokenSinceMs: 0 }, 'formerToken')
    if (status === 401) put(known, {}, 'formerToken')
    return false
  }

  return {
    async look() {
      const known = pairing()
      if (known === null) return
      const isFresh = Math.abs(wallMs() - (known.tokenSinceMs ?? 0)) < TOKEN_MS_MAX
      if (known.nextToken === undefined && isFresh) return
      let offered = known
      if (known.nextToken === undefined) {
        // A branch of the version before has no such address: everything stays as it is.
        const nextToken = tokenIn(await ask(known, 'POST', TOKEN_PATH))
        if (nextToken === null || pairing() !== known) return
        offered = { ...known, nextToken }
        keep(offered)
      }
      if (await confirm(offered, offered.nextToken ?? '')) log.info({}, 'this device has a new token')
    },
    async recover() {
      const known = pairing()
      if (known === null) return false
      if (known.nextToken !== undefined && (await confirm(known, known.nextToken))) return true
      const left = pairing()
      return left?.formerToken !== undefined && takeFormer(left, left.formerToken)
    },
  }
}

/** The same for a device that runs: it looks by itself, while the line is up. */
export function keepTurning(
  parts: TurnParts & { readonly isUp: () => boolean },
): Pick<TokenTurn, 'recover'> & { readonly look: () => void; readonly stop: () => void } {
  const { look, recover } = createTokenTurn(parts)
  function lookNow(): void {
    if (!parts.isUp()) return
    look().catch((error: unknown) => parts.log.warn({ err: error }, 'the token of this device could not be changed'))
  }
  const timer = setInterval(lookNow, LOOK_MS)
  return { look: lookNow, recover, stop: () => clearInterval(timer) }
}
