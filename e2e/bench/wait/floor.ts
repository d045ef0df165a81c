import type { Scene, SceneCounter, SceneLane, SceneTicket } from '../../../shared/wait/scene.ts'
import { laneIdOf, type Shift, type Visit } from './recorded.ts'

/** A counter whose agent has served nobody for so long is taken to be empty, where the log does not tell. */
const SEEN_MS = 1_200_000
/** An agent is taken to serve what they have served within this time. */
const SERVES_MS = 3_600_000

interface Agent {
  busy: { readonly serviceId: string; readonly sinceMs: number; readonly visitId: string } | null
  seenMs: number
  /** When they last took somebody of a service. */
  readonly tookMs: Map<string, number>
}

/** Who waits and who serves at one moment of a recorded day, from nothing but what has happened until then. */
export interface Floor {
  join(visit: Visit): void
  call(visit: Visit, nowMs: number): void
  leave(visit: Visit): void
  finish(visit: Visit, nowMs: number): void
  sceneAt(nowMs: number, dayStartMs: number): Scene
  readonly waiting: ReadonlyMap<string, Visit>
}

/** @param known - what agents served on earlier days, to fall back on; grows as this day goes */
export function openFloor(
  lanes: readonly SceneLane[],
  shifts: readonly Shift[] | null,
  known: Map<string, Set<string>>,
): Floor {
  const waiting = new Map<string, Visit>()
  const agents = new Map<string, Agent>()
  const ticketsByLane = new Map<string, SceneTicket[]>(lanes.map(({ id }) => [id, []]))
  const privilegeByLane = new Map(lanes.map(({ id, privilegeMs }) => [id, privilegeMs]))
  const ticketsOf = ({ serviceId, priority }: Visit): SceneTicket[] =>
    ticketsByLane.get(laneIdOf(serviceId, priority)) ?? []

  function stopWaiting(visit: Visit): void {
    waiting.delete(visit.id)
    const tickets = ticketsOf(visit)
    const at = tickets.findIndex(({ id }) => id === visit.id)
    if (at !== -1) tickets.splice(at, 1)
  }

  function agentOf(counterId: string): Agent {
    const agent = agents.get(counterId) ?? { busy: null, seenMs: 0, tookMs: new Map() }
    agents.set(counterId, agent)
    return agent
  }

  const inferred = (nowMs: number): readonly SceneCounter[] => seenCounters({ agents, known, lanes, nowMs })

  return {
    waiting,
    join(visit) {
      waiting.set(visit.id, visit)
      const privilegeMs = privilegeByLane.get(laneIdOf(visit.serviceId, visit.priority)) ?? 0
      ticketsOf(visit).push({ id: visit.id, joinedMs: visit.joinedMs, orderMs: visit.joinedMs - privilegeMs })
    },
    call(visit, nowMs) {
      stopWaiting(visit)
      const agent = agentOf(visit.counterId)
      agent.busy = { serviceId: visit.serviceId, sinceMs: nowMs, visitId: visit.id }
      agent.seenMs = nowMs
      agent.tookMs.set(visit.serviceId, nowMs)
      const services = known.get(visit.counterId) ?? new Set()
      known.set(visit.counterId, services.add(visit.serviceId))
    },
    leave: stopWaiting,
    finish(visit, nowMs) {
      const agent = agentOf(visit.counterId)
      if (agent.busy?.visitId === visit.id) agent.busy = null
      agent.seenMs = nowMs
    },
    sceneAt(nowMs, dayStartMs) {
      return {
        nowMs: nowMs + dayStartMs,
        dayMs: nowMs,
        lanes: lanes.map((lane) => ({ ...lane, tickets: shifted(ticketsByLane.get(lane.id) ?? [], dayStartMs) })),
        counters: (shifts === null ? inferred(nowMs) : shiftCounters(shifts, agents, lanes, nowMs)).map((counter) =>
          shiftedCounter(counter, dayStartMs),
        ),
      }
    },
  }
}

const shifted = (tickets: readonly SceneTicket[], byMs: number): readonly SceneTicket[] =>
  tickets.map(({ id, joinedMs, orderMs }) => ({ id, joinedMs: joinedMs + byMs, orderMs: orderMs + byMs }))

const shiftedCounter = (counter: SceneCounter, byMs: number): SceneCounter => ({
  ...counter,
  busy: counter.busy === null ? null : { serviceId: counter.busy.serviceId, sinceMs: counter.busy.sinceMs + byMs },
  breakSinceMs: counter.breakSinceMs === null ? null : counter.breakSinceMs + byMs,
})

const lanesFor = (lanes: readonly SceneLane[], serves: (serviceId: string) => boolean): readonly number[] =>
  lanes.flatMap(({ serviceId }, at) => (serves(serviceId) ? [at] : []))

interface Seen {
  readonly agents: ReadonlyMap<string, Agent>
  readonly known: ReadonlyMap<string, ReadonlySet<string>>
  readonly lanes: readonly SceneLane[]
  readonly nowMs: number
}

function seenCounters({ agents, known, lanes, nowMs }: Seen): readonly SceneCounter[] {
  const present = [...agents].filter(([, { busy, seenMs }]) => busy !== null || seenMs > nowMs - SEEN_MS)
  const serves = (agent: Agent, serviceId: string): boolean =>
    (agent.tookMs.get(serviceId) ?? Number.NEGATIVE_INFINITY) > nowMs - SERVES_MS
  const orphaned = new Set(
    lanes
      .map(({ serviceId }) => serviceId)
      .filter((serviceId) => !present.some(([, agent]) => serves(agent, serviceId))),
  )
  // Nobody has served it lately: whoever is there and did so before, else whoever is there, will.
  const knows = (counterId: string, serviceId: string): boolean => known.get(counterId)?.has(serviceId) === true
  const unknown = new Set([...orphaned].filter((serviceId) => !present.some(([id]) => knows(id, serviceId))))
  return present.map(([id, agent]) => ({
    id,
    lanes: lanesFor(
      lanes,
      (serviceId) =>
        serves(agent, serviceId) || (orphaned.has(serviceId) && (unknown.has(serviceId) || knows(id, serviceId))),
    ),
    busy: agent.busy,
    breakSinceMs: null,
  }))
}

function shiftCounters(
  shifts: readonly Shift[],
  agents: ReadonlyMap<string, Agent>,
  lanes: readonly SceneLane[],
  nowMs: number,
): readonly SceneCounter[] {
  return shifts.flatMap(({ counterId, serviceIds, opensMs, closesMs, breaks }) => {
    const busy = agents.get(counterId)?.busy ?? null
    if (busy === null && (nowMs < opensMs || nowMs >= closesMs)) return []
    const pause = breaks.find(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs)
    return [
      {
        id: counterId,
        lanes: lanesFor(lanes, (serviceId) => serviceIds.includes(serviceId)),
        busy,
        breakSinceMs: busy === null && pause !== undefined ? pause.fromMs : null,
      },
    ]
  })
}
