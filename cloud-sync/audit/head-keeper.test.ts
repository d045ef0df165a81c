import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openApp } from '../open-app.ts'
import { insertTenant } from '../store/branches.ts'
import { asAdministrator, openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { appendAudit, PLATFORM } from './entries.ts'
import { type HeadKeeper, startHeadKeeper } from './head-keeper.ts'
import { HEADS_FILE, headsText, presentHeads } from './kept-heads.ts'
import { beginAnew, readKept, verifyAll } from './run-command.ts'

// Of a cloud that has no branch yet: nobody but itself holds where its chains stand.
const TENANT = '11111111-1111-4111-8111-111111111111'
const PATIENCE = { timeout: 10_000, interval: 50 }

let server: TestStore
let folder = ''
let keeper: HeadKeeper
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  await server.database.asTenant(TENANT, (db) => insertTenant(db, TENANT, 'alone', { fr: 'Seule' }))
}, 120_000)
afterAll(() => server?.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-heads-'))
  keeper = keep()
})
afterEach(async () => {
  await keeper.close()
  await beginAnew(server.database, 1)
  rmSync(folder, { recursive: true })
})

const keep = () => startHeadKeeper({ database: server.database, folder, log: silent, soonMs: 20 })
let timeMs = 1
/** No two are the same. */
const write = (tenantId: string) =>
  server.database.asTenant(tenantId, (db) =>
    appendAudit(db, tenantId, { code: 'KeyMade', actor: { kind: 'system', id: null } }, timeMs++),
  )
const cutBack = (tenantId: string, count = 1) =>
  asAdministrator(server.administratorUrl, (client) =>
    client.query(
      `delete from smartqueue.audit_entry where tenant_id = $1 and seq > (select max(seq) - ${count} from smartqueue.audit_entry where tenant_id = $1)`,
      [tenantId],
    ),
  )
const text = (): string => {
  try {
    return readFileSync(join(folder, HEADS_FILE), 'utf8')
  } catch {
    return ''
  }
}
/** What the file has is where the chain stands. */
const isKept = async (tenantId: string) => {
  const [head] = (await presentHeads(server.database)).get(tenantId) ?? []
  return head !== undefined && text().includes(`"tenantId":"${tenantId}","chain":"${head.chain}","seq":${head.seq},`)
}
const verify = (file: string | null = null) => verifyAll(server.database, readKept(folder, file)).catch(String)

test.each([
  ['a tenant', TENANT, 'alone'],
  ['the platform', PLATFORM, 'the platform'],
])(
  'the end of the chain of %s that no branch holds is cut off: it is seen, in health and by whoever verifies',
  async (_, tenantId, name) => {
    for (let each = 0; each < 3; each += 1) await write(tenantId)
    await expect.poll(() => isKept(tenantId), PATIENCE).toBe(true)
    expect(statSync(join(folder, HEADS_FILE)).mode & 0o777).toBe(0o600)
    expect(await verify()).toMatch(/^The audit is whole/)
    const app = await openApp(
      {
        database: server.database,
        version: '0',
        nowMs: () => 1,
        headKeeper: { doubtedCount: () => keeper.doubtedCount() },
      },
      silent,
    )
    const health = async () => (await app.inject('/api/v1/health')).json<object>()
    expect(await health()).toMatchObject({ status: 'ok' })
    await cutBack(tenantId)
    expect(await verify()).toContain(`The audit of ${name} is not as it was written: entry`)
    await keeper.look()
    expect(await health()).toMatchObject({ status: 'audit-doubted', auditNotAsKept: 1 })
    // However much is written after that, and after a start.
    for (let each = 0; each < 3; each += 1) await write(tenantId)
    await keeper.close()
    keeper = keep()
    await keeper.look()
    expect([keeper.doubtedCount(), await health()]).toMatchObject([1, { status: 'audit-doubted' }])
    expect(await verify()).toContain(`says ${HEADS_FILE}`)
    await app.close()
  },
)

test('a chain of which nothing is left is missed', async () => {
  await write(TENANT)
  await expect.poll(() => isKept(TENANT), PATIENCE).toBe(true)
  await asAdministrator(server.administratorUrl, (client) =>
    client.query('delete from smartqueue.audit_entry where tenant_id = $1', [TENANT]),
  )
  await keeper.look()
  expect(keeper.doubtedCount()).toBe(1)
  expect(await verify()).toContain('The audit of alone is not as it was written')
})

test('a database that was put back goes on under a new name, and what was lost is told; an older name is no new one', async () => {
  await write(TENANT)
  await expect.poll(() => isKept(TENANT), PATIENCE).toBe(true)
  await cutBack(TENANT)
  await write(TENANT)
  await keeper.look()
  expect(keeper.doubtedCount()).toBe(1)
  await beginAnew(server.database, 1)
  await keeper.look()
  expect([keeper.doubtedCount(), await verify()]).toMatchObject([0, expect.stringMatching(/whole: .*lives were lost/)])
  await cutBack(TENANT)
  await keeper.look()
  expect(keeper.doubtedCount()).toBe(1)
})

test('a chain that cannot be looked at hides no other, and is looked at again', async () => {
  const ill = '00000000-0000-4000-8000-000000000001'
  await server.database.asTenant(ill, (db) => insertTenant(db, ill, 'ill', { fr: 'Malade' }))
  await keeper.close()
  let isIll = false
  const asTenant: typeof server.database.asTenant = (tenantId, work) =>
    isIll && tenantId === ill
      ? Promise.reject(new Error('this one cannot be read'))
      : server.database.asTenant(tenantId, work)
  keeper = startHeadKeeper({ database: { ...server.database, asTenant }, folder, log: silent, soonMs: 20 })
  // In this order it is kept, and looked at.
  for (const tenantId of [ill, TENANT]) {
    await write(tenantId)
    await expect.poll(() => isKept(tenantId), PATIENCE).toBe(true)
  }
  isIll = true
  await cutBack(TENANT)
  await keeper.look()
  expect(keeper.doubtedCount()).toBe(1)
  await write(ill)
  await pause(200)
  expect(await isKept(ill)).toBe(false)
  isIll = false
  await expect.poll(() => isKept(ill), PATIENCE).toBe(true)
})

test('what was written elsewhere by hand is held against it, also where this folder keeps nothing any more', async () => {
  for (let each = 0; each < 2; each += 1) await write(TENANT)
  const elsewhere = join(folder, 'heads-of-monday')
  writeFileSync(elsewhere, headsText(await presentHeads(server.database)))
  await keeper.close()
  rmSync(join(folder, HEADS_FILE), { force: true })
  expect(await verify()).toContain('Nothing here has kept where it stood last')
  expect(await verify(elsewhere)).toMatch(/^The audit is whole/)
  await cutBack(TENANT)
  expect(await verify()).toMatch(/^The audit is whole/)
  expect(await verify(elsewhere)).toContain('says ')
  writeFileSync(elsewhere, 'nothing of the kind')
  expect(() => readKept(folder, elsewhere)).toThrow('is no whole list')
  expect(() => readKept(folder, join(folder, 'nowhere'))).toThrow('There is no file')
  keeper = keep()
})
