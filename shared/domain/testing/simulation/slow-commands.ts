import type { Catalogue } from '../../catalogue.ts'
import type { Command, Origin } from '../../commands.ts'
import type { Place } from '../../events.ts'
import {
  agentIn,
  counterIn,
  endTicket,
  freeCounterOf,
  isAlive,
  isEmergency,
  queueIn,
  type SlowBranch,
  type SlowTicket,
  serviceIn,
} from './slow-branch.ts'
import { callNext, callTicket, issue, nextService, serveNow } from './slow-calls.ts'
import { slowSetUp } from './slow-counters.ts'
import { slowClock, slowRoll, sweep, trust } from './slow-day.ts'
import { closeTheRetired, holderOf } from './slow-leaving.ts'
import { adoptPapers, typeNumber, withdraw } from './slow-papers.ts'
import {
  type Answer,
  counterOfDevice,
  faultOfCounter,
  hasBoss,
  isBoss,
  nextOrder,
  pauseService,
  seat,
  statusCode,
  ticketOf,
} from './slow-parts.ts'
import { enterLater } from './slow-records.ts'

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>

/** The ticket may be touched: it is in one of these states, and it is theirs who ask. */
function faultOf(branch: SlowBranch, id: string, fits: readonly string[], origin: Origin): Answer {
  const ticket = ticketOf(branch, id)
  if (ticket === undefined) return 'TicketUnknown'
  if (!fits.includes(ticket.status)) return statusCode(ticket.status)
  if (isBoss(branch, origin)) return null
  const counter = counterOfDevice(branch, origin)
  if (['called', 'serving'].includes(ticket.status)) return ticket.counter === counter?.id ? null : 'NotYourTicket'
  if (counter === undefined) return 'NoCounterOpen'
  return counter.isTraining === ticket.isTraining ? null : 'NotYourTicket'
}

function reinstate(branch: SlowBranch, ticket: SlowTicket): Answer {
  if (ticket.wasReinstated) return 'AlreadyReinstated'
  if (queueIn(branch, ticket.queue) === undefined) return 'QueueRetired'
  if (serviceIn(branch, ticket.service) === undefined) return 'ServiceRetired'
  if (branch.tickets.some((other) => other.number === ticket.number && isAlive(other))) return 'NumberTaken'
  const limit = (branch.catalogue?.branch.reinstateMinutes ?? 0) * 60_000
  if (branch.steady - ticket.endedAt > limit || ticket.date !== branch.day?.date) return 'ReinstateTooLate'
  ticket.wasReinstated = true
  ticket.keptFor = null
  ticket.status = 'waiting'
  return null
}

function transfer(branch: SlowBranch, ticket: SlowTicket, { toQueueId, place }: Of<'TransferTicket'>): Answer {
  if (queueIn(branch, toQueueId) === undefined) return 'QueueUnknown'
  if (branch.gone.queues.some(({ queue }) => queue.id === toQueueId)) return 'QueueRetired'
  const stays = ticket.status === 'waiting' && ticket.queue === toQueueId && ticket.keptFor === null
  if (stays && place === 'arrival') return 'SameQueue'
  move(branch, ticket, toQueueId, place)
  return null
}

function reserve(branch: SlowBranch, ticket: SlowTicket, { reserveFor, place }: Of<'ReserveTicket'>): Answer {
  const { kind } = reserveFor
  const id = kind === 'counter' ? reserveFor.counterId : reserveFor.agentId
  if (kind === 'counter' && counterIn(branch, id) === undefined) return 'CounterUnknown'
  if (kind === 'agent' && agentIn(branch, id) === undefined) return 'AgentUnknown'
  const isHere = branch.open.some((counter) => (kind === 'counter' ? counter.id : counter.agent) === id)
  if (!isHere) return kind === 'counter' ? 'CounterIsClosed' : 'AgentAbsent'
  if (holderOf(branch, { ...ticket, keptFor: { kind, id } }) === undefined) return 'TicketReserved'
  move(branch, ticket, ticket.queue, place)
  ticket.keptFor = { kind, id }
  return null
}

function move(branch: SlowBranch, ticket: SlowTicket, queue: string, place: Place): void {
  pauseService(branch, ticket)
  if (ticket.queue !== queue) Object.assign(ticket, { entered: branch.steady, legWait: null, wasCalledHere: false })
  ticket.status = 'waiting'
  ticket.queue = queue
  ticket.transfers += 1
  ticket.keptFor = null
  ticket.booked = null
  ticket.isFirst = place === 'first'
  ticket.since = place === 'arrival' ? ticket.arrived : branch.steady
  if (place !== 'arrival') ticket.order = nextOrder(branch)
}

/** The visit is over, or goes on with the next service of its plan that is still offered. */
function complete(branch: SlowBranch, ticket: SlowTicket, { outcome, endsVisit }: Of<'CompleteTicket'>): Answer {
  if (outcome !== null && !branch.catalogue?.outcomes.some(({ id }) => id === outcome)) return 'OutcomeUnknown'
  pauseService(branch, ticket)
  const next = endsVisit === true ? undefined : nextService(branch, ticket)
  if (next === undefined) {
    endTicket(branch, ticket, 'completed')
    return null
  }
  const { service, legWait, servedMs } = ticket
  ticket.legs.push({ service, wait: legWait, served: servedMs })
  ticket.plan = ticket.plan.slice(ticket.plan.indexOf(next.id) + 1)
  branch.told.push(`${ticket.id} goes on from ${service} to ${next.id} after ${servedMs}`)
  const { steady } = branch
  Object.assign(ticket, { service: next.id, queue: next.queueId, status: 'waiting', servedMs: 0 })
  Object.assign(ticket, { since: steady, entered: steady, order: nextOrder(branch), legWait: null })
  Object.assign(ticket, { isFirst: false, booked: null, keptFor: null, wasCalledHere: false })
  return null
}

type TicketCommand = Extract<Command, { readonly ticketId: unknown }>

const FITS: { readonly [type: string]: readonly string[] } = {
  RecallTicket: ['called'],
  StartService: ['called'],
  HoldTicket: ['serving'],
  ReturnTicket: ['called', 'held'],
  CompleteTicket: ['called', 'serving', 'held'],
  MarkNoShow: ['called', 'held'],
  CancelTicket: ['waiting', 'held'],
  ReinstateTicket: ['no_show'],
  TransferTicket: ['waiting', 'called', 'serving', 'held'],
  ReserveTicket: ['waiting', 'called', 'serving', 'held'],
}

/** The commands about one ticket that is already at a counter, or was. */
function touch(branch: SlowBranch, command: TicketCommand, origin: Origin): Answer {
  const fault = faultOf(branch, command.ticketId, FITS[command.type] ?? [], origin)
  const ticket = ticketOf(branch, command.ticketId)
  if (fault !== null || ticket === undefined) return fault
  const isCall = command.type === 'RecallTicket' || command.type === 'StartService'
  if (isCall && hasBoss(branch, origin)) return 'ManagerIsHere'
  switch (command.type) {
    case 'RecallTicket':
      if (isEmergency(branch)) return 'EmergencyIsShown'
      if (ticket.recalls >= (branch.catalogue?.branch.recallMax ?? 0)) return 'RecallMaximumReached'
      ticket.recalls += 1
      ticket.calledAt = branch.steady
      return null
    case 'StartService':
      ticket.status = 'serving'
      ticket.wasStarted = true
      ticket.servingFrom = branch.steady
      return null
    case 'HoldTicket':
      if (command.reason !== null && !branch.catalogue?.reasons.some(({ id }) => id === command.reason))
        return 'ReasonUnknown'
      pauseService(branch, ticket)
      ticket.status = 'held'
      return null
    case 'ReturnTicket':
      freeCounterOf(branch, ticket)
      ticket.status = 'waiting'
      return null
    case 'CompleteTicket':
      return complete(branch, ticket, command)
    case 'MarkNoShow':
    case 'CancelTicket':
      endTicket(branch, ticket, command.type === 'MarkNoShow' ? 'no_show' : 'cancelled')
      return null
    case 'ReinstateTicket':
      return reinstate(branch, ticket)
    case 'TransferTicket':
      return transfer(branch, ticket, command)
    case 'ReserveTicket':
      return reserve(branch, ticket, command)
    default:
      throw new Error(`The slow branch does not know ${command.type}`)
  }
}

function resume(branch: SlowBranch, { ticketId, counterId }: Of<'ResumeTicket'>, origin: Origin): Answer {
  const ticket = ticketOf(branch, ticketId)
  if (ticket === undefined) return 'TicketUnknown'
  if (ticket.status !== 'held') return statusCode(ticket.status)
  const fault = faultOfCounter(branch, counterId, origin)
  if (fault !== null) return fault
  if (counterOfDevice(branch, origin)?.isTraining !== ticket.isTraining) return 'TicketReserved'
  ticket.servingFrom = branch.steady
  ticket.wasStarted = true
  seat(branch, ticket, counterId, 'serving')
  return null
}

function decided(branch: SlowBranch, command: Command, origin: Origin, wall: number): Answer {
  const isAllowed = origin.kind === 'installer' || isBoss(branch, origin)
  switch (command.type) {
    case 'IssueTicket':
      return issue(branch, command, origin)
    case 'ServeNow':
      return serveNow(branch, command, origin)
    case 'AdoptTickets':
      return adoptPapers(branch, command.tickets, origin)
    case 'WithdrawTickets':
      return withdraw(branch, command.ticketIds)
    case 'AdoptNumber':
      return typeNumber(branch, command, origin)
    case 'RecordTicket':
      return enterLater(branch, command.mark, origin)
    case 'CallNext':
      return callNext(branch, command, origin)
    case 'CallTicket':
      return callTicket(branch, command, origin)
    case 'ResumeTicket':
      return resume(branch, command, origin)
    case 'CloseDay':
      if (!isAllowed) return 'NotAManager'
      if (branch.catalogue === null) return 'CatalogueMissing'
      if (branch.day === null) return 'ClockUnsure'
      if (branch.day.isClosed) return 'DayAlreadyClosed'
      sweep(branch, null)
      branch.day.isClosed = true
      return null
    case 'ConfirmClock':
      if (!isAllowed) return 'NotAManager'
      if (!branch.isDoubted) return 'ClockIsSure'
      branch.label = wall
      trust(branch)
      return null
    case 'KeepTime':
      return null
    default:
      return 'ticketId' in command ? touch(branch, command, origin) : 'elsewhere'
  }
}

/**
 * One command, asked of the slow branch.
 * @returns null when it was done, else the code of the refusal
 */
export function slowAsk(
  branch: SlowBranch,
  command: Command,
  origin: Origin,
  reading: { readonly wallMs: number; readonly steadyMs: number },
  shelf: (version: number) => Catalogue,
): Answer {
  const { label, steady, news } = branch
  branch.told = []
  slowClock(branch, reading.wallMs, reading.steadyMs)
  slowRoll(branch)
  const atOnce = decided(branch, command, origin, reading.wallMs)
  const answer = atOnce === 'elsewhere' ? slowSetUp(branch, command, origin, shelf) : atOnce
  if (answer === null) closeTheRetired(branch)
  // The branch remembers the time of what happened last, not of every question.
  const mayBeNothing =
    ['KeepTime', 'AdoptTickets', 'WithdrawTickets', 'RemoveDevice'].includes(command.type) || answer !== null
  if (mayBeNothing && branch.news === news) Object.assign(branch, { label, steady })
  return answer
}
