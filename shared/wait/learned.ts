import { entryOf } from './bounded.ts'
import { type Durations, emptyDurations, emptyRing, keep, learnDuration, type Ring } from './durations.ts'
import { addFading, emptyFading, type Fading } from './fading.ts'
import {
  type Arrivals,
  closeSlots,
  emptyArrivals,
  emptyStaffing,
  learnArrival,
  learnStaffing,
  type Staffing,
} from './flow.ts'
import { learnOutcome } from './learn-outcome.ts'
import type { Line } from './least-squares.ts'
import { emptyMeasured, type Measured, type WaitRange } from './measured.ts'
import { emptyPatience, learnPatience, type Patience } from './patience.ts'
import { emptyQuantiles, type Quantiles } from './range.ts'

/** What waits and leaves a branch sees in one service (or in all). Each fades; none grows. */
export interface Pace {
  lastWaitMs: number
  /** Of the last few who were called. */
  fewWaitMs: number
  readonly calls: Fading
  readonly callsOfHour: Fading
  readonly leaves: Fading
}

export interface ServiceLearned {
  readonly durations: Durations
  readonly pace: Pace
  /** Waits by half hour: sum and count. */
  readonly waitSums: number[]
  readonly waitCounts: number[]
}

/** What was seen and told when somebody joined; kept until the wait is known. */
export interface Asked {
  readonly sinceMs: number
  readonly features: readonly number[]
  /** The lines that were asked, and will learn. */
  readonly lines: readonly string[]
  readonly effects: readonly string[]
  /** What the branch thought. */
  readonly guessed: WaitRange
  /** Whether it said so. */
  readonly isTold: boolean
  /** Whether they joined then, or had been waiting already. */
  readonly isNewcomer: boolean
}

// A word before each id: one that is called `constructor` would be found in every object.
const counterKey = (counterId: string): string => `counter ${counterId}`
const serviceKey = (serviceId: string): string => `service ${serviceId}`
/** Under which the note about a ticket is kept that was taken when it joined. */
export const joinKey = (ticketId: string): string => `ticket ${ticketId}`
/** And the second one, taken while it waits. */
export const againKey = (ticketId: string): string => `again ${ticketId}`

/** What was learned about one service; undefined when nothing was. */
export const learnedOf = ({ services }: Learned, serviceId: string): ServiceLearned | undefined =>
  services[serviceKey(serviceId)]

/**
 * Everything a branch has learned about waiting, from its own past alone. Plain data that survives JSON; its size is
 * bounded by the limits below. It belongs to one reader of the log, which changes it in place.
 */
export interface Learned {
  readonly services: Record<string, ServiceLearned>
  readonly all: ServiceLearned
  readonly arrivals: Record<string, Arrivals>
  readonly patience: Patience
  readonly staffing: Staffing
  /** How long a free counter takes to call when somebody waits for it. */
  readonly turns: Ring
  readonly breaks: Ring
  /** Since when each counter is free that is. */
  readonly freeSinceMs: Record<string, number>
  readonly lines: Record<string, Line>
  readonly quantiles: Quantiles
  readonly asked: Record<string, Asked>
  readonly measured: Measured
  dayCount: number
  outcomeCount: number
  /** Of this shape and these features; another one is not understood. */
  readonly version: number
}

/** Rises with every change of the shape or of the features' meaning. */
export const LEARNED_VERSION = 1

export const SERVICES_MAX = 64
export const LANES_MAX = 256
const COUNTERS_MAX = 256
/** More people wait nowhere; who comes after them is not learned from. */
export const ASKED_MAX = 4_000
const RING_MAX = 64
export const CALLS_MS = 600_000
const HOUR_MS = 3_600_000
/** A break is not learned from when somebody has forgotten to end it. */
const BREAK_MAX_MS = 4 * HOUR_MS
/** A counter that leaves people waiting for longer is not slow: its agent is elsewhere. */
const TURN_MAX_MS = 600_000

const emptyService = (): ServiceLearned => ({
  durations: emptyDurations(),
  pace: { lastWaitMs: 0, fewWaitMs: 0, calls: emptyFading(), callsOfHour: emptyFading(), leaves: emptyFading() },
  waitSums: Array.from({ length: 48 }, () => 0),
  waitCounts: Array.from({ length: 48 }, () => 0),
})

export const emptyLearned = (): Learned => ({
  services: {},
  all: emptyService(),
  arrivals: {},
  patience: emptyPatience(),
  staffing: emptyStaffing(),
  turns: emptyRing(),
  breaks: emptyRing(),
  freeSinceMs: {},
  lines: {},
  quantiles: emptyQuantiles(),
  asked: {},
  measured: emptyMeasured(),
  dayCount: 0,
  outcomeCount: 0,
  version: LEARNED_VERSION,
})

/**
 * What was kept as JSON, of this version; a branch whose memory is of another one, or is damaged, begins anew.
 * @param kept - as `JSON.parse` gave it; only this module's own writing is expected there
 */
export function learnedFrom(kept: unknown): Learned {
  const empty = emptyLearned()
  if (typeof kept !== 'object' || kept === null) return empty
  if (!('version' in kept) || kept.version !== LEARNED_VERSION) return empty
  return Object.keys(empty).every((key) => key in kept) ? (kept as Learned) : empty
}

/** Something that has happened, as the learner needs to know it. */
export type Happening = { readonly nowMs: number; readonly dayMs: number } & (
  | { readonly type: 'joined'; readonly laneId: string }
  | {
      readonly type: 'called'
      readonly ticketId: string
      readonly serviceId: string
      readonly counterId: string
      /** Since the ticket entered the queue. */
      readonly waitMs: number
    }
  | { readonly type: 'left'; readonly ticketId: string; readonly serviceId: string; readonly waitMs: number }
  /** It waits elsewhere now, or nobody knows: what was noted about its wait is worth nothing. */
  | { readonly type: 'forgotten'; readonly ticketId: string }
  /** The counter is free again; `takenMs` from the call, whether or not the customer came. */
  | { readonly type: 'finished'; readonly serviceId: string; readonly counterId: string; readonly takenMs: number }
  | { readonly type: 'counter-opened' | 'counter-closed' | 'break-started'; readonly counterId: string }
  | { readonly type: 'break-ended'; readonly counterId: string; readonly breakMs: number }
  /** Somebody looked how many counters call. */
  | { readonly type: 'looked'; readonly openCount: number }
  | { readonly type: 'day-ended' }
)

const FEW = 0.25

function learnCall({ pace, waitSums, waitCounts }: ServiceLearned, waitMs: number, nowMs: number, dayMs: number): void {
  pace.fewWaitMs = pace.calls.count === 0 ? waitMs : pace.fewWaitMs + FEW * (waitMs - pace.fewWaitMs)
  pace.lastWaitMs = waitMs
  addFading(pace.calls, waitMs, nowMs, CALLS_MS)
  addFading(pace.callsOfHour, waitMs, nowMs, HOUR_MS)
  const slot = Math.floor(dayMs / 1_800_000) % 48
  // Old days fade: a sum of some hundreds speaks for the half hour.
  const kept = (waitCounts[slot] ?? 0) > 300 ? 0.99 : 1
  waitSums[slot] = (waitSums[slot] ?? 0) * kept + waitMs
  waitCounts[slot] = (waitCounts[slot] ?? 0) * kept + 1
}

function closeDay(learned: Learned): void {
  learned.dayCount += 1
  for (const { slots } of Object.values(learned.arrivals)) closeSlots(slots, learned.dayCount)
  closeSlots(learned.staffing.slots, learned.dayCount)
  learned.staffing.slot = -1
  clear(learned.asked)
  clear(learned.freeSinceMs)
}

function clear(all: Record<string, unknown>): void {
  for (const key of Object.keys(all)) delete all[key]
}

function forget({ asked }: Learned, ticketId: string): void {
  delete asked[joinKey(ticketId)]
  delete asked[againKey(ticketId)]
}

type Called = Extract<Happening, { type: 'called' }>

function learnCalled(learned: Learned, { ticketId, serviceId, counterId, waitMs, nowMs, dayMs }: Called): void {
  learnPatience(learned.patience, waitMs, false)
  const service = entryOf(learned.services, serviceKey(serviceId), SERVICES_MAX, emptyService)
  if (service !== undefined) learnCall(service, waitMs, nowMs, dayMs)
  learnCall(learned.all, waitMs, nowMs, dayMs)
  const freeSinceMs = learned.freeSinceMs[counterKey(counterId)]
  // Somebody waited for a free counter: from when both were there, it took so long to call.
  if (freeSinceMs !== undefined && waitMs > 0) {
    const turnMs = Math.min(TURN_MAX_MS, nowMs - Math.max(freeSinceMs, nowMs - waitMs))
    keep(learned.turns, turnMs, RING_MAX)
  }
  delete learned.freeSinceMs[counterKey(counterId)]
  learnOutcome(learned, joinKey(ticketId), nowMs)
  learnOutcome(learned, againKey(ticketId), nowMs)
}

function freed(learned: Learned, counterId: string, nowMs: number): void {
  if (entryOf(learned.freeSinceMs, counterKey(counterId), COUNTERS_MAX, () => nowMs) !== undefined)
    learned.freeSinceMs[counterKey(counterId)] = nowMs
}

/** Learns from one thing that happened. Changes `learned` in place, in a time that does not depend on the past. */
export function learn(learned: Learned, happening: Happening): void {
  const { nowMs, dayMs } = happening
  switch (happening.type) {
    case 'joined': {
      const arrivals = entryOf(learned.arrivals, happening.laneId, LANES_MAX, emptyArrivals)
      if (arrivals !== undefined) learnArrival(arrivals, nowMs, dayMs)
      return
    }
    case 'called':
      learnCalled(learned, happening)
      return
    case 'left': {
      learnPatience(learned.patience, happening.waitMs, true)
      const service = entryOf(learned.services, serviceKey(happening.serviceId), SERVICES_MAX, emptyService)
      for (const pace of [service?.pace, learned.all.pace])
        if (pace !== undefined) addFading(pace.leaves, 1, nowMs, CALLS_MS)
      forget(learned, happening.ticketId)
      return
    }
    case 'forgotten':
      forget(learned, happening.ticketId)
      return
    case 'finished': {
      const service = entryOf(learned.services, serviceKey(happening.serviceId), SERVICES_MAX, emptyService)
      if (service !== undefined) learnDuration(service.durations, happening.takenMs, dayMs)
      learnDuration(learned.all.durations, happening.takenMs, dayMs)
      freed(learned, happening.counterId, nowMs)
      return
    }
    case 'counter-opened':
      freed(learned, happening.counterId, nowMs)
      return
    case 'break-started':
    case 'counter-closed':
      delete learned.freeSinceMs[counterKey(happening.counterId)]
      return
    case 'break-ended':
      keep(learned.breaks, Math.min(BREAK_MAX_MS, happening.breakMs), RING_MAX)
      freed(learned, happening.counterId, nowMs)
      return
    case 'looked':
      learnStaffing(learned.staffing, happening.openCount, dayMs)
      return
    case 'day-ended':
      closeDay(learned)
      return
  }
}
