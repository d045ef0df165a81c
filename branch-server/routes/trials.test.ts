import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TrialAnswer, TrialOrder, TrialsState } from '#shared/wire/trials.ts'
import type { DeviceClient } from '../testing/client.ts'
import { type Following, followFeed } from '../testing/follow-feed.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

let branch: TestBranch
beforeEach(async () => {
  branch = await openTestBranch()
})
afterEach(() => branch[Symbol.asyncDispose]())

const LOOKED = {
  kind: 'look',
  wallMs: 1,
  timezone: 'Africa/Dakar',
  version: '0.1.0',
  node: 'v24',
  system: 'Linux',
  addresses: [],
  freeBytes: 1,
  pageCount: 1,
}

interface Ordered {
  readonly type: string
  readonly trialId: string
  readonly order: TrialOrder
}

/** The last message of a kind that came down a feed, once there is one. */
async function heard(feed: Following, type: string): Promise<unknown> {
  const isOfType = (message: object): boolean => 'type' in message && message.type === type
  return vi.waitUntil(() => feed.messages.findLast(isOfType), { timeout: 20_000 })
}

const ordered = async (feed: Following): Promise<Ordered> => (await heard(feed, 'trial')) as Ordered

/** A device's line to the branch, once it is open. */
async function lineOf(device: DeviceClient): Promise<Following> {
  const feed = await followFeed(device)
  await heard(feed, 'hello')
  return feed
}

const asks = (device: DeviceClient, order: object) =>
  branch.installer.post<TrialAnswer & { code?: string }>(`/api/v1/devices/${device.deviceId}/trials`, order)
const reports = (device: DeviceClient, trialId: string, report: object) =>
  device.post<{ code?: string }>(`/api/v1/devices/self/trials/${trialId}`, report)

test('a device does what the installer asks, and its report is the answer', async () => {
  const kiosk = await branch.pair('kiosk')
  const feed = await lineOf(kiosk)
  const asked = asks(kiosk, { kind: 'look' })
  const { trialId, order } = await ordered(feed)
  expect(order).toEqual({ kind: 'look' })
  expect((await reports(kiosk, trialId, LOOKED)).status).toBe(200)
  expect(await asked).toMatchObject({ status: 200, body: { report: LOOKED } })
  // It was asked once; a second report is nobody's.
  expect((await reports(kiosk, trialId, LOOKED)).status).toBe(404)
  await feed.close()
})

test('nobody reports for another device, or something else than was asked', async () => {
  const [kiosk, other] = [await branch.pair('kiosk'), await branch.pair('kiosk', 'another')]
  const feed = await lineOf(kiosk)
  const asked = asks(kiosk, { kind: 'look' })
  const { trialId } = await ordered(feed)
  expect((await reports(other, trialId, LOOKED)).body.code).toBe('TrialUnknown')
  expect((await reports(kiosk, trialId, { kind: 'start-taps' })).body.code).toBe('TrialUnknown')
  expect((await reports(kiosk, randomUUID(), LOOKED)).body.code).toBe('TrialUnknown')
  expect((await reports(kiosk, trialId, { ...LOOKED, secret: 'x' })).status).toBe(400)
  await reports(kiosk, trialId, LOOKED)
  expect((await asked).status).toBe(200)
  await feed.close()
})

test('a device without a line, of another kind, or unknown, is said to be so', async () => {
  const display = await branch.pair('display')
  expect((await asks(display, { kind: 'look' })).body.code).toBe('DeviceAway')
  expect((await asks(display, { kind: 'print', place: 0, code: '0417' })).body.code).toBe('Forbidden')
  const unknown = await branch.installer.post<{ code: string }>('/api/v1/devices/nobody/trials', { kind: 'look' })
  expect(unknown.body.code).toBe('DeviceUnknown')
  // No free text goes to a screen or onto paper: four digits.
  for (const code of ['pay now', '12345', ''])
    expect((await asks(display, { kind: 'paint', code, rings: 0, forMs: 0 })).status).toBe(400)
})

test('test tickets of kiosks are listed, and taken away by the installer; staff cannot give any', async () => {
  const [kiosk, caller] = [await branch.pair('kiosk'), await branch.pair('caller')]
  const { body: services } = await kiosk.get<{ services: { id: string }[] }>('/api/v1/catalogue')
  const serviceId = services.services[0]?.id ?? ''
  const given = await kiosk.issue(serviceId, { trial: true })
  expect(given.body.number).toBe('TEST001')
  expect((await caller.issue(serviceId, { trial: true })).status).toBe(403)
  await kiosk.issue(serviceId)
  const listed = async () =>
    (await branch.installer.get<TrialsState>('/api/v1/trials')).body.tickets.map(
      ({ number, status }) => `${number} ${status}`,
    )
  expect(await listed()).toEqual(['TEST001 waiting'])
  expect((await branch.installer.send('DELETE', '/api/v1/trials')).body).toEqual({ cancelledCount: 1 })
  expect(await listed()).toEqual(['TEST001 cancelled'])
})
