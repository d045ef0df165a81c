import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { adviceLine, amadou, bank, counter1, loans, without } from '#shared/domain/testing/bank.ts'
import { DAY, HOUR, MINUTE } from '#shared/domain/testing/fake-clock.ts'
import { withPins } from '../testing/bank-catalogue.ts'
import { openDesk } from '../testing/desk.ts'
import { openTestBranch } from '../testing/test-branch.ts'
import { NINE_OCLOCK_MS, testClock } from '../testing/test-clock.ts'

const refused = (code: string, status = 409) => ({ status, body: { code } })

test('a branch without a catalogue issues nothing and says so', async () => {
  await using branch = await openTestBranch({ catalogue: null })
  const kiosk = await branch.pair('kiosk')
  expect(await kiosk.issue('cash')).toMatchObject(refused('CatalogueMissing'))
  expect(await kiosk.get('/api/v1/catalogue')).toMatchObject(refused('CatalogueMissing'))
  expect(await branch.installer.post('/api/v1/day/close')).toMatchObject(refused('CatalogueMissing'))
})

test('a branch whose clock has fallen back to 1970 opens no day until the time is right again', async () => {
  const clock = testClock(0)
  await using branch = await openTestBranch({ clock })
  const kiosk = await branch.pair('kiosk')
  expect(await kiosk.issue('cash')).toMatchObject(refused('ClockUnsure', 409))
  expect(await branch.stranger.get('/api/v1/health')).toMatchObject({ status: 200, body: { status: 'clock-unsure' } })
  clock.jump(NINE_OCLOCK_MS)
  expect(await kiosk.issue('cash')).toMatchObject({ status: 201, body: { number: 'A001', businessDate: '2026-11-23' } })
})

test('a clock that jumps two days ahead is not believed until staff confirm it', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  branch.clock.jump(2 * DAY)
  expect(await kiosk.issue('cash')).toMatchObject({ status: 201, body: { businessDate: '2026-11-23' } })
  const confirmed = { status: 200, body: { isClockDoubted: false } }
  expect(await branch.installer.post('/api/v1/day/confirm-clock')).toMatchObject(confirmed)
  expect(await kiosk.issue('cash')).toMatchObject({ status: 201, body: { businessDate: '2026-11-25' } })
})

test('two devices whose clocks agree take the doubt away, one device alone does not', async () => {
  await using branch = await openTestBranch()
  const [one, other] = [await branch.pair('kiosk'), await branch.pair('display')]
  branch.clock.jump(2 * DAY)
  await one.issue('cash')
  const wallMs = branch.clock.wallMs()
  const tell = (device: typeof one, aheadMs: number) =>
    device.post('/api/v1/feed-tickets', { wallMs: wallMs + aheadMs })
  for (const _ of [1, 2]) await tell(one, 0)
  await tell(other, DAY)
  expect((await one.issue('cash')).body.businessDate).toBe('2026-11-23')
  await tell(other, MINUTE)
  expect((await one.issue('cash')).body.businessDate).toBe('2026-11-25')
})

test('a device that was removed is no witness of the clock any more', async () => {
  await using branch = await openTestBranch()
  const [one, other, kiosk] = [await branch.pair('caller'), await branch.pair('display'), await branch.pair('kiosk')]
  branch.clock.jump(2 * DAY)
  await kiosk.issue('cash')
  const tell = (device: typeof one) => device.post('/api/v1/feed-tickets', { wallMs: branch.clock.wallMs() })
  await tell(one)
  expect((await branch.installer.send('DELETE', `/api/v1/devices/${one.deviceId}`)).status).toBe(200)
  await tell(other)
  expect((await kiosk.issue('cash')).body.businessDate).toBe('2026-11-23')
  await tell(kiosk)
  expect((await kiosk.issue('cash')).body.businessDate).toBe('2026-11-25')
})

test('a day that the manager has closed gives no more tickets until the next cut-over', async () => {
  await using desk = await openDesk()
  expect(await desk.manager.post('/api/v1/day/close')).toMatchObject({
    status: 200,
    body: { date: '2026-11-23', isClosed: true, isClockDoubted: false },
  })
  expect(await desk.kiosk.issue('cash')).toMatchObject(refused('DayIsClosed'))
  expect(await desk.manager.post('/api/v1/day/close')).toMatchObject(refused('DayAlreadyClosed'))
  desk.branch.clock.pass(20 * HOUR)
  expect(await desk.kiosk.issue('cash')).toMatchObject({ status: 201, body: { businessDate: '2026-11-24' } })
})

test('a series never comes round: when its numbers are used up, no more are given', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  await branch.running.close()
  // Its own second copy is believed without a bound, as no device is.
  const settingsFile = join(branch.folder, 'settings.json')
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as object
  const seen = { date: '2026-11-23', lastOrdinals: [['A', 90_998]] }
  writeFileSync(settingsFile, JSON.stringify({ ...settings, seen }))
  await branch.start()
  expect(await kiosk.issue('cash')).toMatchObject(refused('NumbersExhausted'))
  expect(await kiosk.issue('loans')).toMatchObject({ status: 201, body: { number: 'L051' } })
})

test('what the catalogue no longer offers drains: no new tickets, no transfers, the last is still served', async () => {
  await using desk = await openDesk()
  const { ticketId } = await desk.waiting(loans)
  const other = await desk.waiting('cash')
  const smaller = without(
    without(without(bank, 'services', loans, 'accounts'), 'queues', adviceLine),
    'counters',
    'counter-3',
  )
  const { status } = await desk.branch.installer.send('PUT', '/api/v1/catalogue', withPins(smaller))
  expect(status).toBe(200)
  expect(await desk.kiosk.issue(loans)).toMatchObject(refused('ServiceRetired'))
  const place = { toQueueId: adviceLine, place: 'last' }
  expect(await desk.agent.act(other.ticketId, 'transfer', place)).toMatchObject(refused('QueueRetired'))
  expect(await desk.agent.act(ticketId, 'transfer', { toQueueId: 'teller-line', place: 'first' })).toMatchObject({
    status: 200,
    body: { queueId: 'teller-line', serviceId: loans, transferCount: 1, position: 1 },
  })
})

test('a disk that is full refuses the command and is asked again with the next', async () => {
  let isFull = false
  await using branch = await openTestBranch({
    commit(store, head, batch) {
      if (isFull) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
      return store.commit(head, batch)
    },
  })
  const kiosk = await branch.pair('kiosk')
  const key = { 'idempotency-key': 'a-tap' }
  isFull = true
  expect(await kiosk.issue('cash', {}, key)).toMatchObject(refused('StorageUnavailable', 503))
  expect(await branch.installer.send('DELETE', `/api/v1/devices/${kiosk.deviceId}`)).toMatchObject({ status: 503 })
  isFull = false
  expect(await kiosk.issue('cash', {}, key)).toMatchObject({ status: 201, body: { number: 'A001' } })
  expect((await (await branch.staff(counter1, amadou)).callNext(counter1)).body.number).toBe('A001')
})
