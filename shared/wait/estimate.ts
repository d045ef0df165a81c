import { doubtedLanes } from './absence.ts'
import { pick, seededDice } from './dice.ts'
import { FIRST_GUESS, featuresOf, type Overview, overviewOf, PLAIN, UNIT_MS } from './features.ts'
import { ASKED_MAX, type Asked, againKey, joinKey, type Learned } from './learned.ts'
import { type Line, newLine, valueAt } from './least-squares.ts'
import type { WaitRange } from './measured.ts'
import { effectsOf, rangeAround } from './range.ts'
import { type PlaceReplay, replay } from './replay.ts'
import type { Place, Rules, Scene } from './scene.ts'

/** Before this many waits have been seen through, a range would be a guess. */
export const OUTCOMES_MIN = 20

const FIRST_LINE = newLine(FIRST_GUESS)

/** How a place is spoken of: somebody who finds nobody waiting, who joins a line, or who stands in it already. */
type Standing = 'nobody waiting' | 'joining' | 'waiting'

/** The branch's own line and the service's, apart for each standing. */
const linesFor = (standing: Standing, serviceId: string): LineNames => ({
  ofBranch: standing,
  ofService: `${standing}, ${serviceId}`,
})

interface LineNames {
  readonly ofBranch: string
  readonly ofService: string
}

/** A line that has seen few outcomes speaks little: with this many, as loud as the first guess. */
const TRUST_COUNT = 100

/** No line may say more than this, in units, whatever it has learned: three times the longest of what is plain to see. */
function limitOf(features: readonly number[]): number {
  const { replay, lastFew, head } = PLAIN
  return 3 * Math.max(1, features[replay] ?? 0, features[lastFew] ?? 0, features[head] ?? 0)
}

/** What a line says, as far as it can be trusted; for the rest, what would be said without it. */
function trusted(line: Line | undefined, features: readonly number[], otherwise: number): number {
  if (line === undefined) return otherwise
  const trust = line.count / (line.count + TRUST_COUNT)
  return trust * valueAt(line, features) + (1 - trust) * otherwise
}

/** Half what the branch's line says and half what the service's does; a new service leans on the branch. */
function midMsOf(learned: Learned, { ofBranch, ofService }: LineNames, features: readonly number[]): number {
  const branch = trusted(learned.lines[ofBranch], features, valueAt(FIRST_LINE, features))
  const service = trusted(learned.lines[ofService], features, branch)
  return Math.min(limitOf(features), Math.max(0, (branch + service) / 2)) * UNIT_MS
}

/** One draw in ten is longer. */
const highOf = ({ waitsMs }: PlaceReplay): number => waitsMs[Math.floor(waitsMs.length * 0.9)] ?? 0

/** What the branch thinks of one place. */
function guess(learned: Learned, overview: Overview, place: Place, replayed: PlaceReplay, isDoubted: boolean): Asked {
  const { scene, all } = overview
  const serviceId = scene.lanes[place.lane]?.serviceId ?? ''
  const newcomer = all.waitingCount === 0 ? 'nobody waiting' : 'joining'
  const standing = place.ticketId === null ? newcomer : 'waiting'
  const features = featuresOf(learned, overview, place, replayed, isDoubted)
  const lines = linesFor(standing, serviceId)
  const midMs = midMsOf(learned, lines, features)
  const effects = effectsOf({
    isWaiting: standing === 'waiting',
    midMs,
    serviceId,
    dayMs: scene.dayMs,
    waitingCount: all.waitingCount,
    isDoubted,
  })
  const range = rangeAround(learned.quantiles, midMs, effects)
  const outcomeCount = standing === 'waiting' ? (learned.lines[standing]?.count ?? 0) : learned.outcomeCount
  return {
    sinceMs: scene.nowMs,
    features,
    lines: [lines.ofBranch, lines.ofService],
    effects,
    guessed: isDoubted ? { ...range, highMs: Math.max(range.highMs, highOf(replayed)) } : range,
    isTold: outcomeCount >= OUTCOMES_MIN,
    isNewcomer: place.ticketId === null,
  }
}

function guessAll(
  learned: Learned,
  scene: Scene,
  rules: Rules,
  places: readonly Place[],
  seed: number,
): readonly (Asked | null)[] {
  const overview = overviewOf(scene)
  const doubted = doubtedLanes(scene, learned)
  return replay(scene, learned, rules, places, seed).map((replayed, at) => {
    const place = places[at]
    return replayed === null || place === undefined
      ? null
      : guess(learned, overview, place, replayed, doubted[place.lane] === true)
  })
}

/** How many of those who wait are noted by one refresh; each of them once. */
const NOTED_AT_ONCE = 3

const toldOf = (asked: Asked | null): WaitRange | null => (asked?.isTold === true ? asked.guessed : null)

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
  return guessAll(learned, scene, rules, places, seed).map(toldOf)
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
  const [asked = null] = guessAll(learned, scene, rules, [place], seed)
  if (asked !== null) note(learned, joinKey(ticketId), asked)
  return toldOf(asked)
}

const note = (learned: Learned, key: string, asked: Asked): void => {
  if (Object.keys(learned.asked).length < ASKED_MAX) learned.asked[key] = asked
}

export interface Refreshed {
  /** What is left of the wait of each ticket; without those of whom nothing honest can be said. */
  readonly waiting: ReadonlyMap<string, WaitRange>
  /** In the order of the places asked. */
  readonly joiners: readonly (WaitRange | null)[]
}

/**
 * After each event: the wait left to every waiting ticket, and that of whoever would join, from one replay. Some tickets,
 * others each time, are noted, so that the branch learns how long those wait who wait already. Changes `learned`.
 */
export function refresh(
  learned: Learned,
  scene: Scene,
  rules: Rules,
  joiners: readonly Place[],
  seed: number,
): Refreshed {
  const standing = scene.lanes.flatMap(({ tickets }, lane) =>
    tickets.map(({ id, joinedMs, orderMs }): Place => ({ lane, ticketId: id, joinedMs, orderMs })),
  )
  const all = guessAll(learned, scene, rules, [...standing, ...joiners], seed)
  const waiting = new Map<string, WaitRange>()
  for (const [at, { ticketId }] of standing.entries()) {
    const told = toldOf(all[at] ?? null)
    if (ticketId !== null && told !== null) waiting.set(ticketId, told)
  }
  const dice = seededDice(seed)
  for (let times = 0; times < NOTED_AT_ONCE; times++) {
    const chosen = pick(dice, standing.length)
    const [ticketId, asked] = [standing[chosen]?.ticketId, all[chosen]]
    if (typeof ticketId !== 'string' || asked === null || asked === undefined) continue
    // The first note stays: a later one would speak only of those who are about to be called.
    if (learned.asked[againKey(ticketId)] === undefined) note(learned, againKey(ticketId), asked)
  }
  return { waiting, joiners: all.slice(standing.length).map(toldOf) }
}
