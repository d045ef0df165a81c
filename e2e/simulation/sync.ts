import { parseArgs } from 'node:util'
import { setup } from '../../cloud-sync/testing/postgres-of-run.ts'
import { syncPlants } from '../plants/sync.ts'
import { tellStories } from './cloud/campaign.ts'
import { runPlanted } from './cloud/planted.ts'

const SEED_MAX = 1_000_000_000

const anySeed = (): number => Math.floor(Math.random() * SEED_MAX)

async function runPlant(name: string, days: string, given: string | undefined): Promise<boolean> {
  const plant = syncPlants.find((it) => it.name === name)
  if (plant === undefined) {
    console.error(`There is no plant ${name}; there are ${syncPlants.map((it) => it.name).join(', ')}`)
    return false
  }
  const seed = given ?? String(plant.seed ?? anySeed())
  const { exitCode, output } = await runPlanted(plant, ['--days', days, '--seed', seed])
  console.info(output)
  return exitCode === 0
}

/**
 * `npm run simulate -- sync [--days N] [--seed S] [--notes] [--plant NAME]`: branches, their lines and their cloud, through
 * every fault at once; with a plant: with a known bug in them, which must be seen.
 * @returns whether branch and cloud agreed at the end of each story
 */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      days: { type: 'string', default: '1000' },
      seed: { type: 'string' },
      notes: { type: 'boolean' },
      plant: { type: 'string' },
    },
  })
  if (values.plant !== undefined) return runPlant(values.plant, values.days, values.seed)
  const seed = Number(values.seed ?? anySeed())
  const endPostgres = await setup()
  const told = tellStories(Number(values.days), seed)
  const { failed, counts, branchDays, eventCount, transcriptHash, elapsedMs } = await told.finally(endPostgres)
  console.info(
    `${branchDays} branch-days, ${eventCount} events, seed ${seed}: transcript ${transcriptHash.slice(0, 16)}, ${Math.round((branchDays / elapsedMs) * 1_000)} branch-days a second`,
  )
  console.info([...counts].map(([what, times]) => `${times} × ${what}`).join('\n'))
  if (failed === null) return true
  for (const fault of failed.faults) console.error(fault)
  if (values.notes === true) for (const note of failed.lastNotes) console.error(note)
  console.error(`Once more: npm run simulate -- sync --days 1 --seed ${failed.seed} --notes`)
  return false
}
