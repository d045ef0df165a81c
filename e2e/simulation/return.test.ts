import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../cloud-sync/testing/test-database.ts'
import { sownNow } from '../plants/plant.ts'
import { returnPlants } from '../plants/return.ts'
import { runPlanted } from './cloud/planted.ts'
import { comeBack } from './return/come-back.ts'
import { QUICK, QUICK_BRANCHES, QUICK_EVENTS, QUICK_WORDS } from './return/quick.ts'

const SEED = 20_261_127

let server: TestDatabase
beforeAll(async () => {
  server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())

test('when all branches find their cloud again at once, it sees how each of them is before it sees the past of any, and no crowd', async () => {
  const { faults, figures, progressSeconds } = await comeBack({
    ...{ ...QUICK, branchCount: QUICK_BRANCHES, eventCount: QUICK_EVENTS, seed: SEED },
    ...{ administratorUrl: server.administratorUrl, onProgress: () => {} },
  })
  expect(faults).toEqual([])
  expect(progressSeconds).not.toContain(null)
  // What never happened was not tested: many found no place, and came again.
  expect(figures['refusedHistory']).toBeGreaterThan(QUICK_BRANCHES)
})

for (const { name, ...plant } of sownNow(returnPlants))
  test(`with the bug “${name}” it does not`, async () => {
    const environment = { TEST_DATABASE_URL: server.administratorUrl }
    const { exitCode, output } = await runPlanted({ name, ...plant }, QUICK_WORDS, environment, 'return')
    expect(output).toContain('AT FAULT')
    expect(exitCode).toBe(1)
  })
