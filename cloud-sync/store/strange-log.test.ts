import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hashOf, readUpload } from '../inbox/read-upload.ts'
import { createFoldKeeper } from '../jobs/fold-keeper.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { addBranch, addTenant, enrol, makeEnrolment } from './branches.ts'
import { type BranchIdentity, receive } from './inbox.ts'
import { strangeLogs } from './strange-log.ts'

let server: TestStore
let branch: BranchIdentity
let tenants = 0
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())

async function enrolAnew(): Promise<void> {
  const made = await makeEnrolment(server.database, branch, Date.now())
  await enrol(server.database, { code: made?.code ?? '', publicKey: `key ${Math.random()}` }, Date.now())
}
beforeEach(async () => {
  tenants += 1
  const tenantId = (await addTenant(server.database, `strange-${process.pid}-${tenants}`, { fr: 'Banque' })) ?? ''
  branch = { tenantId, branchId: await addBranch(server.database, tenantId, { fr: 'Agence' }, 'Africa/Dakar') }
  await enrolAnew()
})

/** An epoch as a box begins it. */
function epochOf(count: number, begun: { reason: string; parentEpoch?: string; parentSeq?: number }) {
  const bodies: string[] = []
  let prev = '0'.repeat(64)
  for (let seq = 1; seq <= count; seq += 1) {
    const it =
      seq === 1 ? { type: 'EpochStarted', parentEpoch: null, parentSeq: null, ...begun } : { type: 'PowerBack' }
    bodies.push(JSON.stringify({ v: 1, seq, ...it, prev }))
    prev = hashOf(bodies.at(-1) ?? '')
  }
  const events = readUpload(bodies)
  if (typeof events === 'string') throw new Error(events)
  return events
}
const FIRST = { reason: 'first-boot' }
const send = async (epoch: string, ...of: Parameters<typeof epochOf>) =>
  (await receive(server.database, branch, epoch, epochOf(...of))).kind
const inDatabase = <Row extends object>(text: string): Promise<readonly Row[]> =>
  server.database.asTenant(branch.tenantId, (db) => db.query(text, [branch.branchId]))
const line = async () =>
  (await inDatabase<{ line: string }>('select line from branch_fold where branch_id = $1')).map((row): unknown =>
    JSON.parse(row.line),
  )
const told = () => server.database.asTenant(branch.tenantId, (db) => strangeLogs(db, branch.tenantId))

test('a box that begins from nothing beside the log of its branch takes nobody’s place: it is refused, kept aside once, and told', async () => {
  expect(await send('a', 8, FIRST)).toBe('kept')
  expect([await send('b', 3, FIRST), await send('b', 3, FIRST)]).toEqual(['strange', 'strange'])
  expect(await line()).toEqual([[['a', 8]]])
  expect(await told()).toMatchObject([{ branchId: branch.branchId, epoch: 'b', eventCount: 3 }])
  expect(await inDatabase('select from fork where branch_id = $1')).toHaveLength(1)
  const keeper = createFoldKeeper({ database: server.database, log: silent })
  await keeper.sweep()
  expect(keeper.health().strangeCount).toBeGreaterThan(0)
  await keeper.close()
  // The branch goes on, and head office says by a code which box it is.
  expect(await send('a', 9, FIRST)).toBe('kept')
  await enrolAnew()
  expect(await told()).toEqual([])
})

test('whoever stood alone is taken in with all that it brings, and whoever was restored goes on', async () => {
  expect(await send('alone', 8, FIRST)).toBe('kept')
  expect(await send('restored', 4, { reason: 'rewound', parentEpoch: 'alone', parentSeq: 6 })).toBe('kept')
  expect(await line()).toEqual([
    [
      ['alone', 6],
      ['restored', 4],
    ],
  ])
})

test('a branch that lost its file, and knows no event of its own any more, goes on from where what is held ends', async () => {
  await send('a', 8, FIRST)
  await send('b', 4, { reason: 'rewound', parentEpoch: 'a', parentSeq: 8 })
  expect(await send('c', 2, { reason: 'salvaged' })).toBe('kept')
  expect(await line()).toEqual([
    [
      ['a', 8],
      ['b', 4],
      ['c', 2],
    ],
  ])
})
