import type { AgentId, CounterId, QueueId, ServiceId, TicketId } from '../domain/ids.ts'
import { type BranchState, findCounter, findService } from '../domain/state.ts'
import type { Ticket } from '../domain/ticket.ts'
import { type BranchCounter, type BranchLane, branchRules } from './branch-rules.ts'
import { counterOf, laneIdOf } from './branch-scene.ts'
import type { Day, DayChange, DayCounter, DayVisit } from './replay-day.ts'
import type { Rules } from './scene.ts'

/** One time that somebody sat at a counter. */
export interface CounterTime {
  readonly counterId: CounterId
  readonly agentId: AgentId
  readonly fromMs: number
  /** null while it goes on. */
  readonly toMs: number | null
}

/** What the log tells of a day and the tickets do not. */
export interface DayNotes {
  readonly breaks: readonly { readonly counterId: CounterId; readonly fromMs: number; readonly toMs: number }[]
  /** Every time a counter took somebody, those of services that are over and of visits that still go on among them. */
  readonly calls: readonly { readonly counterId: CounterId; readonly atMs: number }[]
  /** Paper that nobody held, and whoever the evening sent home: they did not give up. */
  readonly notGivenUp: ReadonlySet<TicketId>
}

/** A day ready to be played again, by the branch's own rules. */
export interface PlayableDay {
  readonly day: Day
  readonly rules: Rules
}

interface Leg {
  readonly queueId: QueueId
  readonly serviceId: ServiceId
  readonly joinedMs: number
  readonly takenMs: number
  readonly patienceMs: number
  /** Where and when it was called and over, as far as it is known. */
  readonly turn: Turn | null
}

interface Turn {
  readonly counterId: CounterId
  readonly calledMs: number
  readonly finishedMs: number
  /** Staff served whoever stood there, without a wait. */
  readonly isAtOnce: boolean
}

/** From the call to the end, as far as it can be known: the time until the customer came, and the service. */
function takenOf({ facts, phase }: Ticket): number {
  const { calledAtMs, startedAtMs, serviceMs } = facts
  const sinceMs = facts.calledSteadyMs ?? facts.lastCalledSteadyMs
  if (phase.status === 'no_show') return phase.finishedSteadyMs - (sinceMs ?? phase.finishedSteadyMs)
  // Labels: a clock that was set between a call and its start would make nonsense of one visit, and is cut off.
  const comingMs = calledAtMs === null || startedAtMs === null ? 0 : startedAtMs - calledAtMs
  return Math.min(Math.max(0, comingMs), COMING_MS_MAX) + serviceMs
}

const COMING_MS_MAX = 10 * 60_000

/** Each service of a visit; those that are not over yet tell nothing of how long they take. */
function legsOf(ticket: Ticket, { notGivenUp }: DayNotes): readonly Leg[] {
  const { facts, phase } = ticket
  let joinedMs: number = facts.arrivedSteadyMs
  const stays = Number.POSITIVE_INFINITY
  const legs = facts.legs.map(({ queueId, serviceId, waitMs, serviceMs }): Leg => {
    const leg = { queueId, serviceId, joinedMs, takenMs: serviceMs, patienceMs: stays, turn: null }
    joinedMs += (waitMs ?? 0) + serviceMs
    return leg
  })
  const { queueId, serviceId, enteredSteadyMs, legWaitMs } = facts
  const last = { queueId, serviceId, joinedMs: facts.legs.length === 0 ? joinedMs : (enteredSteadyMs ?? joinedMs) }
  if (phase.status === 'completed' || phase.status === 'no_show') {
    const { counterId, finishedSteadyMs } = phase
    const isAtOnce = legWaitMs === 0 && facts.channel === 'counter' && facts.lastWhy?.rule === 'picked'
    const isKnown = counterId !== null && legWaitMs !== null
    const turn = isKnown
      ? { counterId, calledMs: last.joinedMs + legWaitMs, finishedMs: finishedSteadyMs, isAtOnce }
      : null
    return [...legs, { ...last, takenMs: takenOf(ticket), patienceMs: stays, turn }]
  }
  if (phase.status === 'cancelled' && !notGivenUp.has(facts.ticketId))
    return [...legs, { ...last, takenMs: 0, patienceMs: phase.finishedSteadyMs - last.joinedMs, turn: null }]
  return legs
}

/** A counter that leaves people waiting for longer was left itself. */
const GAP_MAX_MS = 10 * 60_000

/** By counter, its calls in the order of their time. */
function callTimes({ calls }: DayNotes): (counterId: CounterId) => readonly number[] {
  const byCounter = Map.groupBy(calls, ({ counterId }) => counterId)
  const times = new Map([...byCounter].map(([id, list]) => [id, list.map((it) => it.atMs).toSorted((a, b) => a - b)]))
  return (counterId) => times.get(counterId) ?? []
}

/**
 * How long each turn kept its counter from the next one who was waiting already: agents do not call in the instant in
 * which they could, and will not in the day that is played. Between two turns somebody else may have been served, of
 * whom the tickets do not tell where: that was no gap.
 */
function gapsAfter(legs: readonly Leg[], notes: DayNotes): ReadonlyMap<Leg, number> {
  const timesOf = callTimes(notes)
  const gaps = new Map<Leg, number>()
  const turns = legs
    .flatMap((leg) => (leg.turn === null ? [] : [{ leg, ...leg.turn }]))
    .toSorted((a, b) => a.calledMs - b.calledMs)
  const lastOf = new Map<CounterId, (typeof turns)[number]>()
  for (const turn of turns) {
    const before = lastOf.get(turn.counterId)
    lastOf.set(turn.counterId, turn)
    if (before === undefined) continue
    const fromMs = Math.max(before.finishedMs, turn.leg.joinedMs)
    const wasAway =
      notes.breaks.some((it) => it.counterId === turn.counterId && it.fromMs < turn.calledMs && it.toMs > fromMs) ||
      timesOf(turn.counterId).some((atMs) => atMs > before.calledMs && atMs < turn.calledMs)
    const gapMs = turn.calledMs - fromMs
    if (!wasAway && gapMs > 0 && gapMs <= GAP_MAX_MS) gaps.set(before.leg, gapMs)
  }
  return gaps
}

interface Visits {
  readonly lanes: readonly BranchLane[]
  readonly visits: readonly DayVisit[]
  /** Served at once, without a wait: nobody chose them, but their counter was taken. */
  readonly atOnce: readonly Turn[]
}

function visitsOf(state: BranchState, notes: DayNotes): Visits {
  const lanes: BranchLane[] = []
  const laneAt = new Map<string, number>()
  const legs = [...state.tickets.values()]
    .filter(({ facts }) => !facts.isTraining)
    .flatMap((ticket) => legsOf(ticket, notes).map((leg) => ({ leg, facts: ticket.facts })))
  const waited = legs.filter(({ leg: { turn } }) => turn?.isAtOnce !== true)
  const gaps = gapsAfter(
    legs.map(({ leg }) => leg),
    notes,
  )
  const visits = waited.map(({ leg, facts: { ticketId, priorityValue } }): DayVisit => {
    const { queueId, serviceId, joinedMs, takenMs, patienceMs } = leg
    const key = laneIdOf(queueId, serviceId, priorityValue)
    const kept = { isFirst: false, isBooked: false, reservedFor: null }
    const lane = laneAt.get(key) ?? lanes.push({ queueId, serviceId, priorityValue, ...kept }) - 1
    laneAt.set(key, lane)
    return { id: ticketId, lane, joinedMs, takenMs: takenMs + (gaps.get(leg) ?? 0), patienceMs }
  })
  const atOnce = legs.flatMap(({ leg: { turn } }) => (turn?.isAtOnce === true ? [turn] : []))
  return { lanes, visits, atOnce }
}

/** The day up to now: who came, who sat where and when, by the rules of the catalogue in force. Training is left out. */
export function daySoFar(
  state: BranchState,
  times: readonly CounterTime[],
  notes: DayNotes,
  nowMs: number,
): PlayableDay {
  const { lanes, visits, atOnce } = visitsOf(state, notes)
  const branchCounters: BranchCounter[] = []
  const counters = times.flatMap(({ counterId, agentId, fromMs, toMs }, at): readonly DayCounter[] => {
    const counter = findCounter(state, counterId)
    if (counter === undefined) return []
    // One counter may have had several agents, each with skills of their own.
    const id = `${counterId} ${at}`
    const chooser = { ...counterOf(state, counter, agentId, lanes), id: id as CounterId }
    branchCounters.push(chooser)
    const isHere = (it: { readonly counterId: CounterId }): boolean => it.counterId === counterId
    const breaks = [
      ...notes.breaks.filter(isHere),
      ...atOnce.filter(isHere).map(({ calledMs, finishedMs }) => ({ fromMs: calledMs, toMs: finishedMs })),
    ].toSorted((a, b) => a.fromMs - b.fromMs)
    const served = chooser.queues.flatMap((queue) => queue.lanes)
    return [{ id, lanes: served, opensMs: fromMs, closesMs: toMs ?? nowMs, breaks }]
  })
  const day = {
    lanes: lanes.map(({ queueId, serviceId, priorityValue }) => ({
      ...{ id: laneIdOf(queueId, serviceId, priorityValue), serviceId, isPaused: false, privilegeMs: 0, tickets: [] },
    })),
    visits,
    counters,
  }
  // Who has been passed how often was so in the evening, not all day.
  return { day, rules: branchRules({ ...state, passedArrivals: state.passedArrivals.clear() }, lanes, branchCounters) }
}

const openMs = (times: readonly DayCounter[]): number =>
  times.reduce((sum, { opensMs, closesMs }) => sum + closesMs - opensMs, 0)

/**
 * One counter more: another like the one that was open longest, from the first opening to the last closing. One less:
 * without the one that was open for the shortest time.
 * @returns null when there is nothing to add or to take away
 */
export function oneCounter({ counters }: Day, change: 'more' | 'less'): DayChange | null {
  const placeOf = ({ id }: DayCounter): string => id.slice(0, id.lastIndexOf(' '))
  const places = [...Map.groupBy(counters, placeOf).values()].toSorted((a, b) => openMs(b) - openMs(a))
  const [longest, shortest] = [places[0]?.[0], places.at(-1)]
  if (longest === undefined || shortest === undefined) return null
  if (change === 'less')
    return places.length > 1 ? { type: 'counter-removed', ids: shortest.map(({ id }) => id) } : null
  const opensMs = Math.min(...counters.map((counter) => counter.opensMs))
  const closesMs = Math.max(...counters.map((counter) => counter.closesMs))
  return { type: 'counter-added', counter: { ...longest, opensMs, closesMs, breaks: [] } }
}

/** What was promised today, as one figure: the mean target of those who came. */
export function meanTargetMs(state: BranchState): number {
  const targets = [...state.tickets.values()].flatMap(({ facts }) => {
    const service = facts.isTraining ? undefined : findService(state, facts.serviceId)
    return service === undefined ? [] : [service.slaSeconds * 1_000]
  })
  return targets.length === 0 ? 0 : targets.reduce((sum, targetMs) => sum + targetMs, 0) / targets.length
}
