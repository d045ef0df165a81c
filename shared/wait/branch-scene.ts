import type { Counter } from '../domain/catalogue.ts'
import { servedQueueIds } from '../domain/choose-next.ts'
import type { AgentId, CounterId, QueueId, ServiceId } from '../domain/ids.ts'
import { type Lane, orderMs } from '../domain/line.ts'
import {
  type BranchState,
  findAgent,
  findCounter,
  findService,
  type OpenCounter,
  queueIdsOf,
  queueMode,
} from '../domain/state.ts'
import type { Ticket } from '../domain/ticket.ts'
import { type BranchCounter, type BranchLane, branchRules } from './branch-rules.ts'
import type { Place, Rules, Scene, SceneCounter, SceneLane } from './scene.ts'

/** Lanes of one scene, at most; who would be in further ones is not spoken of. */
const LANES_MAX = 128

/** A branch at one instant, ready to be replayed by its own rules. */
export interface BranchScene {
  readonly scene: Scene
  readonly rules: Rules
  /** The place of somebody who would join now; null when nothing can be said of it. */
  placeFor(serviceId: ServiceId, queueId: QueueId, priorityValue: number): Place | null
}

/** Under which the arrivals of ordinary tickets are learned. */
export const laneIdOf = (queueId: QueueId, serviceId: ServiceId, priorityValue: number): string =>
  `${queueId} ${serviceId} ${priorityValue}`

interface FullLane extends BranchLane {
  readonly scene: SceneLane
}

/** A waiting lane of the branch; null for those in training, who count nowhere. */
function waitingLane(state: BranchState, queueId: QueueId, { key, entries }: Lane): FullLane | null {
  const [head] = entries
  if (head === undefined || head.isTraining) return null
  const { serviceId, priorityValue, isFirst, reservedFor } = head
  const isBooked = head.bookedSteadyMs !== null
  const isOrdinary = !isFirst && !isBooked && reservedFor === null
  const id = isOrdinary ? laneIdOf(queueId, serviceId, priorityValue) : `${queueId} ${key}`
  const tickets = entries.map((entry) => ({
    id: entry.ticketId,
    joinedMs: entry.arrivalSteadyMs,
    orderMs: orderMs(entry),
  }))
  const scene = { id, serviceId, isPaused: queueMode(state, queueId).isPaused, privilegeMs: 0, tickets }
  return { queueId, serviceId, priorityValue, isFirst, isBooked, reservedFor, scene }
}

/** Where nobody waits, but somebody may come: each service in its own queue, with each priority that is seen there. */
function emptyLanes(state: BranchState, isSeen: (laneId: string) => boolean): readonly FullLane[] {
  const { services = [], priorityClasses = [] } = state.catalogue?.body ?? {}
  const values = [...new Set([0, ...priorityClasses.map(({ value }) => value)])]
  return services.flatMap(({ id: serviceId, queueId }) =>
    values
      .filter((value) => value === 0 || isSeen(laneIdOf(queueId, serviceId, value)))
      .map((priorityValue) => {
        const id = laneIdOf(queueId, serviceId, priorityValue)
        const scene = { id, serviceId, isPaused: queueMode(state, queueId).isPaused, privilegeMs: 0, tickets: [] }
        return { queueId, serviceId, priorityValue, isFirst: false, isBooked: false, reservedFor: null, scene }
      }),
  )
}

function lanesOf(state: BranchState, isSeen: (laneId: string) => boolean): readonly FullLane[] {
  const waiting = [...state.lines.entries()]
    // A restored state must be replayed as the one it was carried from.
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([queueId, line]) => line.flatMap((lane) => waitingLane(state, queueId, lane) ?? []))
  const taken = new Set(waiting.map(({ scene }) => scene.id))
  return [...waiting, ...emptyLanes(state, isSeen).filter(({ scene }) => !taken.has(scene.id))].slice(0, LANES_MAX)
}

/** Whether an agent has learned what a service asks for. */
function canServe(state: BranchState, agentId: AgentId, serviceId: ServiceId): boolean {
  const needed = findService(state, serviceId)?.skill ?? null
  const skills = findAgent(state, agentId)?.skills ?? null
  return needed === null || skills === null || skills.includes(needed)
}

/** How a counter with this agent at it chooses among lanes. */
export function counterOf(
  state: BranchState,
  counter: Counter,
  agentId: AgentId,
  lanes: readonly BranchLane[],
): BranchCounter {
  const isKept = ({ reservedFor }: BranchLane): boolean =>
    reservedFor !== null &&
    (reservedFor.kind === 'counter' ? reservedFor.counterId === counter.id : reservedFor.agentId === agentId)
  const lanesIn = (id: QueueId): readonly number[] =>
    lanes.flatMap(({ queueId, reservedFor, serviceId }, at) =>
      queueId === id && reservedFor === null && canServe(state, agentId, serviceId) ? [at] : [],
    )
  const profile = state.catalogue?.body.workProfiles.find(({ id }) => id === counter.profileId)?.rules ?? []
  const queueOf = (queueId: QueueId) => ({ queueId, lanes: lanesIn(queueId) })
  return {
    id: counter.id,
    reservedLanes: lanes.flatMap((lane, at) => (isKept(lane) ? [at] : [])),
    own: queueIdsOf(state, counter).map(queueOf),
    queues: servedQueueIds(state, counter).map(queueOf),
    choosing: counter.choosing,
    profile,
  }
}

/** Since when a ticket takes its counter's time: its call; but whoever was on hold was away, and takes it anew. */
export function turnSinceMs({ facts, phase }: Ticket): number | null {
  if (phase.status === 'serving' && facts.serviceMs > 0) return phase.sinceSteadyMs
  return facts.calledSteadyMs ?? facts.lastCalledSteadyMs
}

function busyAt(state: BranchState, { ticketId }: OpenCounter): SceneCounter['busy'] {
  const ticket = ticketId === null ? undefined : state.tickets.get(ticketId)
  if (ticket === undefined) return null
  return { serviceId: ticket.facts.serviceId, sinceMs: turnSinceMs(ticket) ?? state.now.steadyMs }
}

/** The counters that call: in training, nobody is served; retired, nobody more than is there. */
function openCounters(
  state: BranchState,
  lanes: readonly FullLane[],
): readonly { branch: BranchCounter; scene: SceneCounter }[] {
  return [...state.openCounters.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([counterId, open]: [CounterId, OpenCounter]) => {
      const counter = findCounter(state, counterId)
      if (counter === undefined || open.isTraining || state.retired.counters.has(counterId)) return []
      const branch = counterOf(state, counter, open.agentId, lanes)
      const scene = {
        id: counterId,
        lanes: [...branch.reservedLanes, ...branch.queues.flatMap((queue) => queue.lanes)],
        busy: busyAt(state, open),
        breakSinceMs: open.onBreak?.sinceSteadyMs ?? null,
      }
      return [{ branch, scene }]
    })
}

/**
 * The branch as the replay sees it.
 * @param nowMs - on steady time
 * @param dayMs - since midnight in the branch's zone
 * @param isSeen - whether people have ever joined a lane; lanes of a priority that nobody uses are left out
 */
export function branchSceneAt(
  state: BranchState,
  nowMs: number,
  dayMs: number,
  isSeen: (laneId: string) => boolean = () => true,
): BranchScene {
  const lanes = lanesOf(state, isSeen)
  const counters = openCounters(state, lanes)
  const scene: Scene = {
    nowMs,
    dayMs,
    lanes: lanes.map((lane) => lane.scene),
    counters: counters.map((counter) => counter.scene),
  }
  const rules = branchRules(
    state,
    lanes,
    counters.map(({ branch }) => branch),
  )
  return {
    scene,
    rules,
    placeFor(serviceId, queueId, priorityValue) {
      const id = laneIdOf(queueId, serviceId, priorityValue)
      const lane = lanes.findIndex((candidate) => candidate.scene.id === id)
      return lane === -1 ? null : { lane, ticketId: null, joinedMs: nowMs, orderMs: nowMs }
    },
  }
}
