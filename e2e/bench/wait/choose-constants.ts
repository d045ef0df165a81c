import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CHECKOUT, plantedCopy } from '../../plants/plant.ts'

/**
 * Each constant of the range that is free, and the values it may take. One after the other is set to each value in a
 * copy of the sources, and the loss on days 1–10 of the log and on seeds 100–119 is printed. No other day is read.
 */
const GRID = [
  { file: 'shared/wait/range.ts', name: 'STEP', values: ['0.005', '0.01', '0.02'] },
  { file: 'shared/wait/range.ts', name: 'REACH_BASE_MS', values: ['20_000', '40_000', '80_000'] },
  { file: 'shared/wait/least-squares.ts', name: 'KEPT', values: ['0.9995', '0.9998', '0.9999'] },
  { file: 'shared/wait/least-squares.ts', name: 'FIRST_GUESS_WEIGHT', values: ['3', '10', '30'] },
  { file: 'shared/wait/estimate.ts', name: 'TRUST_COUNT', values: ['25', '50', '100'] },
  { file: 'shared/wait/learn-outcome.ts', name: 'HALF_WEIGHT_MS', values: ['75_000', '150_000', '300_000'] },
  { file: 'shared/wait/remaining.ts', name: 'TAIL', values: ['1.5', '2', '3'] },
] as const

const log = process.argv[2]
if (log === undefined) {
  console.error('usage: node tools/run.mjs e2e/bench/wait/choose-constants.ts LOG')
  process.exit(2)
}

function lossWith(file: string, name: string, value: string, logPath: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-constants-'))
  try {
    const line = new RegExp(`^const ${name} = .*$`, 'm').exec(readFileSync(join(CHECKOUT, file), 'utf8'))?.[0] ?? ''
    const plant = { name, file, find: `${line}\n`, replace: `const ${name}: number = ${value}\n` }
    plantedCopy(folder, [plant], ['e2e/bench'])
    return execFileSync(process.execPath, [join(folder, 'e2e/bench/wait/loss.ts'), logPath], {
      encoding: 'utf8',
    }).trim()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

for (const { file, name, values } of GRID)
  for (const value of values) console.log(name, value, lossWith(file, name, value, resolve(log)))
