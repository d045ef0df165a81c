import { applyCatalogue } from './apply-catalogue.ts'
import type { CatalogueShelf } from './catalogue.ts'
import type { AgentEvent, LogEvent, QueueEvent } from './events.ts'
import { evolveTicket, type TicketLogEvent } from './evolve-ticket.ts'
import type { BusinessDate, CounterId, QueueId } from './ids.ts'
import { unreachable } from './result.ts'
import { type BranchState, isEmergency, type OpenCounter, type QueueMode, queueMode } from './state.ts'
import { numbersOf, restoreState } from './state-json.ts'
import { isLiving } from './ticket.ts'

type Of<Type extends LogEvent['type']> = Extract<LogEvent, { type: Type }>

function setMode(state: BranchState, queueId: QueueId, change: Partial<QueueMode>): BranchState {
  return { ...state, queueModes: state.queueModes.set(queueId, { ...queueMode(state, queueId), ...change }) }
}

const MODE_CHANGES = {
  QueuePaused: { isPaused: true },
  QueueResumed: { isPaused: false },
  QueueClosed: { isClosed: true },
  QueueOpened: { isClosed: false },
} as const satisfies { readonly [type in QueueEvent['type']]: Partial<QueueMode> }

/** A floor ends with its date; but the first day of all, or the one that a clock out of doubt opens, takes it over. */
function floorOf({ numberFloor, day, clock }: BranchState, date: BusinessDate): BranchState['numberFloor'] {
  if (numberFloor === null || date <= numberFloor.date) return numberFloor
  const isSameTime = day === null || (clock.keepsTicketsSince !== null && day.date <= numberFloor.date)
  return isSameTime ? { ...numberFloor, date } : null
}

/** A new day forgets what ended before it, starts its numbers again and takes up changed prefixes. */
function openDay(state: BranchState, event: Of<'DayOpened'>): BranchState {
  const tickets = state.tickets.filter(isLiving)
  return {
    ...state,
    day: { date: event.date, endsAtMs: event.endsAtMs, isClosed: false },
    managers: state.managers.clear(),
    isIntakeStopped: false,
    sheet: null,
    // An emergency stands until somebody ends it; what else was shown was of its day.
    message: isEmergency(state) ? state.message : null,
    coveredMessage: null,
    clock: { ...state.clock, keepsTicketsSince: null },
    tickets,
    ticketByNumber: numbersOf(tickets.values()),
    lastOrdinal: state.lastOrdinal.clear(),
    numberFloor: floorOf(state, event.date),
    prefixByService: state.prefixByService.map((prefix, serviceId) => {
      const service = state.catalogue?.body.services.find((candidate) => candidate.id === serviceId)
      return service?.prefix ?? prefix
    }),
  }
}

function closeDay(state: BranchState): BranchState {
  const day = state.day === null ? null : { ...state.day, isClosed: true }
  return { ...state, day }
}

function setOpenCounter(state: BranchState, counterId: CounterId, change: Partial<OpenCounter>): BranchState {
  const open = state.openCounters.get(counterId)
  return open === undefined
    ? state
    : { ...state, openCounters: state.openCounters.set(counterId, { ...open, ...change }) }
}

/** Whoever signs in anew, whether at a counter or not, is at no other place; nor is anybody else at that device. */
function withoutManager(
  { managers }: BranchState,
  { deviceId, agentId }: Of<'CounterOpened' | 'ManagerSignedIn' | 'ManagerSignedOut'>,
): BranchState['managers'] {
  return managers.filter((present, device) => device !== deviceId && present !== agentId)
}

const startBreak = (state: BranchState, { counterId, reason, steadyMs }: Of<'BreakStarted'>): BranchState =>
  setOpenCounter(state, counterId, { onBreak: { sinceSteadyMs: steadyMs, reason } })

function changeManager(state: BranchState, event: Of<'ManagerSignedIn' | 'ManagerSignedOut'>): BranchState {
  const others = withoutManager(state, event)
  const managers = event.type === 'ManagerSignedIn' ? others.set(event.deviceId, event.agentId) : others
  return { ...state, managers }
}

type OfAgents = Of<AgentEvent['type'] | 'RightsConfirmed'>
const AGENT_EVENTS = {
  ...{ AgentSuspended: true, AgentRestored: true, AgentAdded: true, AgentPinReset: true, RightsConfirmed: true },
} satisfies Record<OfAgents['type'], true>
const isOfAgents = (event: LogEvent): event is OfAgents => event.type in AGENT_EVENTS

/** Her sessions have ended by events of their own; who she is, the catalogue says. */
function changeAgent(state: BranchState, event: OfAgents): BranchState {
  if (event.type === 'AgentRestored') return { ...state, suspended: state.suspended.delete(event.agentId) }
  if (event.type !== 'AgentSuspended') return state
  const { agentId, actor, epoch, seq } = event
  const by = actor.kind === 'cloud' ? 'cloud' : 'site'
  return { ...state, suspended: state.suspended.set(agentId, { by, epoch, seq }) }
}

/** Devices whose last counter is remembered: more callers than any branch has. */
export const LAST_HELD_MAX = 100

/** The device that has worked longest ago makes room. */
function remembered({ lastHeld }: BranchState, event: Of<'CounterOpened'>): BranchState['lastHeld'] {
  const { deviceId, counterId, agentId, isTraining, steadyMs } = event
  const all = lastHeld.set(deviceId, { counterId, agentId, isTraining, sinceSteadyMs: steadyMs })
  if (all.size <= LAST_HELD_MAX) return all
  const oldest = [...all].toSorted(
    ([a, one], [b, other]) => one.sinceSteadyMs - other.sinceSteadyMs || (a < b ? -1 : 1),
  )
  return all.deleteAll(oldest.slice(0, all.size - LAST_HELD_MAX).map(([id]) => id))
}

/** The same agent who takes a counter over from another device goes on where she was. */
function openCounter(state: BranchState, event: Of<'CounterOpened'>): BranchState {
  const { agentId, deviceId, counterId, isTraining, steadyMs } = event
  const before = state.openCounters.get(counterId)
  const open: OpenCounter =
    before === undefined
      ? { agentId, deviceId, isTraining, ticketId: null, sinceSteadyMs: steadyMs, onBreak: null }
      : { ...before, agentId, deviceId, isTraining }
  const managers = withoutManager(state, event)
  const openCounters = state.openCounters.set(counterId, open)
  return { ...state, managers, openCounters, lastHeld: remembered(state, event) }
}

/** An emergency covers what stood there; anything else takes its place. */
function showMessage(state: BranchState, { messageId, minutes }: Of<'MessageShown'>): BranchState {
  const shown = { ...state, message: { messageId, minutes } }
  const covered = isEmergency(state) ? state.coveredMessage : state.message
  return { ...shown, coveredMessage: isEmergency(shown) ? covered : null }
}

function doubtClock(state: BranchState, event: LogEvent): BranchState {
  return { ...state, clock: { isDoubted: true, keepsTicketsSince: state.clock.keepsTicketsSince ?? event.steadyMs } }
}

/** When the day still runs, the doubt was a false alarm; else the day that opens next takes over what came during it. */
function trustClock(state: BranchState, event: LogEvent): BranchState {
  const isFalseAlarm = state.day !== null && event.atMs < state.day.endsAtMs
  const keepsTicketsSince = isFalseAlarm ? null : state.clock.keepsTicketsSince
  return { ...state, clock: { isDoubted: false, keepsTicketsSince } }
}

type Notice = Of<
  | ('IntakeStopped' | 'IntakeResumed' | 'MessageShown' | 'MessageCleared')
  | ('PowerLow' | 'PowerBack' | 'WaitingListAsked')
>

/** What everybody in the branch is to know. */
function changeNotices(state: BranchState, event: Notice): BranchState {
  switch (event.type) {
    case 'PowerLow':
    case 'PowerBack':
      return { ...state, isPowerLow: event.type === 'PowerLow' }
    case 'WaitingListAsked':
      return { ...state, sheet: { kioskId: event.kioskId, atMs: event.atMs, steadyMs: event.steadyMs } }
    case 'IntakeStopped':
    case 'IntakeResumed':
      return { ...state, isIntakeStopped: event.type === 'IntakeStopped' }
    case 'MessageShown':
      return showMessage(state, event)
    case 'MessageCleared':
      return { ...state, message: state.coveredMessage, coveredMessage: null }
    default:
      return unreachable(event)
  }
}

function evolveBody(state: BranchState, event: LogEvent, shelf: CatalogueShelf): BranchState {
  if (isOfAgents(event)) return changeAgent(state, event)
  switch (event.type) {
    case 'EpochStarted':
      return restoreState(event.carried, shelf)
    case 'CatalogueApplied':
      return applyCatalogue(state, event, shelf)
    case 'DayOpened':
      return openDay(state, event)
    case 'DayClosed':
      return closeDay(state)
    case 'ClockDoubted':
      return doubtClock(state, event)
    case 'ClockTrusted':
      return trustClock(state, event)
    case 'CounterOpened':
      return openCounter(state, event)
    case 'BreakStarted':
      return startBreak(state, event)
    case 'BreakEnded':
      return setOpenCounter(state, event.counterId, { onBreak: null })
    case 'CounterClosed':
      return { ...state, openCounters: state.openCounters.delete(event.counterId) }
    case 'ManagerSignedIn':
    case 'ManagerSignedOut':
      return changeManager(state, event)
    case 'PowerLow':
    case 'PowerBack':
    case 'WaitingListAsked':
    case 'IntakeStopped':
    case 'IntakeResumed':
    case 'MessageShown':
    case 'MessageCleared':
      return changeNotices(state, event)
    case 'QueuePaused':
    case 'QueueResumed':
    case 'QueueClosed':
    case 'QueueOpened':
      return setMode(state, event.queueId, MODE_CHANGES[event.type])
    case 'TicketIssued':
    case 'TicketAdopted':
    case 'TicketCalled':
    case 'TicketRecalled':
    case 'ServiceStarted':
    case 'TicketHeld':
    case 'TicketResumed':
    case 'TicketReturned':
    case 'TicketTransferred':
    case 'ReservationLapsed':
    case 'LegCompleted':
    case 'TicketCompleted':
    case 'TicketNoShow':
    case 'TicketReinstated':
    case 'TicketCancelled':
    case 'TicketRecorded':
      return evolveTicket(state, event satisfies TicketLogEvent)
    default:
      return unreachable(event)
  }
}

/**
 * Folds one event. Pure and total over what `decide` can answer; the same events always give the same state.
 * @param shelf - the catalogue bodies by version, which lie beside the log
 */
export function evolve(state: BranchState, event: LogEvent, shelf: CatalogueShelf): BranchState {
  const { epoch, seq, atMs, steadyMs } = event
  return { ...evolveBody(state, event, shelf), epoch, seq, now: { atMs, steadyMs } }
}
