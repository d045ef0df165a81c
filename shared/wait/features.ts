import { hasEnough, ringMean } from './durations.ts'
import { emptyFading, recentCount, recentMean } from './fading.ts'
import { CALLS_MS, type Learned, learnedOf, type ServiceLearned } from './learned.ts'
import { leavingRate } from './patience.ts'
import type { PlaceReplay } from './replay.ts'
import type { Place, Scene, SceneLane } from './scene.ts'

/** Times are measured in this unit, so that all features are of one size. */
export const UNIT_MS = 100_000
/** No formula may promise more than this, in units. */
const FORMULA_MAX = 60
/** Services that have lasted longer than so many ordinary ones are forgotten, not long. */
const PASSED_MAX = 4
/** People's patience is asked about at this wait. */
const TYPICAL_WAIT_MS = 120_000
const NO_ARRIVALS = emptyFading()

const NAMES = [
  'one',
  'replay',
  'pace of all',
  'pace of the service',
  'last wait',
  'last wait of the service',
  'last few',
  'last few of the service',
  'head of the service',
  'head of all',
  'mean so far in the service',
  'last minutes',
  'last minutes of the service',
  'last hour of the service',
  'same half hour',
  'ahead',
  'ahead in the service',
  'behind in the service',
  'privileged',
  'counters',
  'busy share',
  'passed of the services',
  'arrivals',
  'leaves',
  'replay in doubt',
] as const

/** Before anything is learned: the replay and the last waits of the service, half and half. */
export const FIRST_GUESS: readonly number[] = NAMES.map((name) =>
  name === 'replay' || name === 'last few of the service' ? 0.5 : 0,
)

/** Where to find what is plain to see. */
export const PLAIN = {
  replay: NAMES.indexOf('replay'),
  lastFew: NAMES.indexOf('last few of the service'),
  head: NAMES.indexOf('head of the service'),
} as const

/** When the people ahead are gone if calls go on at this pace and some give up: a sum of one gap for each of them. */
function paceFormula(aheadCount: number, callsPerMs: number, leavingPerMs: number): number {
  let sum = 0
  for (let at = 0; at <= aheadCount; at++) sum += 1 / (callsPerMs + at * leavingPerMs)
  return Math.min(FORMULA_MAX, sum / UNIT_MS)
}

interface Look {
  readonly waitingCount: number
  readonly headMs: number
  readonly meanMs: number
}

/** Who waits in some lanes, and for how long. */
function look(lanes: readonly SceneLane[], nowMs: number): Look {
  let waitingCount = 0
  let headMs = 0
  let sumMs = 0
  for (const { tickets } of lanes)
    for (const { joinedMs } of tickets) {
      waitingCount += 1
      sumMs += nowMs - joinedMs
      headMs = Math.max(headMs, nowMs - joinedMs)
    }
  return { waitingCount, headMs, meanMs: waitingCount === 0 ? 0 : sumMs / waitingCount }
}

const slotMean = ({ waitSums, waitCounts }: ServiceLearned, dayMs: number): number => {
  const slot = Math.floor(dayMs / 1_800_000) % 48
  return ((waitSums[slot] ?? 0) + 60_000) / ((waitCounts[slot] ?? 0) + 1)
}

/** A scene as the features need it, looked at once for all places. */
export interface Overview {
  readonly scene: Scene
  readonly all: Look
  readonly byService: ReadonlyMap<string, Look>
  readonly byLane: readonly Serving[]
}

interface Serving {
  readonly counterCount: number
  readonly busyCount: number
  /** For how long those have been served who are in front of these counters; the mean. */
  readonly passedMs: number
}

export function overviewOf(scene: Scene): Overview {
  const { lanes, counters, nowMs } = scene
  const services = new Set(lanes.map(({ serviceId }) => serviceId))
  const lookOf = (id: string): Look =>
    look(
      lanes.filter(({ serviceId }) => serviceId === id),
      nowMs,
    )
  const byLane = lanes.map((_, lane): Serving => {
    const serving = counters.filter((counter) => counter.breakSinceMs === null && counter.lanes.includes(lane))
    const passed = serving.flatMap(({ busy }) => (busy === null ? [] : [nowMs - busy.sinceMs]))
    const passedMs = passed.reduce((sum, value) => sum + value, 0) / Math.max(1, passed.length)
    return { counterCount: serving.length, busyCount: passed.length, passedMs }
  })
  const byService = new Map([...services].map((id) => [id, lookOf(id)] as const))
  return { scene, all: look(lanes, nowMs), byService, byLane }
}

/** What the lines see of one place: the replay's answer, the pace of the branch and the state of the line. */
export function featuresOf(
  learned: Learned,
  { scene: { nowMs, dayMs, lanes }, all, byService, byLane }: Overview,
  place: Place,
  { meanMs, aheadCount, aheadSameCount }: PlaceReplay,
  isDoubted: boolean,
): readonly number[] {
  const lane = lanes[place.lane]
  const service = learnedOf(learned, lane?.serviceId ?? '') ?? learned.all
  const mine = byService.get(lane?.serviceId ?? '') ?? all
  const { counterCount, busyCount, passedMs } = byLane[place.lane] ?? { counterCount: 0, busyCount: 0, passedMs: 0 }
  const callsPerMs = (from: ServiceLearned): number => (recentCount(from.pace.calls, nowMs, CALLS_MS) + 1) / CALLS_MS
  const leavingPerMs = leavingRate(learned.patience, TYPICAL_WAIT_MS)
  const durations = hasEnough(service.durations) ? service.durations : learned.all.durations
  const hourMs = recentMean(service.pace.callsOfHour, recentMean(learned.all.pace.callsOfHour, 0))
  const arrivals = learned.arrivals[lane?.id ?? '']?.recent ?? NO_ARRIVALS
  return [
    1,
    meanMs / UNIT_MS,
    paceFormula(aheadCount, callsPerMs(learned.all), leavingPerMs),
    paceFormula(aheadSameCount, callsPerMs(service), leavingPerMs),
    learned.all.pace.lastWaitMs / UNIT_MS,
    service.pace.lastWaitMs / UNIT_MS,
    learned.all.pace.fewWaitMs / UNIT_MS,
    service.pace.fewWaitMs / UNIT_MS,
    mine.headMs / UNIT_MS,
    all.headMs / UNIT_MS,
    mine.meanMs / UNIT_MS,
    recentMean(learned.all.pace.calls, 0) / UNIT_MS,
    recentMean(service.pace.calls, 0) / UNIT_MS,
    hourMs / UNIT_MS,
    slotMean(service, dayMs) / UNIT_MS,
    aheadCount / 10,
    aheadSameCount / 10,
    Math.max(0, mine.waitingCount - aheadSameCount) / 10,
    place.orderMs < place.joinedMs ? 1 : 0,
    counterCount / 10,
    busyCount / Math.max(1, counterCount),
    Math.min(PASSED_MAX, passedMs / Math.max(1, ringMean(durations.recent))),
    recentCount(arrivals, nowMs, 1_800_000) / 30,
    recentCount(service.pace.leaves, nowMs, CALLS_MS) / 10,
    isDoubted ? meanMs / UNIT_MS : 0,
  ]
}
