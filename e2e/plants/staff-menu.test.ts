import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHECKOUT, plantedCopy, sow, sownNow } from './plant.ts'
import {
  anybodyAtTheMenu,
  anyFileIsAPrinter,
  anyHostIsAPrinter,
  copiesForAnybody,
  namesInTurn,
  pageKeepsItOpen,
  pinsWithoutEnd,
  provedForEver,
} from './printers.ts'

const folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
beforeAll(() => {
  const more = [
    'kiosk',
    'caller',
    'display',
    'e2e/paper',
    'e2e/world',
    'tools',
    'vite.config.ts',
    'vite.programs.ts',
    'vitest.config.ts',
  ]
  plantedCopy(folder, [], more)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const plants = [
  { plant: anybodyAtTheMenu, testName: 'nobody comes into the menu' },
  { plant: pinsWithoutEnd, testName: 'without the server nobody comes in' },
  { plant: namesInTurn, testName: 'without the server nobody comes in' },
  { plant: pageKeepsItOpen, testName: 'the menu forgets who was there' },
  { plant: provedForEver, testName: 'the menu forgets who was there' },
  // What a paper in doubt is asked for needs the printer that was chosen before it.
  { plant: copiesForAnybody, testName: '(nobody comes|a manager finds|a paper in doubt)' },
  { plant: anyFileIsAPrinter, testName: '(a manager finds|what cannot be a printer)' },
  { plant: anyHostIsAPrinter, testName: '(a manager finds|what cannot be a printer)' },
]
test.for(sownNow(plants))('it is seen when $plant.name', ({ plant, testName }) => {
  using _planted = sow(folder, plant)
  const words = ['run', 'e2e/paper/set-up.test.ts', '-t', `^${testName}`]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(CHECKOUT, 'node_modules/vitest/vitest.mjs'), ...words],
    { cwd: folder, env: { ...process.env, NO_COLOR: '1' }, encoding: 'utf8', timeout: 120_000 },
  )
  expect(stdout + stderr).toContain('AssertionError')
  expect(status).toBe(1)
})
