import { parseArgs } from 'node:util'
import { runCampaign } from '../paper/campaign.ts'

const SEED_MAX = 1_000_000_000

/** Prints N tickets on printers that fail at random. @returns whether the journal told the truth of each */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { jobs: { type: 'string', default: '10000' }, seed: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEED_MAX))
  const { failures, jobs, ...figures } = await runCampaign({ jobs: Number(values.jobs), seed }, console.info)
  const bound = failures.length === 0 ? `, so at most ${((3 / jobs) * 100).toPrecision(2)} % with 95 % confidence` : ''
  console.info(`${jobs} jobs, seed ${seed}: ${failures.length} untrue${bound}`)
  console.info(JSON.stringify(figures))
  for (const failure of failures) console.error(failure)
  return failures.length === 0
}
