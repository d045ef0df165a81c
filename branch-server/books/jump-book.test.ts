// A device says that it has seen more than this log: once that is caught, and again and again it uses up the numbers.
import { randomBytes, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { DeviceId } from '#shared/domain/ids.ts'
import type { DeviceClient } from '../testing/client.ts'
import { openTestBranch } from '../testing/test-branch.ts'
import {
  createJumpBook,
  JUMPS_BY_DEVICE_MAX,
  JUMPS_PER_DAY_MAX,
  JUMPS_PER_HOUR_MAX,
  SEEN_AHEAD_MAX,
} from './jump-book.ts'

const HOUR_MS = 3_600_000
const silent = { info: () => {}, warn: () => {}, error: () => {} }

const claim = (device: DeviceClient, seen?: object) =>
  device.post<{ code?: string }>('/api/v1/feed-tickets', {
    bookmark: { epoch: randomUUID(), seq: 5, headHash: randomBytes(32).toString('hex'), ...(seen && { seen }) },
  })

test('a device that claims a log that never was makes the numbers jump twice, and is told no from then on', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk', 'Entrance')
  const caller = await branch.pair('caller', 'Desk')
  const statuses: number[] = []
  for (let count = 0; count < 40; count += 1) statuses.push((await claim(kiosk)).status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(JUMPS_BY_DEVICE_MAX)
  expect(await claim(kiosk)).toMatchObject({ status: 429, body: { code: 'JumpsUsedUp' } })
  expect((await kiosk.issue('cash')).body.number).toBe(`A${1 + 50 * JUMPS_BY_DEVICE_MAX}`)
  const warned = branch.logLines.filter((line) => line.includes('the numbers jump ahead'))
  expect(warned).toHaveLength(JUMPS_BY_DEVICE_MAX)
  expect(warned[0]).toContain('"device":"Entrance"')
  expect(branch.logLines.filter((line) => line.includes('claims too often'))).toHaveLength(1)
  // Another is heard all the same: a disk may really have been set back.
  expect((await claim(caller)).status).toBe(201)
  const counted = { jumpCount: JUMPS_BY_DEVICE_MAX + 1, refusedCount: 39 }
  expect((await branch.stranger.get('/api/v1/health')).body).toMatchObject({ jumps: counted })
  expect(JSON.stringify((await branch.stranger.get('/api/v1/health')).body)).not.toContain('Desk')
  expect((await branch.installer.get('/api/v1/health')).body).toMatchObject({ jumps: { lastDevice: 'Desk' } })
})

test('a display gives no numbers: what it claims is told, and no number is jumped over', async () => {
  await using branch = await openTestBranch()
  const [display, kiosk] = [await branch.pair('display', 'Hall'), await branch.pair('kiosk')]
  for (let count = 0; count < 5; count += 1) expect((await claim(display)).status).toBe(201)
  expect((await kiosk.issue('cash')).body.number).toBe('A001')
  expect(branch.logLines.join('')).toContain('"device":"Hall"')
})

test('one claim of numbers nobody can have seen neither uses up a series nor lasts for years', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  await claim(kiosk, { date: '2026-11-23', lastOrdinals: [['A', 90_000]] })
  const ordinal = SEEN_AHEAD_MAX + 50 + 1
  expect((await kiosk.issue('cash')).body.number).toBe(`A${10_000 + ordinal - 999}`)
  await claim(kiosk, { date: '2099-01-01', lastOrdinals: [['L', 90_000]] })
  expect((await kiosk.issue('loans')).body.number).toBe('L101')
  branch.clock.jump(24 * HOUR_MS)
  expect((await kiosk.issue('loans')).body.number).toBe('L001')
})

test('all devices together cause six jumps an hour and a day’s worth a day; the next day they are heard again', () => {
  let nowMs = 0
  const book = createJumpBook(() => nowMs, silent)
  const by = (name: number) =>
    book.judge({ deviceId: `device-${name}` as DeviceId, kind: 'caller', name: `Desk ${name}` })
  const jumpsOf = (from: number, count: number): number =>
    Array.from({ length: count }, (_, index) => by(from + index)).filter((verdict) => verdict === 'jump').length
  expect(jumpsOf(0, 20)).toBe(JUMPS_PER_HOUR_MAX)
  let jumpCount = JUMPS_PER_HOUR_MAX
  for (let hour = 1; hour < 24; hour += 1) {
    nowMs = hour * HOUR_MS
    jumpCount += jumpsOf(hour * 100, 20)
  }
  expect(jumpCount).toBe(JUMPS_PER_DAY_MAX)
  nowMs = 40 * HOUR_MS
  expect(by(1)).toBe('jump')
  expect(by(1)).toBe('jump')
  // The disk did not take the second: the device comes with it again.
  book.takeBack({ deviceId: 'device-1' as DeviceId, kind: 'caller', name: 'Desk 1' })
  expect(by(1)).toBe('jump')
  expect(by(1)).toBe('refused')
})
