import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copiedPrograms } from './cluster.ts'
import { startOwnPostgres } from './own-postgres.ts'
import { PostgresError } from './postgres-error.ts'
import { unprivilegedUser } from './unprivileged.ts'

const log = pino({ level: 'silent' })
const PROGRAM = join(import.meta.dirname, '../testing/postgres-program.ts')
const NOBODY = 65_534

let root = ''
let folder = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smartqueue-postgres-'))
  // Postgres' own user must come through.
  chmodSync(root, 0o755)
  folder = join(root, 'cloud')
  mkdirSync(folder, { mode: 0o700 })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function ask<Row>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows as readonly Row[]
  } finally {
    await client.end()
  }
}

/** A program that holds a Postgres. @returns its child, and the address of the Postgres */
async function holder(as: { uid?: number; gid?: number } = {}) {
  const child = spawn(process.execPath, [PROGRAM, folder], { ...as, stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += String(chunk)
  })
  const url = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
    once(child, 'exit').then(() => Promise.reject(new Error(errors))),
  ])
  return { child, url }
}

test('what was written is there after a stop and a start, and its folder is for its user alone', async () => {
  const first = await startOwnPostgres(folder, log)
  await ask(first.url, "create table kept (word text); insert into kept values ('here')")
  await first.close()
  const again = await startOwnPostgres(folder, log)
  expect(await ask(again.url, 'select word from kept')).toEqual([{ word: 'here' }])
  expect(await ask(again.url, 'show data_checksums')).toEqual([{ data_checksums: 'on' }])
  await again.close()
  expect(await again.ended).toContain('shut down')
  const mode = (name: string): number => statSync(join(folder, name)).mode & 0o777
  expect([mode('postgres'), mode('postgres-password')]).toEqual([0o700, 0o600])
  expect(readdirSync(folder).toSorted()).toEqual(['postgres', 'postgres-password'])
}, 60_000)

test('nobody comes in without its password, and only this machine is heard', async () => {
  const own = await startOwnPostgres(folder, log)
  const wrong = new URL(own.url)
  wrong.password = 'wrong'
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
  expect(await ask(own.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
  await own.close()
}, 60_000)

test('a cloud that is killed leaves a Postgres behind, which the next one ends; nothing that was committed is lost', async () => {
  const { child, url } = await holder()
  await ask(url, "create table kept (word text); insert into kept values ('committed')")
  const killed = once(child, 'exit')
  child.kill('SIGKILL')
  await killed
  const orphan = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
  expect(() => process.kill(orphan, 0)).not.toThrow()
  const own = await startOwnPostgres(folder, log)
  expect(() => process.kill(orphan, 0)).toThrow()
  expect(await ask(own.url, 'select word from kept')).toEqual([{ word: 'committed' }])
  await own.close()
}, 60_000)

test('a Postgres that ends by itself is told with its last words', async () => {
  const own = await startOwnPostgres(folder, log)
  const pid = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
  process.kill(pid, 'SIGQUIT')
  expect(await own.ended).toMatch(/immediate shutdown/)
  await own.close()
}, 60_000)

test('a start that was cut leaves nothing that the next one trips over', async () => {
  mkdirSync(join(folder, 'postgres.new'))
  writeFileSync(join(folder, 'postgres.new/half'), '')
  writeFileSync(join(folder, 'postgres.password'), 'old')
  const own = await startOwnPostgres(folder, log)
  expect(await ask(own.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await own.close()
}, 60_000)

test('the files of another version, or none of Postgres, are told in a sentence and left alone', async () => {
  mkdirSync(join(folder, 'postgres'), { mode: 0o700 })
  writeFileSync(join(folder, 'postgres/PG_VERSION'), '15\n')
  await expect(startOwnPostgres(folder, log)).rejects.toThrow(/is of Postgres 15, and this program brings 18/)
  expect(readdirSync(join(folder, 'postgres'))).toEqual(['PG_VERSION'])
  writeFileSync(join(folder, 'postgres/PG_VERSION'), '18\n')
  const refused = await startOwnPostgres(folder, log).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(PostgresError)
  expect(String(refused)).toMatch(/^PostgresError: Postgres does not start: [^\n]+$/)
}, 60_000)

const user = unprivilegedUser()

test.runIf(user !== null)(
  'as root it runs as another user, whose barred way is told with the folder that bars it',
  async () => {
    const own = await startOwnPostgres(folder, log)
    expect(statSync(join(folder, 'postgres')).uid).toBe(user?.uid)
    await own.close()
    chmodSync(root, 0o700)
    await expect(startOwnPostgres(folder, log)).rejects.toThrow(`who may not pass ${root}`)
  },
  60_000,
)

test.runIf(user !== null)(
  'an ordinary user starts it as itself',
  async () => {
    chownSync(folder, NOBODY, NOBODY)
    const { child, url } = await holder({ uid: NOBODY, gid: NOBODY })
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(statSync(join(folder, 'postgres')).uid).toBe(NOBODY)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    // Root, who holds the folder next, ends it; the files stay whose they are.
    process.kill(Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT')
  },
  60_000,
)

test('where root finds nobody to run Postgres as, a sentence says so', () => {
  expect(unprivilegedUser(1_000)).toBeNull()
  expect(() => unprivilegedUser(0, () => 'root:x:0:0:root:/root:/bin/sh\n')).toThrow(PostgresError)
  expect(() => unprivilegedUser(0, () => 'root:x:0:0:root:/root:/bin/sh\n')).toThrow('no user postgres or nobody')
})

test('a Postgres that was mended is copied anew, and of two who copy at once both have it', () => {
  const [programs, into] = [join(root, 'package/native'), join(root, 'copies')]
  mkdirSync(join(programs, 'bin'), { recursive: true })
  const bring = (version: string): void => {
    writeFileSync(join(root, 'package/package.json'), JSON.stringify({ version }))
    writeFileSync(join(programs, 'bin/postgres'), version)
  }
  bring('18.1.0')
  const first = copiedPrograms(programs, into)
  expect(readFileSync(join(first, 'bin/postgres'), 'utf8')).toBe('18.1.0')
  bring('18.4.0')
  const mended = copiedPrograms(programs, into)
  expect(readFileSync(join(mended, 'bin/postgres'), 'utf8')).toBe('18.4.0')
  expect(copiedPrograms(programs, into)).toBe(mended)
  expect(readdirSync(into).toSorted()).toEqual(['postgres-18.1.0', 'postgres-18.4.0'])
})
