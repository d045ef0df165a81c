import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'
import { type TestClock, testClock } from '../testing/test-clock.ts'

const GOOD = { capability: 'status-only', online: true, paper: 'ok', cover: 'closed', hint: 'ready' }
const OUT = { ...GOOD, online: false, paper: 'out', hint: 'load-paper' }

let clock: TestClock
let branch: TestBranch
beforeEach(async () => {
  clock = testClock(Date.UTC(2026, 10, 23, 8))
  branch = await openTestBranch({ clock })
})
afterEach(() => branch[Symbol.asyncDispose]())

test('staff hear how a kiosk’s printers are, and nothing once the kiosk is silent or gone', async () => {
  const kiosk = await branch.pair('kiosk')
  const caller = await branch.pair('caller')
  const told = async () => (await caller.get<{ printers: object[] }[]>('/api/v1/printers')).body
  expect(await told()).toEqual([])

  expect((await kiosk.post('/api/v1/devices/self/printer', { printers: [GOOD, OUT] })).status).toBe(200)
  expect((await told()).map(({ printers }) => printers)).toEqual([[GOOD, OUT]])
  await kiosk.post('/api/v1/devices/self/printer', { printers: [OUT] })
  expect((await told()).map(({ printers }) => printers)).toEqual([[OUT]])

  await kiosk.post('/api/v1/devices/self/printer', { printers: [GOOD], isMute: true })
  expect(await told()).toMatchObject([{ printers: [GOOD], isMute: true }])

  clock.pass(61_000)
  expect(await told()).toEqual([])
})

test('only a kiosk speaks of its printers, in the words agreed on, and not without end', async () => {
  const kiosk = await branch.pair('kiosk')
  const display = await branch.pair('display')
  expect((await display.post('/api/v1/devices/self/printer', { printers: [GOOD] })).status).toBe(403)
  for (const wrong of [{ printers: [] }, { printers: [GOOD, GOOD, GOOD] }, { printers: [{ ...GOOD, note: 'x' }] }])
    expect((await kiosk.post('/api/v1/devices/self/printer', wrong)).status).toBe(400)
  const statuses: number[] = []
  for (let count = 0; count < 70; count += 1)
    statuses.push((await kiosk.post('/api/v1/devices/self/printer', { printers: [GOOD] })).status)
  expect(statuses).toContain(200)
  expect(statuses.at(-1)).toBe(429)
})
