import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { plantedCopy } from '../plants/plant.ts'

const SEED_MAX = 1_000_000_000
const MORE = ['kiosk', 'e2e/offline', 'e2e/paper', 'e2e/plants'] as const

/** Kills the server in N rushes at three kiosks, over many days. @returns whether each paper stayed one living ticket */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEED_MAX))
  const rounds = Number(values.rounds)
  // It takes long, and must not meet a source that is edited meanwhile.
  const root = plantedCopy(mkdtempSync(join(tmpdir(), 'kills-sources-')), [], MORE)
  const { killInRush } = (await import(join(root, 'e2e/offline/rush.ts'))) as typeof import('../offline/rush.ts')
  const { failures, ...figures } = await killInRush({
    seed,
    rounds,
    onMorning: (round, counts) => console.info(`round ${round}: ${JSON.stringify(counts)}`),
  })
  const bound =
    failures.length === 0 ? `, so at most ${(Math.min(1, 3 / rounds) * 100).toFixed(1)} % with 95 % confidence` : ''
  console.info(`${figures.kills} kills in mid-rush, seed ${seed}: ${failures.length} faults${bound}`)
  console.info(JSON.stringify(figures))
  for (const failure of failures) console.error(failure)
  rmSync(root, { recursive: true })
  return failures.length === 0
}
