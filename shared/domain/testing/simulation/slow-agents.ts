import type { Command, Origin } from '../../commands.ts'
import { agentIn, type SlowBranch } from './slow-branch.ts'
import { closeCounters } from './slow-leaving.ts'
import { type Answer, counterOfDevice, isBoss, sendAway } from './slow-parts.ts'

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>
export type AboutAgents = Of<'SuspendAgent' | 'RestoreAgent' | 'AddAgent' | 'ResetPin' | 'ConfirmRights'>

/** Who sits at the device that asks, in front of everything else there. */
function whoIsAt(branch: SlowBranch, origin: Origin): string | undefined {
  if (origin.kind !== 'caller') return undefined
  return branch.bosses.find(({ device }) => device === origin.deviceId)?.agent ?? counterOfDevice(branch, origin)?.agent
}

function suspend(branch: SlowBranch, agentId: string, origin: Origin): Answer {
  if (whoIsAt(branch, origin) === agentId) return 'NotYourself'
  const known = branch.suspended.find(({ agent }) => agent === agentId)
  const isCloud = origin.kind === 'cloud'
  if (known !== undefined && (known.by === 'cloud' || !isCloud)) return 'AgentIsSuspended'
  const others = branch.suspended.filter(({ agent }) => agent !== agentId)
  branch.suspended = [...others, { agent: agentId, by: isCloud ? 'cloud' : 'site' }]
  const counters = branch.open.filter(({ agent }) => agent === agentId)
  for (const { ticket } of counters) sendAway(branch, ticket)
  closeCounters(branch, counters)
  branch.bosses = branch.bosses.filter(({ agent }) => agent !== agentId)
  return null
}

/** The stories answer the suspension that there is, or none. */
function restore(branch: SlowBranch, { agentId, answers }: Of<'RestoreAgent'>, origin: Origin): Answer {
  const known = branch.suspended.find(({ agent }) => agent === agentId)
  if (known === undefined) return 'AgentIsActive'
  const isCloud = origin.kind === 'cloud'
  if (known.by === 'cloud' && !isCloud) return 'SuspendedByCloud'
  if (known.by === 'site' && isCloud && answers === null) return 'SuspensionUnanswered'
  branch.suspended = branch.suspended.filter(({ agent }) => agent !== agentId)
  return null
}

/** @param takeUp - a catalogue becomes the branch's */
export function slowAgents(
  branch: SlowBranch,
  command: AboutAgents,
  origin: Origin,
  takeUp: (version: number) => void,
): Answer {
  const mayAsk = origin.kind === 'installer' || origin.kind === 'cloud' || isBoss(branch, origin)
  if (!mayAsk) return 'NotAManager'
  if (command.type === 'ConfirmRights') return null
  if (command.type === 'AddAgent') {
    if (branch.catalogue === null) return 'CatalogueMissing'
    takeUp(command.version)
    return null
  }
  if (agentIn(branch, command.agentId) === undefined) return 'AgentUnknown'
  if (command.type === 'SuspendAgent') return suspend(branch, command.agentId, origin)
  if (command.type === 'RestoreAgent') return restore(branch, command, origin)
  return branch.suspended.some(({ agent }) => agent === command.agentId) ? 'AgentIsSuspended' : null
}
