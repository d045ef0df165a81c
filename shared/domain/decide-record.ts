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
import { believedMs, isWithin, toldMs } from './told-time.ts'
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

/** When it happened, on the branch's steady time; never before the customer came. */
function happenedAt({ noted, absences }: PaperMark, sinceMs: SteadyMs, now: Moment): Recorded['happened'] {
  if (noted === null) return null
  const steadyMs = Math.min(now.steadyMs, Math.max(sinceMs, believedMs(noted, absences, now))) as SteadyMs
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
  mark: PaperMark,
  origin: Origin,
  { ticketId, number, serviceId, queueId, businessDate }: About,
  rest: Pick<Recorded, 'happened' | 'serviceMs' | 'next'>,
): Recorded {
  const { status } = mark
  // No counter is told for whoever left before her turn.
  const at = (status === 'cancelled' ? null : believed(state, mark, origin)) ?? { counterId: null, agentId: null }
  return { type: 'TicketRecorded', ticketId, number, serviceId, queueId, businessDate, status, ...at, ...rest }
}

/**
 * Where and by whom, as far as the branch can know it: a caller speaks for the counter that it held last, and where a
 * manager is signed in, for every one. What else it says has happened too, but to nobody's credit or blame.
 */
function believed(
  state: BranchState,
  { counterId, agentId }: PaperMark,
  origin: Origin,
): { readonly counterId: CounterId; readonly agentId: AgentId } | null {
  if (counterId === null || agentId === null) return null
  if (findCounter(state, counterId) === undefined || findAgent(state, agentId) === undefined) return null
  const held = state.lastHeld.get(origin.deviceId)
  const isItsOwn = held?.counterId === counterId && held.agentId === agentId
  return isItsOwn || isManager(state, origin) ? { counterId, agentId } : null
}

/** Somebody has proved by her PIN that she works at the device that tells; whoever learns there tells of nobody real. */
const isStaffed = (state: BranchState, origin: Origin): boolean =>
  isManager(state, origin) || state.lastHeld.get(origin.deviceId)?.isTraining === false

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
  return ok([recordedOf(state, mark, origin, facts, { happened, serviceMs, next: nextOf(state, mark, facts) })])
}

/** It was noted in an absence that began before the day sent this ticket home: nobody could tell the branch in time. */
const cameTooLate = ({ noted, absences }: PaperMark, endedMs: SteadyMs): boolean =>
  noted !== null &&
  noted.lastContactSteadyMs <= endedMs &&
  absences.some((absence) => absence.fromSteadyMs <= endedMs && isWithin(noted, absence))

/**
 * A ticket whose day has ended meanwhile. The branch, or its line to the caller, was away when it was noted, and the day
 * sent the ticket home before the branch heard of it: what was noted is what really happened.
 */
function recordFormer(state: BranchState, mark: PaperMark, former: Ticket, origin: Origin, now: Moment): Decision {
  const { phase, facts } = former
  const { status } = phase
  if (status !== 'cancelled' && status !== 'no_show')
    return no(status === 'completed' ? 'TicketIsCompleted' : 'TicketUnknown', facts.ticketId)
  if (mark.isTooLate) return no('RecordTooLate', facts.ticketId)
  if (facts.isTraining || phase.isByDay !== true || !cameTooLate(mark, phase.finishedSteadyMs))
    return no(status === 'cancelled' ? 'TicketIsCancelled' : 'TicketIsNoShow', facts.ticketId)
  const happened = happenedAt(mark, facts.arrivedSteadyMs, now)
  return ok([recordedOf(state, mark, origin, facts, { happened, serviceMs: facts.serviceMs, next: null })])
}

/** A paper of a kiosk that nobody has handed over yet: the branch takes it in, and what became of it with it. */
function recordTyped(state: BranchState, mark: PaperMark, origin: Origin, now: Moment): Decision {
  const { number, newTicketId: ticketId, isNumberTaken, businessDate, isConfirmed = false } = mark
  if (mark.ticketId !== null || (state.day !== null && businessDate !== state.day.date))
    return no('TicketUnknown', number)
  const birth = adoptNumber(state, { ticketId, number, isNumberTaken, isConfirmed })
  if (!birth.ok) return birth
  const happened = happenedAt(mark, 0 as SteadyMs, now)
  const { atMs: issuedAtMs, steadyMs: arrivalSteadyMs } = happened ?? now
  const next = nextOf(state, mark, birth.value)
  return ok([
    {
      ...{ type: 'TicketAdopted', kioskId: null, issuedAtMs, arrivalSteadyMs, ...birth.value },
      ...(mark.noted !== null && { typedSteadyMs: toldMs(mark.noted) as SteadyMs }),
    },
    recordedOf(state, mark, origin, birth.value, { happened, serviceMs: 0, next }),
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
  if (!isStaffed(state, origin)) return no('CallerNotStaffed', origin.deviceId)
  const ticket = spokenOf(state, mark)
  if (ticket !== undefined) return recordKnown(state, mark, ticket, origin, now)
  const { former } = mark
  return former === null ? recordTyped(state, mark, origin, now) : recordFormer(state, mark, former, origin, now)
}
