import { type Dice, exponential, normal, seededDice } from '../../../shared/wait/dice.ts'
import { type DayCounter, type DayVisit, playOut } from '../../../shared/wait/replay-day.ts'
import { firstInOrder, type SceneLane } from '../../../shared/wait/scene.ts'
import { laneIdOf, lanesOf, type RecordedDay, type Shift, type Visit } from './recorded.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const OPENS_MS = 8 * HOUR_MS
const CLOSES_MS = 17 * HOUR_MS
const NO_SHOW_SHARE = 0.05
const NO_SHOW_MS = 45_000
const PRIORITY_SHARE = 0.12
/** How unlike two days are: the standard deviation of the logarithm of how many come. */
const DAY_SPREAD = 0.12

interface ServiceShape {
  readonly id: string
  readonly medianMs: number
  /** Standard deviation of the logarithm. */
  readonly spread: number
  /** Of all who come. */
  readonly share: number
}

const SERVICES: readonly ServiceShape[] = [
  { id: 'cash', medianMs: 150_000, spread: 0.7, share: 0.55 },
  { id: 'accounts', medianMs: 420_000, spread: 0.8, share: 0.3 },
  { id: 'loans', medianMs: 900_000, spread: 0.6, share: 0.15 },
]

/** How many come in each half hour from the opening, in shares of the busiest: two waves, as branches have them. */
const WAVES = [0.45, 0.6, 0.8, 0.95, 1, 1, 0.95, 0.85, 0.7, 0.6, 0.6, 0.7, 0.8, 0.85, 0.75, 0.6, 0.4, 0.15] as const
const BUSIEST_PER_HOUR = 62

/** Nobody with priority waits for anybody without. */
export const generatedPrivilegeMs = (priority: string): number => (priority === 'priority' ? 12 * HOUR_MS : 0)

const COUNTERS = [
  ['cash'],
  ['cash'],
  ['cash', 'accounts'],
  ['cash', 'accounts'],
  ['accounts', 'loans'],
  ['accounts', 'loans'],
  ['loans'],
] as const

/** Each agent goes to lunch in turn, two or three at once, and for a short break in the afternoon. */
function shiftsOf(dice: Dice): readonly Shift[] {
  return COUNTERS.map((serviceIds, at) => {
    const lunchMs = (11.75 + 0.75 * (at % 3)) * HOUR_MS + normal(dice) * 5 * MINUTE_MS
    const coffeeMs = (15 + 0.25 * (at % 4)) * HOUR_MS + normal(dice) * 5 * MINUTE_MS
    // Some days somebody is ill, or starts late.
    const isAway = dice() < 0.05
    return {
      counterId: `counter ${at + 1}`,
      serviceIds,
      opensMs: isAway ? CLOSES_MS : OPENS_MS + Math.max(0, normal(dice)) * 5 * MINUTE_MS,
      closesMs: CLOSES_MS + 2 * HOUR_MS,
      breaks: [
        { fromMs: lunchMs, toMs: lunchMs + (40 + 4 * normal(dice)) * MINUTE_MS },
        { fromMs: coffeeMs, toMs: coffeeMs + 12 * MINUTE_MS },
      ],
    }
  })
}

interface Planned {
  readonly serviceId: string
  readonly priority: string
  readonly joinedMs: number
  readonly takenMs: number
  readonly patienceMs: number
}

function serviceOf(dice: Dice): ServiceShape {
  let left = dice()
  for (const service of SERVICES) {
    if (left < service.share) return service
    left -= service.share
  }
  return SERVICES[0] ?? { id: 'cash', medianMs: MINUTE_MS, spread: 0.5, share: 1 }
}

function peopleOf(dice: Dice): readonly Planned[] {
  const busyness = Math.exp(normal(dice) * DAY_SPREAD)
  const people: Planned[] = []
  let atMs = OPENS_MS - 5 * MINUTE_MS
  for (;;) {
    // Thinning: as many as in the busiest half hour, of whom those of the wave stay.
    atMs += exponential(dice, HOUR_MS / (BUSIEST_PER_HOUR * busyness))
    if (atMs >= CLOSES_MS) return people
    const wave = WAVES[Math.max(0, Math.floor((atMs - OPENS_MS) / (HOUR_MS / 2)))] ?? 0
    if (dice() >= wave) continue
    const service = serviceOf(dice)
    const isThere = dice() >= NO_SHOW_SHARE
    people.push({
      serviceId: service.id,
      priority: dice() < PRIORITY_SHARE ? 'priority' : 'ordinary',
      joinedMs: Math.round(atMs),
      takenMs: isThere ? Math.round(service.medianMs * Math.exp(normal(dice) * service.spread)) : NO_SHOW_MS,
      patienceMs: Math.round(70 * MINUTE_MS * Math.exp(normal(dice) * 0.7)),
    })
  }
}

/** The lanes of every generated day. */
export function generatedLanes(): readonly SceneLane[] {
  const every = SERVICES.flatMap(({ id }) => ['ordinary', 'priority'].map((priority) => ({ serviceId: id, priority })))
  return lanesOf(every, generatedPrivilegeMs)
}

/** One day of a branch, the same for the same seed. */
export function generateDay(seed: number, name: string): RecordedDay {
  const dice = seededDice(seed)
  const lanes = generatedLanes()
  const shifts = shiftsOf(dice)
  const laneAt = (serviceId: string, priority: string): number =>
    lanes.findIndex(({ id }) => id === laneIdOf(serviceId, priority))
  const people = peopleOf(dice)
  const visits = people.map(
    ({ serviceId, priority, joinedMs, takenMs, patienceMs }, at): DayVisit => ({
      id: String(at),
      lane: laneAt(serviceId, priority),
      joinedMs,
      takenMs,
      patienceMs,
    }),
  )
  const counters = shifts.map(
    ({ counterId, serviceIds, ...hours }): DayCounter => ({
      id: counterId,
      lanes: lanes.flatMap(({ serviceId }, lane) => (serviceIds.includes(serviceId) ? [lane] : [])),
      ...hours,
    }),
  )
  const recorded = playOut({ lanes, visits, counters }, firstInOrder).map(({ visit, waitMs, counterId }): Visit => {
    const planned = people[Number(visit.id)]
    const endedWaitMs = visit.joinedMs + Math.round(waitMs)
    return {
      id: visit.id,
      serviceId: planned?.serviceId ?? '',
      priority: planned?.priority ?? '',
      joinedMs: visit.joinedMs,
      endedWaitMs,
      isServed: counterId !== null,
      finishedMs: endedWaitMs + (counterId === null ? 0 : visit.takenMs),
      counterId: counterId ?? '',
    }
  })
  return { name, visits: recorded.toSorted((a, b) => a.joinedMs - b.joinedMs), shifts }
}
