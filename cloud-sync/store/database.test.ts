import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../open-app.ts'
import { addSampleTenant } from '../testing/sample-tenant.ts'
import { openTestDatabase, silent, type TestDatabase } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'
import { openDatabase } from './database.ts'
import { DatabaseBusyError } from './transactions.ts'

const CONNECTIONS = 3
/** Of a planted bug nobody waits for what will not come. */
const PATIENCE = { timeout: process.env['PLANTED'] === 'yes' ? 5_000 : 30_000, interval: 50 }
const all = Array.from({ length: CONNECTIONS })

let server: TestDatabase
beforeAll(async () => {
  server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())

/** A line to the database whose connections can go dark: nothing comes through them any more, and nobody hangs up. */
async function openDarkLine(url: string) {
  const far = new URL(url)
  const pairs = new Set<readonly [Socket, Socket]>()
  const line = createServer((near) => {
    const there = connect(Number(far.port), far.hostname)
    const pair = [near, there] as const
    pairs.add(pair)
    near.on('data', (bytes) => pairs.has(pair) && there.write(bytes)).on('error', () => {})
    there.on('data', (bytes) => pairs.has(pair) && near.write(bytes)).on('error', () => {})
    near.on('close', () => pairs.has(pair) && there.destroy())
    there.on('close', () => pairs.has(pair) && near.destroy())
  }).listen(0, '127.0.0.1')
  await once(line, 'listening')
  const near = new URL(url)
  near.host = `127.0.0.1:${(line.address() as AddressInfo).port}`
  const lost: Socket[] = []
  return {
    url: near.href,
    goDark() {
      lost.push(...[...pairs].flat())
      pairs.clear()
    },
    close() {
      for (const socket of [...lost, ...[...pairs].flat()]) socket.destroy()
      line.close()
    },
  }
}

test('connections that go dark are given up, and others take their place', async () => {
  const line = await openDarkLine(server.administratorUrl)
  const limits = { connectionsMax: CONNECTIONS, answerMsMax: 500, waitMsMax: 500 }
  const database = await openDatabase({ administratorUrl: line.url, log: silent, ...limits })
  const tenantId = await addSampleTenant(database)
  const ask = (sql: string) => database.asTenant(tenantId, (db) => db.query(sql))
  await Promise.all(all.map(() => ask('select pg_sleep(0.1)')))
  line.goDark()
  let givenUp = 0
  for (const _ of all)
    ask('select 1').catch(() => {
      givenUp += 1
    })
  await expect.poll(() => givenUp, PATIENCE).toBe(CONNECTIONS)
  await expect.poll(() => ask('select 1 as it').catch(() => []), PATIENCE).toEqual([{ it: 1 }])
  await database.close()
  line.close()
}, 60_000)

test('whoever finds all connections at work is told that the cloud is busy, and to come again', async () => {
  // Long enough for those that work to be connected, however busy the machine is.
  const limits = { connectionsMax: CONNECTIONS, waitMsMax: 1_000 }
  const database = await openDatabase({ administratorUrl: server.administratorUrl, log: silent, ...limits })
  const app = await openApp({ database, version: '0', nowMs: () => Date.now() }, silent)
  const key = await testKey(server.administratorUrl, Date.now())
  const { promise: isEnough, resolve: enough } = Promise.withResolvers<void>()
  const working = all.map(() => database.asNobody(() => isEnough))
  await expect(database.asNobody((db) => db.query('select'))).rejects.toThrow(DatabaseBusyError)
  const answer = await app.inject({
    url: '/api/v1/tenants/bank/set-aside',
    headers: { authorization: `Bearer ${key}` },
  })
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([503, 'TooBusy'])
  expect(answer.headers['retry-after']).toBeDefined()
  enough()
  await Promise.all(working)
  await app.close()
  await database.close()
}, 60_000)

test('work that swallows a failure has done nothing, and is not told that it has', async () => {
  const database = await openDatabase({ administratorUrl: server.administratorUrl, log: silent })
  const work = database.asNobody(async (db) => {
    await db.query('select 1 / 0').catch(() => {})
    return 'done'
  })
  await expect(work).rejects.toThrow('rolled back')
  await database.close()
}, 60_000)
