import { isManager, managerOrInstaller, ownCounter } from './authority.ts'
import type { Command, Origin } from './commands.ts'
import { adoptNumber } from './decide-issue.ts'
import type { EventBody } from './events.ts'
import type { CounterId, DeviceId, Moment, SteadyMs } from './ids.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { serviceMsAt } from './service-time.ts'
import { type BranchState, findAgent, findCounter, findQueue, type OpenCounter, queueMode } from './state.ts'

type Decision = Result<readonly EventBody[], Refusal>
type Of<Type extends Command['type']> = Extract<Command, { type: Type }>

/**
 * Binds a counter to a device and an agent. The same agent takes the counter over from elsewhere;
 * an idle counter that the agent or the device still holds is closed first.
 */
export function openCounter(state: BranchState, command: Of<'OpenCounter'>, origin: Origin): Decision {
  const { counterId, agentId } = command
  if (state.catalogue === null) return no('CatalogueMissing')
  if (findCounter(state, counterId) === undefined || state.retired.counters.has(counterId))
    return no('CounterUnknown', counterId)
  if (findAgent(state, agentId) === undefined || state.retired.agents.has(agentId)) return no('AgentUnknown', agentId)
  const holder = state.openCounters.get(counterId)
  if (holder !== undefined && holder.agentId !== agentId) return no('CounterTaken', counterId)

  const others = [...state.openCounters.entries()].filter(
    ([id, open]) => id !== counterId && (open.agentId === agentId || open.deviceId === origin.deviceId),
  )
  const busy = others.find(([, open]) => open.ticketId !== null)
  if (busy !== undefined) return no('CounterBusy', busy[0])
  return ok([
    ...others.map(([id]): EventBody => ({ type: 'CounterClosed', counterId: id, reason: 'moved' })),
    { type: 'CounterOpened', counterId, agentId, deviceId: origin.deviceId },
  ])
}

/** An agent closes the counter at hand, a manager any other: its device may be dead, with somebody in front of it. */
export function closeCounter(state: BranchState, counterId: CounterId, origin: Origin, now: Moment): Decision {
  if (findCounter(state, counterId) === undefined) return no('CounterUnknown', counterId)
  const open = state.openCounters.get(counterId)
  if (open === undefined) return no('CounterIsClosed', counterId)
  if (open.deviceId === origin.deviceId)
    return open.ticketId === null
      ? ok([{ type: 'CounterClosed', counterId, reason: 'agent' }])
      : no('CounterBusy', counterId)
  if (!isManager(state, origin)) return no('NotYourCounter', counterId)
  return ok([...releaseTicket(state, open, now.steadyMs), { type: 'CounterClosed', counterId, reason: 'manager' }])
}

/** Frees the ticket of a counter that loses its device: the called one waits again, the serving one is held. */
function releaseTicket(state: BranchState, open: OpenCounter, steadyMs: SteadyMs): readonly EventBody[] {
  const ticket = open.ticketId === null ? undefined : state.tickets.get(open.ticketId)
  if (ticket === undefined) return []
  const { facts, phase } = ticket
  if (phase.status === 'called') return [{ type: 'TicketReturned', ticketId: facts.ticketId, queueId: facts.queueId }]
  if (phase.status !== 'serving') return []
  const { counterId, agentId } = phase
  const serviceMs = serviceMsAt(ticket, steadyMs)
  return [
    { type: 'TicketHeld', ticketId: facts.ticketId, number: facts.number, counterId, agentId, reason: null, serviceMs },
  ]
}

/** A device that is removed loses its counter at once; nobody in front of it is lost. */
export function removeDevice(state: BranchState, deviceId: DeviceId, now: Moment): readonly EventBody[] {
  return [...state.openCounters.entries()]
    .filter(([, open]) => open.deviceId === deviceId)
    .flatMap(([counterId, open]): readonly EventBody[] => [
      ...releaseTicket(state, open, now.steadyMs),
      { type: 'CounterClosed', counterId, reason: 'device-removed' },
    ])
}

/** A paper typed in by hand is adopted and called to this counter in one go. */
export function adoptAtCounter(state: BranchState, command: Of<'AdoptNumber'>, origin: Origin, now: Moment): Decision {
  const { counterId } = command
  if (findCounter(state, counterId) === undefined) return no('CounterUnknown', counterId)
  const open = ownCounter(state, counterId, origin)
  if (!open.ok) return open
  if (open.value.ticketId !== null) return no('CounterBusy', counterId)
  const birth = adoptNumber(state, command)
  if (!birth.ok) return birth
  const { ticketId, number, queueId } = birth.value
  return ok([
    { type: 'TicketAdopted', kioskId: null, issuedAtMs: now.atMs, arrivalSteadyMs: now.steadyMs, ...birth.value },
    // Nobody knows how long this customer has waited: no wait is claimed.
    { type: 'TicketCalled', ticketId, number, queueId, counterId, agentId: open.value.agentId, waitMs: null },
  ])
}

const queueChange = {
  PauseQueue: { event: 'QueuePaused', refusal: 'QueueIsPaused' },
  ResumeQueue: { event: 'QueueResumed', refusal: 'QueueIsActive' },
  CloseQueue: { event: 'QueueClosed', refusal: 'QueueIsClosed' },
  OpenQueue: { event: 'QueueOpened', refusal: 'QueueIsOpen' },
} as const

export function changeQueue(state: BranchState, command: Of<keyof typeof queueChange>, origin: Origin): Decision {
  const { queueId, type } = command
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  if (findQueue(state, queueId) === undefined) return no('QueueUnknown', queueId)
  const { isPaused, isClosed } = queueMode(state, queueId)
  const isSo = { PauseQueue: isPaused, ResumeQueue: !isPaused, CloseQueue: isClosed, OpenQueue: !isClosed }[type]
  const { event, refusal } = queueChange[type]
  return isSo ? no(refusal, queueId) : ok([{ type: event, queueId }])
}
