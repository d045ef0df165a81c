import { parseArgs } from 'node:util'
import { mixTenants } from '../tenants/mixed.ts'

const SEED_MAX = 1_000_000_000

/** Tenants mixed on few connections, with random aborts. @returns whether none saw another */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { requests: { type: 'string', default: '20000' }, seed: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEED_MAX))
  const { leaks, ...figures } = await mixTenants(Number(values.requests), seed)
  console.info(`${figures.requests} requests, seed ${seed}: ${leaks.length} leaks`)
  console.info(JSON.stringify(figures))
  for (const leak of leaks) console.error(leak)
  return leaks.length === 0
}
