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

test('what is said in the pause after a write is not lost either, and waits for no later line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-log-'))
  const file = join(folder, 'log')
  const source = new URL('./log-output.ts', import.meta.url).href
  /** Says two lines right after the first was written; then it ends, or waits until they are written, too. */
  const program = (end: string) => `import { logOutput } from ${JSON.stringify(source)}
    import { openSync, readFileSync } from 'node:fs'
    const file = ${JSON.stringify(file)}
    const output = logOutput(openSync(file, 'w'))
    const until = async (text) => {
      while (readFileSync(file, 'utf8') !== text) await new Promise((resolve) => setImmediate(resolve))
      // The news of the write has come, too.
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    output.write('one\\n')
    await until('one\\n')
    output.write('two\\n')
    output.write('three\\n')
    ${end}`
  for (const end of ['process.exit(0)', "await until('one\\ntwo\\nthree\\n'); process.kill(process.pid, 'SIGKILL')"]) {
    spawnSync(process.execPath, ['--input-type=module', '--eval', program(end)], { timeout: 20_000 })
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\nthree\n')
  }
  rmSync(folder, { recursive: true })
})
