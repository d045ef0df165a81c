import { parseArgs } from 'node:util'
import { holdAgainstTables } from '../sync/shape-oracle.ts'

const SEED_MAX = 1_000_000_000

/** What branches are told by their shapes, held against the tables. @returns whether it was the same */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { changes: { type: 'string', default: '10000' }, seed: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEED_MAX))
  const { mismatches, ...figures } = await holdAgainstTables(Number(values.changes), seed)
  console.info(`${figures.changes} changes, seed ${seed}: ${mismatches.length} mismatches`)
  console.info(JSON.stringify(figures))
  for (const mismatch of mismatches) console.error(mismatch)
  return mismatches.length === 0
}
