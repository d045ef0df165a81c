import { once } from 'node:events'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Snapshot } from '../../shared/domain/state-json.ts'
import type { Pairing } from '../../shared/host/pairing.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { oneLine, openBranchBox } from './branch-box.ts'
import type { KioskBox } from './kiosk-box.ts'
import { openSmallWorld } from './small-world.ts'
import { isInContact, isUp, until } from './until.ts'

const CATCH_UP_EVENTS = 5_000
const AT_ONCE = 50
/** Some dozens of events, of hundreds. */
const CATCH_UP_BYTES = 40_000
const APART_MS = 100
const DAY_MS = 24 * 3_600_000

interface LocalState {
  readonly epoch: string
  readonly seq: number
  readonly headHash: string
}
const localState = (kiosk: KioskBox): Promise<LocalState> => kiosk.get<LocalState>('/local/v1/state')
const pairingOf = (kiosk: KioskBox): Pairing =>
  JSON.parse(readFileSync(join(kiosk.folder, 'pairing.json'), 'utf8')) as Pairing

/** A page of this kiosk, or of somebody else in a browser on its box. */
function openPage(kiosk: KioskBox, query: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${kiosk.host().url.replace('http', 'ws')}/local/v1/feed${query}`, { headers })
  const heard: { type: string; seq?: number; link?: string }[] = []
  socket.on('message', (data) => heard.push(JSON.parse(String(data)) as (typeof heard)[number]))
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve)
    socket.on('error', () => {})
  })
  const refused = new Promise<number>((resolve) =>
    socket.on('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0)),
  )
  return { socket, heard, closed, refused }
}

/** Asks with headers that a browser would set by itself. */
async function askAs(kiosk: KioskBox, path: string, headers: Record<string, string>): Promise<string> {
  const { hostname, port } = new URL(kiosk.host().url)
  const asked = request({ hostname, port, path, headers })
  asked.end()
  const [answer] = await once(asked, 'response')
  let text = `${answer.statusCode} `
  for await (const chunk of answer) text += String(chunk)
  return text
}

test('a server set back to an older copy of its folder gives no number twice, and learns of every paper again', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await kiosk.tap('cash')
  await branch.stop()
  const copy = join(world.folder, 'copy')
  cpSync(branch.folder, copy, { recursive: true })
  const alone = [await kiosk.tap('cash'), await kiosk.tap('loans')]
  await world.together()
  await until('both are known', async () => (await world.line()).length === 3)
  const lost = [await kiosk.tap('cash'), await kiosk.tap('cash')]
  const { headHash } = (await world.caller.get<Snapshot>('/api/v1/snapshot')).body
  await until('the kiosk has seen them', async () => (await localState(kiosk)).headHash === headHash)
  const before = await localState(kiosk)
  await branch.stop()
  rmSync(branch.folder, { recursive: true })
  cpSync(copy, branch.folder, { recursive: true })
  await world.together()

  const next = await kiosk.tap('cash')

  const given = [...alone, ...lost].map(({ body }) => body.ticket.number)
  expect(given).toEqual(['A1001', 'L1001', 'A002', 'A003'])
  expect(next.body).toMatchObject({ offline: false, ticket: { number: 'A054' } })
  await until('the kiosk follows the new epoch', async () => (await localState(kiosk)).epoch !== before.epoch)
  await until('what it printed alone is known again', async () => {
    const line = await world.line()
    return alone.every(({ body }) => line.includes(body.ticket.number))
  })
})

test('a kiosk that was away for five thousand events and a catalogue knows all of it, and then the time', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch, caller } = world
  kiosk.proxy.cut()
  await until('the line is down', () => !isUp(kiosk))
  for (let count = 0; count < CATCH_UP_EVENTS; count += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, () => caller.issue('cash')))
  const [first, ...services] = oneLine.services
  const renamed = { ...first, id: 'coins', prefix: 'Z' }
  await branch.installer.send('PUT', '/api/v1/catalogue', { ...oneLine, services: [first, ...services, renamed] })
  await caller.issue('coins')
  kiosk.proxy.mend()
  const head = async (): Promise<Snapshot> => (await caller.get<Snapshot>('/api/v1/snapshot')).body
  const { seq, headHash } = await head()
  await until('it has caught up', async () => (await localState(kiosk)).headHash === headHash)

  expect(seq).toBeGreaterThan(CATCH_UP_EVENTS)
  const known = await kiosk.get<Snapshot>('/local/v1/snapshot')
  expect(JSON.stringify(known.carried)).toBe(JSON.stringify((await head()).carried))
  await branch.stop()
  expect((await kiosk.tap('coins')).body).toMatchObject({ offline: true, ticket: { number: 'Z1001' } })
})

test('a kiosk is in contact only once it knows all that the branch had when it came back', async () => {
  await using world = await openSmallWorld()
  const { kiosk, caller } = world
  kiosk.proxy.cut()
  await until('the line is down', () => !isUp(kiosk))
  for (let count = 0; count < 300; count += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, () => caller.issue('cash')))
  const { seq: goal } = (await caller.get<Snapshot>('/api/v1/snapshot')).body
  const before = (await localState(kiosk)).seq
  const seqAtNews: number[] = []
  const { host } = kiosk.host()
  const stop = host.onNews((news) => {
    if (news.type === 'link') seqAtNews.push(host.store.seen()?.bookmark.seq ?? 0)
  })
  // The line breaks in the middle of the way to the head.
  kiosk.proxy.cutAfter(CATCH_UP_BYTES)
  await until('it has begun to catch up', async () => (await localState(kiosk)).seq > before)
  await pause(APART_MS)
  expect(seqAtNews).toEqual([])
  kiosk.proxy.mend()
  await until('it is in contact', () => isUp(kiosk))
  stop()
  expect(seqAtNews).toEqual([goal])
})

test('a code that was typed is nobody else’s, whatever key it is sent with', async () => {
  await using world = await openSmallWorld()
  const { branch } = world
  const code = await branch.invite('kiosk', 'the second')
  const second = await world.bare('second')
  expect((await second.post('/local/v1/pair', JSON.stringify({ code }))).status).toBe(200)
  const answer = await fetch(`${branch.url}/api/v1/pairings/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `claim-${code}` },
    body: JSON.stringify({ code, kind: 'kiosk' }),
  })
  expect(answer.status).toBe(403)
  const third = await world.bare('third')
  const wrong = await third.post('/local/v1/pair', JSON.stringify({ code: await branch.invite('display', 'wall') }))
  expect(wrong).toMatchObject({ status: 403, text: expect.stringContaining('PairingCodeInvalid') })
})

test('kiosks on the branch’s own machine have its clock, and are no witnesses of it', async () => {
  await using world = await openSmallWorld(2)
  const { branch, kiosks, caller } = world
  await caller.issue('cash')
  await branch.stop()
  world.pass(4 * DAY_MS)
  await world.together()
  expect((await caller.issue('cash')).body.businessDate).toBe('2026-11-23')
  for (const { proxy } of kiosks) proxy.cut()
  await until('both lines are down', () => !kiosks.some(isUp))
  for (const { proxy } of kiosks) proxy.mend()
  await until('both have shown their bookmarks', () => kiosks.every(isInContact))
  expect((await caller.issue('cash')).body.businessDate).toBe('2026-11-23')
})

test('somebody who taps while the kiosk is still catching up does not come before those who tapped earlier', async () => {
  await using world = await openSmallWorld(2)
  const { kiosks, kiosk, branch, caller } = world
  kiosk.proxy.cut()
  await until('the line is down', () => !isUp(kiosk))
  for (let count = 0; count < 300; count += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, () => caller.issue('cash')))
  const [, other] = kiosks
  const earlier = await other?.tap('cash')
  const before = (await localState(kiosk)).seq
  await pause(2 * APART_MS)
  // The line breaks in the middle of the way to the head, before the branch has said what time it is.
  kiosk.proxy.cutAfter(CATCH_UP_BYTES)
  await until('it has begun to catch up', async () => (await localState(kiosk)).seq > before)
  await until('the line is down again', () => !isUp(kiosk))
  await branch.stop()
  const later = await kiosk.tap('cash')
  kiosk.proxy.mend()
  await world.together()
  await until('the branch knows it', async () => (await world.line()).length === 302)
  const line = await world.line()
  expect(line.slice(-2)).toEqual([earlier?.body.ticket.number, later.body.ticket.number])
})

test('a page is greeted, hears what it missed, every event and how the line is; a bookmark from elsewhere is sent off', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await kiosk.tap('cash')
  const { epoch, seq } = await localState(kiosk)
  const page = openPage(kiosk, `?epoch=${epoch}&after=${seq - 1}`)
  await until('it was greeted', () => page.heard.length >= 4)
  expect(page.heard.slice(0, 4).map(({ type }) => type)).toEqual(['hello', 'TicketIssued', 'link', 'time'])
  await kiosk.tap('cash')
  await until('it heard of the second ticket', () => page.heard.some((it) => it.seq === seq + 1))
  await branch.stop()
  await until('it heard that the line is down', () => page.heard.at(-1)?.link === 'down')
  const events = page.heard.flatMap((it) => (it.seq !== undefined && it.type !== 'hello' ? [it.seq] : []))
  expect(events).toEqual([seq, seq + 1])
  for (const query of ['?epoch=another&after=0', `?epoch=${epoch}&after=${seq + 99}`, `?epoch=${epoch}&after=x`, ''])
    expect(await openPage(kiosk, query).closed).toBe(4409)
})

test('only the kiosk’s own page may ask: no other name for the box, no other site in its browser', async () => {
  await using world = await openSmallWorld()
  const { kiosk } = world
  const { host } = new URL(kiosk.host().url)
  for (const path of ['/', '/local/v1/state', '/local/v1/printer', '/api/v1/board', '/no-such-page'])
    for (const [headers, answer] of [
      [{ host: 'evil.example' }, /^421 .*HostNotAllowed/],
      [{ host, origin: 'http://evil.example' }, /^403 .*OriginNotAllowed/],
      [{ host, origin: 'null' }, /^403 .*OriginNotAllowed/],
    ] as const)
      expect(await askAs(kiosk, path, headers), path).toMatch(answer)
  expect(await askAs(kiosk, '/local/v1/state', { host, origin: `http://${host}` })).toMatch(/^200 /)
  expect(await openPage(kiosk, '', { origin: 'http://evil.example' }).refused).toBe(403)
})

test('what a page asks wrongly is answered as a problem, by the code the branch would give it', async () => {
  await using world = await openSmallWorld()
  const { url } = world.kiosk.host()
  const post = async (type: string, body: string): Promise<object> => {
    const answer = await fetch(`${url}/local/v1/tickets`, { method: 'POST', headers: { 'content-type': type }, body })
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: (await answer.json()) as { status: number; code: string },
    }
  }
  const problem = (status: number, code: string) => ({
    status,
    type: 'application/problem+json; charset=utf-8',
    body: { status, code },
  })
  expect(await post('application/xml', '<x/>')).toMatchObject(problem(415, 'MediaTypeUnsupported'))
  const large = JSON.stringify('x'.repeat(300_000))
  expect(await post('application/json', large)).toMatchObject(problem(413, 'RequestTooLarge'))
  expect(await post('application/json', '{}')).toMatchObject(problem(400, 'RequestInvalid'))
  expect(await post('application/json', '{"serviceId":"nope"}')).toMatchObject(problem(404, 'ServiceUnknown'))
})

test('the token goes to the branch with what the page asks, and never to the page or into the log', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  const { token, deviceId } = pairingOf(kiosk)
  const self = await kiosk.get<{ deviceId: string }>('/api/v1/devices/self')
  expect(self.deviceId).toBe(deviceId)
  const paths = ['/local/v1/state', '/local/v1/snapshot', '/local/v1/print-jobs', '/api/v1/board', '/api/v1/no-such']
  const answers = await Promise.all(paths.map(async (path) => JSON.stringify(await kiosk.get<object>(path))))
  await branch.stop()
  answers.push(JSON.stringify(await kiosk.get<object>('/api/v1/board')))
  expect(answers.at(-1)).toContain('BranchUnreachable')
  await kiosk.off()
  await kiosk.boot()
  expect([...answers, ...kiosk.log].filter((text) => text.includes(token))).toEqual([])
})

test('whoever sits at the branch’s address without its key never sees the token', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  await branch.stop()
  await kiosk.tap('cash')
  const seen: { url: string; headers: IncomingHttpHeaders }[] = []
  const impostor = createServer((asked, answer) => {
    seen.push({ url: asked.url ?? '', headers: asked.headers })
    answer.setHeader('content-type', 'application/json').end(JSON.stringify({ publicKey: 'x', signature: 'y' }))
  })
  impostor.listen(branch.port, '127.0.0.1')
  await once(impostor, 'listening')
  await kiosk.tap('cash')
  expect(await kiosk.get('/api/v1/board')).toMatchObject({ code: 'BranchUnreachable' })
  await until('the kiosk has tried to come back', () => seen.length >= 3)
  impostor.closeAllConnections()
  impostor.close()
  expect(seen.filter(({ headers }) => headers.authorization !== undefined).map(({ url }) => url)).toEqual([])
})

test('a server that takes the line and never answers keeps nobody from a number', async () => {
  await using world = await openSmallWorld()
  const { kiosk } = world
  kiosk.proxy.hang()
  expect((await kiosk.tap('cash')).body).toMatchObject({ offline: true, ticket: { number: 'A1001' } })
  kiosk.proxy.mend()
  await until('the paper is known', async () => (await world.line()).includes('A1001'))
})

test('a kiosk tries again for ever, and finds a server that was away for long', async () => {
  await using world = await openSmallWorld()
  const { kiosk } = world
  kiosk.proxy.cut()
  const before = kiosk.proxy.lineCount()
  await until('it has tried six times', () => kiosk.proxy.lineCount() > before + 6)
  kiosk.proxy.mend()
  await until('it is back', () => isInContact(kiosk))
})

test('a kiosk that moves to another branch brings nothing of the first one there', async () => {
  await using world = await openSmallWorld()
  const { kiosk } = world
  for (let count = 0; count < 5; count += 1) await kiosk.tap('cash')
  await world.branch.stop()
  expect((await kiosk.tap('cash')).body.offline).toBe(true)
  const elsewhere = { ...oneLine, branch: { ...oneLine.branch, id: 'elsewhere' } }
  const second = await openBranchBox(join(world.folder, 'second'), elsewhere)
  const { body } = await second.installer.post<{ link: string }>('/api/v1/pairings', { kind: 'kiosk', name: 'moved' })
  const desk = await second.pair('caller', 'the desk')
  const { epoch } = (await desk.get<Snapshot>('/api/v1/snapshot')).body
  const answer = await kiosk.post('/local/v1/pair', JSON.stringify({ code: body.link }))
  expect(answer).toMatchObject({ status: 409, text: expect.stringContaining('AlreadyPaired') })
  await kiosk.off()
  await kiosk.boot(body.link)
  await until('it follows the second', () => isInContact(kiosk))
  // The code stands there at the next start, too; it has had its answer.
  await kiosk.off()
  await kiosk.boot()
  await until('it follows the second', () => isInContact(kiosk))
  expect(kiosk.log.join()).not.toContain('the pairing code was refused')
  expect((await kiosk.tap('cash')).body).toMatchObject({ offline: false, ticket: { number: 'A001' } })
  expect((await desk.get<Snapshot>('/api/v1/snapshot')).body.epoch).toBe(epoch)
  kiosk.proxy.cut()
  await second.stop()
  expect((await kiosk.tap('cash')).body).toMatchObject({ offline: true, ticket: { number: 'A1002' } })
  await second.start('in-process')
  const line = async () => (await desk.get<readonly TicketJson[]>('/api/v1/tickets')).body.map(({ number }) => number)
  await until('the second knows its own paper', async () => (await line()).includes('A1002'))
  expect(await line()).toEqual(['A001', 'A1002'])
  await second.stop()
})
