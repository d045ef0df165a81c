import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSealing } from '../identity/sealing.ts'
import { asAdministrator, openTestStore, type TestStore } from '../testing/test-database.ts'
import { IDENTITY_SCHEMA, sealingPasswordOf } from './roles.ts'
import { openSealingSecrets, SECRETS_FILE } from './sealing-secrets.ts'

/** An administrator of its own, whose password changes: that of the others is everybody's. */
const boss = `boss_${randomUUID().slice(0, 8)}`
const folders = [1, 2, 3].map(() => mkdtempSync(join(tmpdir(), 'smartqueue-secrets-')))
const [here = '', elsewhere = '', third = ''] = folders
let server: TestStore

const ask = (sql: string, values: readonly unknown[] = []): Promise<pg.QueryResult> =>
  asAdministrator(server.administratorUrl, async (client) => {
    await client.query(`set search_path to ${IDENTITY_SCHEMA}`)
    return client.query(sql, [...values])
  })

async function urlAfter(password: string): Promise<string> {
  await ask(`alter role ${boss} password '${password}'`)
  const url = new URL(server.administratorUrl)
  Object.assign(url, { username: boss, password })
  return url.href
}

beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  await ask(`create role ${boss} login superuser`)
}, 120_000)
beforeEach(async () => {
  await ask('delete from sealing_secret')
  for (const folder of folders) rmSync(join(folder, SECRETS_FILE), { force: true })
})
afterAll(async () => {
  if (server !== undefined) await ask(`drop role ${boss}`)
  await server?.close()
  for (const folder of folders) rmSync(folder, { recursive: true })
})

test('every cloud that has the address of the database has the same secret, and its tables tell it nobody', async () => {
  const url = await urlAfter('one')
  const [first, second] = await Promise.all([1, 2].map(() => openSealingSecrets(url, null)))
  expect(first).toEqual(second)
  expect(first).toMatchObject({ secrets: [expect.stringMatching(/^[\w-]{43}$/)], lostCount: 0 })
  const { rows } = await ask('select it::text from sealing_secret it')
  const [secret = ''] = first?.secrets ?? []
  expect(rows).toHaveLength(1)
  for (const text of [secret, Buffer.from(secret).toString('hex')]) expect(JSON.stringify(rows)).not.toContain(text)
  const { rows: rights } = await ask(
    "select bool_or(has_table_privilege('smartqueue_' || role, 'sealing_secret', 'select')) as may from unnest(array['app', 'identity']) as it (role)",
  )
  expect(rights).toEqual([{ may: false }])
})

test('another password of the database loses nothing: the cloud’s own file opens it, and then all have it again', async () => {
  const before = await openSealingSecrets(await urlAfter('one'), here)
  expect(statSync(join(here, SECRETS_FILE)).mode & 0o777).toBe(0o600)
  const url = await urlAfter('two')
  expect(await openSealingSecrets(url, here)).toEqual(before)
  expect(await openSealingSecrets(url, null)).toEqual(before)
})

test('where nobody kept it, what it sealed is said to be lost, a new one seals, and a file that is found opens the rest', async () => {
  const before = await openSealingSecrets(await urlAfter('one'), here)
  const sealed = createSealing(before.secrets, 'totp').seal('of Awa')
  const url = await urlAfter('two')
  const without = await openSealingSecrets(url, elsewhere)
  expect(without).toMatchObject({ secrets: [expect.not.stringMatching(before.secrets[0] ?? '')], lostCount: 1 })
  expect(createSealing(without.secrets, 'totp').open(sealed)).toBeNull()
  // As somebody would bring it: beside what is there.
  const kept = readFileSync(join(here, SECRETS_FILE), 'utf8') + readFileSync(join(elsewhere, SECRETS_FILE), 'utf8')
  writeFileSync(join(elsewhere, SECRETS_FILE), kept)
  const found = await openSealingSecrets(url, elsewhere)
  expect(found).toEqual({ secrets: [...without.secrets, ...before.secrets], lostCount: 0 })
  expect(createSealing(found.secrets, 'totp').open(sealed)).toBe('of Awa')
})

test('a file that says something else takes the place of nothing', async () => {
  const before = await openSealingSecrets(await urlAfter('one'), here)
  const [line = ''] = readFileSync(join(here, SECRETS_FILE), 'utf8').split('\n')
  writeFileSync(join(third, SECRETS_FILE), `${line.split(' ')[0]} of-another-database\nnot a line\n`)
  const url = await urlAfter('two')
  expect(await openSealingSecrets(url, third)).toMatchObject({ lostCount: 1 })
  expect(await openSealingSecrets(url, here)).toMatchObject({ secrets: [expect.any(String), ...before.secrets] })
})

test('the version before, which sealed by the password itself, and this one read what either has sealed', async () => {
  const url = await urlAfter('one')
  const ofBefore = createSealing([sealingPasswordOf(url)], 'totp')
  const sealed = ofBefore.seal('of Awa')
  await ask("insert into signing_key values ('k', 'sealed', now())")
  const now = createSealing((await openSealingSecrets(url, here)).secrets, 'totp')
  await ask("delete from signing_key where key_id = 'k'")
  expect([now.open(sealed), ofBefore.open(now.seal('of Binta'))]).toEqual(['of Awa', 'of Binta'])
  // And so it stays when the password is another.
  const { secrets } = await openSealingSecrets(await urlAfter('two'), here)
  expect(createSealing(secrets, 'totp').open(sealed)).toBe('of Awa')
})
