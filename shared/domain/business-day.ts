import { Temporal } from 'temporal-polyfill'
import type { BusinessDate, EpochMs } from './ids.ts'

/** When a branch's days begin: a zone and a local hour. */
export interface DayRule {
  /** IANA zone, as `Africa/Dakar`. */
  readonly timezone: string
  /** Local time, as `04:00`. */
  readonly startsAt: string
}

function startOf(date: Temporal.PlainDate, { startsAt, timezone }: DayRule): number {
  const [hour = 0, minute = 0] = startsAt.split(':').map(Number)
  // "compatible": an hour that the clocks skip is taken after the gap, one that comes twice is taken the first time.
  return date.toPlainDateTime(new Temporal.PlainTime(hour, minute)).toZonedDateTime(timezone, {
    disambiguation: 'compatible',
  }).epochMilliseconds
}

/**
 * The business date at an instant, and when it ends.
 * Searches by the starts of days, not by the local date: where clocks go back over midnight the local date does too.
 */
export function businessDayAt(atMs: EpochMs, rule: DayRule): { date: BusinessDate; endsAtMs: EpochMs } {
  let date = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(rule.timezone).toPlainDate()
  while (startOf(date, rule) > atMs) date = date.subtract({ days: 1 })
  let end = startOf(date.add({ days: 1 }), rule)
  while (end <= atMs) {
    date = date.add({ days: 1 })
    end = startOf(date.add({ days: 1 }), rule)
  }
  return { date: date.toString() as BusinessDate, endsAtMs: end as EpochMs }
}

/** When a business date is over. */
export const businessDayEndsAtMs = (date: string, rule: DayRule): number =>
  startOf(Temporal.PlainDate.from(date).add({ days: 1 }), rule)

/** Whether this machine knows the zone. */
export function zoneExists(timezone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timezone)
    return true
  } catch {
    return false
  }
}
