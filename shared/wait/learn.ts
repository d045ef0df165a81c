import { entryOf } from './bounded.ts'
import { keep, learnDuration } from './durations.ts'
import { addFading } from './fading.ts'
import { closeSlots, emptyArrivals, learnArrival, learnStaffing } from './flow.ts'
import { learnOutcome } from './learn-outcome.ts'
import {
  againKey,
  CALLS_MS,
  counterKey,
  emptyService,
  joinKey,
  LANES_MAX,
  type Learned,
  SERVICES_MAX,
  type ServiceLearned,
  serviceKey,
} from './learned.ts'
import { learnPatience } from './patience.ts'

const COUNTERS_MAX = 256
const RING_MAX = 64
const HOUR_MS = 3_600_000
/** A break is not learned from when somebody has forgotten to end it. */
const BREAK_MAX_MS = 4 * HOUR_MS
/** A counter that leaves people waiting for longer than this is as good as closed. */
const TURN_MAX_MS = HOUR_MS

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
