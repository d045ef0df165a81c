import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Config } from '../../branch-server/config.ts'
import { restoreFromCloud } from '../../branch-server/restore/restore-from-cloud.ts'
import type { Pause } from '../../branch-server/sync/within.ts'
import { INSTALLER_TOKEN, openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import type { BranchIdentity } from '../../cloud-sync/store/inbox.ts'
import { ticketsOf } from '../../cloud-sync/store/ticket-rows.ts'
import { cash } from '../../shared/domain/testing/bank.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

/** Of a planted bug nobody waits for what will not come. */
const PATIENCE = { timeout: process.env['PLANTED'] === 'yes' ? 15_000 : 60_000, interval: 100 }

let cloud: TestCloud
let url = ''
let folder = ''
beforeAll(async () => {
  cloud = await openTestCloud()
  url = `http://127.0.0.1:${cloud.port}`
}, 120_000)
afterAll(() => cloud?.close())
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'smartqueue-place-')), 'branch')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

interface CloudHealth {
  readonly state: string
  readonly behind: number
  readonly enrolment?: string
}

const cloudHealth = async ({ stranger }: TestBranch) =>
  (await stranger.get<{ cloud?: CloudHealth }>('/api/v1/health')).body.cloud
const isUpToDate = (branch: TestBranch) =>
  expect.poll(() => cloudHealth(branch), PATIENCE).toEqual({ state: 'up to date', behind: 0 })

const open = (code: string | null, of: Partial<Parameters<typeof openTestBranch>[0]> = {}) =>
  openTestBranch({ cloud: { url, code }, logLevel: 'info', ...of })

async function issue(branch: TestBranch, count: number): Promise<readonly string[]> {
  const kiosk = await branch.pair('kiosk', `kiosk ${Math.random()}`)
  const numbers: string[] = []
  for (let each = 0; each < count; each += 1) numbers.push((await kiosk.issue(cash)).body.number)
  return numbers
}

const ticketCount = async (identity: BranchIdentity) => (await ticketsOf(cloud.database, identity)).length

/** A branch that has given tickets, and whose box is dead. */
async function deadBox(count: number) {
  const { code, ...identity } = await cloud.newBranch()
  const old = await open(code)
  const numbers = await issue(old, count)
  await isUpToDate(old)
  await old.running.close()
  return { old, identity, numbers, clock: old.clock }
}

const configOf = (code: string | null): Config => ({
  ...{ host: '127.0.0.1', port: 0, folder, backupFolder: null, installerToken: INSTALLER_TOKEN },
  ...{ cloudUrl: url, enrolmentCode: code },
})
const quick: Pause = (ms, signal) => wait(ms > 20_000 ? ms : 1, undefined, { signal, ref: false }).catch(() => {})
const cutAt =
  (end: string): typeof fetch =>
  (asked, options) =>
    String(asked).endsWith(end) ? Promise.reject(new TypeError('cut')) : fetch(asked, options)

test('a box whose restore was cut off is no branch: it is told to go on with it, and no number comes twice', async () => {
  const { old, identity, numbers, clock } = await deadBox(5)
  await using _ = old
  const code = await cloud.newCode(identity)
  const cut = restoreFromCloud(configOf(code), clock, { fetch: cutAt('/events'), pause: quick })
  await expect(cut).rejects.toThrow('goes on later')
  const started = openTestBranch({ cloud: { url, code: null }, folder, catalogue: null, clock, logLevel: 'fatal' })
  await expect(started).rejects.toThrow(/restore was cut off.*restore --from-cloud/)
  expect((await restoreFromCloud(configOf(null), clock)).livingCount).toBe(5)
  await using fresh = await open(null, { folder, catalogue: null, clock })
  expect(numbers).not.toContain((await issue(fresh, 1))[0])
  await isUpToDate(fresh)
  expect(await ticketCount(identity)).toBe(6)
}, 120_000)

test('a branch of which the cloud holds nothing is not restored, and then it begins, with the same code', async () => {
  const { code, ...identity } = await cloud.newBranch()
  await using clockOf = await openTestBranch({ logLevel: 'fatal' })
  await expect(restoreFromCloud(configOf(code), clockOf.clock)).rejects.toThrow('holds nothing of this branch')
  await using branch = await open(code, { folder })
  await isUpToDate(branch)
  await issue(branch, 2)
  await expect.poll(() => ticketCount(identity), PATIENCE).toBe(2)
}, 120_000)

test('a box that begins from nothing is not given the place of a branch whose log is held; it is told to restore, by the same code', async () => {
  const { old, identity, numbers, clock } = await deadBox(5)
  await using _ = old
  const code = await cloud.newCode(identity)
  await using plain = await open(code, { catalogue: null, clock })
  await expect
    .poll(() => cloudHealth(plain), PATIENCE)
    .toMatchObject({ state: 'not enrolled', enrolment: 'log held at the cloud' })
  expect(plain.logLines.join('')).toContain('restore --from-cloud')
  expect(existsSync(join(plain.folder, 'cloud.json'))).toBe(false)
  // Nobody has taken the old box's place meanwhile.
  await old.start()
  await isUpToDate(old)
  await old.running.close()
  expect((await restoreFromCloud(configOf(code), clock)).livingCount).toBe(5)
  await using fresh = await open(null, { folder, catalogue: null, clock })
  expect(numbers).not.toContain((await issue(fresh, 1))[0])
  await isUpToDate(fresh)
  expect(await ticketCount(identity)).toBe(6)
}, 120_000)

test('a branch that was revoked says so, and is back with all its tickets by the next code, without a file being taken away by hand', async () => {
  const { code, ...identity } = await cloud.newBranch()
  await using branch = await open(code)
  await issue(branch, 2)
  await isUpToDate(branch)
  await cloud.revoke(identity)
  await branch.running.close()
  await using refused = await open(null, { folder: branch.folder, catalogue: null, clock: branch.clock })
  await expect.poll(() => cloudHealth(refused), PATIENCE).toMatchObject({ state: 'refused' })
  expect(refused.logLines.join('')).toContain('set BRANCH_ENROLMENT_CODE to it')
  await issue(refused, 2)
  await refused.running.close()
  const [wrong, next] = ['ABCD-EFGHJ-KMNPQ', await cloud.newCode(identity)]
  await using mistyped = await open(wrong, { folder: branch.folder, catalogue: null, clock: branch.clock })
  await expect.poll(() => cloudHealth(mistyped), PATIENCE).toMatchObject({ enrolment: 'code refused' })
  await mistyped.running.close()
  await using again = await open(next, { folder: branch.folder, catalogue: null, clock: branch.clock })
  await isUpToDate(again)
  expect(await ticketCount(identity)).toBe(4)
  // The code stays in the environment: it is not used again.
  await again.running.close()
  await using later = await open(next, { folder: branch.folder, catalogue: null, clock: branch.clock })
  await isUpToDate(later)
}, 120_000)

test('a file of its place that is torn keeps a branch from nothing but its cloud', async () => {
  await using branch = await openTestBranch({ logLevel: 'fatal' })
  await branch.running.close()
  for (const torn of ['', 'null', '{"cloudUrl":"http']) {
    writeFileSync(join(branch.folder, 'cloud.json'), torn)
    const starting = open(null, { folder: branch.folder, catalogue: null, clock: branch.clock })
    const started = await starting.catch((error: unknown) => expect.fail(String(error)))
    expect(await issue(started, 1)).toHaveLength(1)
    expect(await cloudHealth(started)).toMatchObject({ state: 'not enrolled', enrolment: 'place unreadable' })
    expect(started.logLines.join('')).toContain('have a code made')
    await started.running.close()
  }
}, 120_000)
