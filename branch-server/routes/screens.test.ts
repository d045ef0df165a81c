import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { KioskScreenState } from '#shared/wire/screens.ts'
import { openTestBranch } from '../testing/test-branch.ts'

const MINUTE_MS = 60_000

test('staff hear that a kiosk’s screen is dead, that the whole kiosk is silent, and nothing of one that was removed', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk', 'Entrance')
  const caller = await branch.pair('caller')
  const told = async () => (await caller.get<KioskScreenState[]>('/api/v1/screens')).body
  const say = (screen: string) => kiosk.post('/api/v1/devices/self/screen', { screen })
  expect(await told()).toEqual([])
  for (const screen of ['shown', 'frozen', 'missing']) {
    expect((await say(screen)).status).toBe(200)
    expect(await told()).toEqual([{ deviceId: kiosk.deviceId, name: 'Entrance', screen }])
  }
  branch.clock.pass(MINUTE_MS + 1_000)
  expect(await told()).toMatchObject([{ screen: 'silent' }])
  await say('shown')
  expect(await told()).toMatchObject([{ screen: 'shown' }])
  branch.clock.pass(13 * 60 * MINUTE_MS)
  expect(await told()).toEqual([])
  await say('shown')
  await branch.installer.send('DELETE', `/api/v1/devices/${kiosk.deviceId}`)
  expect(await told()).toEqual([])
})

test('staff hear that a display makes no sound, and that the branch has nothing to speak with', async () => {
  await using branch = await openTestBranch({ speechProgram: '/nowhere/espeak-ng' })
  const display = await branch.pair('display', 'Hall')
  const caller = await branch.pair('caller')
  const told = async () =>
    (await caller.get<KioskScreenState[]>('/api/v1/screens')).body.map(({ name, screen }) => [name, screen])
  const counts = { repeat: 0, language: 0, joined: 0, started: 0, screen: 0, chime: 0, late: 0, said: 0 }
  const turn = (canSound: boolean) =>
    display.post('/api/v1/voice/turn', { page: 'page-0001', canSound, wants: false, said: [], counts })
  expect(await told()).toEqual([])
  await turn(false)
  expect((await told())[0]).toEqual(['Hall', 'muted'])
  await turn(true)
  await expect.poll(told, { timeout: 10_000 }).toEqual([['Dakar Plateau', 'no-voice']])
})

test('only a kiosk speaks of its screen, in the words agreed on, and not without end', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const say = (screen: string) => kiosk.post('/api/v1/devices/self/screen', { screen })
  expect((await say('bright')).status).toBe(400)
  expect((await (await branch.pair('display')).post('/api/v1/devices/self/screen', { screen: 'shown' })).status).toBe(
    403,
  )
  let status = 0
  for (let count = 0; count < 70; count += 1) ({ status } = await say('shown'))
  expect(status).toBe(429)
})

test('staff hear of a device whose disk takes nothing, until it says otherwise or nothing more', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller', 'Desk')
  const told = async () =>
    (await caller.get<KioskScreenState[]>('/api/v1/screens')).body.map(({ name, screen }) => [name, screen])
  const say = (disk: string) => caller.post('/api/v1/devices/self/disk', { disk })
  for (const disk of ['full', 'refuses']) {
    await say(disk)
    expect(await told()).toEqual([['Desk', `disk-${disk}`]])
  }
  await say('ok')
  expect(await told()).toEqual([])
  await say('full')
  branch.clock.pass(MINUTE_MS + 1_000)
  expect(await told()).toEqual([])
})

test('whoever looks after the branch hears until the next day that numbers were jumped over', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const told = async () => (await branch.installer.get<KioskScreenState[]>('/api/v1/screens')).body
  expect(await told()).toEqual([])
  const bookmark = { epoch: randomUUID(), seq: 5, headHash: 'a'.repeat(64) }
  await kiosk.post('/api/v1/feed-tickets', { bookmark })
  expect(await told()).toEqual([{ deviceId: 'branch', name: 'Dakar Plateau', screen: 'jumped' }])
  branch.clock.pass(25 * 60 * MINUTE_MS)
  expect(await told()).toEqual([])
})
