import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openApp } from '../open-app.ts'
import type { App, Parts } from '../parts.ts'
import { shapeOf } from '../shapes/shape.ts'
import { createWaiters } from '../shapes/waiters.ts'
import { revoke } from '../store/branches.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { sendMessage } from '../store/down.ts'
import { pruneShapeLog } from '../store/shapes.ts'
import { addSigningBranch, type SigningBranch } from '../testing/signing-branch.ts'
import { asAdministrator, openTestStore, silent, type TestStore } from '../testing/test-database.ts'

/** Longer than any test waits: what comes sooner came because somebody was woken. */
const LIVE_MS = 20_000
/** Until whoever asked has looked, and waits. */
const LOOK_MS = 400
const PATH = '/api/v1/sync/shape'

let server: TestStore
let database: Database
let app: App
let branch: SigningBranch
const open = (of: Database, more: Partial<Parts> = {}): Promise<App> =>
  openApp({ database: of, version: '0', nowMs: () => Date.now(), liveMs: LIVE_MS, ...more }, silent)
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  database = server.database
}, 120_000)
afterAll(() => server?.close())
beforeEach(async () => {
  app = await open(database)
  branch = await addSigningBranch(database, () => Date.now())
  return () => app.close()
})

function ask(query: string, of: SigningBranch = branch, at: App = app): Promise<LightMyRequestResponse> {
  const url = `${PATH}?${query}`
  return at.inject({ url, headers: { authorization: of.authorization('GET', url) } })
}

interface Told {
  readonly key?: string
  readonly value?: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, unknown>>
}
const told = (answer: LightMyRequestResponse): readonly Told[] => answer.json<Told[]>()
const numbers = (answer: LightMyRequestResponse): readonly number[] =>
  told(answer).flatMap(({ value }) => (value === undefined ? [] : [Number(value['number'])]))
const placeIn = ({ headers }: LightMyRequestResponse): string =>
  `handle=${headers['electric-handle']}&offset=${headers['electric-offset']}`
const isUpToDate = (answer: LightMyRequestResponse): boolean => answer.headers['electric-up-to-date'] === ''

/** A message without a cloud's care: with any number, in the caller's time. */
const insert = (db: Parameters<Parameters<Database['asTenant']>[1]>[0], number: number, of = branch) =>
  db.query("insert into inbox values ($1, $2, $3, 'document', 'signature')", [of.tenantId, of.branchId, number])
const send = (of = branch) =>
  database.asTenant(of.tenantId, (db) =>
    sendMessage(db, of, { type: 'ClearMessage' }, { nowMs: Date.now(), validMs: 60_000 }),
  )

test('a shape comes in parts, each row once, and goes on from where it was', async () => {
  const rows = 450
  await database.asTenant(branch.tenantId, async (db) => {
    for (let number = 1; number <= rows; number += 1) await insert(db, number)
  })
  const found: number[] = []
  let answer = await ask('table=inbox&offset=-1')
  for (; !isUpToDate(answer); answer = await ask(`table=inbox&${placeIn(answer)}`)) found.push(...numbers(answer))
  found.push(...numbers(answer))
  expect(found).toEqual(Array.from({ length: rows }, (_, index) => index + 1))
  // The same place gives the same part: whoever asks ahead must not lose what lies between.
  const [first, again] = [await ask('table=inbox&offset=-1'), await ask('table=inbox&offset=-1')]
  expect(first.headers['electric-handle']).not.toBe(again.headers['electric-handle'])
  expect(numbers(again)).toEqual(numbers(first))
  await database.asTenant(branch.tenantId, async (db) => {
    await insert(db, rows + 1)
    await db.query('delete from inbox where branch_id = $1 and number = 7', [branch.branchId])
  })
  const later = await ask(`table=inbox&${placeIn(answer)}`)
  expect(told(later).map(({ headers }) => headers['operation'] ?? headers['control'])).toEqual([
    'insert',
    'delete',
    'up-to-date',
  ])
  expect(numbers(later)).toEqual([rows + 1, 7])
})

test('what an older transaction still holds back is told once it has ended, and nothing before it is skipped', async () => {
  const start = await ask('table=inbox&offset=-1')
  let goOn = (): void => {}
  let hasBegun = (): void => {}
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve
  })
  const slow = database.asTenant(branch.tenantId, async (db) => {
    await insert(db, 1)
    hasBegun()
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
  })
  await begun
  await database.asTenant(branch.tenantId, (db) => insert(db, 2))
  const early = await ask(`table=inbox&${placeIn(start)}`)
  const waiting = ask(`table=inbox&live=true&${placeIn(early)}`)
  goOn()
  await slow
  expect([...numbers(early), ...numbers(await waiting)].toSorted()).toEqual([1, 2])
})

test('whoever waits is woken by another cloud on the same database, and a branch that is revoked is turned away', async () => {
  const second = await openDatabase({ administratorUrl: server.administratorUrl, log: silent })
  const other = await open(second)
  const start = await ask('table=inbox&offset=-1', branch, other)
  const follow = () => ask(`table=inbox&live=true&${placeIn(start)}`, branch, other)
  // A cloud that has just begun to listen wakes all once, for what it may have missed; they follow again.
  const waiting = follow().then((first) => (numbers(first).length === 0 ? follow() : first))
  await pause(LOOK_MS)
  await send()
  const woken = await waiting
  expect(numbers(woken)).toEqual([1])
  const again = ask(`table=inbox&live=true&${placeIn(woken)}`, branch, other)
  await pause(LOOK_MS)
  await revoke(database, branch, Date.now())
  expect((await again).statusCode).toBe(401)
  await other.close()
  await second.close()
})

test('whoever stands before what was pruned, or in a life of the database that is over, begins anew', async () => {
  const shape = shapeOf('inbox')
  if (shape === null) throw new Error('There is no inbox')
  const start = await ask('table=inbox&offset=-1')
  for (let count = 0; count < 5; count += 1) await send()
  const middle = await ask(`table=inbox&${placeIn(start)}`)
  await send()
  const end = await ask(`table=inbox&${placeIn(middle)}`)
  await database.asTenant(branch.tenantId, (db) => pruneShapeLog(db, branch, { ...shape, logKept: 0 }))
  const lost = await ask(`table=inbox&${placeIn(start)}`)
  expect([lost.statusCode, told(lost)]).toEqual([409, [{ headers: { control: 'must-refetch' } }]])
  expect(lost.headers['electric-handle']).not.toBe(start.headers['electric-handle'])
  expect((await ask(`table=inbox&${placeIn(end)}`)).statusCode).toBe(200)
  expect(numbers(await ask(`table=inbox&offset=-1&handle=${lost.headers['electric-handle']}`))).toHaveLength(6)
  const far = '18446744073709551615_1'
  expect((await ask(`table=inbox&handle=${end.headers['electric-handle']}&offset=${far}`)).statusCode).toBe(409)
  expect((await ask(`table=catalogue&${placeIn(end)}`)).statusCode).toBe(409)
})

test('whoever stands in a life of the database that is over begins anew, though its numbers are given again', async () => {
  const start = await ask('table=inbox&offset=-1')
  await send()
  const before = await ask(`table=inbox&${placeIn(start)}`)
  await send()
  const there = await ask(`table=inbox&${placeIn(before)}`)
  // A copy that was made between the two takes the place of all this.
  await asAdministrator(server.administratorUrl, async (client) => {
    await client.query('set session_replication_role = replica')
    for (const table of ['inbox where number > 1 and', 'shape_log where key > 1 and'])
      await client.query(`delete from smartqueue.${table} branch_id = $1`, [branch.branchId])
  })
  await send()
  expect((await ask(`table=inbox&${placeIn(before)}`)).statusCode).toBe(200)
  expect((await ask(`table=inbox&${placeIn(there)}`)).statusCode).toBe(409)
})

test('what a branch says to have done is believed of its own numbers alone, and only as far as a branch can come', async () => {
  const neighbour = await addSigningBranch(database, () => Date.now(), branch)
  for (const done of ['7', '9007199254740991', '-5', '1e3', '7 or 1=1', '4294967295'])
    expect((await ask(`table=inbox&offset=-1&${new URLSearchParams({ done })}`)).statusCode).toBe(200)
  expect([await send(), await send(neighbour)]).toEqual([8, 1])
})

test('a place beyond all versions is a place like any other', async () => {
  const { headers } = await ask('table=catalogue&offset=-1')
  for (const afterKey of ['2147483648', '9007199254740991'])
    expect((await ask(`table=catalogue&handle=${headers['electric-handle']}&offset=0_${afterKey}`)).statusCode).toBe(
      200,
    )
})

test('whatever a branch asks for, it gets its own rows, and all of their columns that are meant for it', async () => {
  const [neighbour, stranger] = [
    await addSigningBranch(database, () => Date.now(), branch),
    await addSigningBranch(database, () => Date.now()),
  ]
  for (const each of [branch, neighbour, stranger]) await send(each)
  const theirs = [neighbour, stranger]
  const handles = await Promise.all(theirs.map(async (of) => placeIn(await ask('table=inbox&offset=-1', of))))
  const ids = [neighbour.branchId, stranger.branchId, stranger.tenantId]
  const value = fc.oneof(
    fc.constantFrom(
      ...ids,
      ...ids.map((id) => `branch_id = '${id}'`),
      ...[
        '1=1',
        "tenant_id is not null or '1'='1'",
        '*',
        'tenant_key',
        'private_key',
        'true',
        '-1',
        'now',
        '0_0',
        '1_0',
      ],
    ),
    fc.string({ maxLength: 20 }),
  )
  const name = fc.constantFrom(
    ...['where', 'columns', 'params[1]', 'params[2]', 'replica', 'table', 'offset', 'handle', 'live', 'cursor', 'log'],
    ...['subset__where', 'tenant_id', 'branch_id', 'database_id', 'secret', 'shape', '__proto__', 'expired_handle'],
  )
  const queries = fc.sample(fc.array(fc.tuple(name, value), { maxLength: 5 }), { numRuns: 300, seed: 20_261_127 })
  const tricks = [
    ...queries.map((pairs) => String(new URLSearchParams([['table', 'inbox'], ['offset', '-1'], ...pairs]))),
    ...handles.map((place) => `table=inbox&${place}`),
    ...handles.map((place) => `table=inbox&live=true&${place}`),
    ...ids.map((id) => `table=inbox&offset=-1&where=branch_id%3D%27${id}%27`),
    ...ids.map((id) => `table=inbox&offset=-1&tenant_id=${id}&branch_id=${id}`),
    ...ids.map((id) => `table=inbox&offset=-1&branchId=${id}`),
  ]
  let answered = 0
  for (const query of tricks) {
    const answer = await ask(query)
    expect([query, answer.statusCode < 500]).toEqual([query, true])
    for (const id of ids) expect([query, answer.body.includes(id)]).toEqual([query, false])
    if (answer.statusCode === 200) answered += numbers(answer).length
  }
  expect(answered).toBeGreaterThan(50)
  const [row] = told(await ask('table=inbox&offset=-1&columns=number'))
  expect(Object.keys(row?.value ?? {})).toEqual(['tenant_id', 'branch_id', 'number', 'document', 'signature'])
  const url = `${PATH}?table=inbox&offset=-1`
  expect((await app.inject({ url })).statusCode).toBe(401)
  const signedForLess = branch.authorization('GET', `${PATH}?table=inbox`)
  expect((await app.inject({ url, headers: { authorization: signedForLess } })).statusCode).toBe(401)
})

test('only so many wait at once', async () => {
  const start = await ask('table=inbox&offset=-1')
  // Three wait; whoever comes then is told to come back. Those who were woken meanwhile make room for as many more.
  const waiting: Promise<LightMyRequestResponse>[] = []
  const nextStatus = async (): Promise<number | null> => {
    const asked = ask(`table=inbox&live=true&${placeIn(start)}`)
    waiting.push(asked)
    const answer = await Promise.race([asked, pause(LOOK_MS, null)])
    if (answer?.statusCode === 429) expect(answer.headers['retry-after']).toBe('5')
    return answer?.statusCode ?? null
  }
  await expect.poll(nextStatus, { interval: 10, timeout: 15_000 }).toBe(429)
  const waiters = createWaiters(2)
  expect(
    [waiters.wait('a', LIVE_MS), waiters.wait('b', LIVE_MS), waiters.wait('c', LIVE_MS)].map((it) => it === null),
  ).toEqual([false, false, true])
  waiters.wake('a')
  expect(waiters.count()).toBe(1)
  waiters.close()
  expect(waiters.count()).toBe(0)
  await send()
  const answers = await Promise.all(waiting)
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200, 429]))
})

test('with ELECTRIC_URL Electric answers, and is asked for what we say', async () => {
  const asked: URL[] = []
  const electric = createServer((request, reply) => {
    asked.push(new URL(request.url ?? '', 'http://electric'))
    reply.setHeader('electric-handle', 'theirs')
    reply.setHeader('electric-offset', '0_0')
    reply.setHeader('set-cookie', 'no')
    reply.setHeader('cache-control', 'public, max-age=604800')
    reply.end('[]')
  }).listen(0, '127.0.0.1')
  await once(electric, 'listening')
  const electricUrl = `http://127.0.0.1:${(electric.address() as AddressInfo).port}/?secret=hidden`
  const forwarding = await open(database, { electricUrl })
  const query = 'table=inbox&offset=-1&where=1%3D1&columns=private_key&params%5B1%5D=x&secret=mine&cursor=5'
  const answer = await ask(query, branch, forwarding)
  expect([answer.statusCode, answer.body, answer.headers['electric-handle']]).toEqual([200, '[]', 'theirs'])
  expect([answer.headers['cache-control'], answer.headers['set-cookie']]).toEqual(['no-store', undefined])
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
    ...{ secret: 'hidden', offset: '-1', cursor: '5', table: 'smartqueue.inbox' },
    ...{ columns: 'tenant_id,branch_id,number,document,signature', where: 'tenant_id = $1 and branch_id = $2' },
    ...{ 'params[1]': branch.tenantId, 'params[2]': branch.branchId },
  })
  electric.closeAllConnections()
  electric.close()
  expect((await ask('table=inbox&offset=-1', branch, forwarding)).statusCode).toBe(503)
  await forwarding.close()
})
