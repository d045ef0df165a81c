import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Scope } from '#shared/access/roles.ts'
import { LIVE_CLOSES, type StatsUpdated } from '#shared/wire/live.ts'
import type { PresentBody } from '#shared/wire/sync.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { makeApiKey, revokeApiKey } from '../store/api-keys.ts'
import { keepPresent } from '../store/present-rows.ts'
import { addSigningBranch, type SigningBranch } from '../testing/signing-branch.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'

let server: TestStore
/** Two clouds on one database. */
let one: App
let two: App
let stops: (() => void)[] = []
let passedMs = 0
const nowMs = (): number => Date.now() + passedMs
let bank: SigningBranch
let town: SigningBranch
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  const parts = { database: server.database, version: '0', nowMs }
  ;[one, two] = [await openApp(parts, silent), await openApp(parts, silent)]
  for (const app of [one, two]) await app.listen({ host: '127.0.0.1', port: 0 })
  stops = [one, two].map(({ live }) => live.start())
  bank = await addSigningBranch(server.database, nowMs)
  town = await addSigningBranch(server.database, nowMs)
}, 120_000)
afterAll(async () => {
  for (const stop of stops) stop()
  await Promise.all([one?.close(), two?.close()])
  await server?.close()
})

const keyOf = ({ tenantId }: SigningBranch, scopes: readonly Scope[] = ['read:queue', 'read:ticket']) =>
  server.database.asTenant(tenantId, async (db) => {
    const asked = { name: 'screen', scopes, expiresAtMs: nowMs() + 3_600_000, madeBy: randomUUID() }
    const made = await makeApiKey(db, tenantId, asked, nowMs())
    return { key: made?.key ?? '', keyId: made?.keyId ?? '' }
  })

interface Line {
  readonly socket: WebSocket
  readonly told: readonly StatsUpdated[]
  readonly closed: Promise<number>
}

/** As a browser opens it: the token is among the protocols. @throws with the status of whoever is refused */
async function open(app: App, { slug }: SigningBranch, key: string, query = ''): Promise<Line> {
  const told: StatsUpdated[] = []
  const { port } = app.server.address() as AddressInfo
  const url = `ws://127.0.0.1:${port}/api/v1/tenants/${slug}/live${query}`
  const socket = new WebSocket(url, ['smartqueue.live', `bearer.${key}`])
  socket.on('message', (data) => told.push(JSON.parse(String(data)) as StatsUpdated))
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await once(socket, 'open')
  return { socket, told, closed }
}

const saying = (seq: number, waitingCount: number): PresentBody => ({
  ...{ epoch: 'one', seq, steadyMs: seq, atMs: nowMs(), date: '2026-11-27', isClockDoubted: false },
  ...{ isIntakeStopped: false, counters: [], devices: [] },
  queues: [{ queueId: 'cash', waitingCount, longestWaitMs: 60_000, isPaused: false, isClosed: false }],
})

let seq = 0
/** A branch says at one cloud how it is. */
async function say(app: App, branch: SigningBranch, waitingCount: number): Promise<void> {
  seq += 1
  await keepPresent(server.database, branch, saying(seq, waitingCount), { signedAtMs: nowMs(), nowMs: nowMs() })
  app.live.changed(branch)
}

const PATIENCE = { timeout: 15_000, interval: 50 }
const lastWaiting = ({ told }: Line): number | undefined =>
  told.findLast(({ branches }) => branches.length > 0)?.branches[0]?.heard?.waitingCount

test('two clouds on one database both tell, whichever hears the branch', async () => {
  await say(one, bank, 3)
  const { key } = await keyOf(bank)
  const lines = [await open(one, bank, key), await open(two, bank, key)]
  await expect.poll(() => lines.map(lastWaiting), PATIENCE).toEqual([3, 3])
  passedMs += 6_000
  await say(two, bank, 4)
  await expect.poll(() => lines.map(lastWaiting), PATIENCE).toEqual([4, 4])
  for (const { socket } of lines) socket.terminate()
})

test('a tenant’s line is opened by its own alone, by who may read queues', async () => {
  const refused = async (key: string, slug = bank.slug) => {
    const headers = { authorization: `Bearer ${key}` }
    return (await one.inject({ url: `/api/v1/tenants/${slug}/live`, headers })).statusCode
  }
  const { key: theirs } = await keyOf(town)
  const { key: narrow } = await keyOf(bank, ['read:feedback'])
  const { key: ours } = await keyOf(bank)
  expect([await refused(theirs), await refused(narrow), await refused('')]).toEqual([401, 403, 401])
  await expect(open(one, bank, theirs)).rejects.toThrow('401')
  // Let in, and told that it is a socket.
  expect(await refused(ours)).toBe(400)
  await expect(open(one, bank, ours, `?branch=${town.branchId}`)).rejects.toThrow('404')
})

test('of one branch its floor is told, without tickets to who may not read them', async () => {
  await say(one, bank, 5)
  const { key } = await keyOf(bank, ['read:queue'])
  const line = await open(one, bank, key, `?branch=${bank.branchId}`)
  await expect.poll(() => line.told.length, PATIENCE).toBe(1)
  expect(line.told[0]).toMatchObject({
    ...{ type: 'stats.updated', isWhole: true, branches: [{ branchId: bank.branchId }] },
    floor: { branchId: bank.branchId, tickets: null, present: { queues: [{ waitingCount: 5 }] } },
  })
  const { body } = await one.inject({
    url: `/api/v1/tenants/${bank.slug}/branches/${bank.branchId}/floor`,
    headers: { authorization: `Bearer ${(await keyOf(bank)).key}` },
  })
  expect(JSON.parse(body)).toMatchObject({ tickets: [], isCut: false, present: { queues: [{ waitingCount: 5 }] } })
  line.socket.terminate()
})

test('a key that is revoked has its line closed, on whichever cloud', async () => {
  const { key, keyId } = await keyOf(bank)
  const line = await open(two, bank, key)
  await expect.poll(() => line.told.length, PATIENCE).toBe(1)
  await server.database.asTenant(bank.tenantId, (db) => revokeApiKey(db, bank.tenantId, keyId, nowMs()))
  passedMs += 15_000
  expect(await line.closed).toBe(4401)
})

test('whoever is signed out, or loses her key, follows no longer at once, on whichever cloud', async () => {
  const { key, keyId } = await keyOf(bank)
  const lines = [await open(one, bank, key), await open(two, bank, key)]
  await expect.poll(() => lines.map(({ told }) => told.length > 0), PATIENCE).toEqual([true, true])
  const beganAt = performance.now()
  await server.database.asTenant(bank.tenantId, (db) => revokeApiKey(db, bank.tenantId, keyId, nowMs()))
  expect(await Promise.all(lines.map(({ closed }) => closed))).toEqual([LIVE_CLOSES.over, LIVE_CLOSES.over])
  // Neither clock was moved: nothing but the notice has ended them, long before she would have been asked again.
  expect(performance.now() - beganAt).toBeLessThan(5_000)
})
