import { actorOf, managerOrInstaller } from './authority.ts'
import { AGENTS_MAX } from './catalogue.ts'
import type { Command, Origin } from './commands.ts'
import { agentLeaves } from './decide-counter.ts'
import type { EventBody } from './events.ts'
import type { AgentId, Moment } from './ids.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { type BranchState, findAgent } from './state.ts'

type Decision = Result<readonly EventBody[], Refusal>
type Of<Type extends Command['type']> = Command & { readonly type: Type }

/** A manager, the installer or head office; and the agent must be one of this branch. */
function mayChange(state: BranchState, agentId: AgentId, origin: Origin): Result<null, Refusal> {
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  return findAgent(state, agentId) === undefined ? no('AgentUnknown', agentId) : ok(null)
}

/** Whoever suspends herself has nobody left who could take it back. */
const isHerself = (state: BranchState, agentId: AgentId, origin: Origin): boolean => {
  const { kind, id } = actorOf(state, origin)
  return kind === 'agent' && id === agentId
}

/**
 * From this event on nobody signs in as her, and where she is signed in she is out. Head office may make a suspension of
 * this branch its own; then head office alone lifts it.
 */
export function suspendAgent(
  state: BranchState,
  { agentId }: Of<'SuspendAgent'>,
  origin: Origin,
  now: Moment,
): Decision {
  const allowed = mayChange(state, agentId, origin)
  if (!allowed.ok) return allowed
  if (isHerself(state, agentId, origin)) return no('NotYourself', agentId)
  const known = state.suspended.get(agentId)
  const isTakenOver = known?.by === 'site' && origin.kind === 'cloud'
  if (known !== undefined && !isTakenOver) return no('AgentIsSuspended', agentId)
  return ok([{ type: 'AgentSuspended', agentId }, ...agentLeaves(state, agentId, now)])
}

/**
 * What was suspended here is lifted here, or by head office once it has seen it: an order from before, which was long
 * under way, answers nothing. What head office has suspended, head office lifts.
 */
export function restoreAgent(state: BranchState, { agentId, answers }: Of<'RestoreAgent'>, origin: Origin): Decision {
  const allowed = mayChange(state, agentId, origin)
  if (!allowed.ok) return allowed
  const known = state.suspended.get(agentId)
  if (known === undefined) return no('AgentIsActive', agentId)
  if (origin.kind !== 'cloud' && known.by === 'cloud') return no('SuspendedByCloud', agentId)
  const isSeen = answers !== null && answers.epoch === known.epoch && answers.seq === known.seq
  if (origin.kind === 'cloud' && known.by === 'site' && !isSeen) return no('SuspensionUnanswered', agentId)
  return ok([{ type: 'AgentRestored', agentId }])
}

export function addAgent(state: BranchState, command: Of<'AddAgent'>, origin: Origin): Decision {
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  const agents = state.catalogue?.body.agents ?? null
  if (agents === null) return no('CatalogueMissing')
  if (agents.length >= AGENTS_MAX) return no('AgentsFull')
  const { agentId, version, hash } = command
  return ok([
    { type: 'AgentAdded', agentId },
    { type: 'CatalogueApplied', version, hash },
  ])
}

export function resetPin(state: BranchState, { agentId }: Of<'ResetPin'>, origin: Origin): Decision {
  const allowed = mayChange(state, agentId, origin)
  if (!allowed.ok) return allowed
  return state.suspended.has(agentId) ? no('AgentIsSuspended', agentId) : ok([{ type: 'AgentPinReset', agentId }])
}

export function confirmRights(state: BranchState, origin: Origin): Decision {
  const allowed = managerOrInstaller(state, origin)
  return allowed.ok ? ok([{ type: 'RightsConfirmed' }]) : allowed
}
