import { queueIn, type SlowBranch, type SlowTicket, serviceIn } from './slow-branch.ts'

const MINUTE = 60_000

/** From when its place counts: the booked time of an appointment, else when it came. */
export const cameAt = (ticket: SlowTicket): number => ticket.booked ?? ticket.since

/** Everybody in a queue, in no order. */
export const waitersIn = (branch: SlowBranch, queueId: string): SlowTicket[] =>
  branch.tickets.filter((ticket) => ticket.status === 'waiting' && ticket.queue === queueId)

/** Waits for whoever calls: kept for nobody, and no exercise. */
export const isOrdinary = ({ keptFor, isTraining }: SlowTicket): boolean => keptFor === null && !isTraining

function wasPassedEnough(branch: SlowBranch, ticket: SlowTicket): boolean {
  const bound = queueIn(branch, ticket.queue)?.aging?.passedMax ?? null
  const passes = branch.passes.filter(({ queue, came }) => queue === ticket.queue && came > cameAt(ticket))
  return bound !== null && !ticket.isTraining && passes.length >= bound
}

export const targetOf = (branch: SlowBranch, ticket: SlowTicket): number =>
  (serviceIn(branch, ticket.service)?.slaSeconds ?? 0) * 1_000

/** What speaks for a ticket, rule by rule: less is called earlier, the first difference decides. */
function claimsOf(branch: SlowBranch, ticket: SlowTicket): readonly (readonly [rule: string, claim: number])[] {
  const queue = queueIn(branch, ticket.queue)
  const came = cameAt(ticket)
  const isPassed = !ticket.isFirst && wasPassedEnough(branch, ticket)
  /** Once put first, or passed too often, a ticket asks for nothing but its turn. */
  const isBeyond = ticket.isFirst || isPassed
  const isDue = ticket.booked !== null && ticket.booked <= branch.steady
  const isLate = queue?.algorithm === 'sla' && branch.steady - came > targetOf(branch, ticket)
  const perPoint = queue?.aging?.minutesPerPoint ?? null
  const priority = perPoint === null ? -ticket.rank : came - ticket.rank * perPoint * MINUTE
  return [
    ['put-first', ticket.isFirst ? 0 : 1],
    ['passed', isBeyond ? 0 : 1],
    ['appointment', isBeyond ? 0 : isDue ? came : Number.MAX_SAFE_INTEGER],
    ['late', isBeyond || isLate ? 0 : 1],
    ['priority', isBeyond || queue?.algorithm === 'fifo' ? 0 : priority],
    ['arrival', came],
    ['arrival', ticket.order],
  ]
}

/** Why one of two in a queue goes first, and whether that is the former: negative when it is. */
export function between(branch: SlowBranch, a: SlowTicket, b: SlowTicket): { rule: string; order: number } {
  const others = claimsOf(branch, b)
  for (const [index, [rule, claim]] of claimsOf(branch, a).entries()) {
    const order = claim - (others[index]?.[1] ?? 0)
    if (order === 0) continue
    // Weighed against time, a point is the reason only where time alone had said otherwise.
    const isByTime = rule === 'priority' && queueIn(branch, a.queue)?.aging?.minutesPerPoint != null
    const time = cameAt(a) - cameAt(b) || a.order - b.order
    return { rule: isByTime && time < 0 === order < 0 ? 'arrival' : rule, order }
  }
  return { rule: 'arrival', order: 0 }
}

/** Who waits in a queue, next first. */
export const slowLine = (branch: SlowBranch, queueId: string): SlowTicket[] =>
  waitersIn(branch, queueId).sort((a, b) => between(branch, a, b).order)

/** 1 = next, among those whom the same counters may call. */
export function slowPosition(branch: SlowBranch, ticket: SlowTicket): number | null {
  if (ticket.status !== 'waiting') return null
  const { isTraining, keptFor } = ticket
  const alike = waitersIn(branch, ticket.queue).filter(
    (other) =>
      other.isTraining === isTraining && other.keptFor?.kind === keptFor?.kind && other.keptFor?.id === keptFor?.id,
  )
  return 1 + alike.filter((other) => other !== ticket && between(branch, other, ticket).order < 0).length
}

/** Remembers whom call-next took, as long as somebody who came earlier waits still. */
export function notePass(branch: SlowBranch, ticket: SlowTicket, isPicked: boolean): void {
  const bound = queueIn(branch, ticket.queue)?.aging?.passedMax ?? null
  if (bound === null || ticket.isTraining) return
  // Before its time, an appointment has come by now at the latest.
  const pass = { queue: ticket.queue, came: Math.min(cameAt(ticket), branch.steady) }
  const isStaffsWord = isPicked || ticket.isFirst || ticket.keptFor !== null
  const left = waitersIn(branch, ticket.queue).filter(isOrdinary)
  const here = [...branch.passes.filter(({ queue }) => queue === ticket.queue), ...(isStaffsWord ? [] : [pass])]
    .filter(({ came }) => left.some((other) => cameAt(other) < came))
    .sort((a, b) => b.came - a.came)
    .slice(0, bound)
  branch.passes = [...branch.passes.filter(({ queue }) => queue !== ticket.queue), ...here]
}
