import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plantedCopy, sow, sownNow } from './plant.ts'
import { type PlantedTests, plantedTests } from './run/planted-tests.ts'
import { serverPlants } from './server.ts'

/** The branch server's sources and tests, in a folder of their own. */
const folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
let tests: PlantedTests
beforeAll(async () => {
  plantedCopy(
    folder,
    [],
    [
      'display',
      'kiosk',
      'e2e/sync',
      'e2e/offline',
      'e2e/paper',
      'e2e/race',
      'e2e/hostile',
      'e2e/tenants',
      'vitest.config.ts',
    ],
  )
  tests = await plantedTests(folder)
})
afterAll(async () => {
  await tests[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** Seen by the test itself: a copy that cannot even start would prove nothing. */
const SEEN = /AssertionError|The feed ended at|Connection terminated unexpectedly/

let last: string | null = null
for (const plant of sownNow(serverPlants))
  test(`“${plant.name}” is seen`, async () => {
    using _planted = sow(folder, plant)
    // The one before was taken out meanwhile.
    const changed = last === null ? [plant.file] : [last, plant.file]
    last = plant.file
    const { failures, faults } = await tests.run({ file: plant.testFile, name: plant.testName, changed })
    expect([...failures, ...faults].join('\n')).toMatch(SEEN)
  })
