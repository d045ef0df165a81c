import { isLoopback } from '../http/is-loopback.ts'
import { sixWords } from '../words/six-words.ts'
import { provenKey } from './branch-client.ts'
import { fingerprintOfBranch, type Invitation, invitationLink } from './pairing.ts'
import { searchNetwork } from './search-network.ts'
import { OtherBranchError, UnreachableError } from './unreachable.ts'

/** Where a branch is looked for when nobody said where it is, before the network is asked. */
const HERE = 'http://127.0.0.1:7070'
/** Keys that the installer has said no to. */
export const REFUSED_MAX = 16

export interface MetBranch {
  readonly branchUrl: string
  readonly branchKey: string
}

/** Somebody must compare these words with those the branch shows, and then send the link instead of the code. */
export interface Question {
  readonly words: readonly string[]
  readonly fingerprint: string
  readonly link: string
}

const isHere = (branchUrl: string): boolean => branchUrl.startsWith('http:') && isLoopback(new URL(branchUrl).hostname)

/** The branch at an address, or null when it is not there, or one that does not fit is. */
async function meetAt(branchUrl: string, fits: (fingerprint: string) => boolean): Promise<MetBranch | null> {
  try {
    const branchKey = await provenKey(branchUrl)
    return fits(fingerprintOfBranch(branchKey)) ? { branchUrl, branchKey } : null
  } catch (error) {
    if (error instanceof UnreachableError) return null
    throw error
  }
}

/**
 * Finds the branch that an invitation speaks of: at its own address, at the one from the environment, on this machine,
 * or by asking the network. Nothing of the invitation is sent on the way.
 * @param refused - fingerprints whose words the installer did not find at the branch
 * @throws UnreachableError
 */
export async function meetBranch(
  { branchUrl, fingerprint }: Invitation,
  toldUrl: string | null,
  refused: readonly string[],
): Promise<MetBranch> {
  const fits = (found: string): boolean => (fingerprint === null ? !refused.includes(found) : found === fingerprint)
  const place = branchUrl ?? toldUrl
  const met = await meetAt(place ?? HERE, fits)
  if (met !== null) return met
  // Whoever said where the branch is, and not which one it is, means no other; one on this machine has not moved.
  const isFixed = place !== null && (isHere(place) || (fingerprint === null && refused.length === 0))
  const found = isFixed ? null : await searchNetwork(({ url }) => meetAt(url, fits))
  if (found !== null) return found
  if (fingerprint !== null) throw new OtherBranchError('the branch of this link is neither at its address nor found')
  throw new UnreachableError('no branch was found')
}

/** What must be asked before a code is sent; null when the key is known from the link, or the branch is on this machine. */
export function questionOf({ code, fingerprint }: Invitation, { branchUrl, branchKey }: MetBranch): Question | null {
  if (fingerprint !== null || isHere(branchUrl)) return null
  const shown = fingerprintOfBranch(branchKey)
  return {
    words: sixWords(Buffer.from(shown, 'base64url')),
    fingerprint: shown,
    link: invitationLink(code, branchUrl, shown),
  }
}
