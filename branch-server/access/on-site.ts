import type { Agent, Catalogue } from '#shared/domain/catalogue.ts'
import type { BranchState } from '#shared/domain/state.ts'

/**
 * Whoever was added at the branch stays until head office names her itself: a catalogue that was made without knowing of
 * her says nothing of her. From then on she is theirs, and a catalogue without her takes her out.
 */
export function withThoseOfSite({ catalogue: inForce }: BranchState, sent: Catalogue): Catalogue {
  const named = new Set(sent.agents.map(({ id }) => id))
  const kept = (inForce?.body.agents ?? []).filter((it: Agent) => it.addedOnSite === true && !named.has(it.id))
  return kept.length === 0 ? sent : { ...sent, agents: [...sent.agents, ...kept] }
}
