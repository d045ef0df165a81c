import type { Command, Origin } from './commands.ts'
import type { EventBody } from './events.ts'
import type { DeviceId } from './ids.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { type BranchState, counterHeldBy, findAgent } from './state.ts'

type Decision = Result<readonly EventBody[], Refusal>

/**
 * A manager signs in at any caller, over the desk of whoever has a counter open there, which waits until she leaves.
 * Also before the first day and while the clock is in doubt: she is the one who may confirm it. At her own counter she
 * is signed in already.
 */
export function signInManager(
  state: BranchState,
  { agentId }: Extract<Command, { type: 'SignInManager' }>,
  { deviceId }: Origin,
): Decision {
  if (state.catalogue === null) return no('CatalogueMissing')
  const agent = findAgent(state, agentId)
  if (agent === undefined || state.retired.agents.has(agentId)) return no('AgentUnknown', agentId)
  if (state.suspended.has(agentId)) return no('AgentIsSuspended', agentId)
  if (agent.role !== 'manager') return no('NotAManager')
  const held = counterHeldBy(state, deviceId)
  return held?.[1].agentId === agentId
    ? no('CounterIsOpen', held[0])
    : ok([{ type: 'ManagerSignedIn', deviceId, agentId }])
}

export function signOutManager(state: BranchState, { deviceId }: Origin): Decision {
  const left = managerLeaves(state, deviceId)
  return left.length === 0 ? no('NotAManager') : ok(left)
}

/** The end of what a manager does at a device, without a counter of her own; nothing when none is signed in there. */
export function managerLeaves(state: BranchState, deviceId: DeviceId): readonly EventBody[] {
  const agentId = state.managers.get(deviceId)
  return agentId === undefined ? [] : [{ type: 'ManagerSignedOut', deviceId, agentId }]
}
