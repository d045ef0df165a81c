import {
  type DayShape,
  drawShifts,
  drawVisits,
  type ServiceShape,
  TWO_WAVES,
} from '../../../shared/simulation/draw-day.ts'
import { type Dice, seededDice } from '../../../shared/wait/dice.ts'
import { type DayCounter, type DayVisit, playOut } from '../../../shared/wait/replay-day.ts'
import { firstInOrder, type SceneLane } from '../../../shared/wait/scene.ts'
import { laneIdOf, lanesOf, type RecordedDay, type Shift, type Visit } from './recorded.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const OPENS_MS = 8 * HOUR_MS
const CLOSES_MS = 17 * HOUR_MS

const SERVICES: readonly ServiceShape[] = [
  { id: 'cash', medianMs: 150_000, spread: 0.7, share: 0.55 },
  { id: 'accounts', medianMs: 420_000, spread: 0.8, share: 0.3 },
  { id: 'loans', medianMs: 900_000, spread: 0.6, share: 0.15 },
]

const DAY: DayShape = {
  opensMs: OPENS_MS,
  closesMs: CLOSES_MS,
  earlyMs: 5 * MINUTE_MS,
  waves: TWO_WAVES,
  busiestPerHour: 62,
  daySpread: 0.12,
  services: SERVICES,
  noShowShare: 0.05,
  noShowMs: 45_000,
  priorityShare: 0.12,
  patienceMedianMs: 70 * MINUTE_MS,
  patienceSpread: 0.7,
}

/** Nobody with priority waits for anybody without. */
const generatedPrivilegeMs = (priority: string): number => (priority === 'priority' ? 12 * HOUR_MS : 0)

const COUNTERS = [
  ['cash'],
  ['cash'],
  ['cash', 'accounts'],
  ['cash', 'accounts'],
  ['accounts', 'loans'],
  ['accounts', 'loans'],
  ['loans'],
] as const

/** Two or three are at lunch at once. Who serves on until everybody has left stays after the closing. */
function shiftsOf(dice: Dice): readonly Shift[] {
  const drawn = drawShifts(dice, COUNTERS.length, {
    opensMs: OPENS_MS,
    closesMs: CLOSES_MS,
    lunch: { fromMs: 11.75 * HOUR_MS, groupMs: 0.75 * HOUR_MS, groups: 3, lengthMs: 40 * MINUTE_MS },
    coffee: { fromMs: 15 * HOUR_MS, groupMs: 0.25 * HOUR_MS, groups: 4, lengthMs: 12 * MINUTE_MS },
    awayShare: 0.05,
  })
  return COUNTERS.map((serviceIds, at) => ({
    counterId: `counter ${at + 1}`,
    serviceIds,
    opensMs: drawn[at]?.opensMs ?? OPENS_MS,
    closesMs: CLOSES_MS + 2 * HOUR_MS,
    breaks: drawn[at]?.breaks ?? [],
  }))
}

const priorityOf = (hasPriority: boolean): string => (hasPriority ? 'priority' : 'ordinary')

/** The lanes of every generated day. */
export function generatedLanes(): readonly SceneLane[] {
  const every = SERVICES.flatMap(({ id }) => ['ordinary', 'priority'].map((priority) => ({ serviceId: id, priority })))
  return lanesOf(every, generatedPrivilegeMs)
}

/** On some days agents go astray: signed in, on no break, and calling nobody. */
const DAY_KINDS = ['ordinary', 'astray'] as const
export type DayKind = (typeof DAY_KINDS)[number]
const ASTRAY_SHARE = 0.6
const ASTRAY_LEAST_MS = 10 * MINUTE_MS
const ASTRAY_MOST_MS = 40 * MINUTE_MS

/** When an agent is astray; nobody is told. */
function drawAstray(dice: Dice): DayCounter['breaks'] {
  if (dice() >= ASTRAY_SHARE) return []
  const fromMs = OPENS_MS + dice() * (CLOSES_MS - OPENS_MS)
  return [{ fromMs, toMs: fromMs + ASTRAY_LEAST_MS + dice() * (ASTRAY_MOST_MS - ASTRAY_LEAST_MS) }]
}

/** One day of a branch, the same for the same seed. */
export function generateDay(seed: number, name: string, kind: DayKind = 'ordinary'): RecordedDay {
  const dice = seededDice(seed)
  const astrayDice = seededDice(seed + 500_009)
  const lanes = generatedLanes()
  const shifts = shiftsOf(dice)
  const laneAt = (serviceId: string, priority: string): number =>
    lanes.findIndex(({ id }) => id === laneIdOf(serviceId, priority))
  const people = drawVisits(dice, DAY)
  const visits = people.map(
    ({ serviceId, hasPriority, atMs, takenMs, patienceMs }, at): DayVisit => ({
      id: String(at),
      lane: laneAt(serviceId, priorityOf(hasPriority)),
      joinedMs: atMs,
      takenMs,
      patienceMs,
    }),
  )
  const counters = shifts.map(
    ({ counterId, serviceIds, breaks, ...hours }): DayCounter => ({
      id: counterId,
      lanes: lanes.flatMap(({ serviceId }, lane) => (serviceIds.includes(serviceId) ? [lane] : [])),
      ...hours,
      breaks: kind === 'astray' ? [...breaks, ...drawAstray(astrayDice)] : breaks,
    }),
  )
  const recorded = playOut({ lanes, visits, counters }, firstInOrder).map(({ visit, waitMs, counterId }): Visit => {
    const planned = people[Number(visit.id)]
    const endedWaitMs = visit.joinedMs + Math.round(waitMs)
    return {
      id: visit.id,
      serviceId: planned?.serviceId ?? '',
      priority: priorityOf(planned?.hasPriority ?? false),
      joinedMs: visit.joinedMs,
      endedWaitMs,
      isServed: counterId !== null,
      finishedMs: endedWaitMs + (counterId === null ? 0 : visit.takenMs),
      counterId: counterId ?? '',
    }
  })
  return { name, visits: recorded.toSorted((a, b) => a.joinedMs - b.joinedMs), shifts }
}
