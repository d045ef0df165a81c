import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { carryState, type Snapshot, stateOfSnapshot } from '#shared/domain/state-json.ts'
import { amadou, cash, counter1, loans } from '#shared/domain/testing/bank.ts'
import { lobbyBoard } from '#shared/project/lobby-board.ts'
import { READERS_PER_DEVICE_MAX } from './feed.ts'
import type { DeviceClient } from './testing/client.ts'
import { throwDice } from './testing/dice.ts'
import { eventsOf, fold, followFeed, openFeed } from './testing/follow-feed.ts'
import { openTestBranch, type TestBranch } from './testing/test-branch.ts'

let branch: TestBranch
let kiosk: DeviceClient
let caller: DeviceClient
let display: DeviceClient
beforeAll(async () => {
  branch = await openTestBranch()
  kiosk = await branch.pair('kiosk')
  caller = await branch.staff(counter1, amadou)
  display = await branch.pair('display')
  for (const serviceId of [cash, loans, cash]) await kiosk.issue(serviceId)
})
afterAll(() => branch[Symbol.asyncDispose]())

const head = () => branch.running.waist.branch().head
const wholeLog = (): readonly string[] =>
  Array.from({ length: head().seq }, (_, index) => {
    const frame = branch.running.waist.branch().store.log.at(head().epoch, index + 1)
    if (frame === null) throw new Error(`The log lacks event ${index + 1}`)
    return frame.body
  })

async function serveOne(): Promise<void> {
  const { body } = await caller.callNext(counter1)
  await caller.act(body.ticketId, 'complete')
}

test('a device says where it is and hears hello, then every event after that place, byte for byte', async () => {
  const log = wholeLog()
  const { epoch, seq, hash } = head()
  for (let after = 0; after <= seq; after += 1) {
    const feed = await followFeed(display, { epoch, after })
    await feed.until(after === seq ? 0 : seq)
    while (feed.messages.length === 0) await new Promise((resolve) => feed.socket.once('message', resolve))
    expect(feed.messages[0]).toEqual({ type: 'hello', epoch, seq, headHash: hash })
    expect(feed.bodies).toEqual(log.slice(after))
    await feed.close()
  }
})

test('without a place the feed begins at the head', async () => {
  const feed = await followFeed(display)
  await new Promise((resolve) => feed.socket.once('message', resolve))
  await kiosk.issue(cash)
  await feed.until(head().seq)
  expect(eventsOf(feed).map(({ type }) => type)).toEqual(['TicketIssued'])
  await feed.close()
})

test('a place in another epoch, or beyond the head, gets hello and is closed with 4409', async () => {
  const { epoch, seq } = head()
  for (const bookmark of [
    { epoch: crypto.randomUUID(), after: 0 },
    { epoch: '', after: 1 },
    { epoch, after: seq + 1 },
    { epoch, after: 999_999_999_999_999 },
  ]) {
    const feed = await followFeed(display, bookmark)
    expect(await feed.closed).toMatchObject({ code: 4409 })
    expect(feed.messages).toMatchObject([{ type: 'hello', epoch, seq }])
  }
})

test('a device that loses its line 200 times while the branch works has every event once, in order', async () => {
  let heard: string[] = []
  const dice = throwDice(20_261_123)
  const { epoch } = head()
  let isWorking = true
  const work = (async () => {
    while (isWorking) {
      await Promise.all([kiosk.issue(cash), kiosk.issue(loans), kiosk.issue(cash)])
      await serveOne()
    }
  })()
  for (let time = 1; time <= 200; time += 1) {
    const feed = await followFeed(display, { epoch, after: heard.length })
    await feed.until(heard.length + dice.roll(4))
    feed.socket.terminate()
    heard = [...heard, ...feed.bodies]
  }
  isWorking = false
  await work
  const feed = await followFeed(display, { epoch, after: heard.length })
  await feed.until(heard.length < head().seq ? head().seq : 0)
  heard = [...heard, ...feed.bodies]
  expect(heard).toEqual(wholeLog())
  await feed.close()
})

test('folding the feed gives what the branch has, from the first event and from a snapshot', async () => {
  const early = (await display.get<Snapshot>('/api/v1/snapshot')).body
  for (const serviceId of [cash, loans]) await kiosk.issue(serviceId)
  await serveOne()
  await kiosk.post('/api/v1/tickets/adopt', { tickets: [] })
  const { state, store } = branch.running.waist.branch()
  const whole = await followFeed(display, { after: 0 })
  await whole.until(head().seq)
  const fromFirst = fold(eventsOf(whole), store.catalogues.shelf)
  expect(carryState(fromFirst)).toEqual(carryState(state))
  expect((await display.get('/api/v1/board')).body).toMatchObject(lobbyBoard(fromFirst))
  const news = eventsOf(whole).filter(({ seq }) => seq > early.seq)
  const noShelf = (): never => {
    throw new Error('No catalogue was applied')
  }
  const fromSnapshot = fold(news, noShelf, stateOfSnapshot(early))
  expect(carryState(fromSnapshot)).toEqual(carryState(state))
  expect(lobbyBoard(fromSnapshot)).toEqual(lobbyBoard(state))
  await whole.close()
})

test('a feed ticket opens one socket, within thirty seconds', async () => {
  const { body } = await display.post<{ ticket: string; expiresAtMs: number }>('/api/v1/feed-tickets', {})
  expect(body.expiresAtMs).toBe(branch.clock.wallMs() + 30_000)
  const feed = openFeed(branch.url, body.ticket)
  await new Promise((resolve) => feed.socket.once('message', resolve))
  const expectRefused = async (ticket: string): Promise<void> => {
    const refused = openFeed(branch.url, ticket)
    await Promise.race([
      refused.closed,
      refused.until(1),
      new Promise((resolve) => refused.socket.once('open', resolve)),
    ])
    expect(refused.socket.readyState).not.toBe(WebSocket.OPEN)
    expect(refused.messages).toEqual([])
  }
  for (const ticket of [body.ticket, 'no-such-ticket', '']) await expectRefused(ticket)
  const late = (await display.post<{ ticket: string }>('/api/v1/feed-tickets', {})).body.ticket
  branch.clock.pass(30_000)
  await expectRefused(late)
  expect(feed.socket.readyState).toBe(WebSocket.OPEN)
  await feed.close()
  expect(await display.get('/api/v1/feed?ticket=x')).toMatchObject({ status: 400, body: { code: 'RequestInvalid' } })
})

test('an answer says which ping it answers, and one that names none is answered too', async () => {
  const feed = await followFeed(display)
  const said = async (count: number): Promise<unknown> => {
    while (feed.messages.length < count) await new Promise((resolve) => feed.socket.once('message', resolve))
    return feed.messages[count - 1]
  }
  await said(1)
  feed.socket.send('{"type":"ping","n":7,"wallMs":1}')
  expect(await said(2)).toMatchObject({ type: 'time', n: 7 })
  feed.socket.send('{"type":"ping","n":8}')
  expect(await said(3)).toMatchObject({ type: 'time', n: 8 })
  feed.socket.send('{"type":"ping"}')
  expect(await said(4)).not.toHaveProperty('n')
  await feed.close()
})

test('a ping is answered with the time; anything else ends the feed', async () => {
  const feed = await followFeed(display)
  feed.socket.once('open', () => feed.socket.send('{"type":"ping","wallMs":1}'))
  while (feed.messages.length < 2) await new Promise((resolve) => feed.socket.once('message', resolve))
  expect(feed.messages[1]).toMatchObject({ type: 'time', atMs: branch.clock.wallMs() })
  feed.socket.send('{"type":"ping"} ')
  expect(await feed.closed).toMatchObject({ code: 4400 })
  const long = await followFeed(display)
  long.socket.once('open', () => long.socket.send('x'.repeat(2_000)))
  expect(await long.closed).toMatchObject({ code: 1009 })
})

test('a device whose line hangs half open does not hold up the end of the branch', async () => {
  const other = await openTestBranch()
  const device = await other.pair('display')
  const { body } = await device.post<{ ticket: string }>('/api/v1/feed-tickets', {})
  const { hostname, port, host } = new URL(other.url)
  // Shakes hands, and then never says anything again: not even goodbye.
  const line = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  const head = [
    `GET /api/v1/feed?ticket=${body.ticket} HTTP/1.1`,
    `host: ${host}`,
    ...['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13'],
    `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}`,
  ]
  line.on('error', () => {})
  line.write(`${head.join('\r\n')}\r\n\r\n`)
  await once(line, 'data')
  const startedMs = performance.now()
  await other[Symbol.asyncDispose]()
  expect(performance.now() - startedMs).toBeLessThan(10_000)
  line.destroy()
})

test('one device cannot take everybody’s places: its oldest socket is let go', async () => {
  const first = await followFeed(display)
  await new Promise((resolve) => first.socket.once('message', resolve))
  const others = []
  for (let count = 1; count <= READERS_PER_DEVICE_MAX; count += 1) {
    const feed = await followFeed(display)
    await new Promise((resolve) => feed.socket.once('message', resolve))
    others.push(feed)
  }
  expect(await first.closed).toMatchObject({ code: 4429 })
  expect(others.filter(({ socket }) => socket.readyState === WebSocket.OPEN)).toHaveLength(READERS_PER_DEVICE_MAX)
  for (const { socket } of others) socket.terminate()
})

test('when a new epoch begins, whoever follows the old one is sent to the new board', async () => {
  const feed = await followFeed(display, { after: 0 })
  const { seq, epoch } = head()
  await feed.until(seq)
  const bookmark = { epoch, seq: seq + 5, headHash: 'a'.repeat(64) }
  expect((await kiosk.post('/api/v1/feed-tickets', { bookmark })).status).toBe(201)
  expect(await feed.closed).toMatchObject({ code: 4409 })
  expect(head().epoch).not.toBe(epoch)
  const whole = await followFeed(display, { epoch: head().epoch, after: 0 })
  await whole.until(head().seq)
  const { state, store } = branch.running.waist.branch()
  expect(carryState(fold(eventsOf(whole), store.catalogues.shelf))).toEqual(carryState(state))
  await whole.close()
})
