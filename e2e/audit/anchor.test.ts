import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { DATABASE_NAME } from '../../branch-server/waist/open-branch.ts'
import { verifyAll } from '../../cloud-sync/audit/run-command.ts'
import { asAdministrator } from '../../cloud-sync/testing/test-database.ts'
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
  await asAdministrator(cloud.administratorUrl, (client) =>
    client.query(
      'delete from smartqueue.audit_entry where tenant_id = $1 and seq = (select max(seq) from smartqueue.audit_entry where tenant_id = $1)',
      [cloud.tenantId],
    ),
  )
  await expect.poll(() => doubts(branch), PATIENCE).toEqual(['CloudAuditCutBack'])
  await expect(verifyAll(cloud.database)).rejects.toThrow(/The audit of bank is .* is not-as-anchored, says branch/)
})
