import { FIRST_GUESS, featuresOf, PLAIN, UNIT_MS } from './features.ts'
import { ASKED_MAX, type Asked, type Learned } from './learned.ts'
import { newLine, valueAt } from './least-squares.ts'
import type { WaitRange } from './measured.ts'
import { effectsOf, rangeAround } from './range.ts'
import { type PlaceReplay, replay } from './replay.ts'
import type { Place, Rules, Scene } from './scene.ts'

/** Before this many waits have been seen through, a range would be a guess. */
export const OUTCOMES_MIN = 20

const FIRST_LINE = newLine(FIRST_GUESS)

/** The lines that speak for a place: the branch's and the service's, apart for whoever finds nobody waiting. */
function linesFor(scene: Scene, place: Place): readonly string[] {
  const isEmpty = scene.lanes.every(({ tickets }) => tickets.length === 0)
  const serviceId = scene.lanes[place.lane]?.serviceId ?? ''
  return isEmpty ? ['all, nobody waiting', `${serviceId}, nobody waiting`] : ['all', serviceId]
}

/** A line that has seen few outcomes speaks little: with this many, as loud as the first guess. */
const TRUST_COUNT = 50

/** No line may say more than this, in units, whatever it has learned: three times the longest of what is plain to see. */
function limitOf(features: readonly number[]): number {
  const { replay, lastFew, head } = PLAIN
  return 3 * Math.max(1, features[replay] ?? 0, features[lastFew] ?? 0, features[head] ?? 0)
}

function midMsOf(learned: Learned, lines: readonly string[], features: readonly number[]): number {
  const first = valueAt(FIRST_LINE, features)
  let sum = 0
  for (const key of lines) {
    const line = learned.lines[key] ?? FIRST_LINE
    const trust = line.count / (line.count + TRUST_COUNT)
    sum += trust * valueAt(line, features) + (1 - trust) * first
  }
  return Math.min(limitOf(features), Math.max(0, sum / lines.length)) * UNIT_MS
}

function guess(learned: Learned, scene: Scene, place: Place, replayed: PlaceReplay): Asked {
  const features = featuresOf(learned, scene, place, replayed)
  const lines = linesFor(scene, place)
  const midMs = midMsOf(learned, lines, features)
  const waitingCount = scene.lanes.reduce((sum, { tickets }) => sum + tickets.length, 0)
  const effects = effectsOf(midMs, scene.lanes[place.lane]?.serviceId ?? '', scene.dayMs, waitingCount)
  return {
    features,
    lines,
    effects,
    guessed: rangeAround(learned.quantiles, midMs, effects),
    isTold: learned.outcomeCount >= OUTCOMES_MIN,
  }
}

/**
 * How long somebody would wait who joins now, for each place asked.
 * @param seed - same scene, same seed, same answer
 * @returns in the order of the places; null where nothing honest can be said
 */
export function estimateJoiners(
  learned: Learned,
  scene: Scene,
  rules: Rules,
  places: readonly Place[],
  seed: number,
): readonly (WaitRange | null)[] {
  return replay(scene, learned, rules, places, seed).map((replayed, at) => {
    const place = places[at]
    if (replayed === null || place === undefined) return null
    const { guessed, isTold } = guess(learned, scene, place, replayed)
    return isTold ? guessed : null
  })
}

/**
 * Somebody joins: what to tell them, and a note so that the branch learns from what comes of it. The scene is the one
 * before they joined. Changes `learned`.
 */
export function askFor(
  learned: Learned,
  scene: Scene,
  rules: Rules,
  place: Place,
  ticketId: string,
  seed: number,
): WaitRange | null {
  const [replayed] = replay(scene, learned, rules, [place], seed)
  if (replayed === undefined || replayed === null) return null
  const asked = guess(learned, scene, place, replayed)
  if (Object.keys(learned.asked).length < ASKED_MAX) learned.asked[ticketId] = asked
  return asked.isTold ? asked.guessed : null
}
