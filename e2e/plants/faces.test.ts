import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { facePlants } from './faces.ts'
import { CHECKOUT, isEveryPlantSown, plantedCopy, sow, sownNow } from './plant.ts'

const TOOLS = ['tools', 'vite.config.ts', 'vite.programs.ts', 'vitest.config.ts']
const FACES = [
  'kiosk',
  'display',
  'caller',
  'e2e/desk',
  'e2e/lobby',
  'e2e/gallery',
  'e2e/kiosk',
  'e2e/world',
  'e2e/paper',
  'e2e/offline',
]

const folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
beforeAll(() => {
  plantedCopy(folder, [], [...TOOLS, ...FACES])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a program of the checkout's own modules in the copy. */
function run(program: string, ...words: readonly string[]): { readonly status: number | null; readonly text: string } {
  const path = join(CHECKOUT, 'node_modules', program)
  const env = { ...process.env, NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  return { status, text: stdout + stderr }
}

for (const plant of sownNow(facePlants.filter(({ isLong }) => isEveryPlantSown || isLong !== true)))
  test(`“${plant.name}” is seen`, () => {
    using _planted = sow(folder, plant)
    const built = run('vite/bin/vite.js', 'build')
    expect(built.status, built.text).toBe(0)
    const { testFile, testName } = plant
    const seen = run('vitest/vitest.mjs', 'run', testFile, '-t', `^${testName}`)
    // Seen by the test itself: a copy that cannot even start would prove nothing.
    expect(seen.text).toMatch(/AssertionError|TimeoutError/)
    expect(seen.status).toBe(1)
  })
