import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Desk, openDesk } from '../../branch-server/testing/desk.ts'
import { throwDice } from '../../branch-server/testing/dice.ts'
import { carryState } from '../../shared/domain/state-json.ts'
import { hostileAtBranch } from './branch-target.ts'
import { createTally, doubtsOf } from './campaign.ts'
import { heapBytes, heapGrowthBytesMax, throwAt } from './throw-at.ts'

const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_261_123)
const COUNT = Number(process.env['HOSTILE_COUNT'] ?? 20_000)

let desk: Desk
let before: ReturnType<typeof truth>
beforeAll(async () => {
  desk = await openDesk({ logLevel: 'warn' })
  for (const serviceId of ['cash', 'loans', 'cards']) await desk.waiting(serviceId)
  await desk.serving()
  before = truth()
})
afterAll(() => desk[Symbol.asyncDispose]())

/** What the branch holds to be so. */
function truth() {
  const { state, head } = desk.branch.running.waist.branch()
  return { head, carried: carryState(state), devices: desk.branch.running.waist.branch().store.devices.all() }
}

async function expectUnharmed(): Promise<void> {
  expect(truth()).toEqual(before)
  expect((await desk.branch.stranger.get('/api/v1/health')).body).toMatchObject({ status: 'ok' })
  const failures = desk.branch.logLines.filter((line) => line.includes('"level":50'))
  expect(failures.slice(0, 3).map((line) => line.slice(0, 300))).toEqual([])
}

test(`${COUNT} bad requests (seed ${SEED}) get an answer each, harm nothing and leave nothing behind`, async () => {
  const tally = createTally()
  const { request: one } = hostileAtBranch(desk, throwDice(SEED), tally)
  expect((await throwAt(Math.min(COUNT, 1_000), one)).slice(0, 3)).toEqual([])
  const heapBefore = heapBytes()
  expect((await throwAt(COUNT - 1_000, one)).slice(0, 3)).toEqual([])
  await expectUnharmed()
  expect(heapBytes() - heapBefore).toBeLessThan(heapGrowthBytesMax(COUNT))
  expect(doubtsOf(tally.statuses)).toEqual([])
  console.info('answers by status', tally.statuses)
})

test('2,000 bursts of garbage on the bare line harm nothing', async () => {
  const faults = await throwAt(2_000, hostileAtBranch(desk, throwDice(SEED + 1), createTally()).garbage)
  expect(faults.slice(0, 3)).toEqual([])
  await expectUnharmed()
})

test('1,000 feeds on which a device speaks nonsense harm nothing, and none stays open', async () => {
  const faults = await throwAt(1_000, hostileAtBranch(desk, throwDice(SEED + 2), createTally()).frames)
  expect(faults.slice(0, 3)).toEqual([])
  const { body } = await desk.branch.stranger.get<string>('/metrics')
  expect(body).toContain('smartqueue_feed_readers 0')
  await expectUnharmed()
})
