import type { ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startProgram } from '#shared/program/testing/start-program.ts'

const main = new URL('./main.ts', import.meta.url).pathname
const children: ChildProcess[] = []
let root = ''
let folder = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smartqueue-cloud-main-'))
  // Postgres' own user must come through.
  chmodSync(root, 0o711)
  folder = join(root, 'cloud')
})
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  const pid = postmaster()
  if (pid !== null) process.kill(pid, 'SIGQUIT')
  await expect.poll(postmaster, { timeout: 20_000 }).toBeNull()
  rmSync(root, { recursive: true, force: true })
})

/** The process of the Postgres that serves our folder. */
function postmaster(): number | null {
  const file = join(folder, 'postgres/postmaster.pid')
  if (!existsSync(file)) return null
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  try {
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}

function start(environment: Record<string, string> = {}) {
  const started = startProgram(main, {
    PATH: process.env['PATH'],
    CLOUD_PORT: '0',
    CLOUD_DATA_DIR: folder,
    ...environment,
  })
  children.push(started.child)
  return started
}

test('it says that it is well, shares its folder with no other, and ends with its Postgres', async () => {
  const { child, url, ended } = start()
  const address = await url
  expect(await (await fetch(`${address}/api/v1/health`)).json()).toMatchObject({ status: 'ok', role: 'cloud' })
  expect((await fetch(`${address}/nothing`)).headers.get('content-type')).toContain('application/problem+json')
  expect(await start().ended).toMatchObject({ exitCode: 2, output: expect.stringMatching(/^\S+ is in use by another/) })
  // As a terminal tells all programs in it, and whoever started this one tells it again.
  child.kill('SIGINT')
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ exitCode: 0 })
  expect(postmaster()).toBeNull()
}, 60_000)

/** All that lies in a folder, file by file. */
function filesIn(from: string): readonly string[] {
  return readdirSync(from, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  )
}

const run = (words: readonly string[], environment: Record<string, string> = {}) => {
  const started = startProgram(main, { PATH: process.env['PATH'], CLOUD_DATA_DIR: folder, ...environment }, words)
  children.push(started.child)
  return started.ended
}

test('a fresh cloud holds nothing that opens a door; a key is made on its machine, and lies nowhere', async () => {
  expect(await run(['make-key', 'setup'])).toMatchObject({
    exitCode: 2,
    output: expect.stringMatching(/^No cloud runs on/),
  })
  const { url } = start()
  const address = await url
  const ask = (token: string): Promise<Response> =>
    fetch(`${address}/api/v1/tenants`, { headers: { authorization: `Bearer ${token}` } })
  const ours = filesIn(folder).filter((file) => !file.startsWith(join(folder, 'postgres/')))
  expect(ours.map((file) => relative(folder, file)).toSorted()).toEqual(['lock', 'lock-journal', 'postgres-password'])
  const words = ours.map((file) => readFileSync(file, 'utf8').trim()).filter((text) => /^[\x21-\x7e]+$/.test(text))
  for (const token of [...words, '', 'admin', 'password', 'smartqueue'])
    expect([token, (await ask(token)).status]).toEqual([token, 401])
  const { exitCode, output } = await run(['make-key', 'setup'])
  const key = output.trim()
  expect([exitCode, (await ask(key)).status]).toEqual([0, 200])
  const secret = key.slice(-43)
  const holding = filesIn(folder).filter((file) => readFileSync(file).includes(secret))
  expect([key.length, holding]).toEqual([60, []])
  expect(await run(['audit', 'verify'])).toMatchObject({
    ...{ exitCode: 0, output: expect.stringMatching(/^The audit is whole: 2 entries in 1 chains/m) },
  })
  expect(await run(['audit', 'begin-anew'])).toMatchObject({
    ...{ exitCode: 0, output: expect.stringMatching(/^The audit goes on as [0-9a-f-]{36} in 1 chains/m) },
  })
  const { output: lines } = await run(['audit', 'export'])
  expect(lines.match(/"code":"\w+"/g)).toEqual(['"code":"ChainBegan"', '"code":"KeyMade"', '"code":"ChainBegan"'])
  expect(await run(['recover', 'nobody@example.org'])).toMatchObject({
    ...{ exitCode: 2, output: expect.stringMatching(/^Nobody signs in with the address/m) },
  })
  expect(await run(['make-key', 'everything'])).toMatchObject({ exitCode: 2, output: expect.stringMatching(/^usage:/) })
}, 90_000)

test('told to end while it starts it leaves no Postgres behind', async () => {
  const { child, ended } = start()
  await expect.poll(postmaster, { timeout: 40_000, interval: 10 }).not.toBeNull()
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ exitCode: 0 })
  expect(postmaster()).toBeNull()
}, 60_000)

test('when its Postgres ends the cloud does, so that both are started anew; then it is well again', async () => {
  const { url, ended } = start()
  await url
  process.kill(postmaster() ?? 0, 'SIGKILL')
  expect(await ended).toMatchObject({ exitCode: 1, output: expect.stringContaining('the database has ended') })
  const again = start()
  expect((await fetch(`${await again.url}/api/v1/health`)).status).toBe(200)
}, 60_000)

test.each([
  [{ CLOUD_PORT: '70000' }, /^CLOUD_PORT must be/],
  [{ CLOUD_HOST: 'cloud.example' }, /^CLOUD_HOST must be/],
  [{ CLOUD_PROXY_ADDRESS: 'proxy.example' }, /^CLOUD_PROXY_ADDRESS must be/],
  [{ CLOUD_DATA_DIR: ' ' }, /^CLOUD_DATA_DIR must/],
  [{ DATABASE_URL: 'mysql://somewhere' }, /^DATABASE_URL must be as/],
  [
    { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/queue' },
    /^The database at 127\.0\.0\.1:1\/queue cannot be prepared/,
  ],
])(
  'what cannot be used (%j) is said in one sentence',
  async (environment, sentence) => {
    const { exitCode, output } = await start(environment).ended
    expect(exitCode).toBe(2)
    expect(output).toMatch(sentence)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(output).not.toContain('secret')
  },
  60_000,
)
