import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { keepTime } from '../../branch-server/waist/keep-time.ts'
import { sendOrder } from '../../cloud-sync/store/orders.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { ORDER_MINUTES, type OrderBody, type SentOrder } from '../../shared/wire/orders.ts'
import { type KioskBox, openKioskBox } from '../offline/kiosk-box.ts'
import { readPaper } from '../paper/read-paper.ts'
import { type CutLine, openCutLine } from './cut-line.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }
/** So long the cloud holds back an answer with nothing in it. */
const LIVE_MS = 500
/** What stands on a copy, and on no first paper. */
const COPY_NOTE = 'Le numéro n’est appelé qu’une fois.'
/** After head office has said so, a device that was taken away hears nothing more of its branch. */
const CUT_OFF_MS_MAX = 5_000

let cloud: TestCloud
let line: CutLine
beforeAll(async () => {
  cloud = await openTestCloud(undefined, LIVE_MS)
}, 120_000)
afterAll(() => cloud?.close())
beforeEach(async () => {
  line = await openCutLine(cloud.port)
})
afterEach(() => line.close())

type Identity = Awaited<ReturnType<TestCloud['newBranch']>>

async function openBox(branch: TestBranch, restart: () => void): Promise<KioskBox> {
  const { body } = await branch.installer.post<{ code: string }>('/api/v1/pairings', { kind: 'kiosk', name: 'Hall 1' })
  const box = await openKioskBox({
    ...{ name: 'Hall 1', folder: mkdtempSync(join(tmpdir(), 'smartqueue-orders-')), aheadMs: 0, restart },
    ...{ branchPort: Number(new URL(branch.url).port), pairingCode: body.code, random: () => 0.5 },
  })
  await box.boot()
  await expect.poll(() => box.host().host.status().link, PATIENCE).toBe('up')
  return box
}

/** Stands for the kiosk's page: it says that it shows the name, as the real one does once it has drawn. */
async function openPage(box: KioskBox): Promise<{ readonly shown: string[]; close(): void }> {
  const shown: string[] = []
  const { url } = box.host()
  const { epoch, seq } = await box.get<{ epoch: string; seq: number }>('/local/v1/state')
  const socket = new WebSocket(`${url.replace('http', 'ws')}/local/v1/feed?epoch=${epoch}&after=${seq}`, {
    headers: { origin: url },
  })
  socket.on('error', () => {})
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { type: string; orderId: string }
    if (message.type !== 'identify') return
    shown.push(message.orderId)
    void box.post(`/local/v1/orders/${message.orderId}`, '{"outcome":"Applied"}')
  })
  return { shown, close: () => socket.terminate() }
}

const send = ({ branchId }: Identity, order: OrderBody) =>
  cloud.asAdmin<{ number: number; code?: string }>('POST', `/branches/${branchId}/orders`, order)
/** As head office said it long ago: the cloud's own words, with an older clock. */
const sendLongAgo = (identity: Identity, order: OrderBody) =>
  cloud.database.asTenant(cloud.tenantId, (db) =>
    sendOrder(db, identity, order, Date.now() - (ORDER_MINUTES[order.kind] + 1) * 60_000),
  )
const ordersOf = async ({ branchId }: Identity): Promise<readonly SentOrder[]> =>
  (await cloud.asAdmin<{ items: SentOrder[] }>('GET', `/branches/${branchId}/orders`)).body.items.toReversed()
const statesOf = async (identity: Identity) =>
  (await ordersOf(identity)).map(({ kind, state, code }) => [kind, state, code])
const textsOf = async (box: KioskBox): Promise<readonly string[]> =>
  Promise.all(box.printer.jobs().map(async (job) => (await readPaper(job, profileNamed('paper-80'))).text))

test('what head office had a branch’s devices do while the line was cut is done once, and what was too old is not', async () => {
  const identity = await cloud.newBranch()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  await expect
    .poll(() => branch.running.waist.branch().store.cloud.stand('inbox', identity.branchId).handle, PATIENCE)
    .not.toBeNull()
  let restarts = 0
  const box = await openBox(branch, () => {
    restarts += 1
  })
  const page = await openPage(box)
  try {
    const deviceId = box.host().host.pairing()?.deviceId ?? ''
    const { body } = await box.tap('cash')
    await expect.poll(() => box.printer.jobs().length, PATIENCE).toBe(1)
    line.cut()
    expect((await send(identity, { kind: 'reprint', deviceId })).status).toBe(201)
    expect((await send(identity, { kind: 'identify', deviceId })).status).toBe(201)
    expect((await send(identity, { kind: 'restart', deviceId })).status).toBe(201)
    expect((await send(identity, { kind: 'restart', deviceId: 'nobody' })).status).toBe(201)
    await sendLongAgo(identity, { kind: 'reprint', deviceId })
    await sendLongAgo(identity, { kind: 'restart', deviceId })
    expect((await statesOf(identity)).map(([, state]) => state)).toEqual(Array(6).fill('queued'))
    line.mend()
    await expect.poll(() => restarts, PATIENCE).toBe(1)
    // As its own program does then.
    page.close()
    await box.off()
    await box.boot()
    const statesLater = () => {
      // A device that says nothing is told again after a while, by the branch's own clock.
      branch.clock.pass(500)
      return statesOf(identity)
    }
    await expect.poll(statesLater, PATIENCE).toEqual([
      ...[
        ['reprint', 'done', null],
        ['identify', 'done', null],
        ['restart', 'done', null],
      ],
      ['restart', 'refused', 'DeviceUnknown'],
      ...[
        ['reprint', 'expired', null],
        ['restart', 'expired', null],
      ],
    ])
    expect(page.shown).toHaveLength(1)
    const papers = await textsOf(box)
    expect(papers).toHaveLength(2)
    expect(papers.map((text) => text.includes(COPY_NOTE))).toEqual([false, true])
    expect(papers.every((text) => text.includes('ticket' in body ? body.ticket.number : '?'))).toBe(true)

    // A branch whose disk was put back does all of it again; its devices have had it.
    const { store } = branch.running.waist.branch()
    const before = await ordersOf(identity)
    const documents = await cloud.database.asTenant(cloud.tenantId, (db) =>
      db.query<{ document: string }>('select document from inbox where branch_id = $1 order by number limit 3', [
        identity.branchId,
      ]),
    )
    expect(store.orders.open(identity.branchId)).toEqual([])
    for (const { document } of documents) {
      const { number, expiresAtMs, message } = JSON.parse(document)
      await keepTime(branch.running.waist, ({ orders }) =>
        orders.take(identity.branchId, { number, expiresAtMs, message }),
      )
    }
    await box.off()
    await branch.restart()
    await box.boot()
    await expect.poll(() => branch.running.waist.branch().store.orders.open(identity.branchId).length, PATIENCE).toBe(0)
    expect([restarts, box.printer.jobs().length]).toEqual([1, 2])
    expect((await ordersOf(identity)).map(({ state }) => state)).toEqual(before.map(({ state }) => state))
  } finally {
    await box.close()
    rmSync(box.folder, { recursive: true })
  }
}, 180_000)

test('an order that was written down as told, and that its device hears of only after its time, is not begun', async () => {
  const identity = await cloud.newBranch()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  await expect
    .poll(() => branch.running.waist.branch().store.cloud.stand('inbox', identity.branchId).handle, PATIENCE)
    .not.toBeNull()
  let restarts = 0
  const box = await openBox(branch, () => {
    restarts += 1
  })
  try {
    const deviceId = box.host().host.pairing()?.deviceId ?? ''
    await box.tap('cash')
    await expect.poll(() => box.printer.jobs().length, PATIENCE).toBe(1)
    await box.off()
    for (const kind of ['reprint', 'identify', 'restart'] as const) await send(identity, { kind, deviceId })
    const open = () => branch.running.waist.branch().store.orders.open(identity.branchId)
    await expect.poll(() => open().length, PATIENCE).toBe(3)
    // The line died as they were told, and is back only now.
    const expiresAtMs = Date.now() - 10_000
    for (const { number, message } of open())
      await keepTime(branch.running.waist, ({ orders }) => {
        orders.drop(identity.branchId, [number])
        orders.take(identity.branchId, { number, message, expiresAtMs })
        orders.markTold(identity.branchId, number)
      })
    await branch.restart()
    await box.boot()
    await expect
      .poll(() => statesOf(identity), PATIENCE)
      .toEqual(['reprint', 'identify', 'restart'].map((kind) => [kind, 'expired', null]))
    expect([restarts, box.printer.jobs().length]).toEqual([0, 1])
  } finally {
    await box.close()
    rmSync(box.folder, { recursive: true })
  }
}, 120_000)

test('a device that head office takes away is cut off within five seconds, for ever', async () => {
  const identity = await cloud.newBranch()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  await expect
    .poll(() => branch.running.waist.branch().store.cloud.stand('inbox', identity.branchId).handle, PATIENCE)
    .not.toBeNull()
  const box = await openBox(branch, () => {})
  try {
    const deviceId = box.host().host.pairing()?.deviceId ?? ''
    const askedMs = performance.now()
    expect((await send(identity, { kind: 'remove', deviceId })).status).toBe(201)
    await expect.poll(() => box.host().host.pairing(), { timeout: 20_000, interval: 20 }).toBeNull()
    expect(performance.now() - askedMs).toBeLessThan(CUT_OFF_MS_MAX)
    await expect.poll(() => statesOf(identity), PATIENCE).toEqual([['remove', 'done', null]])
    expect((await branch.installer.get<object[]>('/api/v1/devices')).body).toEqual([])
    await branch.restart()
    expect((await branch.installer.get<object[]>('/api/v1/devices')).body).toEqual([])
    // Once more is no longer anybody.
    await send(identity, { kind: 'identify', deviceId })
    await expect
      .poll(async () => (await statesOf(identity)).at(-1), PATIENCE)
      .toEqual(['identify', 'refused', 'DeviceUnknown'])
  } finally {
    await box.close()
    rmSync(box.folder, { recursive: true })
  }
}, 120_000)

const SYLLABLES = ['Ama', 'dou', 'Fa', 'tou', 'Bin', 'ta', 'Ous', 'mane', 'Ndeye', 'Cheikh']
const planted = Array.from({ length: 1_000 }, (_, index) => {
  const [a = '', b = '', c = ''] = [index % 10, Math.floor(index / 10) % 10, Math.floor(index / 100)].map(
    (place) => SYLLABLES[place] ?? '',
  )
  return {
    name: `Zz${a}${b.toLowerCase()} Qx${c}${index}`,
    phone: `+22177${String(1_000_000 + index * 7_919).slice(-7)}`,
  }
})

test('what a branch sends of how it is holds none of a thousand names and phones that it knows or has logged', async () => {
  const identity = await cloud.newBranch()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code } })
  const kiosk = await branch.pair('kiosk', planted[0]?.name)
  const consent = { version: 1, language: 'fr' }
  for (const { name, phone } of planted.slice(0, 100)) await kiosk.issue('cash', { details: { name, phone, consent } })
  const { log } = branch.running.app
  for (const [index, { name, phone }] of planted.entries()) {
    const lower = name.toLowerCase()
    if (index % 4 === 0) log.error({ name, phone, number: Number(phone) }, `${name} came with ${phone}, ${lower}`)
    if (index % 4 === 1)
      log.warn({ err: new Error(`${name}\n    at branch-server/${lower}.ts:1:1 ${phone}`), [phone]: 1 })
    if (index % 4 === 2)
      log.error({ err: Object.assign(new Error(lower), { code: name }), status: phone }, 'the feed threw')
    if (index % 4 === 3) log.info({ req: { url: `/x?${phone}` }, list: [name], status: Number(phone) }, lower)
  }
  line.cut()
  expect((await send(identity, { kind: 'diagnostics' })).status).toBe(201)
  line.mend()
  await expect.poll(() => statesOf(identity), PATIENCE).toEqual([['diagnostics', 'done', null]])
  const path = `/api/v1/tenants/bank/branches/${identity.branchId}/orders/1/diagnostics`
  const answer = await fetch(`http://127.0.0.1:${cloud.port}${path}`, {
    headers: { authorization: `Bearer ${cloud.key}` },
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/gzip'])
  const text = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()
  const bundle = JSON.parse(text) as { lines: { text: string }[]; devices: object[]; counts: { waiting: number } }
  expect(bundle.lines.length).toBe(300)
  expect(bundle.lines.some((it) => it.text === 'the feed threw')).toBe(true)
  const folded = text.toLowerCase()
  const found = planted.flatMap(({ name, phone }) =>
    [name, ...name.split(' '), phone, phone.slice(1), phone.slice(-7)].filter((it) =>
      folded.includes(it.toLowerCase()),
    ),
  )
  expect(found).toEqual([])
  expect(bundle.counts.waiting).toBe(100)
  expect((await fetch(`http://127.0.0.1:${cloud.port}${path}`)).status).toBe(401)
}, 120_000)

test('an order is bounded, sent once with one key, and no other branch’s', async () => {
  const identity = await cloud.newBranch()
  const post = async (body: object, key: string) => {
    const answer = await fetch(
      `http://127.0.0.1:${cloud.port}/api/v1/tenants/bank/branches/${identity.branchId}/orders`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${cloud.key}`, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      },
    )
    const { number, code } = (await answer.json()) as { number?: number; code?: string }
    return [answer.status, number ?? code]
  }
  const order = { kind: 'restart', deviceId: 'kiosk-1' }
  expect(await Promise.all([post(order, 'a'), post(order, 'a')])).toEqual([
    [201, 1],
    [201, 1],
  ])
  expect(await post({ ...order, kind: 'identify' }, 'a')).toEqual([422, 'IdempotencyKeyReused'])
  expect((await post({ kind: 'reboot', deviceId: 'kiosk-1' }, 'b'))[0]).toBe(400)
  for (let count = 2; count <= 32; count += 1) expect(await post(order, `n${count}`)).toEqual([201, count])
  expect(await post(order, 'full')).toEqual([409, 'OrdersFull'])
  // What screens were told stands in a list of its own.
  const inbox = `/branches/${identity.branchId}/inbox`
  const message = { type: 'ShowMessage', messageId: 'delay', minutes: 5 }
  expect((await cloud.asAdmin('POST', inbox, { message })).status).toBe(201)
  const { body } = await cloud.asAdmin<readonly { message: object }[]>('GET', inbox)
  expect(body.map((it) => it.message)).toEqual([message])
}, 60_000)
