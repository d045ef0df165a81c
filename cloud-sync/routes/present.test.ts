import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { PresentBody } from '#shared/wire/sync.ts'
import { addBranch, addTenant } from '../store/branches.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { keepPresent, presentOf } from '../store/present-rows.ts'
import { openTestStore, type TestStore } from '../testing/test-database.ts'

let server: TestStore
let branch: BranchIdentity
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())
beforeEach(async () => {
  const tenantId = (await addTenant(server.database, `bank-${randomUUID()}`, { fr: 'Banque' })) ?? ''
  branch = { tenantId, branchId: await addBranch(server.database, tenantId, { fr: 'Agence' }, 'Africa/Dakar') }
})

const saying = (epoch: string, seq: number, steadyMs: number): PresentBody => ({
  ...{ epoch, seq, steadyMs, atMs: 0, date: '2026-11-27', isClockDoubted: false, isIntakeStopped: false },
  ...{ queues: [], counters: [], devices: [] },
})

/** As a branch said it: of two epochs the second is that of the branch put back, whose steady time may be behind. */
const said = [
  { present: saying('one', 5, 1_000), signedAtMs: 10_000 },
  { present: saying('one', 5, 9_000), signedAtMs: 18_000 },
  { present: saying('one', 9, 9_000), signedAtMs: 19_000 },
  { present: saying('one', 40, 30_000), signedAtMs: 30_000 },
  { present: saying('two', 1, 2_000), signedAtMs: 50_000 },
  { present: saying('two', 2, 2_500), signedAtMs: 51_000 },
]

test('in whatever order they arrive, and however often, the latest present of a branch stays', async () => {
  const order = fc.shuffledSubarray([...said, ...said], { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(order, fc.boolean(), async (arriving, areTogether) => {
      const { tenantId } = branch
      const one = { tenantId, branchId: await addBranch(server.database, tenantId, { fr: 'Agence' }, 'UTC') }
      const keep = ({ present, signedAtMs }: (typeof said)[number]) =>
        keepPresent(server.database, one, present, { signedAtMs, nowMs: 100_000 })
      if (areTogether) await Promise.all(arriving.map(keep))
      else for (const each of arriving) await keep(each)
      const latest = Math.max(...arriving.map((each) => said.indexOf(each)))
      expect((await presentOf(server.database, one))?.present).toEqual(said[latest]?.present)
    }),
    { seed: 20_261_127, numRuns: 60, endOnFailure: process.env['PLANTED'] !== undefined },
  )
})

test('what is kept tells when it was received', async () => {
  expect(await presentOf(server.database, branch)).toBeNull()
  await keepPresent(server.database, branch, saying('one', 1, 1), { signedAtMs: 1, nowMs: 77_000 })
  expect(await presentOf(server.database, branch)).toEqual({ receivedAtMs: 77_000, present: saying('one', 1, 1) })
})
