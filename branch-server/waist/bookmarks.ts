import type { Bookmark } from '#shared/domain/epoch.ts'
import type { BusinessDate, EpochMs } from '#shared/domain/ids.ts'
import type { SeenNumbers } from '#shared/domain/numbering.ts'
import { type BranchState, lastOrdinalOf } from '#shared/domain/state.ts'
import { SEEN_AHEAD_MAX } from '../books/jump-book.ts'
import { type EventLog, type Head, hashOf } from '../store/event-log.ts'

/**
 * Whether a reader has seen what this log has not: it is ahead of the head, holds other bytes at its place,
 * or comes from an epoch nobody here has heard of. The log was rewound, or copied and gone on elsewhere.
 * An epoch that has ended here is no conflict, wherever in it the reader stands.
 */
export function isBeyond(log: EventLog, head: Head, bookmark: Bookmark): boolean {
  if (bookmark.epoch !== head.epoch) return !log.hasEpoch(bookmark.epoch)
  if (bookmark.seq === head.seq) return bookmark.headHash !== head.hash
  const frame = log.at(bookmark.epoch, bookmark.seq)
  return frame === null || hashOf(frame.body) !== bookmark.headHash
}

/** Whether a reader has seen a number in print, of the present day or of one to come, that this branch might give again. */
export function hasSeenMore(state: BranchState, seen: SeenNumbers | null): boolean {
  if (seen === null || (state.day !== null && seen.date < state.day.date)) return false
  const isToday = seen.date === state.day?.date
  const day = { date: seen.date, endsAtMs: state.now.atMs, isClosed: false }
  const then = isToday ? state : { ...state, day, lastOrdinal: state.lastOrdinal.clear() }
  return seen.lastOrdinals.some(([series, ordinal]) => ordinal > lastOrdinalOf(then, series))
}

/** Zones and cut-overs lie within this of the clock. */
const DATE_AHEAD_MS_MAX = 2 * 24 * 3_600_000

/**
 * What is believed of the numbers somebody says to have seen: none of a date that has not come, unless the clock itself
 * is doubted, and none far beyond our own. One word too many would use up a series, or lift it for years.
 */
export function believedNumbers(state: BranchState, seen: SeenNumbers | null, wallMs: EpochMs): SeenNumbers | null {
  if (seen === null) return null
  const latest = new Date(wallMs + DATE_AHEAD_MS_MAX).toISOString().slice(0, 10) as BusinessDate
  const isToCome = seen.date > latest && seen.date > (state.day?.date ?? '')
  if (isToCome && !state.clock.isDoubted) return null
  const lastOrdinals = seen.lastOrdinals.map(
    ([series, ordinal]) => [series, Math.min(ordinal, lastOrdinalOf(state, series) + SEEN_AHEAD_MAX)] as const,
  )
  return { date: seen.date, lastOrdinals }
}
