import { servedQueueIds } from '../domain/choose-next.ts'
import type { CounterId, QueueId, ServiceId } from '../domain/ids.ts'
import { type BranchState, findCounter, findService } from '../domain/state.ts'
import type { Ticket } from '../domain/ticket.ts'
import type { Day, DayChange, DayCounter, DayVisit } from './replay-day.ts'
import type { Rules } from './scene.ts'

/** A counter with somebody at it, as it is recorded: how long its breaks were, not when. */
export interface CounterTime {
  readonly counterId: string
  readonly fromMs: number
  /** null while it goes on. */
  readonly toMs: number | null
  readonly breakMs: number
}

interface Leg {
  readonly queueId: QueueId
  readonly serviceId: ServiceId
  readonly joinedMs: number
  readonly takenMs: number
  readonly patienceMs: number
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
function legsOf(ticket: Ticket): readonly Leg[] {
  const { facts, phase } = ticket
  let joinedMs: number = facts.arrivedSteadyMs
  const legs = facts.legs.map(({ queueId, serviceId, waitMs, serviceMs }): Leg => {
    const leg = { queueId, serviceId, joinedMs, takenMs: serviceMs, patienceMs: Number.POSITIVE_INFINITY }
    joinedMs += (waitMs ?? 0) + serviceMs
    return leg
  })
  const { queueId, serviceId, enteredSteadyMs } = facts
  const last = { queueId, serviceId, joinedMs: facts.legs.length === 0 ? joinedMs : (enteredSteadyMs ?? joinedMs) }
  if (phase.status === 'completed' || phase.status === 'no_show')
    return [...legs, { ...last, takenMs: takenOf(ticket), patienceMs: Number.POSITIVE_INFINITY }]
  if (phase.status === 'cancelled')
    return [...legs, { ...last, takenMs: 0, patienceMs: phase.finishedSteadyMs - last.joinedMs }]
  return legs
}

const laneKey = (queueId: QueueId, priorityValue: number): string => `${queueId} ${priorityValue}`

/** A counter's lanes: its queues in its order, in each the higher priority first. */
function lanesOf(
  state: BranchState,
  counterId: string,
  lanes: readonly { queueId: QueueId; priorityValue: number }[],
): readonly number[] {
  const counter = findCounter(state, counterId as CounterId)
  if (counter === undefined) return []
  return servedQueueIds(state, counter).flatMap((queueId) =>
    lanes
      .map((lane, at) => ({ ...lane, at }))
      .filter((lane) => lane.queueId === queueId)
      .toSorted((a, b) => b.priorityValue - a.priorityValue)
      .map(({ at }) => at),
  )
}

/** Nobody knows when the breaks were: they are laid into the middle of the time at the counter. */
function dayCounter(
  { counterId, fromMs, toMs, breakMs }: CounterTime,
  lanes: readonly number[],
  nowMs: number,
): DayCounter {
  const closesMs = toMs ?? nowMs
  const middleMs = (fromMs + closesMs - breakMs) / 2
  const breaks = breakMs > 0 ? [{ fromMs: middleMs, toMs: middleMs + breakMs }] : []
  return { id: counterId, lanes, opensMs: fromMs, closesMs, breaks }
}

/** The rules of this replay: the counter's queues in its order, priority first. Skills and profiles are left out. */
export const inQueueOrder: Rules = ({ lanes }, { orderMs }) =>
  lanes.find((lane) => (orderMs[lane] ?? Number.POSITIVE_INFINITY) !== Number.POSITIVE_INFINITY) ?? -1

/** The day up to now, ready to be played again. Training is left out. */
export function daySoFar(state: BranchState, times: readonly CounterTime[], nowMs: number): Day {
  const tickets = [...state.tickets.values()].filter(({ facts }) => !facts.isTraining)
  const lanes: { queueId: QueueId; priorityValue: number; serviceId: ServiceId }[] = []
  const visits: DayVisit[] = []
  for (const ticket of tickets)
    for (const { queueId, serviceId, joinedMs, takenMs, patienceMs } of legsOf(ticket)) {
      const { priorityValue, ticketId } = ticket.facts
      const key = laneKey(queueId, priorityValue)
      let lane = lanes.findIndex((it) => laneKey(it.queueId, it.priorityValue) === key)
      if (lane === -1) lane = lanes.push({ queueId, priorityValue, serviceId }) - 1
      visits.push({ id: ticketId, lane, joinedMs, takenMs, patienceMs })
    }
  return {
    lanes: lanes.map(({ queueId, priorityValue, serviceId }) => ({
      ...{ id: laneKey(queueId, priorityValue), serviceId, isPaused: false, privilegeMs: 0, tickets: [] },
    })),
    visits,
    counters: times.map((time) => dayCounter(time, lanesOf(state, time.counterId, lanes), nowMs)),
  }
}

/**
 * One counter more: another like the one that was open longest, from the first opening to the last closing. One less:
 * without the one that was open for the shortest time.
 * @returns null when there is nothing to add or to take away
 */
export function oneCounter(day: Day, change: 'more' | 'less'): DayChange | null {
  const byTime = day.counters.toSorted((a, b) => b.closesMs - b.opensMs - (a.closesMs - a.opensMs))
  const [longest, shortest] = [byTime[0], byTime.at(-1)]
  if (longest === undefined || shortest === undefined) return null
  if (change === 'less') return day.counters.length > 1 ? { type: 'counter-removed', counterId: shortest.id } : null
  const opensMs = Math.min(...day.counters.map((counter) => counter.opensMs))
  const closesMs = Math.max(...day.counters.map((counter) => counter.closesMs))
  return { type: 'counter-added', counter: { ...longest, id: 'one more', opensMs, closesMs, breaks: [] } }
}

/** What was promised today, as one figure: the mean target of those who came. */
export function meanTargetMs(state: BranchState): number {
  const targets = [...state.tickets.values()].flatMap(({ facts }) => {
    const service = facts.isTraining ? undefined : findService(state, facts.serviceId)
    return service === undefined ? [] : [service.slaSeconds * 1_000]
  })
  return targets.length === 0 ? 0 : targets.reduce((sum, targetMs) => sum + targetMs, 0) / targets.length
}
