import type { Service } from './catalogue.ts'
import type { Command, Origin, PrintedAlone } from './commands.ts'
import { defaultLanguage, openDate, priorityValue } from './decide-issue.ts'
import type { EventBody } from './events.ts'
import type { EpochMs, Moment, Series, TicketId, TicketNumber } from './ids.ts'
import { parseBlockNumber, TRAINING_SERIES } from './numbering.ts'
import { isFarAhead } from './printed-alone.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { type BranchState, findQueue, findService } from './state.ts'
import { isLiving, type Ticket } from './ticket.ts'
import { PLAN_MAX, type TicketBirth } from './ticket-birth.ts'
import { believedMs, toldMs } from './told-time.ts'
import { transitions } from './transitions.ts'

type AdoptNumber = Extract<Command, { type: 'AdoptNumber' }>

/** What paper printed without the server cannot say: it has no appointment, and nobody was told a wait. */
const PLAIN = { bookedSteadyMs: null, told: null } as const

/** A trial says so by its number, on paper and to the branch alike. */
const isTrial = (number: TicketNumber): boolean => parseBlockNumber(number)?.series === TRAINING_SERIES

/** Paper of a day that has ended is recorded, and ends with that day; a queue that runs through the night keeps it. */
function isLate(state: BranchState, paper: PrintedAlone): boolean {
  const { day } = state
  if (day === null || (paper.businessDate >= day.date && !day.isClosed)) return false
  const service = serviceFor(state, paper)
  return service === undefined || findQueue(state, service.queueId)?.overnight !== true
}

/**
 * The service a paper's customer waits for. When nobody knows it any more, one of the same series takes its place,
 * else the first there is: the customer stands in the lobby, and staff can move a ticket but not a refusal.
 */
function serviceFor(state: BranchState, paper: PrintedAlone): Service | undefined {
  const service = findService(state, paper.serviceId)
  if (service !== undefined && findQueue(state, service.queueId) !== undefined) return service
  const series = parseBlockNumber(paper.number)?.series
  return (series === undefined ? undefined : serviceOfSeries(state, series)) ?? state.catalogue?.body.services[0]
}

/** Takes a paper into its line; the paper wins over the ticket whose answer was lost. */
function adopt(state: BranchState, paper: PrintedAlone, origin: Origin, now: Moment): readonly EventBody[] {
  const service = serviceFor(state, paper)
  if (service === undefined) return []
  // A kiosk may have counted further than the branch, whose steady time stood still while it was off.
  const arrivalSteadyMs = believedMs(paper, paper.absences, now)
  const priority = priorityValue(state, paper.priority, origin)
  const mistyped = mistypedFor(state, paper)
  const birth: TicketBirth = {
    ticketId: mistyped?.facts.ticketId ?? paper.ticketId,
    number: paper.number,
    serviceId: service.id,
    queueId: service.queueId,
    channel: 'kiosk',
    priority: priority.ok ? paper.priority : null,
    priorityValue: priority.ok ? priority.value : 0,
    language: paper.language,
    businessDate: paper.businessDate,
    // What is offered no more when its turn comes is left out then.
    plan: paper.plan?.slice(0, PLAN_MAX) ?? service.plan,
    isTraining: isTrial(paper.number),
    ...PLAIN,
  }
  const issuedAtMs = (now.atMs - (now.steadyMs - arrivalSteadyMs)) as EpochMs
  const adopted: EventBody = {
    type: 'TicketAdopted',
    kioskId: origin.deviceId,
    issuedAtMs,
    arrivalSteadyMs,
    ...birth,
    ...(mistyped !== undefined && { printedAs: paper.ticketId }),
  }
  return isLate(state, paper)
    ? [adopted, { type: 'TicketCancelled', ticketId: paper.ticketId, reason: 'day-closed' }]
    : [adopted]
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
  const taken = new Set<string>()
  const isFirst = (paper: PrintedAlone): boolean => {
    const { ticketId, number, businessDate } = paper
    const keys = [ticketId, `${number} ${businessDate}`, ...(isLate(state, paper) ? [] : [number])]
    if (keys.some((key) => taken.has(key))) return false
    for (const key of keys) taken.add(key)
    return true
  }
  const ghosts = new Set<string>()
  const supersede = ({ ghostId, ticketId }: PrintedAlone): readonly EventBody[] => {
    if (ghostId === null || ghostId === ticketId || ghosts.has(ghostId)) return []
    const ghost = state.tickets.get(ghostId)
    if (ghost === undefined || !isLiving(ghost)) return []
    ghosts.add(ghostId)
    return [{ type: 'TicketCancelled', ticketId: ghostId, reason: 'superseded' }]
  }
  return (
    printed
      .map((paper) => ({ paper, fault: adoptionFault(state, paper) }))
      // A refused paper is out all the same: nobody holds the number of its ghost.
      .filter(({ paper, fault }) => (fault === null ? isFirst(paper) : fault !== 'CatalogueMissing'))
      // By their kiosk's word, which orders its own papers even where the branch does not believe how long ago they were.
      .toSorted((a, b) => toldMs(a.paper) - toldMs(b.paper))
      .flatMap(({ paper, fault }) => [...supersede(paper), ...(fault === null ? adopt(state, paper, origin, now) : [])])
  )
}

/**
 * Takes back what a branch made for taps that brought no paper: nobody waits with these numbers, and nobody failed to
 * come. Whoever is being served, or was, is somebody: then staff know better than the kiosk.
 */
export const withdrawTickets = (state: BranchState, ticketIds: readonly TicketId[]): readonly EventBody[] =>
  [...new Set(ticketIds)].flatMap((ticketId) => {
    const status = state.tickets.get(ticketId)?.phase.status
    const isTaken = status !== undefined && transitions.withdraw[status].to !== undefined
    return isTaken ? [{ type: 'TicketCancelled', ticketId, reason: 'superseded' } as const] : []
  })

/** A ticket that already bears the number: on that business date, or on any while it lives. */
function holderOf(state: BranchState, number: TicketNumber, isClash: (ticket: Ticket) => boolean): Ticket | undefined {
  // Nearly every number is new, and then nobody has to be looked through.
  if (!state.ticketByNumber.has(number)) return undefined
  return state.tickets.find((ticket) => ticket.facts.number === number && isClash(ticket))
}

/** Staff type a number, not a date: what they typed later may be the paper of an earlier day. */
const typedFor = (state: BranchState, { number, businessDate }: PrintedAlone): Ticket | undefined =>
  holderOf(state, number, ({ facts }) => facts.channel === 'counter' && facts.businessDate >= businessDate)

/**
 * Who typed a number before it was printed looked at another paper, or at none. Two devices without the server count on
 * from their last contact; the branch's own time stood still while it was off, so what it saw typed itself came before a
 * paper only where the paper's kiosk was in contact afterwards.
 */
const isTypedBefore = ({ facts }: Ticket, paper: PrintedAlone): boolean =>
  facts.businessDate === paper.businessDate &&
  (facts.typedSteadyMs === undefined
    ? facts.arrivedSteadyMs < paper.lastContactSteadyMs
    : facts.typedSteadyMs < toldMs(paper))

/** The record that was made under a paper's number before the paper was; it gives way to the customer who waits. */
function mistypedFor(state: BranchState, paper: PrintedAlone): Ticket | undefined {
  const typed = typedFor(state, paper)
  const givesWay = typed !== undefined && isTypedBefore(typed, paper) && !isLiving(typed) && !isLate(state, paper)
  return givesWay ? typed : undefined
}

/**
 * Why one paper brings no new ticket.
 * @returns null when it can be adopted; `known`: handed over before, or already typed in by staff
 */
export function adoptionFault(state: BranchState, paper: PrintedAlone): 'known' | Refusal['code'] | null {
  if (paper.isKnown || state.tickets.has(paper.ticketId)) return 'known'
  if (state.catalogue === null) return 'CatalogueMissing'
  if (parseBlockNumber(paper.number) === null) return 'NumberNotOffline'
  if (paper.isOfOtherBlock === true) return 'NumberOfOtherKiosk'
  const { businessDate } = paper
  if (holderOf(state, paper.number, ({ facts }) => facts.printedAs === paper.ticketId) !== undefined) return 'known'
  const typed = typedFor(state, paper)
  if (typed !== undefined && !isTypedBefore(typed, paper)) return 'known'
  // Somebody else waits or is served under this number: staff must find the paper's customer another one.
  if (typed !== undefined) {
    const isFree = mistypedFor(state, paper) !== undefined && holderOf(state, paper.number, isLiving) === undefined
    return isFree ? null : 'NumberTaken'
  }
  if (paper.isNumberTaken) return 'NumberTaken'
  const willLive = !isLate(state, paper)
  const isClash = (ticket: Ticket): boolean =>
    ticket.facts.businessDate === businessDate || (willLive && isLiving(ticket))
  return holderOf(state, paper.number, isClash) === undefined ? null : 'NumberTaken'
}

/** Staff type the number of a paper whose kiosk never came back, and call it to their counter at once. */
export function adoptNumber(
  state: BranchState,
  command: Pick<AdoptNumber, 'ticketId' | 'number' | 'isNumberTaken' | 'isConfirmed'>,
): Result<TicketBirth, Refusal> {
  const date = openDate(state)
  if (!date.ok) return date
  const parsed = parseBlockNumber(command.number)
  if (parsed === null || isTrial(command.number)) return no('NumberNotOffline', command.number)
  const isClash = (ticket: Ticket): boolean => ticket.facts.businessDate === date.value || isLiving(ticket)
  if (command.isNumberTaken || holderOf(state, command.number, isClash) !== undefined)
    return no('NumberTaken', command.number)
  const service = serviceOfSeries(state, parsed.series)
  if (service === undefined) return no('ServiceUnknown', parsed.series)
  if (command.isConfirmed !== true && isFarAhead(state, command.number, date.value))
    return no('NumberNotPrinted', command.number)
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
    plan: service.plan,
    isTraining: false,
    ...PLAIN,
  })
}

function serviceOfSeries(state: BranchState, series: Series): Service | undefined {
  return state.catalogue?.body.services.find(
    (service) => state.prefixByService.get(service.id, service.prefix) === series,
  )
}
