// The oldest Postgres that the cloud takes, as Debian brings it: the same suite, and an administrator who is no superuser.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../cloud-sync/postgres/free-port.ts'
import { unprivilegedUser } from '../../cloud-sync/postgres/unprivileged.ts'
import { openDatabase } from '../../cloud-sync/store/database.ts'
import { addSampleTenant } from '../../cloud-sync/testing/sample-tenant.ts'
import { asAdministrator, silent } from '../../cloud-sync/testing/test-database.ts'
import { until } from '../offline/until.ts'
import { CHECKOUT } from '../plants/plant.ts'

const VERSIONS = '/usr/lib/postgresql'
const PASSWORD = 'of-this-test-alone'

let folder = ''
let url = ''
let server: ChildProcess | null = null

beforeAll(async () => {
  const version = existsSync(VERSIONS) ? readdirSync(VERSIONS).toSorted()[0] : undefined
  if (version === undefined) throw new Error('Debian’s Postgres was not found: apt-get install postgresql')
  const bin = join(VERSIONS, version, 'bin')
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-other-postgres-'))
  chmodSync(folder, 0o711)
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  mkdirSync(data)
  writeFileSync(passwordFile, PASSWORD)
  const user = unprivilegedUser()
  if (user !== null) for (const path of [data, passwordFile]) chownSync(path, user.uid, user.gid)
  const as = user === null ? {} : { uid: user.uid, gid: user.gid }
  const words = [
    '-D',
    data,
    '-U',
    'administrator',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
  ]
  execFileSync(join(bin, 'initdb'), [...words, '--locale=C'], { ...as, stdio: 'ignore', cwd: '/' })
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...as,
    stdio: 'ignore',
    cwd: '/',
  })
  url = `postgres://administrator:${PASSWORD}@127.0.0.1:${port}/postgres`
  const answers = () => asAdministrator(url, () => Promise.resolve(true)).catch(() => false)
  await until('Debian’s Postgres answers', answers)
})
afterAll(async () => {
  if (server !== null && server.exitCode === null) {
    const gone = once(server, 'exit')
    server.kill('SIGINT')
    await gone
  }
  rmSync(folder, { recursive: true, force: true })
})

test('an administrator who may make roles and no more is enough', async () => {
  await asAdministrator(url, async (client) => {
    await client.query(`create role manager login createrole createdb password '${PASSWORD}'`)
    await client.query('create database managed owner manager')
  })
  const managed = new URL(url)
  managed.username = 'manager'
  managed.pathname = 'managed'
  // Twice, for the second finds the roles made.
  for (let start = 0; start < 2; start += 1) {
    const database = await openDatabase({ administratorUrl: managed.href, log: silent })
    await addSampleTenant(database)
    await database.close()
  }
})

/** What asks Postgres for what differs from one to the next; `CLOUD_SUITE=all`: all that has to do with the cloud. */
const SUITE =
  process.env['CLOUD_SUITE'] === 'all'
    ? ['cloud-sync', 'e2e/sync', 'e2e/tenants/mixed', 'e2e/simulation/sync', 'e2e/simulation/return']
    : ['cloud-sync/store', 'cloud-sync/routes/shape', 'cloud-sync/routes/present', 'e2e/tenants/mixed']

test('the suite holds there, too', () => {
  const words = ['vitest/vitest.mjs', 'run', ...SUITE, '--no-file-parallelism']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(CHECKOUT, 'node_modules', words[0] ?? ''), ...words.slice(1)],
    { cwd: CHECKOUT, env: { ...process.env, NO_COLOR: '1', TEST_DATABASE_URL: url }, encoding: 'utf8' },
  )
  expect(stdout + stderr).toMatch(/Test Files {2}\d+ passed \(\d+\)/)
  expect(status).toBe(0)
})
