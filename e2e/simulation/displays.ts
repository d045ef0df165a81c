import { parseArgs } from 'node:util'
import { runDisplayFaults } from '../lobby/faults.ts'

const SEED_MAX = 1_000_000_000

/** Two displays behind a network that fails at random. @returns whether they showed the truth at every look */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { faults: { type: 'string', default: '500' }, seed: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEED_MAX))
  const { wrong, faults, ...figures } = await runDisplayFaults({ faults: Number(values.faults), seed, isLong: true })
  const bound = wrong.length === 0 ? `, so at most ${((3 / faults) * 100).toPrecision(2)} % with 95 % confidence` : ''
  console.info(`${faults} faults, seed ${seed}: ${wrong.length} wrong${bound}`)
  console.info(JSON.stringify(figures))
  for (const one of wrong) console.error(one)
  return wrong.length === 0
}
