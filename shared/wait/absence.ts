import { type Durations, hasEnough } from './durations.ts'
import { counterKey, type Learned, learnedOf } from './learned.ts'
import { isBeyondAll } from './remaining.ts'
import type { Scene, SceneCounter } from './scene.ts'

/** A counter is not given up before it has left people waiting, served somebody or been on a break for so long. */
const IDLE_LEAST_MS = 5 * 60_000
const SERVICE_LEAST_MS = 30 * 60_000
const BREAK_LEAST_MS = 60 * 60_000

export const durationsOf = (learned: Learned, serviceId: string): Durations => {
  const own = learnedOf(learned, serviceId)?.durations
  return own !== undefined && hasEnough(own) ? own : learned.all.durations
}

/**
 * For how long a free counter has not called although somebody waits whom it may serve. 0: nobody does, or nobody knows
 * since when it is free.
 */
export function idleMsOf({ lanes, nowMs }: Scene, learned: Learned, counter: SceneCounter): number {
  const freeSinceMs = learned.freeSinceMs[counterKey(counter.id)]
  if (freeSinceMs === undefined || counter.busy !== null || counter.breakSinceMs !== null) return 0
  let waitingSinceMs = nowMs
  for (const at of counter.lanes) {
    const lane = lanes[at]
    if (lane === undefined || lane.isPaused) continue
    for (const { joinedMs } of lane.tickets) waitingSinceMs = Math.min(waitingSinceMs, joinedMs)
  }
  return Math.max(0, nowMs - Math.max(freeSinceMs, waitingSinceMs))
}

/** Whether nobody can say when this counter will call again: idle, at one customer or on a break beyond all that was seen. */
export function isLost(scene: Scene, learned: Learned, counter: SceneCounter): boolean {
  const { busy, breakSinceMs } = counter
  if (breakSinceMs !== null) return isBeyondAll(learned.breaks.values, scene.nowMs - breakSinceMs, BREAK_LEAST_MS)
  if (busy === null) return isBeyondAll(learned.turns.values, idleMsOf(scene, learned, counter), IDLE_LEAST_MS)
  const { values } = durationsOf(learned, busy.serviceId).recent
  return isBeyondAll(values, scene.nowMs - busy.sinceMs, SERVICE_LEAST_MS)
}

/** An agent who is there calls within it. */
const THERE_MS = 60_000

/** By lane: whether one of its counters leaves people waiting, so that nobody knows how many really call. */
export function doubtedLanes(scene: Scene, learned: Learned): readonly boolean[] {
  const doubted = scene.counters.filter((counter) => idleMsOf(scene, learned, counter) > THERE_MS)
  return scene.lanes.map((_, lane) => doubted.some(({ lanes }) => lanes.includes(lane)))
}
