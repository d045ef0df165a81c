import { learn } from '../learn.ts'
import { emptyLearned, type Learned } from '../learned.ts'
import type { Place, Scene, SceneCounter, SceneLane } from '../scene.ts'

export const MINUTE_MS = 60_000
export const NOW_MS = 50 * 3_600_000
/** Ten in the morning. */
export const TEN_MS = 10 * 3_600_000

/** A branch where each service has always taken the same time, people never give up and nobody new comes. */
export function steadyBranch(takenMs: number): Learned {
  const learned = emptyLearned()
  for (let at = 0; at < 20; at++)
    learn(learned, { type: 'finished', counterId: 'one', serviceId: 'cash', takenMs, nowMs: NOW_MS, dayMs: TEN_MS })
  learned.patience.left.fill(0)
  return learned
}

/** Tickets that came a minute after each other, the last a minute ago. */
export function laneOf(id: string, waitingCount: number, privilegeMs = 0): SceneLane {
  const tickets = Array.from({ length: waitingCount }, (_, at) => {
    const joinedMs = NOW_MS - (waitingCount - at) * MINUTE_MS
    return { id: `${id} ${at + 1}`, joinedMs, orderMs: joinedMs - privilegeMs }
  })
  return { id, serviceId: 'cash', isPaused: false, privilegeMs, tickets }
}

export const freeCounter = (id: string, lanes: readonly number[]): SceneCounter => ({
  id,
  lanes,
  busy: null,
  breakSinceMs: null,
})

export const sceneOf = (lanes: readonly SceneLane[], counters: readonly SceneCounter[]): Scene => ({
  nowMs: NOW_MS,
  dayMs: TEN_MS,
  lanes,
  counters,
})

/** Somebody who would join a lane now. */
export const joiner = (lane: number, privilegeMs = 0): Place => ({
  lane,
  ticketId: null,
  joinedMs: NOW_MS,
  orderMs: NOW_MS - privilegeMs,
})
