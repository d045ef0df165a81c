import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { CHECKOUT, plantedCopy } from './plant.ts'
import { anybodyAtTheMenu, pinsWithoutEnd } from './printers.ts'

let folder = ''
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.for([
  { plant: anybodyAtTheMenu, testName: 'nobody comes into the menu' },
  { plant: pinsWithoutEnd, testName: 'without the server nobody comes in' },
])('it is seen when $plant.name', ({ plant, testName }) => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
  plantedCopy(
    folder,
    [plant],
    ['kiosk', 'caller', 'e2e/paper', 'e2e/world', 'tools', 'vite.config.ts', 'vitest.config.ts'],
  )
  const words = ['run', '--project', 'e2e', 'e2e/paper/set-up.test.ts', '-t', `^${testName}`]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(CHECKOUT, 'node_modules/vitest/vitest.mjs'), ...words],
    { cwd: folder, env: { ...process.env, NO_COLOR: '1' }, encoding: 'utf8', timeout: 120_000 },
  )
  expect(stdout + stderr).toContain('AssertionError')
  expect(status).toBe(1)
})
