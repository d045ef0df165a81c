// An acknowledged ticket survives: the branch is cut under load, by the power and by SIGKILL, and must know afterwards
// what it had said. The same campaign must see each planted bug. POWER_SEED brings a run again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Plant, plantedCopy, sownNow } from '../plants/plant.ts'
import {
  answerBeforeCommit,
  answersOutsideTheTransaction,
  durabilityNotAsserted,
  synchronousNormal,
} from '../plants/storage.ts'
import { type CutKind, cutAgainAndAgain, verdict } from './cuts.ts'

const CUTS = Number(process.env['POWER_CUTS'] ?? 80)
const PLANTED_CUTS = 60
const SEED_MAX = 1_000_000
const seed = Number(process.env['POWER_SEED'] ?? Math.floor(Math.random() * SEED_MAX))

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'power-plants-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('a branch under load', () => {
  test.each([
    ['the power is cut', 'power'],
    ['the process is killed', 'kill'],
  ] as const)('loses nothing that it acknowledged when %s', async (_, kind) => {
    const campaign = { kind, cuts: CUTS, seed }
    const outcome = await cutAgainAndAgain(campaign)
    console.info(verdict(campaign, outcome))
    expect(outcome.failures).toEqual([])
    expect(outcome.cuts).toBe(CUTS)
    expect(outcome.tickets).toBeGreaterThan(CUTS)
  })
})

test('a first answer is kept for a day from when it was first asked for, not from when it was asked again', async () => {
  // In this life a key is asked four times over 20 hours before its answer is heard, and once more after 40.
  const { failures } = await cutAgainAndAgain({ kind: 'power', cuts: 12, seed: 1_603_291 })
  expect(failures).toEqual([])
})

describe('the campaign goes red when', () => {
  const planted: readonly [string, CutKind, RegExp, readonly Plant[]][] = [
    // What is lost is often noticed by the branch itself, which begins a new epoch.
    [
      'commits are flushed at checkpoints only',
      'power',
      /lost|twice|new epoch/,
      [synchronousNormal, durabilityNotAsserted],
    ],
    ['answers go out before COMMIT', 'kill', /lost|twice|differently/, [answerBeforeCommit]],
    ['first answers are not part of the commit', 'kill', /two tickets/, [answersOutsideTheTransaction]],
    ['the assertion meets a database that is not durable', 'power', /not durable/, [synchronousNormal]],
  ]
  test.each(sownNow(planted))('%s', async (name, kind, failure, plants) => {
    const copy = plantedCopy(join(root, name.replaceAll(' ', '-')), plants)
    const { failures } = await cutAgainAndAgain({ kind, cuts: PLANTED_CUTS, seed, root: copy, isOneEnough: true })
    expect(failures.join('\n')).toMatch(failure)
  })
})
