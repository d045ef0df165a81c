import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { quietUntilMs } from './quiet-hours.ts'

const DAY_MS = 86_400_000
const STEP_MS = 3_600_000 * 2 + 420_000
const BEGIN_MS = Date.UTC(2026, 0, 1)
const NIGHT = { from: 21 * 60, until: 8 * 60 }

/** How it is told elsewhere in the product, which shares no code with what is tested. */
const isNight = (atMs: number, zone: string): boolean => {
  const { hour } = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone)
  return hour >= 21 || hour < 8
}

test('in no zone and on no day, also those on which clocks change, is anything sent at night, and by day it is', () => {
  const wrong: string[] = []
  const zones = Intl.supportedValuesOf('timeZone')
  expect(zones.length).toBeGreaterThan(400)
  // Each zone on another part of the day, so that all of it is seen.
  for (const [at, zone] of zones.entries())
    for (let atMs = BEGIN_MS + at * 60_000; atMs < BEGIN_MS + 366 * DAY_MS; atMs += STEP_MS * 7) {
      const until = quietUntilMs(NIGHT, atMs, zone)
      if ((until !== null) !== isNight(atMs, zone)) wrong.push(`${zone} ${new Date(atMs).toISOString()}`)
      // Whoever waits comes out of the night at last, and in a day at the most.
      if (until !== null && (until <= atMs || until > atMs + DAY_MS)) wrong.push(`${zone} waits until ${until}`)
    }
  expect(wrong).toEqual([])
})

test('the night ends when it says, a clock that is put on or back within it has her look again', () => {
  const at = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds
  const usual = at('2026-11-28T22:30[Africa/Dakar]')
  expect(quietUntilMs(NIGHT, usual, 'Africa/Dakar')).toBe(at('2026-11-29T08:00[Africa/Dakar]'))
  let whenMs: number | null = at('2026-10-24T23:00[Europe/Paris]')
  let sentAtMs = whenMs
  for (let looks = 0; whenMs !== null && looks < 5; looks += 1) {
    sentAtMs = whenMs
    whenMs = quietUntilMs(NIGHT, whenMs, 'Europe/Paris')
  }
  expect([whenMs, sentAtMs]).toEqual([null, at('2026-10-25T08:00[Europe/Paris]')])
  expect(quietUntilMs(null, usual, 'Africa/Dakar')).toBeNull()
})
