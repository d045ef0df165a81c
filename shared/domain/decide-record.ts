import { isManager } from './authority.ts'
import type { Command, Origin, PaperMark } from './commands.ts'
import { adoptNumber } from './decide-adopt.ts'
import { nextInPlan } from './decide-ticket.ts'
import type { EventBody } from './events.ts'
import type { AgentId, CounterId, EpochMs, Moment, SteadyMs } from './ids.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { serviceMsAt } from './service-time.ts'
import { type BranchState, counterHeldBy, findAgent, findCounter } from './state.ts'
import { isLiving, type Ticket } from './ticket.ts'
import type { TicketBirth } from './ticket-birth.ts'
import { type TicketCommandName, transitions } from './transitions.ts'

type Decision = Result<readonly EventBody[], Refusal>
type Recorded = Extract<EventBody, { type: 'TicketRecorded' }>

const ROW: Record<PaperMark['status'], TicketCommandName> = {
  completed: 'record',
  no_show: 'record-no-show',
  cancelled: 'record-left',
}

/** The ticket a mark speaks of; of two days' tickets with a typed number, not an older one that is over. */
function spokenOf(state: BranchState, { ticketId, number, businessDate }: PaperMark): Ticket | undefined {
  if (ticketId !== null) return state.tickets.get(ticketId)
  const holderId = state.ticketByNumber.get(number)
  const holder = holderId === undefined ? undefined : state.tickets.get(holderId)
  if (holder === undefined || holder.facts.businessDate > businessDate) return undefined
  return holder.facts.businessDate === businessDate || isLiving(holder) ? holder : undefined
}

/**
 * When it happened, on the branch's steady time: the caller's last contact plus what it measured since, as for paper
 * printed alone. Never before that contact, before the customer came, or after now; no wall clock has a say.
 */
function happenedAt({ noted }: PaperMark, sinceMs: SteadyMs, now: Moment): Recorded['happened'] {
  if (noted === null) return null
  const toldMs = noted.lastContactSteadyMs + Math.max(0, noted.sinceContactMs)
  const steadyMs = Math.min(now.steadyMs, Math.max(toldMs, sinceMs)) as SteadyMs
  return { steadyMs, atMs: (now.atMs - (now.steadyMs - steadyMs)) as EpochMs }
}

/**
 * Whoever stands at another counter now stands there in earnest, unless it was called there after the mark was made:
 * then the screen called somebody who had been served.
 */
function isAtAnother({ phase, facts }: Ticket, state: BranchState, origin: Origin, happened: Recorded['happened']) {
  if (phase.status !== 'called' && phase.status !== 'serving') return false
  if (isManager(state, origin) || counterHeldBy(state, origin.deviceId)?.[0] === phase.counterId) return false
  const calledMs = facts.lastCalledSteadyMs ?? 0
  return phase.status === 'serving' || happened === null || happened.steadyMs > calledMs
}

/** What an entry is about. */
type About = Pick<TicketBirth, 'ticketId' | 'number' | 'serviceId' | 'queueId' | 'businessDate'>

function recordedOf(
  state: BranchState,
  { status, counterId, agentId }: PaperMark,
  { ticketId, number, serviceId, queueId, businessDate }: About,
  rest: Pick<Recorded, 'happened' | 'serviceMs' | 'next'>,
): Recorded {
  // What nobody knows any more is not told, nor a counter for whoever left before her turn.
  const isKnown = counterId !== null && agentId !== null && isFound(state, counterId, agentId)
  const at = isKnown && status !== 'cancelled' ? { counterId, agentId } : { counterId: null, agentId: null }
  return { type: 'TicketRecorded', ticketId, number, serviceId, queueId, businessDate, status, ...at, ...rest }
}

const isFound = (state: BranchState, counterId: CounterId, agentId: AgentId): boolean =>
  findCounter(state, counterId) !== undefined && findAgent(state, agentId) !== undefined

/** Whoever was served goes on to the next service of the visit. */
function nextOf(state: BranchState, { status }: PaperMark, { plan }: Pick<TicketBirth, 'plan'>): Recorded['next'] {
  const next = status === 'completed' ? nextInPlan(state, plan) : null
  return next === null ? null : { toServiceId: next.service.id, toQueueId: next.service.queueId, plan: next.rest }
}

/** A ticket that is still the state's. */
function recordKnown(state: BranchState, mark: PaperMark, ticket: Ticket, origin: Origin, now: Moment): Decision {
  const { facts, phase } = ticket
  const { refusal } = transitions[ROW[mark.status]][phase.status]
  if (refusal !== undefined) return no(refusal, facts.ticketId)
  // Another counter has entered that service already, and the visit has gone on.
  if (mark.serviceId !== null && mark.serviceId !== facts.serviceId) return no('ServiceIsOver', facts.ticketId)
  const happened = happenedAt(mark, facts.arrivedSteadyMs, now)
  if (facts.isTraining || isAtAnother(ticket, state, origin, happened)) return no('NotYourTicket', facts.ticketId)
  const serviceMs = happened === null ? facts.serviceMs : serviceMsAt(ticket, happened.steadyMs)
  return ok([recordedOf(state, mark, facts, { happened, serviceMs, next: nextOf(state, mark, facts) })])
}

/**
 * A ticket whose day has ended meanwhile. The branch was away when it was noted, and the day sent it home when the branch
 * came back: what was noted is what really happened.
 */
function recordFormer(state: BranchState, mark: PaperMark, former: Ticket, now: Moment): Decision {
  const { phase, facts } = former
  const { status } = phase
  if (status !== 'cancelled' && status !== 'no_show')
    return no(status === 'completed' ? 'TicketIsCompleted' : 'TicketUnknown', facts.ticketId)
  const wasAway = mark.noted !== null && mark.noted.lastContactSteadyMs <= phase.finishedSteadyMs
  if (!wasAway || facts.isTraining || phase.enteredAtMs !== undefined)
    return no(status === 'cancelled' ? 'TicketIsCancelled' : 'TicketIsNoShow', facts.ticketId)
  const happened = happenedAt(mark, facts.arrivedSteadyMs, now)
  return ok([recordedOf(state, mark, facts, { happened, serviceMs: facts.serviceMs, next: null })])
}

/** A paper of a kiosk that nobody has handed over yet: the branch takes it in, and what became of it with it. */
function recordTyped(state: BranchState, mark: PaperMark, now: Moment): Decision {
  const { number, newTicketId: ticketId, isNumberTaken, businessDate } = mark
  if (mark.ticketId !== null || (state.day !== null && businessDate !== state.day.date))
    return no('TicketUnknown', number)
  const birth = adoptNumber(state, { ticketId, number, isNumberTaken })
  if (!birth.ok) return birth
  const happened = happenedAt(mark, 0 as SteadyMs, now)
  const { atMs: issuedAtMs, steadyMs: arrivalSteadyMs } = happened ?? now
  const next = nextOf(state, mark, birth.value)
  return ok([
    { type: 'TicketAdopted', kioskId: null, issuedAtMs, arrivalSteadyMs, ...birth.value },
    recordedOf(state, mark, birth.value, { happened, serviceMs: 0, next }),
  ])
}

/**
 * Enters what became of one ticket while the branch server was away. It is never refused for hours or a paused queue:
 * it has happened. The first entry stands; whoever comes second is told what the ticket is now.
 */
export function recordTicket(
  state: BranchState,
  { mark }: Command & { readonly type: 'RecordTicket' },
  origin: Origin,
  now: Moment,
): Decision {
  const ticket = spokenOf(state, mark)
  if (ticket !== undefined) return recordKnown(state, mark, ticket, origin, now)
  return mark.former === null ? recordTyped(state, mark, now) : recordFormer(state, mark, mark.former, now)
}
