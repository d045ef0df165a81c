import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { traceSealed } from '#shared/disk/testing/trace-sealed.ts'
import { type OfflineTicket, openKioskStore } from '../../kiosk/kiosk-store.ts'
import type { Series } from '../../shared/domain/ids.ts'
import { readPairing } from '../../shared/host/pairing.ts'
import { oneLine } from './branch-box.ts'
import type { KioskBox, TapAnswer } from './kiosk-box.ts'
import { openSmallWorld } from './small-world.ts'
import { until } from './until.ts'

const HOUR_MS = 3_600_000
const silent = { info: () => {}, warn: () => {}, error: () => {} }
const night = { ...oneLine, queues: oneLine.queues.map((queue) => ({ ...queue, overnight: true })) }

const numberOf = ({ status, body }: TapAnswer): string =>
  status === 201 ? body.ticket.number : `${status} ${body.code}`

async function tapNumbers(kiosk: KioskBox, ...serviceIds: readonly string[]): Promise<readonly string[]> {
  const numbers: string[] = []
  for (const serviceId of serviceIds) numbers.push(numberOf(await kiosk.tap(serviceId)))
  return numbers
}

/** Puts a paper into the file of a kiosk that is off, as if it had printed it. */
function addPaper(kiosk: KioskBox, ordinal: number, change: Partial<OfflineTicket['paper']> = {}): void {
  const store = openKioskStore(join(kiosk.folder, 'kiosk.db'), Date.now, silent)
  const number = `A1${String(ordinal).padStart(3, '0')}`
  const paper: OfflineTicket['paper'] = {
    ticketId: crypto.randomUUID(),
    number,
    serviceId: 'cash',
    language: 'fr',
    priority: null,
    businessDate: '2026-11-23',
    lastContactSteadyMs: 0,
    sinceContactMs: ordinal,
    tapKey: crypto.randomUUID(),
    ...change,
  }
  const branchKey = readPairing(join(kiosk.folder, 'pairing.json'))?.branchKey ?? ''
  const place = { branchKey, series: 'A' as Series, ordinal, arrivalSteadyMs: ordinal }
  store.keep(paper.tapKey, '{}', { paper, ...place }, null, Date.now())
  store.close()
}

test('a kiosk that is booted cold with no server at all gives numbers of its own and prints them', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await kiosk.off()
  await branch.stop()
  await kiosk.boot()

  const answers = [await kiosk.tap('cash'), await kiosk.tap('loans'), await kiosk.tap('transfers')]

  expect(answers.map(numberOf)).toEqual(['A1001', 'L1001', 'A1002'])
  expect(answers.map(({ body }) => body.offline)).toEqual([true, true, true])
  const numberById = new Map(answers.map(({ body }) => [body.ticket.ticketId, body.ticket.number]))
  await until('three papers came out', () => kiosk.printer.jobs().length === 3)
  expect(kiosk.papers(numberById)).toEqual([...numberById.keys()])
  await world.together()
  await until('the branch knows them', async () => (await world.line()).length === 3)
  expect(await world.line()).toEqual(['A1001', 'L1001', 'A1002'])
})

test('a tap that is sent again with its key gives the same number, also after a restart', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  const online = await kiosk.tap('cash', 'online')
  await branch.stop()
  const alone = await kiosk.tap('cash', 'alone')
  expect([await kiosk.tap('cash', 'online'), await kiosk.tap('cash', 'alone')]).toEqual([online, alone])
  await kiosk.off()
  await kiosk.boot()
  expect([await kiosk.tap('cash', 'online'), await kiosk.tap('cash', 'alone')]).toEqual([online, alone])
  expect(numberOf(await kiosk.tap('cash', 'new'))).toBe('A1002')
})

test('two hands on one screen, one key: one number', async () => {
  await using world = await openSmallWorld()
  await world.branch.stop()
  const answers = await Promise.all([1, 2, 3, 4].map(() => world.kiosk.tap('cash', 'same')))
  expect(new Set(answers.map(numberOf))).toEqual(new Set(['A1001']))
})

test('over the cut-over the block begins anew, and each paper keeps the date it was printed on', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await branch.stop()
  const monday = [await kiosk.tap('cash'), await kiosk.tap('cash')]
  world.pass(20 * HOUR_MS)
  const tuesday = [await kiosk.tap('cash')]
  await kiosk.off()
  await kiosk.boot()
  tuesday.push(await kiosk.tap('cash'))

  const all = [...monday, ...tuesday].map(({ body }) => body.ticket)
  expect(all.map(({ businessDate, number }) => `${businessDate} ${number}`)).toEqual([
    '2026-11-23 A1001',
    '2026-11-23 A1002',
    '2026-11-24 A1001',
    '2026-11-24 A1002',
  ])
  await world.together()
  await until('those of today wait', async () => (await world.line()).length === 2)
  const statuses = await Promise.all(all.map(({ ticketId }) => world.ticket(ticketId)))
  expect(statuses.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'waiting', 'waiting'])
})

test('after a long weekend without the server, whose clock is in doubt then, no paper stays unknown', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await branch.stop()
  const answers: TapAnswer[] = []
  for (let day = 0; day < 4; day += 1) {
    for (const service of ['cash', 'cash', 'loans']) answers.push(await kiosk.tap(service))
    await kiosk.off()
    world.pass(24 * HOUR_MS)
    await kiosk.boot()
  }
  expect(new Set(answers.map(({ body }) => body.ticket.businessDate)).size).toBe(4)
  await world.together()
  await until('some are known', async () => (await world.line()).length > 0)
  await branch.installer.post('/api/v1/day/confirm-clock')
  await world.caller.issue('loans')
  await until('all are known', async () => {
    const known = await Promise.all(answers.map(({ body }) => world.ticket(body.ticket.ticketId)))
    return known.every(({ number }, index) => number === answers[index]?.body.ticket.number)
  })
})

test('in a queue that runs through the night no number is given while somebody still waits with it', async () => {
  await using world = await openSmallWorld(1, night)
  const { kiosk, branch } = world
  await branch.stop()
  expect(await tapNumbers(kiosk, 'cash')).toEqual(['A1001'])
  await world.together()
  await until('the branch knows it', async () => (await world.line()).length === 1)
  await branch.stop()
  expect(await tapNumbers(kiosk, 'cash')).toEqual(['A1002'])
  world.pass(20 * HOUR_MS)
  expect(await tapNumbers(kiosk, 'cash', 'cash')).toEqual(['A1003', 'A1004'])
  await world.together()
  await until('the branch knows all', async () => (await world.line()).length === 4)
})

test('hours, capacity and what staff have closed are as last known; the next morning the line is empty', async () => {
  const [queue, ...queues] = oneLine.queues
  if (queue === undefined) throw new Error('The bank has a queue')
  await using world = await openSmallWorld(1, { ...oneLine, queues: [{ ...queue, maxCapacity: 2 }, ...queues] })
  const { kiosk, branch } = world
  await kiosk.tap('cash')
  expect(numberOf(await kiosk.tap('cash'))).toBe('A002')
  await until('the kiosk knows both', () => kiosk.host().host.store.seen()?.state.tickets.size === 2)
  await branch.stop()
  expect(await tapNumbers(kiosk, 'cash')).toEqual(['409 QueueFull'])
  await kiosk.off()
  world.pass(20 * HOUR_MS)
  await kiosk.boot()
  expect(await tapNumbers(kiosk, 'cash', 'cash', 'cash')).toEqual(['A1001', 'A1002', 'A1003'])
  await world.together()
  await until('all three wait', async () => (await world.line()).length === 3)
  await branch.installer.post(`/api/v1/queues/${queue.id}/close`)
  await until('the kiosk knows of it', () => kiosk.host().host.store.seen()?.state.queueModes.size === 1)
  await branch.stop()
  expect(await tapNumbers(kiosk, 'cash')).toEqual(['409 QueueIsClosed'])
})

test('a block that is used up, a service nobody knows and a key nobody can read are refused by name', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await branch.stop()
  await kiosk.off()
  addPaper(kiosk, 998)
  await kiosk.boot()
  expect(await tapNumbers(kiosk, 'cash', 'cash', 'transfers', 'loans', 'no-such')).toEqual([
    'A1999',
    '409 NumbersExhausted',
    '409 NumbersExhausted',
    'L1001',
    '404 ServiceUnknown',
  ])
  expect(numberOf(await kiosk.tap('cash', 'two words'))).toBe('400 RequestInvalid')
})

test('a kiosk that nobody has paired says so', async () => {
  await using world = await openSmallWorld()
  expect(numberOf(await (await world.bare('new')).tap('cash'))).toBe('409 NotPaired')
})

test('a paper that the branch cannot read does not keep the others from it', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await branch.stop()
  await kiosk.off()
  for (let ordinal = 1; ordinal <= 5; ordinal += 1) addPaper(kiosk, ordinal)
  addPaper(kiosk, 6, { tapKey: '' })
  for (let ordinal = 7; ordinal <= 9; ordinal += 1) addPaper(kiosk, ordinal)
  await kiosk.boot()
  await world.together()
  await until('eight wait', async () => (await world.line()).length === 8)
  expect(await world.line()).toEqual([1, 2, 3, 4, 5, 7, 8, 9].map((ordinal) => `A100${ordinal}`))
  await until('staff are told of the ninth', () => kiosk.log.some((line) => line.includes('A1006')))
})

/** The file is no database any more. */
function spoil(kiosk: KioskBox, name: string): void {
  rmSync(join(kiosk.folder, `${name}-wal`), { force: true })
  writeFileSync(join(kiosk.folder, name), 'x'.repeat(30_000))
}

test('a kiosk whose own memory was destroyed goes on above every number that can be on paper', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await branch.stop()
  const given = new Set<string>()
  for (let count = 0; count < 27; count += 1) given.add(numberOf(await kiosk.tap('cash')))
  expect(given.size).toBe(27)
  await kiosk.off()
  spoil(kiosk, 'kiosk.db')
  await kiosk.boot()

  expect(await tapNumbers(kiosk, 'cash', 'transfers', 'loans')).toEqual(['A1076', 'A1077', 'L1051'])
  await kiosk.off()
  await kiosk.boot()
  expect(await tapNumbers(kiosk, 'cash')).toEqual(['A1078'])
  await world.together()
  await until('the new ones are known', async () => (await world.line()).length === 4)
  world.pass(24 * HOUR_MS)
  await branch.stop()
  expect(await tapNumbers(kiosk, 'cash')).toEqual(['A1001'])
})

test('a kiosk that has lost both of its files asks the branch what is out, and stays above it', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await branch.stop()
  for (let count = 0; count < 4; count += 1) await kiosk.tap('cash')
  await world.together()
  await until('four are known', async () => (await world.line()).length === 4)
  await kiosk.off()
  spoil(kiosk, 'kiosk.db')
  spoil(kiosk, 'feed.db')
  await branch.stop()
  await kiosk.boot()
  expect(await tapNumbers(kiosk, 'cash')).toEqual(['503 BranchUnreachable'])
  await world.together()
  await branch.stop()
  expect(await tapNumbers(kiosk, 'cash', 'cash')).toEqual(['A1055', 'A1056'])
})

test('no two kiosks share a slot; that of a removed one rests until the next day', async () => {
  await using world = await openSmallWorld()
  const { branch, kiosk } = world
  const others = []
  for (let count = 2; count <= 9; count += 1) others.push(await branch.pair('kiosk', `kiosk-${count}`))
  expect(others.map(({ slot }) => slot)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  expect((await branch.pair('kiosk', 'the tenth')).deviceId).toBeUndefined()

  const { device } = await kiosk.get<{ device: { deviceId: string } }>('/local/v1/state')
  await branch.installer.send('DELETE', `/api/v1/devices/${device.deviceId}`)
  await until('the kiosk knows that it was removed', async () => numberOf(await kiosk.tap('cash')) === '409 NotPaired')
  expect((await branch.pair('kiosk', 'the tenth')).deviceId).toBeUndefined()
  world.pass(24 * HOUR_MS)
  await world.caller.post('/api/v1/feed-tickets', {})
  await branch.installer.post('/api/v1/pairings', { kind: 'display', name: 'wakes the day' })
  await others[0]?.issue('cash')
  expect((await branch.pair('kiosk', 'the tenth')).slot).toBe(1)
})

test('a kiosk that is alone erases what customers said when the next day ends, and keeps their papers', async () => {
  await using world = await openSmallWorld()
  const { branch, kiosk } = world
  await branch.stop()
  const details = { name: 'Qanitzy', consent: { version: 1, language: 'fr' } }
  const answer = await fetch(`${kiosk.host().url}/local/v1/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ serviceId: 'cash', details }),
  })
  expect(answer.status).toBe(201)
  const files = () => readdirSync(kiosk.folder).filter((name) => name.startsWith('kiosk.db'))
  const holds = (text: string) => files().some((name) => readFileSync(join(kiosk.folder, name)).includes(text))
  const filesThatTell = traceSealed(join(kiosk.folder, 'kiosk.db'), [['sealed_details', 'details']], [details.name])
  for (const stillKept of [true, false]) {
    expect(filesThatTell()).not.toEqual([])
    expect(holds(details.name)).toBe(false)
    await kiosk.off()
    world.pass(24 * HOUR_MS)
    await kiosk.boot()
    expect(filesThatTell().length > 0).toBe(stillKept)
  }
  expect(holds('A1001')).toBe(true)
})
