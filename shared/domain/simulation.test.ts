import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plantedBugs } from './testing/simulation/planted-bugs.ts'
import type { Cast } from './testing/simulation/random-parts.ts'
import { newTally, type Tally, tallyText } from './testing/simulation/tally.ts'
import { type Core, playStory, soundCore } from './testing/simulation/two-branches.ts'

/**
 * Random stories, told to the branch and to its slow twin.
 * SIMULATION_RUNS: how many. SIMULATION_SEED, SIMULATION_PATH: one story again. PLANT: a planted bug, to see it red.
 */
const { SIMULATION_RUNS = '10000', SIMULATION_SEED, SIMULATION_PATH, PLANT } = process.env

const number = fc.noBias(fc.nat({ max: 1_000_000 }))
const stories: fc.Arbitrary<Cast[]> = fc.array(fc.tuple(number, number, number, number), {
  minLength: 5,
  maxLength: 60,
  size: 'max',
})
const told = (core: Core, tally: Tally): fc.IProperty<[Cast[]]> =>
  fc.property(stories, (casts) => playStory(casts, core, tally))

test('I1 to I15: whatever happens, the branch does as its slow twin does and breaks no invariant', () => {
  const core = PLANT === undefined ? soundCore : plantedBugs[PLANT]
  if (core === undefined) throw new Error(`PLANT is one of: ${Object.keys(plantedBugs).join(', ')}`)
  const again = SIMULATION_SEED === undefined ? {} : { seed: Number(SIMULATION_SEED) }
  const place = SIMULATION_PATH === undefined ? {} : { path: SIMULATION_PATH }
  const tally = newTally()
  const details = fc.check(told(core, tally), { numRuns: Number(SIMULATION_RUNS), ...again, ...place })
  const { seed, counterexamplePath, numRuns, failed, errorInstance } = details
  console.info(`seed ${seed}: ${numRuns} stories\n${tallyText(tally)}`)
  const command = `SIMULATION_SEED=${seed} SIMULATION_PATH=${counterexamplePath} node tools/run.mjs vitest run --project unit shared/domain/simulation`
  if (failed) throw new Error(`Once more: ${command}`, { cause: errorInstance })
}, 3_600_000)

/** A bug of the planter's making is in no event, so folding always betrays it; the stories must find it without. */
function isFound(casts: readonly Cast[], core: Core): boolean {
  try {
    playStory(casts, core)
    return false
  } catch (error) {
    return !(error instanceof Error && error.message.startsWith('I8'))
  }
}

for (const [name, core] of Object.entries(plantedBugs))
  test(`the stories find a planted bug: ${name}`, () => {
    const isHidden = fc.property(stories, (casts) => !isFound(casts, core))
    const details = fc.check(isHidden, { numRuns: 2_000, seed: 1, endOnFailure: true })
    expect(details.failed, `after ${details.numRuns} stories`).toBe(true)
  })
