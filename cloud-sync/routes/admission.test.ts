import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { openDatabase } from '../store/database.ts'
import { addSigningBranch, type SigningBranch } from '../testing/signing-branch.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'

const nowMs = (): number => Date.now()
const EVENTS = '/api/v1/sync/events'
const PATIENCE = { timeout: 30_000, interval: 50 }
const PRESENT = JSON.stringify({
  ...{ epoch: 'epoch', seq: 1, steadyMs: 1, atMs: 1, date: null, isClockDoubted: false, isIntakeStopped: false },
  ...{ queues: [], counters: [], devices: [] },
})

let server: TestStore
/** With one place, and a database for which others may be said to wait. */
let app: App
let othersWaiting = 0
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  const database = { ...server.database, waitingCount: () => othersWaiting }
  const admission = { historyPlaces: 1, historyAtOnce: 1, waitingMax: { now: 400, beside: 40, history: 400 } }
  app = await openApp({ database, version: '0', nowMs, admission }, silent)
  await app.listen({ host: '127.0.0.1', port: 0 })
}, 120_000)
afterAll(async () => {
  await app?.close()
  await server?.close()
})

function post(of: SigningBranch, url: string, body: string): Promise<LightMyRequestResponse> {
  const headers = { authorization: of.authorization('POST', url, body), 'content-type': 'application/json' }
  return app.inject({ method: 'POST', url, headers, body })
}
const newBranch = (): Promise<SigningBranch> => addSigningBranch(server.database, nowMs)
const upload = (of: SigningBranch): Promise<LightMyRequestResponse> =>
  post(of, EVENTS, JSON.stringify({ epoch: 'epoch', events: ['nothing that can be read'] }))

/** An upload whose body does not come. @returns gives it up */
async function beginUpload(of: SigningBranch): Promise<() => Promise<void>> {
  const { port } = app.server.address() as AddressInfo
  const headers = { 'content-type': 'application/json', 'content-length': '100' }
  const authorization = of.authorization('POST', EVENTS, 'what will come')
  const asked = request({ port, method: 'POST', path: EVENTS, headers: { ...headers, authorization } })
  asked.on('error', () => {})
  // Who asks meanwhile would take its place.
  const isThere = once(app.server, 'request')
  asked.flushHeaders()
  await isThere
  return async () => {
    const isClosed = new Promise((resolve) => asked.once('close', resolve))
    asked.destroy()
    await isClosed
  }
}

test('while one brings its history another is told when to come again; how it is, it may tell', async () => {
  const [one, other] = [await newBranch(), await newBranch()]
  const giveUp = await beginUpload(one)
  await expect.poll(async () => (await upload(other)).statusCode, PATIENCE).toBe(503)
  const refused = await upload(other)
  expect(refused.json()).toMatchObject({ code: 'TooBusy' })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await post(other, '/api/v1/sync/now', PRESENT)).statusCode).toBe(200)
  // A line that breaks in the middle of an upload gives its place back.
  await giveUp()
  await expect.poll(async () => (await upload(other)).statusCode, PATIENCE).toBe(400)
})

test('the more wait for the database the fewer are let in: last of all those who say how they are', async () => {
  const branch = await newBranch()
  const side = (): Promise<LightMyRequestResponse> =>
    post(branch, '/api/v1/sync/side', JSON.stringify({ epoch: 'epoch', rows: [], erased: [], held: [] }))
  const answers = async () => [
    (await post(branch, '/api/v1/sync/now', PRESENT)).statusCode,
    (await side()).statusCode,
    (await upload(branch)).statusCode,
  ]
  expect(await answers()).toEqual([200, 200, 400])
  othersWaiting = 100
  // Of uploads a few are on their way, whoever else waits: else nobody’s history would ever come.
  expect(await answers()).toEqual([200, 503, 400])
  othersWaiting = 1_000
  expect(await answers()).toEqual([503, 503, 503])
  othersWaiting = 0
  expect(await answers()).toEqual([200, 200, 400])
})

test('who only says to be somebody takes nobody’s place', async () => {
  const [one, liar] = [await newBranch(), await newBranch()]
  const lied = {
    ...liar,
    authorization: () => one.authorization('POST', EVENTS, 'another body').replace(/\w{8}$/, 'AAAAAAAA'),
  }
  for (let each = 0; each < 3; each += 1) expect((await upload(lied)).statusCode).toBe(401)
  expect((await upload(liar)).statusCode).toBe(400)
})

test('whoever waits in vain for a connection is told to come again, too', async () => {
  const own = await openDatabase({
    administratorUrl: server.administratorUrl,
    log: silent,
    connectionsMax: 1,
    waitMsMax: 1_500,
  })
  const crowded = await openApp({ database: own, version: '0', nowMs }, silent)
  const branch = await newBranch()
  const { promise, resolve } = Promise.withResolvers<void>()
  const holding = own.asTenant(branch.tenantId, () => promise)
  const headers = {
    authorization: branch.authorization('POST', '/api/v1/sync/now', PRESENT),
    'content-type': 'application/json',
  }
  const answer = await crowded.inject({ method: 'POST', url: '/api/v1/sync/now', headers, body: PRESENT })
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '10'])
  resolve()
  await holding
  await crowded.close()
  await own.close()
})
