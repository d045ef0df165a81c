import { addFading, emptyFading, type Fading, recentCount } from './fading.ts'

const SLOT_MS = 1_800_000
const SLOT_COUNT = 48
/** Earlier days weigh alike up to this many; from then on the newest counts as one in so many. */
const DAYS_MAX = 10
const RECENT_MS = 1_800_000
/** No hour is expected to be more unlike the present one than this. */
const CHANGE_MAX = 4

/** What happens in each half hour: today so far, and on the mean of earlier days. */
export interface Slots {
  readonly today: number[]
  readonly earlier: number[]
}

const noSlots = (): number[] => Array.from({ length: SLOT_COUNT }, () => 0)
const emptySlots = (): Slots => ({ today: noSlots(), earlier: noSlots() })

export const slotOf = (dayMs: number): number => Math.floor(dayMs / SLOT_MS) % SLOT_COUNT
export const nextSlotMs = (dayMs: number): number => (Math.floor(dayMs / SLOT_MS) + 1) * SLOT_MS

/** Puts today among the earlier days. @param dayCount - with today */
export function closeSlots({ today, earlier }: Slots, dayCount: number): void {
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    const before = earlier[slot] ?? 0
    earlier[slot] = before + ((today[slot] ?? 0) - before) / Math.min(DAYS_MAX, dayCount)
    today[slot] = 0
  }
}

/** How much more of it there is in one half hour than in another, on earlier days; 1 when nothing is known. */
export function changeBetween({ earlier }: Slots, fromSlot: number, toSlot: number, doubt: number): number {
  const change = ((earlier[toSlot] ?? 0) + doubt) / ((earlier[fromSlot] ?? 0) + doubt)
  return Math.min(CHANGE_MAX, Math.max(1 / CHANGE_MAX, change))
}

/** Who joins one lane. */
export interface Arrivals {
  readonly recent: Fading
  readonly slots: Slots
}

export const emptyArrivals = (): Arrivals => ({ recent: emptyFading(), slots: emptySlots() })

export function learnArrival({ recent, slots }: Arrivals, nowMs: number, dayMs: number): void {
  addFading(recent, 1, nowMs, RECENT_MS)
  slots.today[slotOf(dayMs)] = (slots.today[slotOf(dayMs)] ?? 0) + 1
}

/** Arrivals in a millisecond: today's pace, moved on as this hour and that one differ on earlier days. */
export function arrivalRate({ recent, slots }: Arrivals, nowMs: number, dayMs: number, thenDayMs: number): number {
  const now = recentCount(recent, nowMs, RECENT_MS) / RECENT_MS
  return now * changeBetween(slots, slotOf(dayMs), slotOf(thenDayMs), 3)
}

/** How many counters are open: the mean of each half hour, from looks that come whenever something happens. */
export interface Staffing {
  readonly slots: Slots
  /** Looks in the present half hour, to make its mean. */
  lookCount: number
  slot: number
}

export const emptyStaffing = (): Staffing => ({ slots: emptySlots(), lookCount: 0, slot: -1 })

export function learnStaffing(staffing: Staffing, openCount: number, dayMs: number): void {
  const slot = slotOf(dayMs)
  if (slot !== staffing.slot) {
    staffing.slot = slot
    staffing.lookCount = 0
  }
  staffing.lookCount += 1
  const { today } = staffing.slots
  today[slot] = (today[slot] ?? 0) + (openCount - (today[slot] ?? 0)) / staffing.lookCount
}
