import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { plantedCopy } from '../plants/plant.ts'
import { cutAgainAndAgain, verdict } from '../power/cuts.ts'

const SEED_MAX = 1_000_000_000

/** Cuts the power N times and kills the process N times. @returns whether nothing was lost */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { cuts: { type: 'string', default: '1000' }, seed: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEED_MAX))
  // It takes long, and must not meet a source that is edited meanwhile.
  const root = plantedCopy(mkdtempSync(join(tmpdir(), 'power-sources-')), [])
  let isSound = true
  for (const kind of ['power', 'kill'] as const) {
    const campaign = { kind, cuts: Number(values.cuts), seed, root }
    const outcome = await cutAgainAndAgain(campaign)
    console.info(verdict(campaign, outcome))
    for (const failure of outcome.failures) console.error(failure)
    isSound &&= outcome.failures.length === 0
  }
  rmSync(root, { recursive: true })
  return isSound
}
