import type { Origin } from './commands.ts'
import type { Actor } from './events.ts'
import type { CounterId } from './ids.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { type BranchState, counterHeldBy, findAgent, type OpenCounter } from './state.ts'
import type { Ticket } from './ticket.ts'

/**
 * A manager is an agent of that role who is signed in at the device, with or without a counter, not one who learns; the
 * branch may do all.
 */
export function isManager(state: BranchState, origin: Origin): boolean {
  if (origin.kind === 'branch' || state.managers.has(origin.deviceId)) return true
  const held = counterHeldBy(state, origin.deviceId)
  if (held === undefined || held[1].isTraining) return false
  return findAgent(state, held[1].agentId)?.role === 'manager'
}

export const managerOrInstaller = (state: BranchState, origin: Origin): Result<null, Refusal> =>
  origin.kind === 'installer' || origin.kind === 'cloud' || isManager(state, origin) ? ok(null) : no('NotAManager')

/** The counter must be open and held by the device that asks, and no manager's pages lie over its desk. */
export function ownCounter(state: BranchState, counterId: CounterId, origin: Origin): Result<OpenCounter, Refusal> {
  const open = state.openCounters.get(counterId)
  if (open === undefined) return no('CounterIsClosed', counterId)
  if (open.deviceId !== origin.deviceId) return no('NotYourCounter', counterId)
  return state.managers.has(origin.deviceId) ? no('ManagerIsHere', counterId) : ok(open)
}

/**
 * A called or serving ticket belongs to the device that holds its counter; a waiting or held one to any signed-in agent,
 * but one who learns has nothing to do with real tickets, nor the others with hers. Managers act anywhere.
 */
export function mayTouch(state: BranchState, ticket: Ticket, origin: Origin): Result<null, Refusal> {
  if (isManager(state, origin)) return ok(null)
  const held = counterHeldBy(state, origin.deviceId)
  const { phase, facts } = ticket
  if (phase.status === 'called' || phase.status === 'serving')
    return phase.counterId === held?.[0] ? ok(null) : no('NotYourTicket', facts.ticketId)
  if (held === undefined) return no('NoCounterOpen', origin.deviceId)
  return held[1].isTraining === facts.isTraining ? ok(null) : no('NotYourTicket', facts.ticketId)
}

/** Who the log names: the manager before the agent whose desk waits under her pages, else the device. */
export function actorOf(state: BranchState, origin: Origin): Actor {
  const id =
    origin.kind === 'caller'
      ? (state.managers.get(origin.deviceId) ?? counterHeldBy(state, origin.deviceId)?.[1].agentId)
      : undefined
  return id === undefined ? { kind: origin.kind, id: origin.deviceId } : { kind: 'agent', id }
}
