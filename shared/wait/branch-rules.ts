import type { WorkRule } from '../domain/catalogue.ts'
import type { CounterId, QueueId, ServiceId, SteadyMs, TicketId } from '../domain/ids.ts'
import type { LineEntry } from '../domain/line.ts'
import { compareInLine, type LineRules } from '../domain/order-in-line.ts'
import { type BranchState, lineRulesOf } from '../domain/state.ts'
import type { Heads, Rules, SceneCounter } from './scene.ts'

/** What all tickets of one lane have in common, and what the live rules ask of them. */
export interface BranchLane {
  readonly queueId: QueueId
  readonly serviceId: LineEntry['serviceId']
  readonly priorityValue: number
  readonly isFirst: boolean
  readonly isBooked: boolean
  readonly reservedFor: LineEntry['reservedFor']
}

/** How one counter chooses: its lanes by queue, in its own order. */
export interface BranchCounter {
  readonly id: CounterId
  readonly reservedLanes: readonly number[]
  /** Its own queues, in its order. */
  readonly own: readonly CounterQueue[]
  /** Its own, and those that its profile names. */
  readonly queues: readonly CounterQueue[]
  readonly choosing: 'order' | 'relative-wait'
  readonly profile: readonly WorkRule[]
}

export interface CounterQueue {
  readonly queueId: QueueId
  readonly lanes: readonly number[]
}

const NOBODY = '' as TicketId

/** What is used again from turn to turn: a replay asks some thousand times, and must not make an object each time. */
interface Choice {
  readonly lanes: readonly BranchLane[]
  readonly lanesByQueue: ReadonlyMap<QueueId, readonly number[]>
  readonly rulesOf: (queueId: QueueId) => Mutable<LineRules>
  /** By lane: its head, as the domain's own comparison wants it. */
  readonly entries: readonly Mutable<LineEntry>[]
  heads: Heads
  nowMs: number
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

function entryLike({ serviceId, priorityValue, isFirst, reservedFor }: BranchLane, tie: number): Mutable<LineEntry> {
  const arrivalSteadyMs = 0 as SteadyMs
  const place = { isFirst, priorityValue, arrivalSteadyMs, tie, bookedSteadyMs: null, reservedFor, isTraining: false }
  return { ticketId: NOBODY, serviceId, ...place }
}

const isEmpty = ({ heads }: Choice, at: number): boolean => heads.orderMs[at] === Number.POSITIVE_INFINITY

function entryAt({ entries, lanes, heads }: Choice, at: number): LineEntry | null {
  const entry = entries[at]
  if (entry === undefined) return null
  const orderMs = heads.orderMs[at] as SteadyMs
  entry.arrivalSteadyMs = (heads.joinedMs[at] ?? orderMs) as SteadyMs
  entry.bookedSteadyMs = lanes[at]?.isBooked === true ? orderMs : null
  return entry
}

/** The first by one queue's rules; -1 when nobody waits in these lanes. */
function firstOfQueue(choice: Choice, { queueId, lanes }: CounterQueue): number {
  let best = -1
  let rules: Mutable<LineRules> | null = null
  for (const at of lanes) {
    if (isEmpty(choice, at)) continue
    if (best === -1) {
      best = at
      continue
    }
    rules ??= choice.rulesOf(queueId)
    rules.nowMs = choice.nowMs
    const [entry, bestEntry] = [entryAt(choice, at), entryAt(choice, best)]
    if (entry !== null && bestEntry !== null && compareInLine(rules, entry, bestEntry) < 0) best = at
  }
  return best
}

function firstOf(choice: Choice, queues: readonly CounterQueue[]): number {
  for (const queue of queues) {
    const at = firstOfQueue(choice, queue)
    if (at !== -1) return at
  }
  return -1
}

/** Whose wait is longest, measured against the target of the service. */
function longestOf(choice: Choice, queues: readonly CounterQueue[]): number {
  let best = -1
  let bestShare = Number.NEGATIVE_INFINITY
  for (const queue of queues) {
    const at = firstOfQueue(choice, queue)
    const lane = choice.lanes[at]
    if (lane === undefined) continue
    const targetMs = choice.rulesOf(queue.queueId).targetMsOf(lane.serviceId)
    const share = (choice.nowMs - (choice.heads.orderMs[at] ?? choice.nowMs)) / targetMs
    if (share > bestShare) {
      best = at
      bestShare = share
    }
  }
  return best
}

/** Whether a rule of a work profile speaks at this instant of the replay. */
function speaks({ heads, nowMs, lanes, lanesByQueue }: Choice, { when }: WorkRule): boolean {
  if (when === null) return true
  let waitingCount = 0
  let oldestMs = Number.POSITIVE_INFINITY
  for (const at of lanesByQueue.get(when.queueId) ?? []) {
    waitingCount += heads.waitingCounts[at] ?? 0
    // Whoever is kept for somebody is one of those who wait, but no other counter can help.
    if (lanes[at]?.reservedFor === null) oldestMs = Math.min(oldestMs, heads.orderMs[at] ?? oldestMs)
  }
  if (when.waitingOver !== null && waitingCount <= when.waitingOver) return false
  return when.waitOverMinutes === null || nowMs - oldestMs > when.waitOverMinutes * 60_000
}

function byProfile(choice: Choice, { profile, queues }: BranchCounter): number {
  for (const rule of profile) {
    if (!speaks(choice, rule)) continue
    const named = rule.queueIds.flatMap((id) => queues.filter(({ queueId }) => queueId === id))
    const at = firstOf(choice, named)
    if (at !== -1) return at
  }
  return -1
}

/** Staff have sent these to this counter; only their word and time order them. */
function byReservation(choice: Choice, { reservedLanes }: BranchCounter): number {
  let best = -1
  for (const at of reservedLanes) {
    const orderMs = choice.heads.orderMs[at] ?? Number.POSITIVE_INFINITY
    if (orderMs === Number.POSITIVE_INFINITY) continue
    const [isFirst, bestIsFirst] = [choice.lanes[at]?.isFirst === true, choice.lanes[best]?.isFirst === true]
    const isBefore =
      isFirst === bestIsFirst ? orderMs < (choice.heads.orderMs[best] ?? Number.POSITIVE_INFINITY) : isFirst
    if (best === -1 || isBefore) best = at
  }
  return best
}

/**
 * The branch's live rules over the lanes of a scene, as `chooseNext` of the domain has them: kept for this counter, its
 * work profile, then its queues. What a replay cannot follow: who was passed how often stays as it is now.
 */
export function branchRules(
  state: BranchState,
  lanes: readonly BranchLane[],
  counters: readonly BranchCounter[],
): Rules {
  const counterById = new Map<string, BranchCounter>(counters.map((counter) => [counter.id, counter]))
  const queueIds = [...new Set(lanes.map(({ queueId }) => queueId))]
  const lanesOf = (id: QueueId): readonly number[] => lanes.flatMap(({ queueId }, at) => (queueId === id ? [at] : []))
  const lanesByQueue = new Map(queueIds.map((id) => [id, lanesOf(id)] as const))
  const rulesByQueue = new Map<QueueId, Mutable<LineRules>>(
    queueIds.map((id) => [id, { ...lineRulesOf(state, id, 0), targetMsOf: remembered(lineRulesOf(state, id, 0)) }]),
  )
  const rulesOf = (id: QueueId): Mutable<LineRules> => {
    const known = rulesByQueue.get(id) ?? { ...lineRulesOf(state, id, 0) }
    rulesByQueue.set(id, known)
    return known
  }
  const entries = lanes.map(entryLike)
  let choice: Choice | null = null
  return ({ id }: SceneCounter, heads, nowMs) => {
    const counter = counterById.get(id)
    if (counter === undefined) return -1
    choice ??= { lanes, lanesByQueue, rulesOf, entries, heads, nowMs }
    choice.heads = heads
    choice.nowMs = nowMs
    const reserved = byReservation(choice, counter)
    if (reserved !== -1) return reserved
    const profiled = byProfile(choice, counter)
    if (profiled !== -1) return profiled
    return counter.choosing === 'relative-wait' ? longestOf(choice, counter.own) : firstOf(choice, counter.own)
  }
}

/** A service's target does not change within a replay. */
function remembered({ targetMsOf }: LineRules): LineRules['targetMsOf'] {
  const known = new Map<ServiceId, number>()
  return (serviceId) => {
    const targetMs = known.get(serviceId) ?? targetMsOf(serviceId)
    known.set(serviceId, targetMs)
    return targetMs
  }
}
