import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { CHECKOUT, dueToday, type Plant, plantedCopy } from './plant.ts'
import { serverPlants } from './server.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** The branch server's sources and tests in a folder of their own, with bugs planted. */
function copyWith(plants: readonly Plant[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
  folders.push(folder)
  plantedCopy(folder, plants)
  mkdirSync(join(folder, 'e2e'), { recursive: true })
  for (const name of ['e2e/race', 'e2e/hostile', 'vitest.config.ts', 'tsconfig.json'])
    cpSync(join(CHECKOUT, name), join(folder, name), { recursive: true })
  return folder
}

/** Runs one test of a copy. */
function run(folder: string, file: string, name: string): Promise<{ exitCode: number | null; output: string }> {
  const vitest = join(CHECKOUT, 'node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', '--root', folder, file, '-t', `^${name}`], { cwd: folder })
  let output = ''
  const read = (chunk: Buffer): void => {
    output += String(chunk)
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, output })))
}

for (const plant of dueToday(serverPlants, 7))
  test(`“${plant.name}” is seen`, async () => {
    const { exitCode, output } = await run(copyWith([plant]), plant.testFile, plant.testName)
    // Seen by the test itself: a copy that cannot even start would prove nothing.
    expect(output).toMatch(/AssertionError|The feed ended at/)
    expect(exitCode).toBe(1)
  })
