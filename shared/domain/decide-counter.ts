import { isManager, ownCounter } from './authority.ts'
import { breakReasonNamed } from './catalogue-defaults.ts'
import type { Command, Origin } from './commands.ts'
import { adoptNumber } from './decide-adopt.ts'
import { issueTicket } from './decide-issue.ts'
import { managerLeaves } from './decide-manager.ts'
import { freeCounter } from './decide-ticket.ts'
import type { EventBody } from './events.ts'
import type { AgentId, CounterId, DeviceId, Moment, SteadyMs } from './ids.ts'
import type { Reservation } from './line.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { serviceMsAt } from './service-time.ts'
import { type BranchState, findAgent, findCounter, type OpenCounter } from './state.ts'
import { isLiving, type TicketFacts } from './ticket.ts'

type Decision = Result<readonly EventBody[], Refusal>
type Of<Type extends Command['type']> = Extract<Command, { type: Type }>

/**
 * Binds a counter to a device and an agent. The same agent takes the counter over from elsewhere;
 * an idle counter that the agent or the device still holds is closed first.
 */
export function openCounter(state: BranchState, command: Of<'OpenCounter'>, origin: Origin, now: Moment): Decision {
  const { counterId, agentId, isTraining = false } = command
  if (state.catalogue === null) return no('CatalogueMissing')
  if (findCounter(state, counterId) === undefined || state.retired.counters.has(counterId))
    return no('CounterUnknown', counterId)
  if (findAgent(state, agentId) === undefined || state.retired.agents.has(agentId)) return no('AgentUnknown', agentId)
  if (state.suspended.has(agentId)) return no('AgentIsSuspended', agentId)
  const holder = state.openCounters.get(counterId)
  if (holder !== undefined && holder.agentId !== agentId) return no('CounterTaken', counterId)
  // A training ticket never comes to a counter that works, nor the other way round.
  if (holder !== undefined && holder.ticketId !== null && holder.isTraining !== isTraining)
    return no('CounterBusy', counterId)

  const others = [...state.openCounters.entries()].filter(
    ([id, open]) => id !== counterId && (open.agentId === agentId || open.deviceId === origin.deviceId),
  )
  const busy = others.find(([, open]) => open.ticketId !== null)
  if (busy !== undefined) return no('CounterBusy', busy[0])
  const left = others.flatMap(([id, open]) => leave(state, id, open.agentId === agentId ? 'moved' : 'replaced', now))
  const opened: EventBody = { type: 'CounterOpened', counterId, agentId, deviceId: origin.deviceId, isTraining }
  // Whoever comes to learn, or back to work, cannot call what was kept for her before.
  const isStrange = ({ place }: TicketFacts): boolean =>
    place.isTraining !== isTraining && isKeptBy(place.reservedFor, counterId, agentId)
  return ok([...left, ...lapses(state, isStrange), opened])
}

const isKeptBy = (reservedFor: Reservation | null, counterId: CounterId, agentId: AgentId | null): boolean =>
  reservedFor?.kind === 'counter' ? reservedFor.counterId === counterId : reservedFor?.agentId === agentId

/** The end of some reservations, in the order of the log. */
function lapses(state: BranchState, isOver: (facts: TicketFacts) => boolean): readonly EventBody[] {
  return [...state.tickets.values()]
    .filter((ticket) => isLiving(ticket) && ticket.facts.place.reservedFor !== null && isOver(ticket.facts))
    .toSorted((a, b) => a.facts.place.tie - b.facts.place.tie)
    .map(({ facts }) => ({ type: 'ReservationLapsed', ticketId: facts.ticketId }))
}

/**
 * The end of a counter: a break that runs is over, and what was kept for the counter, or for the agent who leaves, is
 * its queue's again. An agent who only moves takes along what was kept for her.
 */
export function leave(
  state: BranchState,
  counterId: CounterId,
  reason: Extract<EventBody, { type: 'CounterClosed' }>['reason'],
  { steadyMs }: Moment,
): readonly EventBody[] {
  const open = state.openCounters.get(counterId)
  if (open === undefined) return []
  const { agentId, onBreak } = open
  const leaverId = reason === 'moved' ? null : agentId
  return [
    ...endOfBreak(counterId, agentId, onBreak, steadyMs),
    ...lapses(state, ({ place }) => isKeptBy(place.reservedFor, counterId, leaverId)),
    { type: 'CounterClosed', counterId, reason },
  ]
}

function endOfBreak(
  counterId: CounterId,
  agentId: AgentId,
  onBreak: OpenCounter['onBreak'],
  steadyMs: SteadyMs,
): readonly EventBody[] {
  if (onBreak === null) return []
  return [{ type: 'BreakEnded', counterId, agentId, breakMs: Math.max(0, steadyMs - onBreak.sinceSteadyMs) }]
}

/** The agent goes away for a while: nobody is called to the counter, and what is kept for her stays kept. */
export function startBreak(state: BranchState, command: Of<'StartBreak'>, origin: Origin): Decision {
  const { counterId, reason } = command
  const free = freeCounter(state, counterId, origin)
  if (!free.ok) return free
  const isKnown = reason === null || breakReasonNamed(state.catalogue?.body, reason) !== undefined
  if (!isKnown) return no('ReasonUnknown', reason ?? '')
  return ok([{ type: 'BreakStarted', counterId, agentId: free.value.open.agentId, reason }])
}

export function endBreak(state: BranchState, { counterId }: Of<'EndBreak'>, origin: Origin, now: Moment): Decision {
  if (findCounter(state, counterId) === undefined) return no('CounterUnknown', counterId)
  const open = ownCounter(state, counterId, origin)
  if (!open.ok) return open
  const { agentId, onBreak } = open.value
  return onBreak === null
    ? no('CounterNotOnBreak', counterId)
    : ok(endOfBreak(counterId, agentId, onBreak, now.steadyMs))
}

/** Issue, call and start in one go, for the customer who stands at the counter already. */
export function serveNow(state: BranchState, command: Of<'ServeNow'>, origin: Origin, now: Moment): Decision {
  const { counterId, ticketId, serviceId, priority, language } = command
  const free = freeCounter(state, counterId, origin)
  if (!free.ok) return free
  const asked = { ticketId, serviceId, priority, language, channel: 'counter' } as const
  const issued = issueTicket(state, { type: 'IssueTicket', ...asked }, origin, now, false)
  if (!issued.ok) return issued
  const { number, queueId } = issued.value[0]
  const at = { ticketId, number, counterId, agentId: free.value.open.agentId }
  const why = { rule: 'picked', runnerUp: null } as const
  return ok([
    ...issued.value,
    { type: 'TicketCalled', ...at, queueId, waitMs: 0, legWaitMs: 0, why },
    { type: 'ServiceStarted', ...at },
  ])
}

/** An agent closes the counter at hand, a manager any that is not her own: its device may be dead, with somebody in front of it. */
export function closeCounter(state: BranchState, counterId: CounterId, origin: Origin, now: Moment): Decision {
  if (findCounter(state, counterId) === undefined) return no('CounterUnknown', counterId)
  const open = state.openCounters.get(counterId)
  if (open === undefined) return no('CounterIsClosed', counterId)
  if (open.deviceId === origin.deviceId && !state.managers.has(origin.deviceId))
    return open.ticketId === null ? ok(leave(state, counterId, 'agent', now)) : no('CounterBusy', counterId)
  if (!isManager(state, origin)) return no('NotYourCounter', counterId)
  return ok([...releaseTicket(state, open, now.steadyMs), ...leave(state, counterId, 'manager', now)])
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

/** Counters that end whatever stands before them: nobody there is lost. */
function cutOff(
  state: BranchState,
  isOver: (open: OpenCounter) => boolean,
  reason: 'device-removed' | 'suspended',
  now: Moment,
): readonly EventBody[] {
  return [...state.openCounters.entries()]
    .filter(([, open]) => isOver(open))
    .flatMap(([counterId, open]): readonly EventBody[] => [
      ...releaseTicket(state, open, now.steadyMs),
      ...leave(state, counterId, reason, now),
    ])
}

/** A device that is removed loses its counter, or the manager signed in there, at once. */
export const removeDevice = (state: BranchState, deviceId: DeviceId, now: Moment): readonly EventBody[] => [
  ...cutOff(state, (open) => open.deviceId === deviceId, 'device-removed', now),
  ...managerLeaves(state, deviceId),
]

/** An agent who may not work any more is at no counter and on no manager's pages, wherever she was. */
export const agentLeaves = (state: BranchState, agentId: AgentId, now: Moment): readonly EventBody[] => [
  ...cutOff(state, (open) => open.agentId === agentId, 'suspended', now),
  ...[...state.managers.entries()]
    .filter(([, present]) => present === agentId)
    .flatMap(([deviceId]) => managerLeaves(state, deviceId)),
]

/** A paper typed in by hand is adopted and called to this counter in one go. */
export function adoptAtCounter(state: BranchState, command: Of<'AdoptNumber'>, origin: Origin, now: Moment): Decision {
  const { counterId } = command
  const free = freeCounter(state, counterId, origin)
  if (!free.ok) return free
  const { agentId, isTraining } = free.value.open
  // The paper is a real customer's.
  if (isTraining) return no('TicketReserved', command.number)
  const birth = adoptNumber(state, command)
  if (!birth.ok) return birth
  const { ticketId, number, queueId } = birth.value
  return ok([
    { type: 'TicketAdopted', kioskId: null, issuedAtMs: now.atMs, arrivalSteadyMs: now.steadyMs, ...birth.value },
    // Nobody knows how long this customer has waited: no wait is claimed.
    {
      ...{ type: 'TicketCalled', ticketId, number, queueId, counterId, agentId, waitMs: null, legWaitMs: null },
      why: { rule: 'picked', runnerUp: null },
    },
  ])
}
