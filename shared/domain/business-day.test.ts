import { expect, test } from 'vitest'
import { businessDayAt, zoneExists } from './business-day.ts'
import type { EpochMs } from './ids.ts'
import { DAY, HOUR, MINUTE } from './testing/fake-clock.ts'

const FROM = Date.UTC(2025, 0, 1)
const UNTIL = Date.UTC(2028, 0, 1)
const DAYS = 1_095
const CUT_OVERS = ['00:00', '02:30', '04:00', '06:00', '23:00']
const zones = Intl.supportedValuesOf('timeZone')

const dayAt = (ms: number, timezone: string, startsAt: string): { date: string; endsAtMs: number } =>
  businessDayAt(ms as EpochMs, { timezone, startsAt })

const dateAfter = (date: string): string => new Date(Date.parse(date) + DAY).toISOString().slice(0, 10)

/** Each change of a zone's offset, to within six hours, as told by the engine and not by our library. */
function changesOf(timezone: string): { readonly offsets: string; readonly changes: readonly number[] } {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
  const offsetAt = (ms: number): string => format.format(ms).split(', ')[1] ?? ''
  const changes: number[] = []
  const offsets: string[] = []
  let last = ''
  for (let ms = FROM - 3 * DAY; ms <= UNTIL + 3 * DAY; ms += 6 * HOUR) {
    const offset = offsetAt(ms)
    if (offset !== last) {
      changes.push(ms)
      offsets.push(`${ms} ${offset}`)
    }
    last = offset
  }
  return { offsets: offsets.join(), changes: changes.slice(1) }
}

/** Walks from opening to opening, and looks at each end one millisecond before it, too. */
function walk(timezone: string, startsAt: string, fromMs: number, untilMs: number): number {
  let day = dayAt(fromMs, timezone, startsAt)
  let count = 0
  while (day.endsAtMs < untilMs) {
    const where = `${timezone} ${startsAt} ${day.date}`
    const lastMoment = dayAt(day.endsAtMs - 1, timezone, startsAt)
    const next = dayAt(day.endsAtMs, timezone, startsAt)
    if (lastMoment.date !== day.date || lastMoment.endsAtMs !== day.endsAtMs) throw new Error(`${where} ends too early`)
    if (next.date !== dateAfter(day.date)) throw new Error(`${where} is followed by ${next.date}`)
    const hours = (next.endsAtMs - day.endsAtMs) / HOUR
    if (hours < 22 || hours > 26) throw new Error(`${where} is followed by a day of ${hours} hours`)
    day = next
    count += 1
  }
  return count
}

/** Zones that keep the same time all three years are one and the same to us. */
const families = Map.groupBy(zones, (zone) => changesOf(zone).offsets)

test('all 418 zones: each date of three years opens once, none is skipped, none comes twice, at any cut-over', () => {
  expect(zones).toHaveLength(418)
  for (const [zone = ''] of families.values())
    for (const startsAt of CUT_OVERS)
      expect(walk(zone, startsAt, FROM, UNTIL), `${zone} ${startsAt}`).toBeGreaterThanOrEqual(DAYS - 1)
}, 120_000)

test('every zone of a family of equal clocks has the very same days, looked at around each change and each month', () => {
  const months = Array.from({ length: 36 }, (_, index) => Date.UTC(2025, index, 1, 5))
  for (const [first = '', ...others] of families.values()) {
    const { changes } = changesOf(first)
    const moments = [...months, ...changes.flatMap((ms) => [-2, -1, 0, 1, 2].map((shift) => ms + shift * 12 * HOUR))]
    for (const startsAt of ['00:00', '02:30', '04:00']) {
      const wanted = JSON.stringify(moments.map((ms) => dayAt(ms, first, startsAt)))
      for (const zone of others)
        expect(JSON.stringify(moments.map((ms) => dayAt(ms, zone, startsAt))), zone).toBe(wanted)
    }
  }
}, 120_000)

test('a cut-over in the hour that the clocks skip is taken after the gap', () => {
  // Paris, 29 March 2026: 02:00 becomes 03:00, so 02:30 is 03:30 summer time.
  const { date, endsAtMs } = dayAt(Date.UTC(2026, 2, 28, 12), 'Europe/Paris', '02:30')
  expect(date).toBe('2026-03-28')
  expect(endsAtMs).toBe(Date.UTC(2026, 2, 29, 1, 30))
})

test('a cut-over in the hour that comes twice is taken the first time, and the day does not open again an hour later', () => {
  // Paris, 25 October 2026: 03:00 becomes 02:00.
  const opening = Date.UTC(2026, 9, 25, 0, 30)
  expect(dayAt(opening - 1, 'Europe/Paris', '02:30').date).toBe('2026-10-24')
  for (const minutes of [0, 30, 60, 90])
    expect(dayAt(opening + minutes * MINUTE, 'Europe/Paris', '02:30').date).toBe('2026-10-25')
})

test('where local midnight does not exist, the day opens when the clocks have jumped', () => {
  // Cairo, 24 April 2026: 00:00 becomes 01:00.
  const { date, endsAtMs } = dayAt(Date.UTC(2026, 3, 23, 12), 'Africa/Cairo', '00:00')
  expect(date).toBe('2026-04-23')
  expect(endsAtMs).toBe(Date.UTC(2026, 3, 23, 22))
})

test('where midnight comes twice, the local date goes back but the business day does not', () => {
  // Santiago, 5 April 2026: 24:00 of the 4th becomes 23:00 of the 4th.
  const secondEleven = Date.UTC(2026, 3, 5, 3, 30)
  expect(dayAt(secondEleven, 'America/Santiago', '00:00').date).toBe('2026-04-04')
  // Azores, 25 October 2026: 01:00 becomes 00:00, so the 25th would begin twice.
  const [firstMidnight, secondMidnight] = [Date.UTC(2026, 9, 25, 0), Date.UTC(2026, 9, 25, 1)]
  expect(dayAt(firstMidnight - 1, 'Atlantic/Azores', '00:00').date).toBe('2026-10-24')
  expect(dayAt(firstMidnight, 'Atlantic/Azores', '00:00').date).toBe('2026-10-25')
  expect(dayAt(secondMidnight, 'Atlantic/Azores', '00:00').date).toBe('2026-10-25')
  expect(walk('America/Santiago', '23:30', Date.UTC(2026, 3, 2), Date.UTC(2026, 3, 8))).toBeGreaterThan(3)
})

test('a zone that leaps over the date line skips a date, as its calendar did', () => {
  // Samoa had no 30 December 2011.
  const before = dayAt(Date.UTC(2011, 11, 29, 20), 'Pacific/Apia', '04:00')
  const after = dayAt(Date.UTC(2011, 11, 30, 20), 'Pacific/Apia', '04:00')
  expect([before.date, after.date]).toEqual(['2011-12-29', '2011-12-31'])
})

test('a zone nobody knows is known to be unknown', () => {
  expect(zoneExists('Africa/Dakar')).toBe(true)
  expect(zoneExists('Africa/Atlantis')).toBe(false)
})
