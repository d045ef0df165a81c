import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Plant, plantedCopy } from '../../plants/plant.ts'

/** What the simulation is made of, beyond the branch itself. */
const MORE = ['cloud-sync', 'e2e/simulation', 'e2e/plants', 'e2e/sync'] as const

/** Runs the simulation from a copy of the sources with a bug in it. */
export async function runPlanted(
  plant: Plant,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  simulation: 'sync' | 'month' | 'return' = 'sync',
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
  try {
    plantedCopy(folder, [plant], MORE)
    const child = spawn(process.execPath, [join(folder, 'e2e/simulation/main.ts'), simulation, ...words], {
      cwd: folder,
      env: { ...process.env, ...environment },
    })
    let output = ''
    const read = (chunk: Buffer): void => {
      output += String(chunk)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
    return { exitCode, output }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
