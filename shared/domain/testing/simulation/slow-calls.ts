import type { Service } from '../../catalogue.ts'
import type { Command, Origin } from '../../commands.ts'
import { isEmergency, queueIn, type SlowBranch, type SlowTicket, serviceIn } from './slow-branch.ts'
import { mayPick, queuesOf, slowNext } from './slow-choice.ts'
import { lastGiven } from './slow-day.ts'
import { kioskFault } from './slow-hours.ts'
import { waitersIn } from './slow-line.ts'
import {
  type Answer,
  add,
  BY_HAND,
  call,
  counterOfDevice,
  faultOfCounter,
  noDay,
  rankOf,
  statusCode,
  ticketOf,
} from './slow-parts.ts'

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>

const offered = (branch: SlowBranch, id: string): Service | undefined =>
  branch.catalogue?.services.find((service) => service.id === id)

/** What follows in a visit: the first service of its plan that is still offered. */
export const nextService = (branch: SlowBranch, { plan }: SlowTicket): Service | undefined =>
  plan.flatMap((id) => offered(branch, id) ?? [])[0]

/** Why the door to a service is shut. */
function doorFault(branch: SlowBranch, serviceId: string, origin: Origin, isServedNow: boolean): Answer {
  const early = noDay(branch)
  if (early !== null) return early
  const service = serviceIn(branch, serviceId)
  if (service === undefined) return 'ServiceUnknown'
  if (offered(branch, serviceId) === undefined) return 'ServiceRetired'
  if (branch.closed.includes(service.queueId)) return 'QueueIsClosed'
  const fault = origin.kind === 'kiosk' ? kioskFault(branch, service) : null
  if (fault !== null) return fault
  if (isServedNow) return null
  const capacity = queueIn(branch, service.queueId)?.maxCapacity ?? null
  const waiting = waitersIn(branch, service.queueId).filter(({ isTraining }) => !isTraining)
  return capacity !== null && waiting.length >= capacity ? 'QueueFull' : null
}

/** The next number of a series, as it is printed. */
function mint(branch: SlowBranch, series: string): string | null {
  const text = (ordinal: number): string =>
    series + (ordinal < 1_000 ? `00${ordinal}`.slice(-3) : String(ordinal - 999 + 10_000))
  let ordinal = lastGiven(branch, series) + 1
  while (branch.tickets.some(({ number }) => number === text(ordinal))) ordinal += 1
  if (ordinal > 90_998) return null
  branch.given = [...branch.given.filter(([name]) => name !== series), [series, ordinal]]
  return text(ordinal)
}

/** The booked time on steady time, unless the customer is later than the branch waits. */
function bookedAt(branch: SlowBranch, atMs: number | undefined): number | null {
  if (atMs === undefined) return null
  const lateMs = branch.label - atMs
  return lateMs > (branch.catalogue?.branch.appointmentLateMinutes ?? 0) * 60_000 ? null : branch.steady - lateMs
}

export function issue(
  branch: SlowBranch,
  command: Omit<Of<'IssueTicket'>, 'type'>,
  origin: Origin,
  isServedNow = false,
): Answer {
  const { ticketId, serviceId, priority, plan: wanted, bookedAtMs, channel } = command
  const fault = doorFault(branch, serviceId, origin, isServedNow)
  const service = serviceIn(branch, serviceId)
  if (fault !== null || service === undefined) return fault
  if (bookedAtMs === undefined && channel === 'appointment' && origin.kind === 'kiosk') return 'BookingMissing'
  const hoursOff = ((bookedAtMs ?? branch.label) - branch.label) / 3_600_000
  if (hoursOff > 24 || hoursOff < -24) return 'BookedTooFar'
  const rank = rankOf(branch, priority, origin)
  if (typeof rank === 'string') return rank
  const plan = wanted ?? service.plan
  if (plan.length > 8) return 'PlanTooLong'
  if (plan.some((id) => offered(branch, id) === undefined)) return 'ServiceUnknown'
  for (const id of origin.kind === 'kiosk' ? (wanted ?? []) : []) {
    const added = offered(branch, id)
    if (added !== undefined && kioskFault(branch, added) !== null) return 'OutsideHours'
  }
  const isTraining = counterOfDevice(branch, origin)?.isTraining === true
  const series = isTraining ? 'TEST' : (branch.prefixes.find(([id]) => id === serviceId)?.[1] ?? service.prefix)
  const number = mint(branch, series)
  if (number === null) return 'NumbersExhausted'
  const booked = bookedAt(branch, bookedAtMs)
  const place = { queue: service.queueId, date: branch.day?.date ?? '', rank, arrived: branch.steady, booked }
  add(branch, { ...place, id: ticketId, number, service: serviceId, plan, isTraining })
  return null
}

/** Issue, call and start at once. */
export function serveNow(branch: SlowBranch, command: Of<'ServeNow'>, origin: Origin): Answer {
  const { ticketId, counterId, serviceId, priority, language } = command
  const fault =
    faultOfCounter(branch, counterId, origin) ??
    issue(branch, { ticketId, serviceId, priority, language, channel: 'counter' }, origin, true)
  const ticket = ticketOf(branch, ticketId)
  if (fault !== null || ticket === undefined) return fault
  call(branch, ticket, counterId, BY_HAND)
  Object.assign(ticket, { status: 'serving', wasStarted: true, servingFrom: branch.steady })
  return null
}

export function callNext(branch: SlowBranch, { counterId }: Of<'CallNext'>, origin: Origin): Answer {
  const fault = faultOfCounter(branch, counterId, origin)
  const counter = branch.open.find(({ id }) => id === counterId)
  if (fault !== null || counter === undefined) return fault
  if (isEmergency(branch)) return 'EmergencyIsShown'
  const next = slowNext(branch, counter)
  if (typeof next === 'string') return next
  call(branch, next.ticket, counterId, next.why)
  return null
}

export function callTicket(branch: SlowBranch, { ticketId, counterId }: Of<'CallTicket'>, origin: Origin): Answer {
  const ticket = ticketOf(branch, ticketId)
  if (ticket === undefined) return 'TicketUnknown'
  if (ticket.status !== 'waiting') return statusCode(ticket.status)
  const fault = faultOfCounter(branch, counterId, origin)
  const counter = branch.open.find(({ id }) => id === counterId)
  if (fault !== null || counter === undefined) return fault
  if (isEmergency(branch)) return 'EmergencyIsShown'
  if (!mayPick(ticket, counter)) return 'TicketReserved'
  if (ticket.keptFor === null && !queuesOf(branch, counterId).includes(ticket.queue)) return 'QueueNotServed'
  if (branch.paused.includes(ticket.queue)) return 'QueueIsPaused'
  const next = slowNext(branch, counter)
  const other = typeof next === 'string' || next.ticket === ticket ? null : next.ticket.id
  call(branch, ticket, counterId, { rule: 'picked', runnerUp: other })
  return null
}
