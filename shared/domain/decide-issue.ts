import type { Service } from './catalogue.ts'
import type { Command, Origin, PrintedAlone } from './commands.ts'
import type { EventBody, TicketBirth } from './events.ts'
import type { BusinessDate, EpochMs, Language, Moment, PriorityClassId, Series, SteadyMs } from './ids.ts'
import { formatNumber, nextOrdinal, parseBlockNumber } from './numbering.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { type BranchState, findService, isLiving, lastOrdinalOf, lineOf, queueMode } from './state.ts'

type Issue = Extract<Command, { type: 'IssueTicket' }>
type AdoptNumber = Extract<Command, { type: 'AdoptNumber' }>

/** The day new tickets belong to, or why none can be given now. */
function openDate(state: BranchState): Result<BusinessDate, Refusal> {
  if (state.catalogue === null) return no('CatalogueMissing')
  if (state.day === null) return no('ClockUnsure')
  return state.day.isClosed ? no('DayIsClosed', state.day.date) : ok(state.day.date)
}

function admit(state: BranchState, service: Service): Result<null, Refusal> {
  if (state.catalogue?.body.services.every((offered) => offered.id !== service.id))
    return no('ServiceRetired', service.id)
  if (queueMode(state, service.queueId).isClosed) return no('QueueIsClosed', service.queueId)
  const queue = state.catalogue?.body.queues.find((candidate) => candidate.id === service.queueId)
  if (queue === undefined) return no('QueueRetired', service.queueId)
  const isFull = queue.maxCapacity !== null && lineOf(state, queue.id).length >= queue.maxCapacity
  return isFull ? no('QueueFull', queue.id) : ok(null)
}

function priorityValue(state: BranchState, id: PriorityClassId | null, origin: Origin): Result<number, Refusal> {
  if (id === null) return ok(0)
  const found = state.catalogue?.body.priorityClasses.find((candidate) => candidate.id === id)
  if (found === undefined) return no('PriorityUnknown', id)
  return origin.kind === 'kiosk' && !found.selfService ? no('PriorityStaffOnly', id) : ok(found.value)
}

const defaultLanguage = (state: BranchState): Language => state.catalogue?.body.branch.defaultLanguage ?? 'fr'

/** Mints the next number of the service's series. */
export function issueTicket(state: BranchState, command: Issue, origin: Origin): Result<readonly EventBody[], Refusal> {
  const date = openDate(state)
  if (!date.ok) return date
  const service = findService(state, command.serviceId)
  if (service === undefined) return no('ServiceUnknown', command.serviceId)
  const admitted = admit(state, service)
  if (!admitted.ok) return admitted
  const priority = priorityValue(state, command.priority, origin)
  if (!priority.ok) return priority

  const series = state.prefixByService.get(service.id, service.prefix)
  const ordinal = nextOrdinal(series, lastOrdinalOf(state, series), (number) => state.ticketByNumber.has(number))
  if (ordinal === null) return no('NumbersExhausted', series)
  return ok([
    {
      type: 'TicketIssued',
      ticketId: command.ticketId,
      number: formatNumber(series, ordinal),
      series,
      ordinal,
      serviceId: service.id,
      queueId: service.queueId,
      channel: command.channel,
      priority: command.priority,
      priorityValue: priority.value,
      language: command.language ?? defaultLanguage(state),
      businessDate: date.value,
    },
  ])
}

/**
 * Arrival of a ticket printed alone, on the branch's steady time: last contact plus what the kiosk measured since.
 * Never before that contact; no wall clock of another box has a say.
 */
const arrivalOf = (printed: PrintedAlone): SteadyMs =>
  (printed.lastContactSteadyMs + Math.max(0, printed.sinceContactMs)) as SteadyMs

/** The paper wins over the ticket whose answer was lost, unless that one is over already. */
function supersedeGhost(state: BranchState, printed: PrintedAlone): readonly EventBody[] {
  if (printed.ghostId === null || printed.ghostId === printed.ticketId) return []
  const ghost = state.tickets.get(printed.ghostId)
  if (ghost === undefined || !isLiving(ghost)) return []
  return [{ type: 'TicketCancelled', ticketId: printed.ghostId, reason: 'superseded' }]
}

/**
 * Takes over what a kiosk printed alone. Never refused for hours or capacity: the paper exists.
 * @returns events for those that are new and can be placed; the others are named by `adoptionFault`
 */
export function adoptTickets(
  state: BranchState,
  printed: readonly PrintedAlone[],
  origin: Origin,
  now: Moment,
): readonly EventBody[] {
  const numbers = new Set<string>()
  return printed
    .filter((paper) => adoptionFault(state, paper) === null && !numbers.has(paper.number) && numbers.add(paper.number))
    .toSorted((a, b) => arrivalOf(a) - arrivalOf(b))
    .flatMap((paper): readonly EventBody[] => {
      const service = findService(state, paper.serviceId)
      if (service === undefined) return []
      const arrivalSteadyMs = arrivalOf(paper)
      const priority = priorityValue(state, paper.priority, origin)
      const birth: TicketBirth = {
        ticketId: paper.ticketId,
        number: paper.number,
        serviceId: paper.serviceId,
        queueId: service.queueId,
        channel: 'kiosk',
        priority: priority.ok ? paper.priority : null,
        priorityValue: priority.ok ? priority.value : 0,
        language: paper.language,
        businessDate: paper.businessDate,
      }
      const adopted: EventBody = {
        type: 'TicketAdopted',
        kioskId: origin.deviceId,
        issuedAtMs: (now.atMs - Math.max(0, now.steadyMs - arrivalSteadyMs)) as EpochMs,
        arrivalSteadyMs,
        ...birth,
      }
      return [...supersedeGhost(state, paper), adopted, ...lateForItsDay(state, paper)]
    })
}

/** Paper of a day that has ended is recorded, and ends with that day. */
function lateForItsDay(state: BranchState, paper: PrintedAlone): readonly EventBody[] {
  const isLate = state.day !== null && (paper.businessDate < state.day.date || state.day.isClosed)
  return isLate ? [{ type: 'TicketCancelled', ticketId: paper.ticketId, reason: 'day-closed' }] : []
}

/**
 * Why one paper brings no new ticket.
 * @returns null when it can be adopted; `known`: handed over before, or already typed in by staff
 */
export function adoptionFault(state: BranchState, paper: PrintedAlone): 'known' | Refusal['code'] | null {
  if (paper.isKnown || state.tickets.has(paper.ticketId)) return 'known'
  if (state.catalogue === null) return 'CatalogueMissing'
  if (findService(state, paper.serviceId) === undefined) return 'ServiceUnknown'
  if (parseBlockNumber(paper.number) === null) return 'NumberNotOffline'
  const holderId = state.ticketByNumber.get(paper.number)
  if (holderId === undefined) return null
  return state.tickets.get(holderId)?.facts.channel === 'counter' ? 'known' : 'NumberTaken'
}

/** Staff type the number of a paper whose kiosk never came back, and call it to their counter at once. */
export function adoptNumber(state: BranchState, command: AdoptNumber): Result<TicketBirth, Refusal> {
  const date = openDate(state)
  if (!date.ok) return date
  const parsed = parseBlockNumber(command.number)
  if (parsed === null) return no('NumberNotOffline', command.number)
  if (state.ticketByNumber.has(command.number)) return no('NumberTaken', command.number)
  const service = serviceOfSeries(state, parsed.series)
  if (service === undefined) return no('ServiceUnknown', parsed.series)
  return ok({
    ticketId: command.ticketId,
    number: command.number,
    serviceId: service.id,
    queueId: service.queueId,
    channel: 'counter',
    priority: null,
    priorityValue: 0,
    language: defaultLanguage(state),
    businessDate: date.value,
  })
}

function serviceOfSeries(state: BranchState, series: Series): Service | undefined {
  return state.catalogue?.body.services.find(
    (service) => state.prefixByService.get(service.id, service.prefix) === series,
  )
}
