import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { plantedCopy } from '../plants/plant.ts'
import { checkpointOften } from '../plants/storage.ts'
import { measureWear } from './wear.ts'

/** The long form: WEAR_TICKETS=2000. */
const TICKETS = Number(process.env['WEAR_TICKETS'] ?? 60)

/**
 * The budget: what one ticket, from the tap to the end of its service, may write. README.md says what a card of given
 * endurance lasts with it; whoever needs more says so there.
 */
const BRANCH_BYTES_MAX = 220_000
const KIOSK_BYTES_MAX = 140_000

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wear-'))
  mkdirSync(join(root, 'disks'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a ticket writes no more than its budget, at the branch and at the kiosk', async () => {
  const wear = await measureWear(join(root, 'disks'), TICKETS)
  console.info('wear:', JSON.stringify(wear))
  expect(wear.branch.bytes).toBeLessThan(BRANCH_BYTES_MAX)
  expect(wear.kiosk.bytes).toBeLessThan(KIOSK_BYTES_MAX)
})

test('a checkpoint with every few commits is seen', async () => {
  const copy = plantedCopy(join(root, 'copy'), [checkpointOften], ['kiosk'])
  const wear = await measureWear(join(root, 'disks'), 20, copy)
  expect(wear.branch.bytes).toBeGreaterThan(BRANCH_BYTES_MAX)
  expect(wear.kiosk.bytes).toBeGreaterThan(KIOSK_BYTES_MAX)
})
