import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { detailsForEverybody, detailsInTheBackup, detailsOutliveTheDay, detailsStayAtTheKiosk } from './details.ts'
import { CHECKOUT, plantedCopy, sow, sownNow } from './plant.ts'

const folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
beforeAll(() => {
  plantedCopy(folder, [], ['kiosk', 'tools', 'vite.config.ts', 'vite.programs.ts', 'vitest.config.ts'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const AT_THE_BRANCH = 'branch-server/routes/customer-details.test.ts'

const plants = [
  { plant: detailsOutliveTheDay, file: AT_THE_BRANCH },
  { plant: detailsInTheBackup, file: AT_THE_BRANCH },
  { plant: detailsForEverybody, file: AT_THE_BRANCH },
  { plant: detailsStayAtTheKiosk, file: 'kiosk/kiosk-store.test.ts' },
]
test.for(sownNow(plants))('it is seen when $plant.name', ({ plant, file }) => {
  using _planted = sow(folder, plant)
  const words = ['run', '--project', 'unit', file, '-t', 'customer|day is over|side table']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(CHECKOUT, 'node_modules/vitest/vitest.mjs'), ...words],
    { cwd: folder, env: { ...process.env, NO_COLOR: '1' }, encoding: 'utf8', timeout: 120_000 },
  )
  expect(stdout + stderr).toContain('AssertionError')
  expect(status).toBe(1)
})
