import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHECKOUT, plantedCopy, sownNow } from '../plants/plant.ts'
import { failOverInDoubt, retryAfterTimeOut, takenForPrinted } from '../plants/printers.ts'
import type { CampaignOutcome } from './campaign.ts'

const JOBS = 50
/** It stops at the first untruth. */
const PLANTED_JOBS = 600
const SEED = 1

let own = ''
beforeAll(() => {
  own = mkdtempSync(join(tmpdir(), 'smartqueue-paper-plant-'))
})
afterAll(() => rmSync(own, { recursive: true, force: true }))

function runFrom(root: string, jobs: number): CampaignOutcome {
  const words = [join(root, 'e2e/paper/campaign-program.ts'), String(jobs), String(SEED)]
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 300_000 })
  const last = stdout.trim().split('\n').at(-1) ?? ''
  if (last === '') throw new Error(stderr)
  return JSON.parse(last) as CampaignOutcome
}

test('whatever befalls the printers, no ticket is lost in silence and none comes out twice without a mark', () => {
  const { failures, papers, countByState } = runFrom(CHECKOUT, JOBS)
  expect(failures).toEqual([])
  // The printers really printed, and really failed.
  expect(papers).toBeGreaterThan(JOBS / 3)
  for (const state of ['confirmed', 'sent', 'failed', 'uncertain'])
    expect([state, countByState[state] ?? 0]).not.toEqual([state, 0])
})

const seen = [
  { plant: takenForPrinted, kind: /^silent loss/ },
  { plant: retryAfterTimeOut, kind: /^unmarked duplicate/ },
  // When the second printer prints nothing either, the ticket that the first has printed is said to have failed.
  { plant: failOverInDoubt, kind: /^(unmarked duplicate|printed all the same)/ },
]
test.for(sownNow(seen))('it is seen when $plant.name', ({ plant, kind }) => {
  const root = plantedCopy(join(own, plant.name.replaceAll(' ', '-')), [plant], ['kiosk', 'e2e/paper', 'tools/demo'])
  expect(runFrom(root, PLANTED_JOBS).failures.filter((failure) => kind.test(failure))).not.toEqual([])
})
