import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { DATABASE_NAME } from '../../branch-server/waist/open-branch.ts'
import { auditHead, PLATFORM } from '../../cloud-sync/audit/entries.ts'
import { beginAnew, verifyAll } from '../../cloud-sync/audit/run-command.ts'
import { asAdministrator } from '../../cloud-sync/testing/test-database.ts'
import { testKey } from '../../cloud-sync/testing/test-key.ts'
import { openTestCloud, type TestCloud } from '../sync/test-cloud.ts'

/** Of a planted bug nobody waits for what will not come. */
const PATIENCE = { timeout: process.env['PLANTED'] === 'yes' ? 10_000 : 60_000, interval: 100 }
/** How long the cloud holds back an answer: a branch is heard as often. */
const LIVE_MS = 300

let cloud: TestCloud
beforeAll(async () => {
  cloud = await openTestCloud(undefined, LIVE_MS)
}, 120_000)
afterAll(() => cloud?.close())

const auditOf = ({ running }: TestBranch) => running.waist.branch().store.audit
const doubts = async ({ stranger }: TestBranch) =>
  (await stranger.get<{ cloud?: { audit?: readonly string[] } }>('/api/v1/health')).body.cloud?.audit ?? []

async function anchored(branchId: string): Promise<number> {
  const rows = await cloud.database.asTenant(cloud.tenantId, (db) =>
    db.query<{ seq: string }>('select seq from audit_anchor where branch_id = $1 order by place desc limit 1', [
      branchId,
    ]),
  )
  return Number(rows[0]?.seq ?? 0)
}

const inCloud = async (): Promise<string> => {
  const rows = await cloud.database.asTenant(cloud.tenantId, (db) =>
    db.query<{ body: string }>('select body from audit_entry order by seq'),
  )
  return rows.map(({ body }) => body).join('\n')
}

/** Its last entry is gone. */
const cutBack = (tenantId: string) =>
  asAdministrator(cloud.administratorUrl, (client) =>
    client.query(
      'delete from smartqueue.audit_entry where tenant_id = $1 and seq = (select max(seq) from smartqueue.audit_entry where tenant_id = $1)',
      [tenantId],
    ),
  )

async function openBranch() {
  const { code, branchId } = await cloud.newBranch()
  const branch = await openTestBranch({ cloud: { url: `http://127.0.0.1:${cloud.port}`, code }, logLevel: 'silent' })
  await branch.pair('kiosk')
  await expect.poll(() => anchored(branchId), PATIENCE).toBe(auditOf(branch).head()?.seq)
  return { branch, branchId }
}

test('a branch whose audit was cut back is told so by name at its next contact, and its tenant keeps it for ever', async () => {
  const { branch, branchId } = await openBranch()
  await using _ = branch
  expect(await doubts(branch)).toEqual([])
  await branch.running.close()
  const db = new Database(join(branch.folder, DATABASE_NAME))
  db.exec(`drop trigger audit_entry_remains; delete from audit_anchor where whose = 'own';
    delete from audit_entry where seq > (select max(seq) - 2 from audit_entry)`)
  db.close()
  await branch.start()
  await expect.poll(() => doubts(branch), PATIENCE).toEqual(['AuditCutBack'])
  // However much it writes after that.
  for (const name of ['one', 'two']) await branch.pair('display', name)
  await expect.poll(() => doubts(branch), PATIENCE).toEqual(['AuditRewritten'])
  const said = await inCloud()
  expect(said).toContain('BranchAuditContradicted')
  expect(said).toContain(`"about":"${branchId}"`)
})

test('a cloud that was put back begins a new life of its audit: its branches note what it lacks, and their alarm ends', async () => {
  const { branch, branchId } = await openBranch()
  await using _ = branch
  const rowsOf = (tenantId: string) =>
    cloud.database.asTenant(tenantId, (db) => db.query<{ body: string }>('select body from audit_entry order by seq'))
  await testKey(cloud.administratorUrl, Date.now())
  for (const [whose, tenantId] of [
    ['cloud', cloud.tenantId],
    ['platform', PLATFORM],
  ] as const) {
    await expect
      .poll(async () => auditOf(branch).held(whose, branchId)?.seq === (await rowsOf(tenantId)).length, PATIENCE)
      .toBe(true)
    await cutBack(tenantId)
    await expect.poll(() => doubts(branch), PATIENCE).toEqual(['CloudAuditCutBack'])
    expect(await beginAnew(cloud.database, Date.now())).toMatch(/^The audit goes on as [0-9a-f-]{36} in \d+ chains/)
    await expect.poll(() => doubts(branch), PATIENCE).toEqual([])
    expect((await rowsOf(tenantId)).at(-1)?.body).toMatch(/"reason":"put-back".*"code":"ChainBegan"/)
    await expect.poll(async () => verifyAll(cloud.database).catch(String), PATIENCE).toMatch(/^The audit is whole/)
    const noted = auditOf(branch)
      .after(0)
      .filter(({ body }) => body.includes('CloudAuditContradicted') && body.includes(`"about":"${whose}"`))
    expect(noted).toHaveLength(1)
  }
})

test('the platform’s own chain is held by branches, too: its end is cut off by nobody unseen', async () => {
  const { branch, branchId } = await openBranch()
  await using _ = branch
  await testKey(cloud.administratorUrl, Date.now())
  const witnessed = async () =>
    cloud.database.asTenant(cloud.tenantId, async (db) => {
      const [row] = await db.query<{ seq: string }>(
        'select platform_seq as seq from audit_witness where branch_id = $1',
        [branchId],
      )
      return Number(row?.seq)
    })
  const lastSeq = () => cloud.database.asTenant(PLATFORM, async (db) => (await auditHead(db, PLATFORM))?.seq)
  await expect.poll(async () => (await witnessed()) === (await lastSeq()), PATIENCE).toBe(true)
  await cutBack(PLATFORM)
  await expect.poll(() => doubts(branch), PATIENCE).toEqual(['CloudAuditCutBack'])
  await expect(verifyAll(cloud.database)).rejects.toThrow(
    /The audit of the platform is .* is not-as-anchored, says branch/,
  )
  // For whoever comes after.
  await beginAnew(cloud.database, Date.now())
  await expect.poll(() => doubts(branch), PATIENCE).toEqual([])
  await expect.poll(async () => verifyAll(cloud.database).catch(String), PATIENCE).toMatch(/^The audit is whole/)
})

test('a cloud whose audit was cut back is seen by what its branches hold, there and here', async () => {
  const { branch, branchId } = await openBranch()
  await using _ = branch
  const added = await cloud.asAdmin('POST', '/branches', { name: { fr: 'Une autre' }, timeZone: 'Africa/Dakar' })
  expect(added.status).toBe(201)
  const head = async () => Number((await inCloud()).split('\n').length)
  await expect.poll(() => auditOf(branch).held('cloud', branchId)?.seq, PATIENCE).toBe(await head())
  await expect.poll(async () => verifyAll(cloud.database).catch(String), PATIENCE).toMatch(/^The audit is whole/)
  // The branch has said so, too: that is what its cloud will be verified against.
  await expect
    .poll(
      async () =>
        Number(
          (
            await cloud.database.asTenant(cloud.tenantId, (db) =>
              db.query<{ seq: string }>('select seq from audit_witness where branch_id = $1', [branchId]),
            )
          )[0]?.seq,
        ),
      PATIENCE,
    )
    .toBe(await head())
  await cutBack(cloud.tenantId)
  await expect.poll(() => doubts(branch), PATIENCE).toEqual(['CloudAuditCutBack'])
  await expect(verifyAll(cloud.database)).rejects.toThrow(/The audit of bank is .* is not-as-anchored, says branch/)
})
