import type { Agent, Catalogue, Counter, Service } from '../domain/catalogue.ts'
import type {
  AgentId,
  CounterId,
  Language,
  OutcomeId,
  PriorityClassId,
  QueueId,
  ReasonId,
  ServiceId,
} from '../domain/ids.ts'
import { type Dice, pick, seededDice } from '../wait/dice.ts'
import {
  type Break,
  type DayShape,
  type DrawnVisit,
  drawShifts,
  drawVisits,
  HOUR_MS,
  lognormal,
  type ServiceShape,
  TWO_WAVES,
} from './draw-day.ts'

const MINUTE_MS = 60_000
const OPEN_MS = 9 * HOUR_MS
const LOAD = 0.9
/** No more counters are staffed. */
const SHIFTS_MAX = 64
/** Services of one visit. */
export const LEGS_MAX = 3

/** A branch sets a higher target for the wait where the service itself takes longer. */
const SERVICE_SHARE_OF_TARGET = 0.25
const SERVICE_SPREAD = 0.7
const SERVICE_MS_MIN = 20_000
const SERVICE_MS_MAX = HOUR_MS
/** What a counter needs beside the service itself: the way to it, the papers put away after it. */
const BETWEEN_MS = 30_000
const NO_SHOW_SHARE = 0.06
const PRIORITY_SHARE = 0.1
const PATIENT_SHARE = 0.65
const FURTHER_SHARE = 0.05
const HOLD_SHARE = 0.04
const TRANSFER_SHARE = 0.03

/** One service of a visit. */
export interface Leg {
  readonly serviceId: ServiceId
  readonly serviceMs: number
}

/** How one customer behaves, and what serving them brings. All times in milliseconds of the day, never of the wall. */
export interface Manner {
  /** One to LEGS_MAX services, in order. */
  readonly legs: readonly Leg[]
  readonly showsUp: boolean
  /** From the first call to the counter. */
  readonly walkMs: number
  /** How often this customer is called again before the agent gives up, where the branch allows it. */
  readonly recallsMax: number
  /** The service stops for a while once this share of it is done. */
  readonly hold: { readonly afterShare: number; readonly restMs: number; readonly reason: ReasonId | null } | null
  /** It turns out at the counter that somebody else must do it. */
  readonly transfer: { readonly afterShare: number; readonly toQueueId: QueueId } | null
  readonly outcome: OutcomeId | null
}

export interface Visitor extends Manner {
  /** From the opening. */
  readonly atMs: number
  readonly priority: PriorityClassId | null
  readonly language: Language
  /** Gives up after waiting so long; null: never. */
  readonly patienceMs: number | null
}

export interface Shift {
  readonly counterId: CounterId
  readonly agentId: AgentId
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly breaks: readonly Break[]
}

/** What happens in one day of a branch, from the opening on. */
export interface DayPlan {
  readonly openMs: number
  readonly visitors: readonly Visitor[]
  readonly shifts: readonly Shift[]
}

export interface DayOptions {
  /** How busy the counters are over the whole day, in shares of what they can do. */
  readonly load?: number
  readonly openMs?: number
}

/** How long a service takes at the counter. */
const medianMsOf = ({ slaSeconds }: Service): number =>
  Math.min(SERVICE_MS_MAX, Math.max(SERVICE_MS_MIN, slaSeconds * 1_000 * SERVICE_SHARE_OF_TARGET))

const meanMsOf = (service: Service): number => medianMsOf(service) * Math.exp(SERVICE_SPREAD ** 2 / 2)

const servicesOf = ({ services }: Catalogue, { queueIds }: Counter): readonly Service[] =>
  services.filter(({ queueId }) => queueIds.includes(queueId))

/**
 * How many customers of each service a full hour of all counters is enough for: every counter gives its time to all
 * the services it can serve, most to those of the queues it calls from first.
 */
function perHourOf(catalogue: Catalogue): ReadonlyMap<ServiceId, number> {
  const perHour = new Map<ServiceId, number>()
  for (const counter of catalogue.counters.slice(0, SHIFTS_MAX)) {
    const served = servicesOf(catalogue, counter)
    const weightOf = ({ queueId }: Service): number => 1 / (1 + counter.queueIds.indexOf(queueId))
    const allWeights = served.reduce((sum, service) => sum + weightOf(service), 0)
    for (const service of served) {
      const more = (HOUR_MS * weightOf(service)) / allWeights / (meanMsOf(service) + BETWEEN_MS)
      perHour.set(service.id, (perHour.get(service.id) ?? 0) + more)
    }
  }
  return perHour
}

function shapeOf(catalogue: Catalogue, shifts: readonly Shift[], load: number, openMs: number): DayShape {
  const perHour = perHourOf(catalogue)
  const allPerHour = [...perHour.values()].reduce((sum, count) => sum + count, 0)
  const services: readonly ServiceShape[] = catalogue.services.flatMap((service) => {
    const share = (perHour.get(service.id) ?? 0) / Math.max(1e-9, allPerHour)
    return share === 0 ? [] : [{ id: service.id, medianMs: medianMsOf(service), spread: SERVICE_SPREAD, share }]
  })
  const staffedMs = shifts.reduce(
    (sum, { startsAtMs, endsAtMs, breaks }) =>
      sum + endsAtMs - startsAtMs - breaks.reduce((away, { fromMs, toMs }) => away + toMs - fromMs, 0),
    0,
  )
  const staffedShare = staffedMs / Math.max(1, shifts.length * openMs)
  const meanWave = TWO_WAVES.reduce((sum, wave) => sum + wave, 0) / TWO_WAVES.length
  return {
    opensMs: 0,
    closesMs: openMs,
    earlyMs: 0,
    waves: TWO_WAVES,
    busiestPerHour: Math.max(1e-6, (allPerHour * staffedShare * load) / meanWave),
    daySpread: 0.08,
    services,
    noShowShare: NO_SHOW_SHARE,
    noShowMs: 0,
    priorityShare: PRIORITY_SHARE,
    patienceMedianMs: 60 * MINUTE_MS,
    patienceSpread: 0.6,
  }
}

/** Agents before managers, and whoever has learned most of what the counter serves. */
function staff(catalogue: Catalogue, dice: Dice): readonly { counterId: CounterId; agentId: AgentId }[] {
  const free = [...catalogue.agents]
  // Who sits where changes from day to day.
  for (let at = free.length - 1; at > 0; at--) {
    const other = pick(dice, at + 1)
    const [here, there] = [free[at], free[other]]
    if (here !== undefined && there !== undefined) [free[at], free[other]] = [there, here]
  }
  return catalogue.counters.slice(0, SHIFTS_MAX).flatMap((counter) => {
    const needed = servicesOf(catalogue, counter).flatMap(({ skill }) => skill ?? [])
    const lacks = ({ skills, role }: Agent): number =>
      needed.filter((skill) => skills !== null && !skills.includes(skill)).length * 2 + (role === 'manager' ? 1 : 0)
    const best = free.toSorted((a, b) => lacks(a) - lacks(b))[0]
    if (best === undefined) return []
    free.splice(free.indexOf(best), 1)
    return [{ counterId: counter.id, agentId: best.id }]
  })
}

/** The middle of the day is the lull: lunch lies there, whatever the length of the day. */
function shiftsOf(catalogue: Catalogue, dice: Dice, openMs: number): readonly Shift[] {
  const posts = staff(catalogue, dice)
  const scale = openMs / OPEN_MS
  const drawn = drawShifts(dice, posts.length, {
    opensMs: 0,
    closesMs: openMs,
    lunch: {
      fromMs: 3.75 * HOUR_MS * scale,
      groupMs: 0.75 * HOUR_MS * scale,
      groups: 3,
      lengthMs: 40 * MINUTE_MS * scale,
    },
    coffee: {
      fromMs: 7 * HOUR_MS * scale,
      groupMs: 0.25 * HOUR_MS * scale,
      groups: 4,
      lengthMs: 12 * MINUTE_MS * scale,
    },
    awayShare: 0,
  })
  return posts.map(({ counterId, agentId }, at) => {
    const { opensMs = 0, closesMs = openMs, breaks = [] } = drawn[at] ?? {}
    return {
      counterId,
      agentId,
      startsAtMs: Math.round(Math.min(opensMs, openMs)),
      endsAtMs: Math.round(closesMs),
      breaks: breaks.map(({ fromMs, toMs }) => ({
        fromMs: Math.round(Math.min(fromMs, openMs)),
        toMs: Math.round(Math.min(Math.max(fromMs, toMs), openMs)),
      })),
    }
  })
}

const oneOf = <Value>(dice: Dice, values: readonly Value[]): Value | null => values[pick(dice, values.length)] ?? null

/** The same person every time: draws are made whether or not they are needed, so that one share moves no other. */
function mannerOf(catalogue: Catalogue, dice: Dice, legs: readonly Leg[], showsUp: boolean): Manner {
  const [first] = legs
  const queueId = catalogue.services.find(({ id }) => id === first?.serviceId)?.queueId
  const called = new Set(catalogue.counters.flatMap(({ queueIds }) => queueIds))
  const others = catalogue.queues.filter(({ id }) => id !== queueId && called.has(id))
  const [holds, transfers] = [dice() < HOLD_SHARE, dice() < TRANSFER_SHARE]
  const hold = { afterShare: 0.2 + 0.5 * dice(), restMs: Math.round(lognormal(dice, 4 * MINUTE_MS, 0.5)) }
  const afterShare = 0.1 + 0.4 * dice()
  const toQueueId = oneOf(dice, others)?.id ?? null
  const reason = oneOf(dice, catalogue.reasons)?.id ?? null
  const outcome = oneOf(dice, catalogue.outcomes)?.id ?? null
  return {
    legs,
    showsUp,
    walkMs: Math.round(lognormal(dice, 16_000, 0.5)),
    recallsMax: 1 + pick(dice, 3),
    hold: holds ? { ...hold, reason } : null,
    transfer: transfers && !holds && toQueueId !== null ? { afterShare, toQueueId } : null,
    outcome,
  }
}

/** The plan of the service itself, or now and then one more that comes to a customer's mind. */
function legsOf(catalogue: Catalogue, dice: Dice, visit: DrawnVisit): readonly Leg[] {
  const first = catalogue.services.find(({ id }) => id === visit.serviceId)
  if (first === undefined) return []
  const served = new Set(catalogue.counters.flatMap((counter) => servicesOf(catalogue, counter)))
  const isFurther = dice() < FURTHER_SHARE
  const further = oneOf(
    dice,
    catalogue.services.filter((service) => service !== first && served.has(service)),
  )
  const planned = first.plan.flatMap((id) => catalogue.services.find((service) => service.id === id) ?? [])
  const after = planned.length > 0 ? planned : isFurther && further !== null ? [further] : []
  return [
    { serviceId: first.id, serviceMs: Math.max(SERVICE_MS_MIN, visit.takenMs) },
    ...after.slice(0, LEGS_MAX - 1).map((service) => ({
      serviceId: service.id,
      serviceMs: Math.round(lognormal(dice, medianMsOf(service), SERVICE_SPREAD)),
    })),
  ]
}

function visitorOf(catalogue: Catalogue, dice: Dice, visit: DrawnVisit): Visitor {
  const manner = mannerOf(catalogue, dice, legsOf(catalogue, dice, visit), visit.isThere)
  const [isPatient, languageDraw] = [dice() < PATIENT_SHARE, dice()]
  const { languages, defaultLanguage } = catalogue.branch
  // Two in three speak the language of the place.
  const other = languages[Math.floor(languageDraw * 3 * languages.length) % Math.max(1, languages.length)]
  const priority = oneOf(dice, catalogue.priorityClasses)?.id ?? null
  return {
    ...manner,
    atMs: visit.atMs,
    language: languageDraw < 1 / 3 ? (other ?? defaultLanguage) : defaultLanguage,
    priority: visit.hasPriority ? priority : null,
    patienceMs: isPatient ? null : visit.patienceMs,
  }
}

/** One day of this branch: who comes when and who sits where, the same for the same seed. */
export function planDay(catalogue: Catalogue, seed: number, options: DayOptions = {}): DayPlan {
  const { load = LOAD, openMs = OPEN_MS } = options
  const shifts = shiftsOf(catalogue, seededDice(seed), openMs)
  const visits = drawVisits(seededDice(seed + 1_000_003), shapeOf(catalogue, shifts, load, openMs))
  const dice = seededDice(seed + 2_000_003)
  return { openMs, shifts, visitors: visits.map((visit) => visitorOf(catalogue, dice, visit)) }
}

/** How somebody behaves of whom no plan knows, as a visitor who has taken a number by hand: always the same. */
export function strangerManner(catalogue: Catalogue, ticketId: string, serviceId: ServiceId): Manner {
  let seed = 0
  for (const letter of ticketId) seed = (Math.imul(seed, 31) + letter.charCodeAt(0)) >>> 0
  const dice = seededDice(seed)
  const service = catalogue.services.find(({ id }) => id === serviceId)
  const medianMs = service === undefined ? MINUTE_MS : medianMsOf(service)
  const legs = [{ serviceId, serviceMs: Math.round(lognormal(dice, medianMs, 0.4)) }]
  return { ...mannerOf(catalogue, dice, legs, true), hold: null, transfer: null }
}
