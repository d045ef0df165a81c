import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../cloud-sync/testing/test-database.ts'
import { isEveryPlantSown } from '../plants/plant.ts'
import { hoardingPlant, syncPlants, widePlant } from '../plants/sync.ts'
import { BRANCH_DAYS_EACH, tellStories } from './cloud/campaign.ts'
import { FAULTS } from './cloud/faults.ts'
import { bringMonthUp } from './cloud/month-offline.ts'
import { runPlanted } from './cloud/planted.ts'

/** `npm run simulate -- sync` tells as many as you like. */
const DAYS = Number(process.env['SYNC_DAYS'] ?? 1_000)
const SEED = 20_261_127
/** As many as bring whole uploads; `npm run simulate -- month` brings 100,000. */
const MONTH_EVENTS = 1_500
/** Every planted bug is seen within so many branch-days of this seed, or of its own. */
const PLANTED_DAYS = 400

let server: TestDatabase
beforeAll(async () => {
  server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())

describe('branches and their cloud, through every fault at once', () => {
  test('agree to the byte within a minute after the last fault', async () => {
    const { failed, counts, branchDays } = await tellStories(DAYS, SEED)
    expect(failed?.faults ?? [], `npm run simulate -- sync --days 1 --seed ${failed?.seed} --notes`).toEqual([])
    expect(branchDays).toBeGreaterThanOrEqual(DAYS)
    // What never happened was not tested.
    const met = [...counts.keys()].join('\n')
    for (const { name } of FAULTS) expect(met).toContain(name)
    for (const answer of [
      'SignatureStale',
      'SequenceGap',
      'LogForked',
      'by nobody',
      'is put back',
      'goes down',
      'heard twice',
    ])
      expect(met).toContain(answer)
  })

  test('tell the same story by the same seed, to the byte', async () => {
    const tell = () => tellStories(BRANCH_DAYS_EACH, SEED + 1, 1)
    const [first, again] = [await tell(), await tell()]
    expect(again.transcriptHash).toBe(first.transcriptHash)
    expect(again.eventCount).toBe(first.eventCount)
  })

  // Some, unless all are sown: those are seen in the first days.
  for (const plant of syncPlants.filter((_, at) => isEveryPlantSown || at % 10 === 0))
    test(`with the bug “${plant.name}” do not agree`, async () => {
      const words = ['--days', String(PLANTED_DAYS), '--seed', String(plant.seed ?? SEED)]
      const { exitCode, output } = await runPlanted(plant, words)
      // Seen by what the simulation compares, of a box by its name: that a box says “the cloud cannot be reached” is heard
      // in every healthy run, and a copy that cannot even start would prove nothing.
      expect(output).toMatch(
        /^\d\.\d\S*: the cloud[ '’]|after all is well|nobody copied it|is nowhere|The cloud answers 5/m,
      )
      expect(exitCode).toBe(1)
    })
})

describe('a branch that was away for a month', () => {
  test('sends all of it through a line as from a phone mast, in few bytes and little time', async () => {
    const { eventCount, linkMs, bytesPerEvent } = await bringMonthUp(server.administratorUrl, MONTH_EVENTS, SEED)
    expect(bytesPerEvent).toBeLessThanOrEqual(60)
    // Of the line's own time, which is simulated: twenty minutes for 100,000.
    expect((linkMs / eventCount) * 100_000).toBeLessThanOrEqual(20 * 60_000)
  })

  test.runIf(isEveryPlantSown)(`with the bug “${hoardingPlant.name}” needs ever more memory`, async () => {
    const environment = { TEST_DATABASE_URL: server.administratorUrl }
    const { exitCode, output } = await runPlanted(hoardingPlant, ['--events', '20000'], environment, 'month')
    expect(output).toContain('bytes for each event')
    expect(exitCode).toBe(1)
  })

  test.runIf(isEveryPlantSown)(`with the bug “${widePlant.name}” needs more bytes`, async () => {
    const environment = { TEST_DATABASE_URL: server.administratorUrl }
    const { exitCode, output } = await runPlanted(widePlant, ['--events', '1000'], environment, 'month')
    expect(output).toContain('bytes each')
    expect(exitCode).toBe(1)
  })
})
