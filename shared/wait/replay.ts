import { isLost } from './absence.ts'
import { type Draw, newDraw, type Reached, takeTurn } from './draw.ts'
import { hasEnough } from './durations.ts'
import type { Learned } from './learned.ts'
import type { ReplayWorld } from './replay-world.ts'
import type { Place, Rules, Scene } from './scene.ts'

/** How often the next hours are played, at most and at least. */
const DRAWS_MAX = 24
const DRAWS_MIN = 6
/** One refresh calls about so many people, over all draws: the longer the line, the less its wait scatters. */
const CALLS_WANTED = 2_400
/** A draw is broken off when counters have taken more turns than this for each person in it, and some: others overtake. */
const TURNS_PER_PERSON_MAX = 3
const TURNS_SPARE = 500
/** So no refresh takes more turns than this, whatever the branch looks like. */
export const turnsMax = (personCount: number): number => drawCountFor(personCount) * turnsMaxOfDraw(personCount)
const turnsMaxOfDraw = (personCount: number): number => TURNS_PER_PERSON_MAX * personCount + TURNS_SPARE
const drawCountFor = (personCount: number): number =>
  Math.max(DRAWS_MIN, Math.min(DRAWS_MAX, Math.floor(CALLS_WANTED / (personCount + 1))))
/** With more people waiting nothing is said. */
export const WAITING_MAX = 1_000
/** Nothing is played further ahead than this. */
export const HORIZON_MS = 5 * 3_600_000
/** A place that fewer draws than this share have reached is not spoken of. */
const REACHED_SHARE = 0.9

/** One place as all draws together saw it. */
export interface PlaceReplay {
  readonly meanMs: number
  /** From now, ascending, one for each draw that reached it. */
  readonly waitsMs: readonly number[]
  /** How many of those who wait now go before it, in lanes that share a counter with its own; the mean of the draws. */
  readonly aheadCount: number
  readonly aheadSameCount: number
}

interface Tally {
  readonly waitsMs: number[]
  ahead: number
  aheadSame: number
}

/**
 * Plays the branch on from now: each counter takes whom the live rules give it, for as long as such services really
 * took, people come and give up as they do at this hour. Same seed, same answer.
 * @param places - tickets of the scene, or places of people who would join now
 * @returns in the order of the places; null where nothing honest can be said
 */
export function replay(
  scene: Scene,
  learned: Learned,
  rules: Rules,
  places: readonly Place[],
  seed: number,
): readonly (PlaceReplay | null)[] {
  const waitingCount = scene.lanes.reduce((sum, { tickets }) => sum + tickets.length, 0)
  if (waitingCount > WAITING_MAX || !hasEnough(learned.all.durations)) return places.map(() => null)
  const askedById = new Map(places.flatMap(({ ticketId }, at) => (ticketId === null ? [] : [[ticketId, at] as const])))
  const world: ReplayWorld = {
    scene,
    learned,
    rules,
    places,
    askedById,
    rates: new Map(),
    joinsUntilMs: Number.POSITIVE_INFINITY,
    followsStaffing: true,
    shares: sharesOf(scene),
  }
  const tallies = places.map((): Tally => ({ waitsMs: [], ahead: 0, aheadSame: 0 }))
  const askedLanes = new Set(places.map(({ lane }) => lane))
  // Nobody is promised a counter of which nobody can say when it calls again.
  const present = scene.counters.filter((counter) => !isLost(scene, learned, counter))
  const isServed = (lane: number): boolean =>
    scene.lanes[lane]?.isPaused === false && present.some(({ lanes }) => lanes.includes(lane))
  const reachableCount = places.filter(({ lane }) => isServed(lane)).length
  if (askedLanes.size === 0 || reachableCount === 0) return places.map(() => null)
  const drawCount = drawCountFor(waitingCount + places.length)
  for (let at = 0; at < drawCount; at++) playOnce(world, seed + at * 7919, reachableCount, tallies)
  return tallies.map((tally, at) => (isServed(places[at]?.lane ?? -1) ? summary(tally, drawCount) : null))
}

function playOnce(world: ReplayWorld, seed: number, reachableCount: number, tallies: readonly Tally[]): void {
  const draw: Draw = newDraw(world, seed)
  const endMs = world.scene.nowMs + HORIZON_MS
  let left = reachableCount
  const onReached = ({ asked, atMs, ahead, aheadSame }: Reached): void => {
    const tally = tallies[asked]
    if (tally === undefined) return
    left -= 1
    tally.waitsMs.push(atMs - world.scene.nowMs)
    tally.ahead += ahead
    tally.aheadSame += aheadSame
  }
  const turnsLeft = turnsMaxOfDraw(draw.lanes.reduce((sum, { persons }) => sum + persons.length, 0))
  for (let turns = 0; turns < turnsLeft && left > 0; turns++)
    if (takeTurn(world, draw, endMs, onReached) >= endMs) return
}

function summary({ waitsMs, ahead, aheadSame }: Tally, drawCount: number): PlaceReplay | null {
  const count = waitsMs.length
  if (count < drawCount * REACHED_SHARE) return null
  waitsMs.sort((a, b) => a - b)
  const meanMs = waitsMs.reduce((sum, value) => sum + value, 0) / count
  return { meanMs, waitsMs, aheadCount: ahead / count, aheadSameCount: aheadSame / count }
}

function sharesOf({ lanes, counters }: Scene): readonly (readonly boolean[])[] {
  const shares = lanes.map((_, row) => lanes.map((_, column) => row === column))
  for (const counter of counters)
    for (const one of counter.lanes) for (const other of counter.lanes) (shares[one] ?? [])[other] = true
  return shares
}
