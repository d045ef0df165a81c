import { type Dice, exponential, normal } from '../wait/dice.ts'

const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
/** More come to no day. */
export const VISITORS_MAX = 2_000

/** How many come in each part of the open day, in shares of the busiest: two waves with a lull at lunch. */
export const TWO_WAVES: readonly number[] = [
  0.45, 0.6, 0.8, 0.95, 1, 1, 0.95, 0.85, 0.7, 0.6, 0.6, 0.7, 0.8, 0.85, 0.75, 0.6, 0.4, 0.15,
]

export interface ServiceShape {
  readonly id: string
  readonly medianMs: number
  /** Standard deviation of the logarithm. */
  readonly spread: number
  /** Of all who come; those of a day add up to 1. */
  readonly share: number
}

/** What the days of a branch have in common. Times count from the midnight, or the opening, that `opensMs` counts from. */
export interface DayShape {
  readonly opensMs: number
  readonly closesMs: number
  /** So long before the opening the first ones stand at the door. */
  readonly earlyMs: number
  readonly waves: readonly number[]
  readonly busiestPerHour: number
  /** How unlike two days are: the standard deviation of the logarithm of how many come. */
  readonly daySpread: number
  readonly services: readonly ServiceShape[]
  readonly noShowShare: number
  /** How long a counter is taken by somebody who does not come. */
  readonly noShowMs: number
  readonly priorityShare: number
  readonly patienceMedianMs: number
  readonly patienceSpread: number
}

/** One who comes; `takenMs`: at the counter. */
export interface DrawnVisit {
  readonly atMs: number
  readonly serviceId: string
  readonly isThere: boolean
  readonly hasPriority: boolean
  readonly takenMs: number
  readonly patienceMs: number
}

/** A draw whose logarithm is normal. @param median - in any unit; the answer is in the same */
export const lognormal = (dice: Dice, median: number, spread: number): number =>
  median * Math.exp(normal(dice) * spread)

function drawService(dice: Dice, services: readonly ServiceShape[]): ServiceShape {
  let left = dice()
  for (const service of services) {
    if (left < service.share) return service
    left -= service.share
  }
  return services[0] ?? { id: '', medianMs: MINUTE_MS, spread: 0.5, share: 1 }
}

/** Who comes in one day, in the order of coming; VISITORS_MAX at most. */
export function drawVisits(dice: Dice, shape: DayShape): readonly DrawnVisit[] {
  const busyness = Math.exp(normal(dice) * shape.daySpread)
  const visits: DrawnVisit[] = []
  const waveMs = (shape.closesMs - shape.opensMs) / shape.waves.length
  let atMs = shape.opensMs - shape.earlyMs
  while (visits.length < VISITORS_MAX) {
    // Thinning: as many as in the busiest part of the day, of whom those of the wave stay.
    atMs += exponential(dice, HOUR_MS / (shape.busiestPerHour * busyness))
    if (atMs >= shape.closesMs) break
    const wave = shape.waves[Math.max(0, Math.floor((atMs - shape.opensMs) / waveMs))] ?? 0
    if (dice() >= wave) continue
    const service = drawService(dice, shape.services)
    const isThere = dice() >= shape.noShowShare
    visits.push({
      atMs: Math.round(atMs),
      serviceId: service.id,
      isThere,
      hasPriority: dice() < shape.priorityShare,
      takenMs: isThere ? Math.round(lognormal(dice, service.medianMs, service.spread)) : shape.noShowMs,
      patienceMs: Math.round(lognormal(dice, shape.patienceMedianMs, shape.patienceSpread)),
    })
  }
  return visits
}

export interface Break {
  readonly fromMs: number
  readonly toMs: number
}

export interface DrawnShift {
  readonly opensMs: number
  readonly closesMs: number
  readonly breaks: readonly Break[]
}

/** How the shifts of a branch lie; lunch and coffee are told for the first group, each further one goes later. */
export interface ShiftShape {
  readonly opensMs: number
  readonly closesMs: number
  readonly lunch: {
    readonly fromMs: number
    readonly groupMs: number
    readonly groups: number
    readonly lengthMs: number
  }
  readonly coffee: {
    readonly fromMs: number
    readonly groupMs: number
    readonly groups: number
    readonly lengthMs: number
  }
  /** Some days somebody is ill. */
  readonly awayShare: number
}

/** Each agent comes a little late, goes to lunch in turn and for a short break in the afternoon. */
export function drawShifts(dice: Dice, count: number, shape: ShiftShape): readonly DrawnShift[] {
  const { opensMs, closesMs, lunch, coffee, awayShare } = shape
  return Array.from({ length: count }, (_, at) => {
    const lunchMs = lunch.fromMs + lunch.groupMs * (at % lunch.groups) + normal(dice) * 5 * MINUTE_MS
    const coffeeMs = coffee.fromMs + coffee.groupMs * (at % coffee.groups) + normal(dice) * 5 * MINUTE_MS
    const isAway = dice() < awayShare
    const comesMs = isAway ? closesMs : opensMs + Math.max(0, normal(dice)) * 5 * MINUTE_MS
    const lunchEndsMs = lunchMs + (lunch.lengthMs / MINUTE_MS + 4 * normal(dice)) * MINUTE_MS
    return {
      opensMs: comesMs,
      closesMs,
      breaks: [
        { fromMs: lunchMs, toMs: lunchEndsMs },
        { fromMs: coffeeMs, toMs: coffeeMs + coffee.lengthMs },
      ],
    }
  })
}
