import { parseArgs } from 'node:util'
import fc from 'fast-check'
import type { Cast } from '#shared/domain/testing/simulation/random-parts.ts'
import { playStory } from '#shared/domain/testing/simulation/two-branches.ts'

/** Long stories: two hundred turns each, where the unit tests tell sixty. */
const TURNS_MAX = 200

const number = fc.noBias(fc.nat({ max: 1_000_000 }))
const stories: fc.Arbitrary<Cast[]> = fc.array(fc.tuple(number, number, number, number), {
  minLength: 20,
  maxLength: TURNS_MAX,
  size: 'max',
})

/**
 * `npm run simulate -- stories [--runs N] [--seed N] [--path P]`: random stories told to a branch and to its slow twin.
 * @returns whether they agreed to the end
 */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string' }, path: { type: 'string' } },
  })
  const seed = values.seed === undefined ? {} : { seed: Number(values.seed) }
  const path = values.path === undefined ? {} : { path: values.path }
  const told = fc.property(stories, (casts) => playStory(casts))
  const details = await fc.check(told, { numRuns: Number(values.runs), ...seed, ...path })
  console.log(`seed ${details.seed}: ${details.numRuns} stories`)
  if (!details.failed) return true
  console.error(details.errorInstance)
  console.error(`Once more: npm run simulate -- stories --seed ${details.seed} --path ${details.counterexamplePath}`)
  return false
}
