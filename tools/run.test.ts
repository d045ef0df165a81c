import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

// A project of three lines, with the launcher of this one.

const TOOLS = import.meta.dirname
let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smartqueue-launcher-'))
  for (const name of ['tools', 'shared', 'branch-server', 'cloud-sync', 'kiosk', 'display', 'caller'])
    mkdirSync(join(root, name))
  for (const name of ['run.mjs', 'node-words.json']) copyFileSync(join(TOOLS, name), join(root, 'tools', name))
  symlinkSync(join(TOOLS, '../node_modules'), join(root, 'node_modules'))
  const files = {
    'package.json': '{"type":"module"}',
    'package-lock.json': '{}',
    'branch-server/main.ts': "import { words } from '../shared/words.ts'\nconsole.log(words)",
    'shared/words.ts': "export const words: string = 'the first'",
    'vite.programs.ts': "export const input = { 'branch-server': 'branch-server/main.ts' }",
    'vite.config.ts': `import { input } from './vite.programs.ts'
      const output = { entryFileNames: '[name].js' }
      export default { build: { ssr: true, outDir: 'dist/programs', rolldownOptions: { input, output } } }`,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function start() {
  const words = [join(root, 'tools/run.mjs'), 'dist/programs/branch-server.js']
  const { status, stdout } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' })
  return { status, stdout }
}

test('what is started is what the sources say: built when it is not there, and when one of them is newer', () => {
  expect(start()).toEqual({ status: 0, stdout: 'the first\n' })
  writeFileSync(join(root, 'dist/programs/branch-server.js'), "console.log('built, and as new as its sources')")
  expect(start().stdout).toBe('built, and as new as its sources\n')
  writeFileSync(join(root, 'shared/words.ts'), "export const words: string = 'the second'")
  expect(start()).toEqual({ status: 0, stdout: 'the second\n' })
})

test('sources that cannot be built start nothing, not even what was built before', () => {
  expect(start().status).toBe(0)
  rmSync(join(root, 'shared/words.ts'))
  expect(start()).toEqual({ status: 2, stdout: '' })
})

test('a packed product has no sources, and starts', () => {
  expect(start().status).toBe(0)
  for (const name of ['vite.config.ts', 'vite.programs.ts', 'shared', 'branch-server', 'package-lock.json'])
    rmSync(join(root, name), { recursive: true })
  expect(start()).toEqual({ status: 0, stdout: 'the first\n' })
})
