import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { logOutput } from './log-output.ts'

test('lines arrive whole and in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-log-'))
  const file = join(folder, 'log')
  const descriptor = openSync(file, 'w')
  const output = logOutput(descriptor)
  const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index}\n`)
  for (const line of lines) output.write(line)
  await expect.poll(() => readFileSync(file, 'utf8').length).toBe(lines.join('').length)
  expect(readFileSync(file, 'utf8')).toBe(lines.join(''))
  closeSync(descriptor)
  rmSync(folder, { recursive: true })
})

test('a disk that is full costs lines, and nothing else', async () => {
  const descriptor = openSync('/dev/full', 'w')
  const output = logOutput(descriptor)
  for (let index = 0; index < 1_000; index += 1) output.write('a line that nobody can keep\n')
  await new Promise((resolve) => setTimeout(resolve, 50))
  output.write('still here\n')
  await new Promise((resolve) => setTimeout(resolve, 50))
  closeSync(descriptor)
})

test('what is said in the last turn of a program is not lost', () => {
  const file = new URL('./log-output.ts', import.meta.url).href
  const program = `import { logOutput } from ${JSON.stringify(file)}
    const output = logOutput()
    output.write('one\\n')
    output.write('two\\n')
    process.exit(0)`
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
  expect(said).toBe('one\ntwo\n')
})

test('what is said in the pause after a write is not lost either, and waits for no later line', async () => {
  const file = new URL('./log-output.ts', import.meta.url).href
  const program = (end: string) => `import { logOutput } from ${JSON.stringify(file)}
    const output = logOutput()
    output.write('one\\n')
    setTimeout(() => {
      output.write('two\\n')
      output.write('three\\n')
      ${end}
    }, 4)`
  for (const end of ['process.exit(0)', 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 500)']) {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program(end)], {
      encoding: 'utf8',
    })
    expect(stdout).toBe('one\ntwo\nthree\n')
  }
})
