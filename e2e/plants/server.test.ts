import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHECKOUT, plantedCopy, sow, sownNow } from './plant.ts'
import { serverPlants } from './server.ts'

/** The branch server's sources and tests, in a folder of their own. */
const folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
beforeAll(() => {
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
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs one test of the copy. */
function run(file: string, name: string): Promise<{ exitCode: number | null; output: string }> {
  const vitest = join(CHECKOUT, 'node_modules/vitest/vitest.mjs')
  const words = [vitest, 'run', '--root', folder, file, '-t', `^${name}`]
  const child = spawn(process.execPath, words, { cwd: folder, env: { ...process.env, PLANTED: 'yes' } })
  let output = ''
  const read = (chunk: Buffer): void => {
    output += String(chunk)
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, output })))
}

for (const plant of sownNow(serverPlants))
  test(`“${plant.name}” is seen`, async () => {
    using _planted = sow(folder, plant)
    const { exitCode, output } = await run(plant.testFile, plant.testName)
    // Seen by the test itself: a copy that cannot even start would prove nothing.
    expect(output).toMatch(/AssertionError|The feed ended at|Connection terminated unexpectedly/)
    expect(exitCode).toBe(1)
  })
