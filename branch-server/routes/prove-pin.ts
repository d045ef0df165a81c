import type { AgentId } from '#shared/domain/ids.ts'
import { isPin } from '#shared/network/pin-hash.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import type { Parts } from '../parts.ts'

/**
 * Proves a PIN ahead of the waist: hashing takes its time, and nobody else waits for it.
 * @returns null when it is right, or when there is no such agent: the core says so
 */
export async function provePin({ waist, pins }: Parts, agentId: AgentId, pin: string): Promise<Problem | null> {
  const { store, state } = waist.branch()
  const stored = store.catalogues.pinHash(agentId)
  if (stored === null)
    return state.catalogue?.body.agents.some(({ id }) => id === agentId) === true
      ? problem('PinWrong', { about: agentId, detail: 'The agent has no PIN yet' })
      : null
  if (!pins.mayTry(agentId)) return problem('PinLocked', { about: agentId })
  if (!(await isPin(pin, stored))) return problem('PinWrong', { about: agentId })
  pins.forgive(agentId)
  return null
}
