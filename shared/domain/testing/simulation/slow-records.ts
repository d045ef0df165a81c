import type { Origin, PaperMark } from '../../commands.ts'
import {
  agentIn,
  counterIn,
  endTicket,
  freeCounterOf,
  isAlive,
  type SlowBranch,
  type SlowTicket,
} from './slow-branch.ts'
import { nextService } from './slow-calls.ts'
import { type Answer, add, counterOfDevice, isBoss, nextOrder, noDay, statusCode, ticketOf } from './slow-parts.ts'

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** Which of the tickets with a typed number is meant. */
function meant(branch: SlowBranch, { ticketId, number, businessDate }: PaperMark): SlowTicket | undefined {
  if (ticketId !== null) return ticketOf(branch, ticketId)
  const latest = branch.tickets
    .filter((ticket) => ticket.number === number)
    .reduce<SlowTicket | undefined>((best, it) => (best === undefined || it.date >= best.date ? it : best), undefined)
  if (latest === undefined || latest.date > businessDate) return undefined
  return latest.date === businessDate || isAlive(latest) ? latest : undefined
}

/** A number that nobody has heard of, as a paper of today. */
function takeIn(branch: SlowBranch, mark: PaperMark): SlowTicket | string {
  const { number } = mark
  const isOfAnotherDay = branch.day !== null && branch.day.date !== mark.businessDate
  if (mark.ticketId !== null || isOfAnotherDay) return 'TicketUnknown'
  const early = noDay(branch)
  if (early !== null) return early
  if (!/^\D{1,3}[1-9]\d{3}$/.test(number) || number.endsWith('000')) return 'NumberNotOffline'
  if (mark.isNumberTaken) return 'NumberTaken'
  if (branch.tickets.some((it) => it.number === number && (it.date === mark.businessDate || isAlive(it))))
    return 'NumberTaken'
  const series = number.slice(0, -4)
  const service = branch.catalogue?.services.find(({ id }) =>
    branch.prefixes.some(([it, prefix]) => it === id && prefix === series),
  )
  if (service === undefined) return 'ServiceUnknown'
  const place = { queue: service.queueId, service: service.id, plan: service.plan, rank: 0 }
  const arrived = happenedAt(branch, mark, 0) ?? branch.steady
  const { noted } = mark
  return add(branch, {
    id: mark.newTicketId,
    number,
    date: mark.businessDate,
    isTyped: true,
    arrived,
    ...(noted !== null && { typedAt: noted.lastContactSteadyMs + Math.max(0, noted.sinceContactMs) }),
    ...place,
  })
}

/** Two minutes are what the branch may be wrong by about when somebody was away. */
const UNSURE = 120_000

function happenedAt(branch: SlowBranch, { noted, absences }: PaperMark, since: number): number | null {
  if (noted === null) return null
  const contact = noted.lastContactSteadyMs
  const told = noted.sinceContactMs < 0 ? contact : contact + noted.sinceContactMs
  const wasAway = absences.filter((it) => it.toSteadyMs >= contact - UNSURE && it.fromSteadyMs <= told + UNSURE)
  const low = wasAway.length > 0 || since > branch.steady - UNSURE ? since : branch.steady - UNSURE
  return clamp(told, low, branch.steady)
}

function faultOf(branch: SlowBranch, mark: PaperMark, ticket: SlowTicket, origin: Origin): Answer {
  const fits = mark.status === 'completed' ? ['waiting', 'called', 'held', 'serving'] : ['waiting', 'called', 'held']
  if (!fits.includes(ticket.status)) return statusCode(ticket.status)
  if (mark.serviceId !== null && mark.serviceId !== ticket.service) return 'ServiceIsOver'
  if (ticket.isTraining) return 'NotYourTicket'
  const isAway = ['called', 'serving'].includes(ticket.status)
  if (!isAway || isBoss(branch, origin) || counterOfDevice(branch, origin)?.ticket === ticket.id) return null
  const at = happenedAt(branch, mark, ticket.arrived)
  return ticket.status === 'called' && at !== null && at <= ticket.calledAt ? null : 'NotYourTicket'
}

/** What was noted on paper, entered later. */
export function enterLater(branch: SlowBranch, mark: PaperMark, origin: Origin): Answer {
  const desk = branch.desks.find(({ device }) => device === origin.deviceId)
  const boss = isBoss(branch, origin)
  if (!boss && (desk === undefined || desk.isTraining)) return 'CallerNotStaffed'
  const known = meant(branch, mark)
  const fault = known === undefined ? null : faultOf(branch, mark, known, origin)
  if (fault !== null) return fault
  const ticket = known ?? takeIn(branch, mark)
  if (typeof ticket === 'string') return ticket
  const { status, counterId, agentId } = mark
  const isThere = counterId !== null && agentId !== null && counterIn(branch, counterId) && agentIn(branch, agentId)
  const isTold = isThere && (boss || (desk?.counter === counterId && desk.agent === agentId))
  const at = happenedAt(branch, mark, ticket.arrived)
  if (ticket.status === 'serving' && at !== null) ticket.servedMs += Math.max(0, at - ticket.servingFrom)
  const next = status === 'completed' ? nextService(branch, ticket) : undefined
  const where = isTold && status !== 'cancelled' ? counterId : null
  branch.told.push(`${ticket.id} entered as ${status} at ${where} ${at} after ${ticket.servedMs}, then ${next?.id}`)
  // By voice: the screens know nothing of it.
  ticket.wasCalled = true
  if (next === undefined) {
    ticket.entered = null
    endTicket(branch, ticket, status)
    ticket.endedAt = at ?? branch.steady
    return null
  }
  freeCounterOf(branch, ticket)
  ticket.legs.push({ service: ticket.service, wait: ticket.legWait, served: ticket.servedMs })
  ticket.plan = ticket.plan.slice(ticket.plan.indexOf(next.id) + 1)
  const since = at ?? branch.steady
  Object.assign(ticket, { service: next.id, queue: next.queueId, status: 'waiting', servedMs: 0 })
  Object.assign(ticket, { since, entered: since, order: nextOrder(branch), legWait: null })
  Object.assign(ticket, { isFirst: false, booked: null, keptFor: null, wasCalledHere: false })
  return null
}
