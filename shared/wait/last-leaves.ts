import { isLost } from './absence.ts'
import { newDraw, takeTurn } from './draw.ts'
import { hasEnough } from './durations.ts'
import type { Learned } from './learned.ts'
import { HORIZON_MS, WAITING_MAX } from './replay.ts'
import type { ReplayWorld } from './replay-world.ts'
import type { Rules, Scene } from './scene.ts'

const DRAWS = 16
const TURNS_MAX = 4_000

/** On the scene's steady clock. */
export interface LastLeaves {
  readonly midMs: number
  /** One evening in ten it is later. */
  readonly highMs: number
}

/**
 * When the last customer would leave if no ticket were given after `stopMs` and the counters of now stayed until then.
 * @param stopMs - on the scene's clock; now or earlier means at once
 * @returns null when no counter is open, too little is known, or it would take longer than is played ahead
 */
export function lastLeavesMs(
  scene: Scene,
  learned: Learned,
  rules: Rules,
  stopMs: number,
  seed: number,
): LastLeaves | null {
  const waitingCount = scene.lanes.reduce((sum, { tickets }) => sum + tickets.length, 0)
  if (scene.counters.length === 0 || waitingCount > WAITING_MAX || !hasEnough(learned.all.durations)) return null
  const present = scene.counters.filter((counter) => !isLost(scene, learned, counter))
  const isOrphaned = scene.lanes.some(
    ({ tickets, isPaused }, at) => tickets.length > 0 && (isPaused || !present.some(({ lanes }) => lanes.includes(at))),
  )
  if (isOrphaned) return null
  const world: ReplayWorld = {
    scene,
    learned,
    rules,
    places: [],
    askedById: new Map(),
    rates: new Map(),
    joinsUntilMs: stopMs,
    followsStaffing: false,
    shares: [],
  }
  const ends: number[] = []
  for (let at = 0; at < DRAWS; at++) {
    const endMs = playToTheEnd(world, seed + at * 7919)
    if (endMs === null) return null
    ends.push(endMs)
  }
  ends.sort((a, b) => a - b)
  return { midMs: ends[DRAWS / 2] ?? 0, highMs: ends[Math.floor(DRAWS * 0.9)] ?? 0 }
}

function playToTheEnd(world: ReplayWorld, seed: number): number | null {
  const draw = newDraw(world, seed)
  const horizonMs = world.scene.nowMs + HORIZON_MS
  const isDone = (): boolean =>
    draw.lanes.every(({ persons, head, nextMs }) => head >= persons.length && nextMs === Number.POSITIVE_INFINITY)
  let lastMs = Math.max(world.scene.nowMs, ...draw.desks.flatMap((desk) => (desk.isServing ? [desk.freeMs] : [])))
  for (let turns = 0; turns < TURNS_MAX; turns++) {
    if (isDone()) return lastMs
    if (takeTurn(world, draw, horizonMs, () => {}) >= horizonMs) return null
    for (const desk of draw.desks) if (desk.isServing) lastMs = Math.max(lastMs, desk.freeMs)
  }
  return null
}
