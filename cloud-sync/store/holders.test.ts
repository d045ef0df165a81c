import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readUpload, type UploadedEvent } from '../inbox/read-upload.ts'
import { addSampleTenant } from '../testing/sample-tenant.ts'
import { openTestStore, type TestStore } from '../testing/test-database.ts'
import type { Database } from './database.ts'
import { epochsOf } from './history.ts'
import { forgiveHolders } from './holders.ts'
import { type BranchIdentity, receive } from './inbox.ts'

let server: TestStore
let database: Database
let identity: BranchIdentity
let nowMs = 1_795_800_000_000
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  database = server.database
}, 120_000)
afterAll(() => server?.close())
beforeEach(async () => {
  const tenantId = await addSampleTenant(database)
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<{ branch_id: string }>('select branch_id from branch'),
  )
  identity = { tenantId, branchId: rows[0]?.branch_id ?? '' }
})

type Log = readonly UploadedEvent[]

/** A log of one epoch that goes on from another; another word makes another history from there on. */
function log(count: number, { word = 'one', before = [] as Log, parent = null as [string, Log] | null } = {}): Log {
  const bodies: string[] = before.map(({ body }) => body)
  let prev = before.at(-1)?.hash ?? parent?.[1].at(-1)?.hash ?? '0'.repeat(64)
  while (bodies.length < count) {
    const seq = bodies.length + 1
    const { seq: parentSeq, hash: parentHash } = parent?.[1].at(-1) ?? {}
    const from = seq > 1 || parent === null ? {} : { parentEpoch: parent[0], parentSeq, parentHash }
    bodies.push(JSON.stringify({ v: 1, seq, type: 'TicketIssued', word, ...from, prev }))
    prev = readOne(bodies.at(-1) ?? '').hash
  }
  const events = readUpload(bodies)
  if (typeof events === 'string') throw new Error(events)
  return events
}

function readOne(body: string): UploadedEvent {
  const events = readUpload([body])
  const [event] = typeof events === 'string' ? [] : events
  if (event === undefined) throw new Error(String(events))
  return event
}

/** A second later each time, unless it was signed before. */
async function bring(epoch: string, events: Log, more: { signedAtMs?: number; isPast?: boolean } = {}) {
  nowMs += 1_000
  return (await receive(database, identity, epoch, events, { signedAtMs: nowMs, ...more })).kind
}

const lines = async (): Promise<readonly string[]> =>
  (await epochsOf(database, identity))
    .map(({ epoch, lastSeq }) => `${epoch} ${lastSeq}`)
    .filter((it) => it !== 'epoch 1')

test('of two that each begin an epoch from one parent, the second is set aside once the first brings more', async () => {
  const common = log(9)
  const [first, second] = [log(5, { parent: ['e', common] }), log(6, { word: 'two', parent: ['e', common] })]
  await bring('e', common)
  await bring('first', first.slice(0, 3))
  // So far this could be the branch itself, put back to a backup.
  expect(await bring('second', second.slice(0, 4))).toBe('kept')
  expect(await bring('first', first)).toBe('kept')
  expect(await lines()).toEqual(['e 9', 'first 5'])
  expect(await bring('second', second)).toBe('fork')
  // Nor by another epoch that goes on from its own.
  expect(await bring('third', log(2, { parent: ['second', second] }))).toBe('fork')
  expect(await bring('first', log(8, { before: first }))).toBe('kept')
  const held = await database.asTenant(identity.tenantId, (db) =>
    db.query('select from event where branch_id = $1 and epoch = $2', [identity.branchId, 'second']),
  )
  const aside = await database.asTenant(identity.tenantId, (db) =>
    db.query<{ bodies: readonly string[] }>('select bodies from fork where epoch = $1', ['second']),
  )
  expect(held).toHaveLength(4)
  expect(aside.flatMap(({ bodies }) => bodies)).toEqual(second.map(({ body }) => body))
})

test('a copy that begins an epoch is set aside once the other goes on in the one it was copied in', async () => {
  const common = log(9)
  await bring('e', common)
  expect(await bring('copy', log(3, { parent: ['e', common.slice(0, 7)] }))).toBe('kept')
  expect(await bring('e', log(10, { before: common }))).toBe('kept')
  expect(await lines()).toEqual(['e 10'])
})

test('of a branch that is put back to a backup again and again, each time to an older one, all is believed', async () => {
  const common = log(9)
  await bring('e', common)
  for (const [name, seq] of [
    ['a', 8],
    ['b', 5],
    ['c', 7],
  ] as const) {
    const events = log(4, { word: name, parent: ['e', common.slice(0, seq)] })
    expect(await bring(name, events.slice(0, 2))).toBe('kept')
    expect(await bring('e', common.slice(0, seq), { isPast: true })).toBe('kept')
    expect(await bring(name, events)).toBe('kept')
  }
  expect(await lines()).toEqual(['e 9', 'a 4', 'b 4', 'c 4'])
})

test('what was under way when the branch was put back proves nothing, nor does what a branch says is its past', async () => {
  const common = log(9)
  await bring('e', common.slice(0, 7))
  const signedAtMs = nowMs
  await bring('a', log(4, { parent: ['e', common.slice(0, 5)] }))
  expect(await bring('e', common.slice(0, 8), { signedAtMs })).toBe('kept')
  expect(await bring('e', common, { isPast: true })).toBe('kept')
  expect(await lines()).toEqual(['e 9', 'a 4'])
})

test('a code of head office ends it: whoever enrols by it is the branch, whatever was set aside before', async () => {
  const common = log(9)
  const second = log(6, { word: 'two', parent: ['e', common] })
  await bring('e', common)
  await bring('second', second.slice(0, 4))
  await bring('e', log(12, { before: common }))
  expect(await bring('second', second)).toBe('fork')
  await database.asTenant(identity.tenantId, (db) => forgiveHolders(db, identity))
  expect(await bring('second', second, { isPast: true })).toBe('kept')
  expect(await bring('third', log(2, { parent: ['second', second] }))).toBe('kept')
  expect(await lines()).toEqual(['e 12', 'second 6', 'third 2'])
})

test('an epoch that goes on from events which are held otherwise leaves them at the last that both have', async () => {
  const common = log(9)
  const other = log(12, { word: 'two', before: common.slice(0, 6) })
  await bring('e', common)
  expect(await bring('e', other.slice(6))).toBe('fork')
  await bring('new', log(2, { parent: ['e', other] }))
  const [row] = await database.asTenant(identity.tenantId, (db) =>
    db.query<{ parent_seq: string }>("select parent_seq from branch_log where branch_id = $1 and epoch = 'new'", [
      identity.branchId,
    ]),
  )
  expect(Number(row?.parent_seq)).toBe(12)
  await bring('shorter', log(2, { parent: ['e', other.slice(0, 8)] }))
  const [left] = await database.asTenant(identity.tenantId, (db) =>
    db.query<{ parent_seq: string }>("select parent_seq from branch_log where branch_id = $1 and epoch = 'shorter'", [
      identity.branchId,
    ]),
  )
  expect(Number(left?.parent_seq)).toBe(6)
})
