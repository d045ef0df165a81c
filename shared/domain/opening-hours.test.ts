import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from './ids.ts'
import {
  holidayAt,
  hoursFaults,
  isOpenAt,
  nextOpening,
  type OpeningRule,
  type Span,
  WEEKDAYS,
  type WeeklyHours,
} from './opening-hours.ts'

const MINUTE = 60_000

/** `8-12 14-16:30` as spans. */
const spans = (text: string): Span[] =>
  text.split(' ').map((it) => {
    const [opens = '', closes = ''] = it.split('-').map((time) => {
      const [hours = '', minutes = '00'] = time.split(':')
      return `${hours.padStart(2, '0')}:${minutes}`
    })
    return { opens, closes }
  })
const daily = (text: string): WeeklyHours => Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, spans(text)]))
const branch = (
  hours: WeeklyHours | null,
  timezone = 'Africa/Dakar',
  ...holidays: OpeningRule['holidays']
): OpeningRule => ({
  timezone,
  hours,
  holidays,
})
const at = (local: string, timezone = 'Africa/Dakar', disambiguation: 'earlier' | 'later' = 'earlier'): EpochMs =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(timezone, { disambiguation }).epochMilliseconds as EpochMs
const localOf = (ms: EpochMs | null, timezone: string): string | null =>
  ms === null
    ? null
    : Temporal.Instant.fromEpochMilliseconds(ms)
        .toZonedDateTimeISO(timezone)
        .toString({ timeZoneName: 'never', smallestUnit: 'minute' })

// Monday 23 November 2026.
const week = branch({ mon: spans('8-12 14-16:30'), sat: spans('9-24') })

describe('a branch', () => {
  test('is open from the first minute of a span, and not at its last', () => {
    const open = (local: string): boolean => isOpenAt(week, at(local))
    expect(open('2026-11-23T07:59:59.999')).toBe(false)
    expect(open('2026-11-23T08:00')).toBe(true)
    expect(open('2026-11-23T11:59:59.999')).toBe(true)
    expect(open('2026-11-23T12:00')).toBe(false)
    expect(open('2026-11-23T16:29')).toBe(true)
    expect(open('2026-11-23T16:30')).toBe(false)
  })

  test('is closed on a weekday that is not named, and without hours it is always open', () => {
    expect(isOpenAt(week, at('2026-11-24T10:00'))).toBe(false)
    expect(isOpenAt(branch(null), at('2026-11-24T03:00'))).toBe(true)
  })

  test('stays open to the very end of a date that closes at 24:00', () => {
    expect(isOpenAt(week, at('2026-11-28T23:59:59.999'))).toBe(true)
    expect(isOpenAt(week, at('2026-11-29T00:00'))).toBe(false)
    expect(nextOpening(week, at('2026-11-29T00:00'))).toBe(at('2026-11-30T08:00'))
  })

  test('on a holiday has the hours of the holiday, wider or narrower, or none', () => {
    const noon = { date: '2026-11-23', hours: spans('12-13') }
    const shut = { date: '2026-11-28', hours: [] }
    const rule = branch(week.hours, 'Africa/Dakar', noon, shut)
    expect(isOpenAt(rule, at('2026-11-23T12:30'))).toBe(true)
    expect(isOpenAt(rule, at('2026-11-23T09:00'))).toBe(false)
    expect(isOpenAt(rule, at('2026-11-28T10:00'))).toBe(false)
    expect(holidayAt(rule, at('2026-11-28T10:00'))).toBe(shut)
    expect(holidayAt(rule, at('2026-11-29T00:00'))).toBeNull()
    expect(isOpenAt(branch(null, 'Africa/Dakar', shut), at('2026-11-28T10:00'))).toBe(false)
    expect(isOpenAt(branch(null, 'Africa/Dakar', shut), at('2026-11-27T10:00'))).toBe(true)
    expect(nextOpening(branch(null, 'Africa/Dakar', shut), at('2026-11-28T10:00'))).toBe(at('2026-11-29T00:00'))
  })

  test('tells when it opens next: after lunch, after the weekend, never', () => {
    expect(nextOpening(week, at('2026-11-23T07:00'))).toBe(at('2026-11-23T08:00'))
    expect(nextOpening(week, at('2026-11-23T12:00'))).toBe(at('2026-11-23T14:00'))
    expect(nextOpening(week, at('2026-11-23T16:30'))).toBe(at('2026-11-28T09:00'))
    expect(nextOpening(branch({}), at('2026-11-23T07:00'))).toBeNull()
  })

  test('keeps its own date where the zone is far from Greenwich', () => {
    const rule = branch({ mon: spans('8-9') }, 'Pacific/Kiritimati')
    expect(isOpenAt(rule, Date.UTC(2026, 10, 22, 18, 30) as EpochMs)).toBe(true)
  })
})

describe('where clocks change', () => {
  test('an opening in the hour that is skipped happens when the clocks are set on', () => {
    const rule = branch(daily('2:30-5'), 'Europe/Paris')
    const night = at('2026-03-29T01:00', 'Europe/Paris')
    expect(localOf(nextOpening(rule, night), 'Europe/Paris')).toBe('2026-03-29T03:00+02:00')
    expect(isOpenAt(rule, nextOpening(rule, night) ?? night)).toBe(true)
  })

  test('where midnight does not exist, the date begins at one', () => {
    for (const [timezone, date] of [
      ['Africa/Cairo', '2026-04-24'],
      ['Asia/Beirut', '2026-03-29'],
    ] as const) {
      const rule = branch({ [timezone === 'Africa/Cairo' ? 'fri' : 'sun']: spans('0-3') }, timezone)
      const before = (at(`${date}T01:00`, timezone) - MINUTE) as EpochMs
      expect(isOpenAt(rule, before)).toBe(false)
      expect(localOf(nextOpening(rule, before), timezone)).toBe(`${date}T01:00+03:00`)
    }
  })

  test('an hour that comes twice is open twice', () => {
    const rule = branch(daily('2:15-2:45'), 'Europe/Paris')
    const [first, second] = (['earlier', 'later'] as const).map((it) => at('2026-10-25T02:20', 'Europe/Paris', it))
    expect([isOpenAt(rule, first as EpochMs), isOpenAt(rule, second as EpochMs)]).toEqual([true, true])
    const between = (at('2026-10-25T02:45', 'Europe/Paris') + MINUTE) as EpochMs
    expect(localOf(nextOpening(rule, between), 'Europe/Paris')).toBe('2026-10-25T02:15+01:00')
  })

  test('a span that ends in an hour that comes twice begins again with it', () => {
    const rule = branch(daily('1-2:30'), 'Europe/Paris')
    const shut = at('2026-10-25T02:40', 'Europe/Paris')
    expect(localOf(nextOpening(rule, shut), 'Europe/Paris')).toBe('2026-10-25T02:00+01:00')
  })

  const zones = [
    'Africa/Dakar',
    'Africa/Cairo',
    'Asia/Beirut',
    'Europe/Paris',
    'America/Santiago',
    'Australia/Lord_Howe',
  ]
  const changes = ['2026-03-29', '2026-04-05', '2026-04-24', '2026-09-06', '2026-10-04', '2026-10-25', '2026-10-30']
  const minute = fc.nat({ max: 24 * 4 })
  const text = (quarter: number): string =>
    `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`
  const someSpans = fc
    .uniqueArray(minute, { minLength: 2, maxLength: 4 })
    .map((times) => times.toSorted((a, b) => a - b).map(text))
    .map((times) => [
      { opens: times[0] ?? '', closes: times[1] ?? '' },
      ...(times.length === 4 ? [{ opens: times[2] ?? '', closes: times[3] ?? '' }] : []),
    ])

  test('the next opening is the first quarter of an hour that is open, whatever the zone does', () => {
    const cases = fc.record({
      timezone: fc.constantFrom(...zones),
      date: fc.constantFrom(...changes),
      spans: someSpans,
      quarter: fc.nat({ max: 200 }),
    })
    fc.assert(
      fc.property(cases, ({ timezone, date, spans: list, quarter }) => {
        const rule = branch(Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, list])), timezone)
        const startMs = Date.parse(`${date}T00:00Z`) - 86_400_000 + quarter * 15 * MINUTE
        fc.pre(!isOpenAt(rule, startMs as EpochMs))
        let wanted = startMs
        while (!isOpenAt(rule, wanted as EpochMs)) wanted += 15 * MINUTE
        expect(nextOpening(rule, startMs as EpochMs)).toBe(wanted)
      }),
      { numRuns: 300 },
    )
  })
})

describe('hours are at fault', () => {
  const faults = (text: string): readonly string[] => hoursFaults({ mon: spans(text) }).map(({ message }) => message)

  test('when a span ends before it begins, or is empty, or begins at the end of the date', () => {
    expect(faults('12-8')).toEqual(['12:00 to 08:00 is no span of one day'])
    expect(faults('8-8')).toEqual(['08:00 to 08:00 is no span of one day'])
    expect(faults('24-24')).toEqual(['24:00 to 24:00 is no span of one day'])
  })

  test('when spans overlap, whatever their order', () => {
    expect(faults('13-17 8-14')).toEqual(['08:00 to 14:00 overlaps 13:00 to 17:00'])
  })

  test('but not when one begins where another ends, nor at 24:00, nor when there are none', () => {
    expect(faults('8-12 12-24')).toEqual([])
    expect(hoursFaults(null)).toEqual([])
    expect(hoursFaults({ mon: [] })).toEqual([])
  })
})
