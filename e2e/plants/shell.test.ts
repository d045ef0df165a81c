import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHECKOUT, isEveryPlantSown, plantedCopy, sow } from './plant.ts'
import { type ShellPlant, shellPlants } from './shell.ts'

// The quick ones always, those of a real screen with PLANTS=all: each would take half a minute of everybody's time.

const isQuick = ({ testFile }: ShellPlant): boolean => testFile.startsWith('shared/')
const MORE =
  'tools vite.config.ts vite.programs.ts vitest.config.ts package-lock.json kiosk display caller e2e/shell e2e/world e2e/paper'.split(
    ' ',
  )

const folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
beforeAll(() => {
  plantedCopy(folder, [], MORE)
  if (isEveryPlantSown) build()
}, 600_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(program: string, ...words: readonly string[]) {
  const env = { ...process.env, NO_COLOR: '1' }
  const path = join(CHECKOUT, 'node_modules', program)
  return spawnSync(process.execPath, [path, ...words], { cwd: folder, env, encoding: 'utf8' })
}

function build(): void {
  const { status, stderr } = run('vite/bin/vite.js', 'build')
  expect(status, stderr).toBe(0)
}

for (const plant of shellPlants.filter((it) => isEveryPlantSown || isQuick(it)))
  test(`“${plant.name}” is seen`, () => {
    {
      using _planted = sow(folder, plant)
      if (plant.isBuilt === true) build()
      const { status, stdout, stderr } = run('vitest/vitest.mjs', 'run', plant.testFile)
      expect(stdout + stderr).toMatch(/AssertionError|Error: expected|did not come back/)
      expect(status).toBe(1)
    }
    if (plant.isBuilt === true) build()
  })
