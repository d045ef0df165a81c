import { expect, test } from 'vitest'
import { instantOf, wallTime } from './wall-time.ts'

test('a time is taken by the branch’s own clocks, also where they change', () => {
  for (const [wall, zone, instant] of [
    ['2026-11-30T06:00', 'Africa/Dakar', '2026-11-30T06:00Z'],
    ['2026-11-30T06:00', 'Asia/Kolkata', '2026-11-30T00:30Z'],
    ['2026-03-29T03:30', 'Europe/Paris', '2026-03-29T01:30Z'],
    ['2026-10-25T12:00', 'Europe/Paris', '2026-10-25T11:00Z'],
  ] as const) {
    expect(instantOf(wall, zone)).toBe(Date.parse(instant))
    expect(wallTime(Date.parse(instant), zone)).toBe(wall)
  }
  expect(instantOf('', 'Africa/Dakar')).toBeNull()
})
