import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { plantedCopy, sow, sownNow } from './plant.ts'
import { type PlantedTests, plantedTests } from './run/planted-tests.ts'
import { type ServerPlant, serverPlants } from './server.ts'

/** What the planted bugs make the tests do is mostly to wait in vain. */
const COPIES = 2
const ALSO_COPIED = [
  'display',
  'kiosk',
  'e2e/sync',
  'e2e/audit',
  'e2e/identity',
  'e2e/messages',
  'e2e/offline',
  'e2e/paper',
  'e2e/race',
  'e2e/hostile',
  'e2e/tenants',
  'e2e/reports',
]

/** The sources and tests in a folder of their own, with at most one bug in them. */
interface Copy {
  readonly folder: string
  readonly tests: PlantedTests
  /** Where the last one was. */
  lastFile: string | null
}

const copies: Copy[] = []
const free: Copy[] = []
const waiting: ((copy: Copy) => void)[] = []

beforeAll(async () => {
  for (let count = 0; count < COPIES; count += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
    plantedCopy(folder, [], [...ALSO_COPIED, 'vitest.config.ts'])
    copies.push({ folder, tests: await plantedTests(folder, `plants-${count}`), lastFile: null })
  }
  free.push(...copies)
})
afterAll(async () => {
  for (const { folder, tests } of copies) {
    await tests[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
})

const takeCopy = (): Promise<Copy> => {
  const copy = free.pop()
  return copy === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(copy)
}
const giveBack = (copy: Copy): void => {
  const next = waiting.shift()
  if (next === undefined) free.push(copy)
  else next(copy)
}

/** @returns what the test says of it, and whatever else went wrong */
async function whatIsSeen(plant: ServerPlant): Promise<string> {
  const copy = await takeCopy()
  try {
    using _planted = sow(copy.folder, plant)
    // The one before was taken out meanwhile.
    const changed = copy.lastFile === null ? [plant.file] : [copy.lastFile, plant.file]
    copy.lastFile = plant.file
    const { failures, faults } = await copy.tests.run({ file: plant.testFile, name: plant.testName, changed })
    return [...failures, ...faults].join('\n')
  } finally {
    giveBack(copy)
  }
}

describe.concurrent('of each bug planted in the branch server and the cloud', () => {
  for (const plant of sownNow(serverPlants))
    test(`“${plant.name}” is seen`, async ({ expect }) => {
      // Seen by the test itself: a copy that cannot even start would prove nothing.
      expect(await whatIsSeen(plant)).toMatch(/AssertionError|The feed ended at|Connection terminated unexpectedly/)
    })
})
