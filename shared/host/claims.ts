import { randomUUID } from 'node:crypto'
import { problem } from '../wire/problem.ts'
import { type BranchAnswer, claimCode, parsed } from './branch-client.ts'
import type { FormerBranches } from './former-branches.ts'
import type { HostConfig } from './host-config.ts'
import { meetBranch, questionOf } from './meet-branch.ts'
import { type Invitation, type Pairing, parseInvitation } from './pairing.ts'
import { UnreachableError } from './unreachable.ts'

/** How a device comes to be paired. */
export interface Claims {
  /**
   * Claims a code with the branch it names. A bare code for a branch on the network is answered 202 with a Question.
   * A device that is paired is told so: another branch would be handed what this one is told.
   * @param refused - fingerprints whose words were not those of the branch
   * @throws UnreachableError
   */
  pair(invitation: string, refused?: readonly string[]): Promise<BranchAnswer>
  /** The same for who sets this machine up: also for a device whose branch has lost its key. @throws UnreachableError */
  pairAnew(invitation: string): Promise<BranchAnswer>
}

/** @remarks `isSameBranch` is not said by versions before. */
type Claimed = Omit<Pairing, 'branchUrl' | 'branchKey'> & { readonly isSameBranch?: boolean }

export interface ClaimParts {
  readonly config: Pick<HostConfig, 'branchUrl' | 'kind'>
  readonly former: Pick<FormerBranches, 'asDevice'>
  readonly pairing: () => Pairing | null
  readonly isClosed: () => boolean
  readonly onPaired: (paired: Pairing, isSameBranch: boolean) => void
}

export function createClaims({ config, former, pairing, isClosed, onPaired }: ClaimParts): Claims {
  /** The same code typed twice by an impatient hand gets the first answer again; it is nobody else's to ask for. */
  let claiming: { readonly code: string; readonly key: string } | null = null

  /** An impatient hand, or a page that missed its answer, means the pairing that is. */
  function whilePaired({ code }: Invitation): BranchAnswer {
    if (claiming?.code === code) return { status: 201, body: '{}' }
    const body = problem('AlreadyPaired')
    return { status: body.status, body: JSON.stringify(body) }
  }

  /** @param isAnew - a pairing that there is, or that came about meanwhile, gives way */
  async function claim(invitation: Invitation, refused: readonly string[], isAnew: boolean): Promise<BranchAnswer> {
    if (pairing() !== null && !isAnew) return whilePaired(invitation)
    const met = await meetBranch(invitation, config.branchUrl, refused)
    const question = questionOf(invitation, met)
    if (question !== null) return { status: 202, body: JSON.stringify(question) }
    const { code } = invitation
    if (claiming?.code !== code) claiming = { code, key: randomUUID() }
    const answer = await claimCode(met, code, config.kind, claiming.key, former.asDevice())
    if (isClosed()) throw new UnreachableError('this program is ending')
    if (answer.status !== 201) {
      // What was refused may be granted later: the next try is a new one.
      claiming = null
      return answer
    }
    if (pairing() !== null && !isAnew) return whilePaired(invitation)
    const { deviceId, kind, name, slot, token, isSameBranch } = parsed<Claimed>(answer.body)
    onPaired({ ...met, deviceId, kind, name, slot, token }, isSameBranch === true)
    return answer
  }

  return {
    pair: (text, refused = []) => claim(parseInvitation(text), refused, false),
    pairAnew: (text) => claim(parseInvitation(text), [], true),
  }
}
