import type { Catalogue } from '../../catalogue.ts'
import type { Command, Origin } from '../../commands.ts'
import {
  closeTheRetired,
  counterIn,
  endTicket,
  freeCounterOf,
  isAlive,
  lastGiven,
  queueIn,
  type SlowBranch,
  type SlowTicket,
  serviceIn,
  slowClock,
  slowLine,
  slowRoll,
  sweep,
  trust,
} from './slow-branch.ts'
import { slowSetUp } from './slow-counters.ts'
import { adoptPapers, typeNumber } from './slow-papers.ts'
import {
  type Answer,
  add,
  call,
  counterOfDevice,
  faultOfCounter,
  isBoss,
  nextOrder,
  noDay,
  pauseService,
  rankOf,
  seat,
  ticketOf,
} from './slow-parts.ts'

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>

const statusCode = (status: string): string =>
  `TicketIs${{ waiting: 'Waiting', called: 'Called', serving: 'Serving', held: 'Held', completed: 'Completed', no_show: 'NoShow', cancelled: 'Cancelled' }[status]}`

/** The ticket may be touched: it is in one of these states, and it is theirs who ask. */
function faultOf(branch: SlowBranch, id: string, fits: readonly string[], origin: Origin): Answer {
  const ticket = ticketOf(branch, id)
  if (ticket === undefined) return 'TicketUnknown'
  if (!fits.includes(ticket.status)) return statusCode(ticket.status)
  if (isBoss(branch, origin)) return null
  const counter = counterOfDevice(branch, origin)
  if (['called', 'serving'].includes(ticket.status)) return ticket.counter === counter?.id ? null : 'NotYourTicket'
  return counter === undefined ? 'NoCounterOpen' : null
}

const queuesOf = (branch: SlowBranch, counterId: string): string[] => {
  const drained = branch.gone.queues
    .filter(({ drainedBy }) => drainedBy.includes(counterId))
    .map(({ queue }) => queue.id as string)
  const own = (counterIn(branch, counterId)?.queueIds ?? []).filter((id) => !drained.includes(id))
  return [...own, ...drained]
}

function issue(branch: SlowBranch, { ticketId, serviceId, priority }: Of<'IssueTicket'>, origin: Origin): Answer {
  const early = noDay(branch)
  if (early !== null) return early
  const service = serviceIn(branch, serviceId)
  if (service === undefined) return 'ServiceUnknown'
  if (branch.catalogue?.services.some(({ id }) => id === serviceId) !== true) return 'ServiceRetired'
  if (branch.closed.includes(service.queueId)) return 'QueueIsClosed'
  const capacity = queueIn(branch, service.queueId)?.maxCapacity ?? null
  if (capacity !== null && slowLine(branch, service.queueId).length >= capacity) return 'QueueFull'
  const rank = rankOf(branch, priority, origin)
  if (typeof rank === 'string') return rank
  const series = branch.prefixes.find(([id]) => id === serviceId)?.[1] ?? service.prefix
  const text = (ordinal: number): string =>
    series + (ordinal < 1_000 ? `00${ordinal}`.slice(-3) : String(ordinal - 999 + 10_000))
  let ordinal = lastGiven(branch, series) + 1
  while (branch.tickets.some(({ number }) => number === text(ordinal))) ordinal += 1
  if (ordinal > 90_998) return 'NumbersExhausted'
  branch.given = [...branch.given.filter(([name]) => name !== series), [series, ordinal]]
  const date = branch.day?.date ?? ''
  add(branch, {
    id: ticketId,
    number: text(ordinal),
    service: serviceId,
    queue: service.queueId,
    date,
    isTyped: false,
    rank,
    arrived: branch.steady,
  })
  return null
}

function callNext(branch: SlowBranch, { counterId }: Of<'CallNext'>, origin: Origin): Answer {
  const fault = faultOfCounter(branch, counterId, origin)
  if (fault !== null) return fault
  const busy = queuesOf(branch, counterId).filter((id) => slowLine(branch, id).length > 0)
  const queue = busy.find((id) => !branch.paused.includes(id))
  if (queue === undefined) return busy.length === 0 ? 'QueueEmpty' : 'QueueIsPaused'
  const [next] = slowLine(branch, queue)
  if (next !== undefined) call(branch, next, counterId)
  return null
}

function callTicket(branch: SlowBranch, { ticketId, counterId }: Of<'CallTicket'>, origin: Origin): Answer {
  const ticket = ticketOf(branch, ticketId)
  if (ticket === undefined) return 'TicketUnknown'
  if (ticket.status !== 'waiting') return statusCode(ticket.status)
  const fault = faultOfCounter(branch, counterId, origin)
  if (fault !== null) return fault
  if (!queuesOf(branch, counterId).includes(ticket.queue)) return 'QueueNotServed'
  if (branch.paused.includes(ticket.queue)) return 'QueueIsPaused'
  call(branch, ticket, counterId)
  return null
}

function reinstate(branch: SlowBranch, ticket: SlowTicket): Answer {
  if (ticket.wasReinstated) return 'AlreadyReinstated'
  if (queueIn(branch, ticket.queue) === undefined) return 'QueueRetired'
  if (serviceIn(branch, ticket.service) === undefined) return 'ServiceRetired'
  if (branch.tickets.some((other) => other.number === ticket.number && isAlive(other))) return 'NumberTaken'
  const limit = (branch.catalogue?.branch.reinstateMinutes ?? 0) * 60_000
  if (branch.steady - ticket.endedAt > limit || ticket.date !== branch.day?.date) return 'ReinstateTooLate'
  ticket.wasReinstated = true
  ticket.status = 'waiting'
  return null
}

function transfer(branch: SlowBranch, ticket: SlowTicket, { toQueueId, place }: Of<'TransferTicket'>): Answer {
  if (queueIn(branch, toQueueId) === undefined) return 'QueueUnknown'
  if (branch.gone.queues.some(({ queue }) => queue.id === toQueueId)) return 'QueueRetired'
  if (ticket.status === 'waiting' && ticket.queue === toQueueId && place === 'arrival') return 'SameQueue'
  pauseService(branch, ticket)
  ticket.status = 'waiting'
  ticket.queue = toQueueId
  ticket.transfers += 1
  ticket.isFirst = place === 'first'
  ticket.since = place === 'arrival' ? ticket.arrived : branch.steady
  if (place !== 'arrival') ticket.order = nextOrder(branch)
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
}

/** The commands about one ticket that is already at a counter, or was. */
export function touch(branch: SlowBranch, command: TicketCommand, origin: Origin): Answer {
  const fault = faultOf(branch, command.ticketId, FITS[command.type] ?? [], origin)
  const ticket = ticketOf(branch, command.ticketId)
  if (fault !== null || ticket === undefined) return fault
  switch (command.type) {
    case 'RecallTicket':
      if (ticket.recalls >= (branch.catalogue?.branch.recallMax ?? 0)) return 'RecallMaximumReached'
      ticket.recalls += 1
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
      if (command.outcome !== null && !branch.catalogue?.outcomes.some(({ id }) => id === command.outcome))
        return 'OutcomeUnknown'
      pauseService(branch, ticket)
      endTicket(branch, ticket, 'completed')
      return null
    case 'MarkNoShow':
    case 'CancelTicket':
      endTicket(branch, ticket, command.type === 'MarkNoShow' ? 'no_show' : 'cancelled')
      return null
    case 'ReinstateTicket':
      return reinstate(branch, ticket)
    case 'TransferTicket':
      return transfer(branch, ticket, command)
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
    case 'AdoptTickets':
      return adoptPapers(branch, command.tickets, origin)
    case 'AdoptNumber':
      return typeNumber(branch, command, origin)
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
  slowClock(branch, reading.wallMs, reading.steadyMs)
  slowRoll(branch)
  const atOnce = decided(branch, command, origin, reading.wallMs)
  const answer = atOnce === 'elsewhere' ? slowSetUp(branch, command, origin, shelf) : atOnce
  if (answer === null) closeTheRetired(branch)
  // The branch remembers the time of what happened last, not of every question.
  const mayBeNothing = ['KeepTime', 'AdoptTickets', 'RemoveDevice'].includes(command.type) || answer !== null
  if (mayBeNothing && branch.news === news) Object.assign(branch, { label, steady })
  return answer
}
