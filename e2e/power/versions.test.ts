// The file of a later version, and everything else that stands in the way of a start.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHECKOUT } from '../plants/plant.ts'
import { openHere, setUp } from './branch-here.ts'
import { isServer, type NotStarted, startServer } from './server.ts'
import { UNTIL_DISARMED } from './shim.ts'

let root = ''
let folder = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'power-versions-'))
  folder = join(root, 'data')
  mkdirSync(folder)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** What the version after ours would have made of the file. @returns its number */
async function laterFile(readerMin: number): Promise<number> {
  const branch = openHere(folder)
  await setUp(branch)
  await branch.issue()
  branch.close()
  const db = new Database(join(folder, 'branch.db'))
  const later = Number(db.pragma('user_version', { simple: true })) + 1
  db.exec(`alter table ticket add column colour text; create table colour (colour text primary key) strict;
    update meta set value = '${readerMin}' where key = 'reader_version_min'`)
  db.pragma(`user_version = ${later}`)
  db.close()
  return later
}

async function refusal(environment: Record<string, string> = {}): Promise<NotStarted> {
  const started = await startServer({ folder }, CHECKOUT, environment)
  if (!isServer(started)) return started
  await started.program.cut()
  throw new Error('It started')
}

async function expectRefused(words: RegExp, environment: Record<string, string> = {}): Promise<void> {
  const { code, errors } = await refusal(environment)
  expect(code, errors).toBe(2)
  expect(errors.trim().split('\n'), errors).toHaveLength(1)
  expect(errors).toMatch(words)
}

test('a file of the next version opens and issues, as long as that version lets us', async () => {
  const later = await laterFile(1)
  const branch = openHere(folder)
  expect((await branch.issue()).number).toBe('A002')
  expect(branch.check().fault).toBeNull()
  branch.close()
  const db = new Database(join(folder, 'branch.db'))
  expect(db.pragma('user_version', { simple: true })).toBe(later)
  db.close()
})

test('a file that needs a newer program is refused in one sentence and not touched', async () => {
  await laterFile(99)
  await expectRefused(/newer/)
})

test('a port that is taken is named', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => other.once('listening', listening))
  const { port } = other.address() as { port: number }
  await expectRefused(/BRANCH_PORT/, { BRANCH_PORT: String(port) })
  other.close()
})

test('a folder that another server holds is named, and the other one goes on', async () => {
  const first = await startServer({ folder })
  if (!isServer(first)) throw new Error(first.errors)
  await expectRefused(/in use/)
  expect((await first.ask('', 'GET', '/health')).status).toBe(200)
  await first.program.cut()
})

test('a folder that cannot be made is named', async () => {
  const file = join(root, 'a-file')
  new Database(file).exec('create table t (a)').close()
  await expectRefused(/BRANCH_DATA_DIR/, { BRANCH_DATA_DIR: join(file, 'data') })
})

test('a folder that may not be written is named', async () => {
  const fail = { errno: 'EROFS', kinds: ['create', 'write'], count: UNTIL_DISARMED } as const
  const started = await startServer({ folder, fail })
  expect(started).toMatchObject({ code: 2, errors: expect.stringMatching(/^[^\n]*BRANCH_DATA_DIR[^\n]*\n$/) })
})

test.each([
  ['BRANCH_PORT', 'seventy'],
  ['BRANCH_PORT', '70000'],
  ['BRANCH_HOST', 'the-branch'],
  ['BRANCH_INSTALLER_TOKEN', 'short'],
  ['BRANCH_DATA_DIR', ' '],
])('%s=%s is refused by its name', async (name, value) => {
  await expectRefused(new RegExp(name), { [name]: value })
})
