import { type Durations, emptyDurations, emptyRing, type Ring } from './durations.ts'
import { emptyFading, type Fading } from './fading.ts'
import { type Arrivals, emptyStaffing, type Staffing } from './flow.ts'
import type { Line } from './least-squares.ts'
import { emptyMeasured, type Measured, type WaitRange } from './measured.ts'
import { emptyPatience, type Patience } from './patience.ts'
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
export const counterKey = (counterId: string): string => `counter ${counterId}`
export const serviceKey = (serviceId: string): string => `service ${serviceId}`
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
const LEARNED_VERSION = 2

export const SERVICES_MAX = 64
export const LANES_MAX = 256
/** More people wait nowhere; who comes after them is not learned from. */
export const ASKED_MAX = 4_000
export const CALLS_MS = 600_000

export const emptyService = (): ServiceLearned => ({
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
