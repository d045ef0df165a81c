import type { WorkRule } from '../domain/catalogue.ts'
import type { CounterId, QueueId, SteadyMs, TicketId } from '../domain/ids.ts'
import type { LineEntry } from '../domain/line.ts'
import { compareInLine, type LineRules } from '../domain/order-in-line.ts'
import { type BranchState, findService, lineRulesOf } from '../domain/state.ts'
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
  /** Its own queues in its order, then those that only its profile names. */
  readonly queues: readonly CounterQueue[]
  readonly ownQueueCount: number
  readonly choosing: 'order' | 'relative-wait'
  readonly profile: readonly WorkRule[]
}

export interface CounterQueue {
  readonly queueId: QueueId
  readonly lanes: readonly number[]
}

const NOBODY = '' as TicketId

interface Choice {
  readonly state: BranchState
  readonly lanes: readonly BranchLane[]
  readonly lanesByQueue: ReadonlyMap<QueueId, readonly number[]>
  readonly rulesByQueue: Map<QueueId, LineRules>
  readonly heads: Heads
  readonly nowMs: number
}

/** The head of a lane as the domain's own comparison wants it. */
function entryAt({ lanes, heads }: Choice, at: number): LineEntry | null {
  const orderMs = heads.orderMs[at] ?? Number.POSITIVE_INFINITY
  const lane = lanes[at]
  if (lane === undefined || orderMs === Number.POSITIVE_INFINITY) return null
  const { serviceId, priorityValue, isFirst, isBooked, reservedFor } = lane
  const arrivalSteadyMs = (heads.joinedMs[at] ?? orderMs) as SteadyMs
  const bookedSteadyMs = isBooked ? (orderMs as SteadyMs) : null
  const place = { isFirst, priorityValue, arrivalSteadyMs, tie: at, bookedSteadyMs, reservedFor, isTraining: false }
  return { ticketId: NOBODY, serviceId, ...place }
}

function lineRules(choice: Choice, queueId: QueueId): LineRules {
  const known = choice.rulesByQueue.get(queueId) ?? lineRulesOf(choice.state, queueId, choice.nowMs)
  choice.rulesByQueue.set(queueId, known)
  return known.nowMs === choice.nowMs ? known : { ...known, nowMs: choice.nowMs }
}

/** The first by one queue's rules; -1 when nobody waits in these lanes. */
function firstBy(choice: Choice, rules: LineRules, lanes: readonly number[]): number {
  let best = -1
  let bestEntry: LineEntry | null = null
  for (const at of lanes) {
    const entry = entryAt(choice, at)
    if (entry === null) continue
    if (bestEntry === null || compareInLine(rules, entry, bestEntry) < 0) {
      best = at
      bestEntry = entry
    }
  }
  return best
}

const firstOfQueue = (choice: Choice, { queueId, lanes }: CounterQueue): number =>
  firstBy(choice, lineRules(choice, queueId), lanes)

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
    const targetMs = (findService(choice.state, lane.serviceId)?.slaSeconds ?? Number.MAX_SAFE_INTEGER) * 1_000
    const share = (choice.nowMs - (choice.heads.orderMs[at] ?? choice.nowMs)) / targetMs
    if (share > bestShare) {
      best = at
      bestShare = share
    }
  }
  return best
}

/** Whether a rule of a work profile speaks at this instant of the replay. */
function speaks({ heads, nowMs, lanesByQueue }: Choice, { when }: WorkRule): boolean {
  if (when === null) return true
  let waitingCount = 0
  let oldestMs = Number.POSITIVE_INFINITY
  for (const at of lanesByQueue.get(when.queueId) ?? []) {
    waitingCount += heads.waitingCounts[at] ?? 0
    oldestMs = Math.min(oldestMs, heads.orderMs[at] ?? oldestMs)
  }
  if (when.waitingOver !== null && waitingCount <= when.waitingOver) return false
  return when.waitOverMs === null || nowMs - oldestMs > when.waitOverMs
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
  const lanesOf = (id: QueueId): readonly number[] =>
    lanes.flatMap(({ queueId, reservedFor }, at) => (queueId === id && reservedFor === null ? [at] : []))
  const lanesByQueue = new Map(queueIds.map((id) => [id, lanesOf(id)] as const))
  const rulesByQueue = new Map<QueueId, LineRules>()
  return ({ id }: SceneCounter, heads, nowMs) => {
    const counter = counterById.get(id)
    if (counter === undefined) return -1
    const choice: Choice = { state, lanes, lanesByQueue, rulesByQueue, heads, nowMs }
    const reserved = byReservation(choice, counter)
    if (reserved !== -1) return reserved
    const profiled = byProfile(choice, counter)
    if (profiled !== -1) return profiled
    const own = counter.queues.slice(0, counter.ownQueueCount)
    return counter.choosing === 'relative-wait' ? longestOf(choice, own) : firstOf(choice, own)
  }
}
