import { isLoopback } from '../http/is-loopback.ts'
import { proveBranch } from './branch-client.ts'
import type { HostLog } from './host-log.ts'
import { fingerprintOfBranch, type Pairing } from './pairing.ts'
import { type Candidate, searchNetwork } from './search-network.ts'
import { OtherBranchError, UnreachableError } from './unreachable.ts'

/** Strangers that are remembered as having been told of. */
const TOLD_MAX = 64

export interface FinderParts {
  /** The address from the environment; null when none was given. */
  readonly toldUrl: string | null
  readonly log: HostLog
  /** Somebody else is there; who, is for others to look at. */
  readonly onStranger?: (url: string) => void
  /** Tests hand in their own network. */
  readonly search?: typeof searchNetwork
  readonly prove?: (pairing: Pairing) => Promise<void>
}

/** Finds the branch of a pairing. @throws UnreachableError when it is nowhere */
export type FindBranch = (pairing: Pairing) => Promise<string>

/**
 * A branch is known by its key: where it was last is tried first, then whoever answers on the network, then where it was
 * told to be. Each must prove the key before it is sent anything.
 */
export function createFinder(parts: FinderParts): FindBranch {
  const { toldUrl, log, onStranger = () => {}, search = searchNetwork, prove = proveBranch } = parts
  const told = new Set<string>()

  function tellOnce(url: string, message: string): void {
    onStranger(url)
    if (told.has(url) || told.size >= TOLD_MAX) return
    told.add(url)
    log.warn({ url }, message)
  }

  async function isThere(pairing: Pairing, branchUrl: string): Promise<boolean> {
    try {
      await prove({ ...pairing, branchUrl })
      return true
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error
      if (error instanceof OtherBranchError)
        tellOnce(
          branchUrl,
          'somebody else answers at this address, with another key: it is passed over. If the branch server was replaced, pair this device again',
        )
      return false
    }
  }

  async function onNetwork(pairing: Pairing): Promise<string | null> {
    const fingerprint = fingerprintOfBranch(pairing.branchKey)
    return search(async ({ url, fingerprint: claimed }: Candidate) => {
      if (claimed === fingerprint) return (await isThere(pairing, url)) ? url : null
      tellOnce(url, 'another branch server announces itself on this network: it is passed over')
      return null
    })
  }

  return async (pairing) => {
    const { branchUrl } = pairing
    if (await isThere(pairing, branchUrl)) return branchUrl
    // A branch on this very machine has not moved away from it.
    const found = isLoopback(new URL(branchUrl).hostname) ? null : await onNetwork(pairing)
    if (found !== null) return found
    if (toldUrl !== null && toldUrl !== branchUrl && (await isThere(pairing, toldUrl))) return toldUrl
    throw new UnreachableError(`the branch is neither at ${branchUrl} nor found on the network`)
  }
}
