import type { Origin } from '#shared/domain/commands.ts'
import type { AgentId } from '#shared/domain/ids.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import { isPin } from '../access/pin-pepper.ts'
import type { Parts } from '../parts.ts'

/**
 * Proves a PIN ahead of the waist: hashing takes its time, and nobody else waits for it.
 * @param origin - where it was typed
 * @returns null when it is right, or when there is no such agent: the core says so
 */
export async function provePin(
  { waist, pinTries, keys, rights }: Parts,
  { deviceId }: Origin,
  agentId: AgentId,
  pin: string,
): Promise<Problem | null> {
  const { store, state } = waist.branch()
  const stored = store.catalogues.pinHash(agentId)
  const agent = state.catalogue?.body.agents.find(({ id }) => id === agentId)
  if (stored === null)
    return agent !== undefined ? problem('PinWrong', { about: agentId, detail: 'The agent has no PIN yet' }) : null
  const lockedMs = await pinTries.begin(deviceId, agentId)
  if (lockedMs !== null)
    return problem('PinLocked', { about: agentId, detail: `A try is free in ${Math.ceil(lockedMs / 1_000)} s` })
  if (!(await isPin(keys.pinPepper, pin, stored))) return problem('PinWrong', { about: agentId })
  await pinTries.forgive(deviceId, agentId)
  // A manager may come in: who works here is hers to say.
  return agent?.role !== 'manager' && rights.isTooOld() ? problem('RightsTooOld', { about: agentId }) : null
}
