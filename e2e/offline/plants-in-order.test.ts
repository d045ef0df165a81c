// Plants that the rounds and the kills in mid-rush see. What they see is the order of taps, so nothing runs beside them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arrivalByWallClock, arrivalWhenGivenUp, tapKeyNotHandedOver } from '../plants/kiosk.ts'
import { type Plant, plantedCopy, sow, sownNow } from '../plants/plant.ts'
import { answerLongBeforeCommit } from '../plants/storage.ts'

/** In which one bug at a time is planted. */
const copy = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
beforeAll(() => {
  plantedCopy(copy, [], ['kiosk', 'e2e/offline', 'e2e/paper', 'e2e/plants'])
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** What the rounds, or the rushes, say, played on the copy. */
function play(seed: number, rounds: number, what = 'rounds'): { readonly failures: readonly string[] } {
  const words = [join(copy, `e2e/offline/${what}-program.ts`), String(seed), String(rounds)]
  const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 240_000 })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { failures: readonly string[] }
}

test('a copy without a plant is content', () => {
  expect(play(1, 4).failures).toEqual([])
})

describe('the rounds see', () => {
  const seen: readonly [Plant, RegExp][] = [
    [arrivalByWallClock, /not in the order of the taps|not in their order/],
    [tapKeyNotHandedOver, /each paper has its ticket/],
    [arrivalWhenGivenUp, /not in the order of the taps/],
  ]
  for (const [plant, complaint] of sownNow(seen))
    test(plant.name, () => {
      using _planted = sow(copy, plant)
      expect(play(1, 4).failures.join()).toMatch(complaint)
    })
})

const RUSH_SEEDS_MAX = 8

describe('the kills in mid-rush see', () => {
  const seen: readonly [Plant, RegExp][] = [
    [arrivalByWallClock, /is called before/],
    [tapKeyNotHandedOver, /each paper has one living ticket/],
    [answerLongBeforeCommit, /each paper has one living ticket|given twice/],
  ]
  for (const [plant, complaint] of sownNow(seen))
    test(plant.name, () => {
      using _planted = sow(copy, plant)
      let failures = ''
      // A kill in the twenty milliseconds that matter needs luck.
      for (let seed = 1; seed <= RUSH_SEEDS_MAX && !complaint.test(failures); seed += 1)
        failures = play(seed, 6, 'rush').failures.join()
      expect(failures).toMatch(complaint)
    })
})
