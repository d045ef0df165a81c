import type { Command, Origin, PrintedAlone } from '../../commands.ts'
import { endTicket, isAlive, queueIn, type SlowBranch, serviceIn } from './slow-branch.ts'
import {
  type Answer,
  add,
  BY_HAND,
  call,
  counterOfDevice,
  faultOfCounter,
  noDay,
  rankOf,
  ticketOf,
} from './slow-parts.ts'

/** The service on the paper; gone, another of its letters; gone, too, whatever comes first. */
function homeOf(branch: SlowBranch, paper: PrintedAlone): ReturnType<typeof serviceIn> {
  const named = serviceIn(branch, paper.serviceId)
  if (named !== undefined && queueIn(branch, named.queueId) !== undefined) return named
  const offered = branch.catalogue?.services ?? []
  const letters = paper.number.slice(0, -4)
  const alike = offered.find(({ id }) => branch.prefixes.some(([it, prefix]) => it === id && prefix === letters))
  return alike ?? offered[0]
}

function isOver(branch: SlowBranch, paper: PrintedAlone): boolean {
  const queue = homeOf(branch, paper)?.queueId
  if (queue !== undefined && queueIn(branch, queue)?.overnight === true) return false
  return branch.day !== null && (paper.businessDate < branch.day.date || branch.day.isClosed)
}

const printedAt = ({ lastContactSteadyMs, sinceContactMs }: PrintedAlone): number =>
  lastContactSteadyMs + Math.max(0, sinceContactMs)

function paperFault(branch: SlowBranch, paper: PrintedAlone): 'known' | 'no' | null {
  if (paper.isKnown || ticketOf(branch, paper.ticketId) !== undefined) return 'known'
  if (branch.catalogue === null) return 'no'
  if (!/^\D{1,3}[1-9]\d{3}$/.test(paper.number) || paper.number.endsWith('000')) return 'no'
  const same = branch.tickets.filter(({ number }) => number === paper.number)
  if (same.some(({ printedAs }) => printedAs === paper.ticketId)) return 'known'
  const typed = same.find(({ isTyped, date }) => isTyped && date >= paper.businessDate)
  if (typed !== undefined) {
    const wasFirst =
      typed.typedAt === undefined ? typed.arrived < paper.lastContactSteadyMs : typed.typedAt < printedAt(paper)
    if (typed.date !== paper.businessDate || !wasFirst) return 'known'
    return same.some(isAlive) || isOver(branch, paper) ? 'no' : null
  }
  if (paper.isNumberTaken || same.some(({ date }) => date === paper.businessDate)) return 'no'
  return !isOver(branch, paper) && same.some(isAlive) ? 'no' : null
}

/** Two minutes are what the branch may be wrong by about when somebody was away. */
const UNSURE = 120_000

/** Nobody who could be heard all the time tells of what was long ago. */
function arrivedAt(branch: SlowBranch, { absences, lastContactSteadyMs: contact }: PrintedAlone, told: number): number {
  const wasAway = absences.filter((it) => it.toSteadyMs >= contact - UNSURE && it.fromSteadyMs <= told + UNSURE)
  const arrived = wasAway.length === 0 && told < branch.steady - UNSURE ? branch.steady - UNSURE : told
  return arrived > branch.steady ? branch.steady : arrived
}

/** A kiosk hands over what it printed alone. */
export function adoptPapers(branch: SlowBranch, papers: readonly PrintedAlone[], origin: Origin): Answer {
  const accepted: { paper: PrintedAlone; isNew: boolean }[] = []
  for (const paper of papers) {
    const fault = paperFault(branch, paper)
    const fresh = accepted.filter(({ isNew }) => isNew).map((it) => it.paper)
    const isTwice = fresh.some(
      (other) =>
        other.ticketId === paper.ticketId ||
        (other.number === paper.number && other.businessDate === paper.businessDate) ||
        (other.number === paper.number && !isOver(branch, other) && !isOver(branch, paper)),
    )
    if (fault === null && !isTwice) accepted.push({ paper, isNew: true })
    else if (fault === 'known' || (fault === 'no' && branch.catalogue !== null)) accepted.push({ paper, isNew: false })
  }
  accepted.sort((a, b) => printedAt(a.paper) - printedAt(b.paper))
  const before = [...branch.tickets]
  for (const { paper, isNew } of accepted) {
    const ghost = before.find(({ id }) => id === paper.ghostId && id !== paper.ticketId)
    if (ghost !== undefined && isAlive(ghost)) endTicket(branch, ghost, 'cancelled')
    const service = homeOf(branch, paper)
    if (!isNew || service === undefined) continue
    const rank = rankOf(branch, paper.priority, origin)
    const typed = before.find((it) => it.isTyped && it.number === paper.number && it.date === paper.businessDate)
    if (typed !== undefined) branch.tickets.splice(branch.tickets.indexOf(typed), 1)
    const ticket = add(branch, {
      id: typed?.id ?? paper.ticketId,
      ...(typed !== undefined && { printedAs: paper.ticketId }),
      number: paper.number,
      service: service.id,
      queue: service.queueId,
      date: paper.businessDate,
      plan: paper.plan?.filter((_, place) => place < 8) ?? service.plan,
      rank: typeof rank === 'string' ? 0 : rank,
      arrived: arrivedAt(branch, paper, printedAt(paper)),
    })
    if (isOver(branch, paper)) endTicket(branch, ticket, 'cancelled')
  }
  return null
}

/** Nobody holds a paper of these: who is not in front of an agent, and was not, was never there. */
export function withdraw(branch: SlowBranch, ticketIds: readonly string[]): Answer {
  for (const ticketId of ticketIds) {
    const ticket = ticketOf(branch, ticketId)
    if (ticket !== undefined && ['waiting', 'called', 'no_show'].includes(ticket.status))
      endTicket(branch, ticket, 'cancelled')
  }
  return null
}

/** Staff type a number from paper. */
export function typeNumber(
  branch: SlowBranch,
  command: Extract<Command, { type: 'AdoptNumber' }>,
  origin: Origin,
): Answer {
  const fault = faultOfCounter(branch, command.counterId, origin)
  if (fault !== null) return fault
  const { number, ticketId, counterId } = command
  // The paper is a real customer's.
  if (counterOfDevice(branch, origin)?.isTraining === true) return 'TicketReserved'
  const early = noDay(branch)
  if (early !== null) return early
  if (!/^\D{1,3}[1-9]\d{3}$/.test(number) || number.endsWith('000')) return 'NumberNotOffline'
  const date = branch.day?.date ?? ''
  if (branch.tickets.some((ticket) => ticket.number === number && (ticket.date === date || isAlive(ticket))))
    return 'NumberTaken'
  const series = number.slice(0, -4)
  const service = branch.catalogue?.services.find(({ id }) =>
    branch.prefixes.some(([it, prefix]) => it === id && prefix === series),
  )
  if (service === undefined) return 'ServiceUnknown'
  const ticket = add(branch, {
    id: ticketId,
    number,
    service: service.id,
    queue: service.queueId,
    date,
    isTyped: true,
    plan: service.plan,
    rank: 0,
    arrived: branch.steady,
  })
  call(branch, ticket, counterId, BY_HAND)
  return null
}
