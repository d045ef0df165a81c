import type { ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { startProgram } from '#shared/program/testing/start-program.ts'
import { createClient } from './testing/client.ts'

const main = new URL('./main.ts', import.meta.url).pathname
const folders: string[] = []
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-main-'))
  folders.push(folder)
  return folder
}

function start(environment: Record<string, string>) {
  const started = startProgram(main, { PATH: process.env['PATH'], BRANCH_PORT: '0', ...environment })
  children.push(started.child)
  return started
}

test('everything the branch keeps is readable by its own user alone', async () => {
  const folder = newFolder()
  chmodSync(folder, 0o755)
  const { child, url, ended } = start({ BRANCH_DATA_DIR: folder })
  const address = await url
  const installer = createClient(address, readFileSync(join(folder, 'installer-token'), 'utf8'))
  expect((await installer.post('/api/v1/backups')).status).toBe(201)
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const modes = entries.map((entry) => {
    const { mode } = statSync(join(entry.parentPath, entry.name))
    return [entry.name, (mode & 0o777).toString(8)]
  })
  expect(modes.length).toBeGreaterThan(7)
  expect(modes).toEqual(entries.map((entry) => [entry.name, entry.isDirectory() ? '700' : '600']))
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ exitCode: 0 })
})

test('its audit is verified by a program of its own, beside it while it runs; one that is changed ends that with 2', async () => {
  const folder = newFolder()
  const audit = (...words: string[]) => {
    const program = startProgram(main, { PATH: process.env['PATH'], BRANCH_DATA_DIR: folder }, ['audit', ...words])
    children.push(program.child)
    return program.ended
  }
  const { child, url, ended } = start({ BRANCH_DATA_DIR: folder })
  const installer = createClient(await url, readFileSync(join(folder, 'installer-token'), 'utf8'))
  expect((await installer.post('/api/v1/backups')).status).toBe(201)
  expect(await audit('verify')).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^The audit is whole: 2 /) })
  expect((await audit('export')).output).toContain('"code":"BackupMade"')
  child.kill('SIGTERM')
  await ended
  const db = new Database(join(folder, 'branch.db'))
  db.exec("drop trigger audit_entry_stays; update audit_entry set body = replace(body, '127.0.0.1', '127.0.0.2')")
  db.close()
  expect(await audit('verify')).toMatchObject({ exitCode: 2, output: expect.stringContaining('entry 2 is changed') })
})

test('two branch servers never share a folder', async () => {
  const folder = newFolder()
  await start({ BRANCH_DATA_DIR: folder }).url
  const second = await start({ BRANCH_DATA_DIR: folder }).ended
  expect(second).toEqual({
    exitCode: 2,
    output: `${folder} is in use by another program of the same kind; end that one first\n`,
  })
})

const mistakes = [
  ['BRANCH_PORT', 'seventy'],
  ['BRANCH_PORT', '70000'],
  ['BRANCH_HOST', 'the-branch'],
  ['BRANCH_INSTALLER_TOKEN', 'short'],
  ['BRANCH_DATA_DIR', ' '],
] as const
for (const [name, value] of mistakes)
  test(`${name}="${value}" is told in one sentence, and nothing starts`, async () => {
    const { exitCode, output } = await start({ BRANCH_DATA_DIR: newFolder(), [name]: value }).ended
    expect(exitCode).toBe(2)
    expect(output).toMatch(new RegExp(`^[^\n]*${name}[^\n]*\\.\n$`))
  })
