import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Config } from '../../branch-server/config.ts'
import { restoreFromCloud } from '../../branch-server/restore/restore-from-cloud.ts'
import { runCommand } from '../../branch-server/restore/run-command.ts'
import type { Pause } from '../../branch-server/sync/within.ts'
import { INSTALLER_TOKEN, openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { putCatalogue } from '../../cloud-sync/store/catalogue-rows.ts'
import type { BranchIdentity } from '../../cloud-sync/store/inbox.ts'
import { amadou, cash, counter1 } from '../../shared/domain/testing/bank.ts'
import { type CutLine, openCutLine } from './cut-line.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

/** Of a planted bug nobody waits for what will not come. */
const PATIENCE = { timeout: process.env['PLANTED'] === 'yes' ? 15_000 : 60_000, interval: 100 }
const TOLD_TICKETS = 30
/** Given after the last that the cloud heard: fewer than an epoch jumps over. */
const UNTOLD_TICKETS = 12

let cloud: TestCloud
let line: CutLine
let folder = ''
beforeAll(async () => {
  cloud = await openTestCloud()
}, 120_000)
afterAll(() => cloud?.close())
beforeEach(async () => {
  line = await openCutLine(cloud.port)
  folder = join(mkdtempSync(join(tmpdir(), 'smartqueue-replaced-')), 'branch')
})
afterEach(async () => {
  await line.close()
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

const states = async ({ stranger }: TestBranch) =>
  (await stranger.get<{ cloud?: { state: string; behind: number } }>('/api/v1/health')).body.cloud
const isUpToDate = (branch: TestBranch) =>
  expect.poll(() => states(branch), PATIENCE).toEqual({ state: 'up to date', behind: 0 })

const configOf = (code: string | null): Config => ({
  ...{ host: '127.0.0.1', port: 0, folder, backupFolder: null, installerToken: INSTALLER_TOKEN },
  ...{ cloudUrl: line.url, enrolmentCode: code },
})
const restore = (clock: TestBranch['clock'], code: string): Promise<string> =>
  runCommand(['restore', '--from-cloud'], configOf(code), clock)

/** As the branch itself brings them, ahead of the events that speak of them. */
async function sendCatalogues({ running }: TestBranch, identity: BranchIdentity): Promise<void> {
  const { catalogues } = running.waist.branch().store
  for (let version = 1; version <= catalogues.latestVersion(); version += 1) {
    const body = catalogues.text(version)
    if (body !== null)
      await cloud.database.asTenant(identity.tenantId, (db) => putCatalogue(db, identity, { version, body }))
  }
}

const living = ({ running }: TestBranch) =>
  [...running.waist.branch().state.tickets.values()]
    .map(({ facts, phase }) => `${facts.number} ${phase.status}`)
    .toSorted()

async function issue(branch: TestBranch, count: number, numbers: Set<string>): Promise<void> {
  const kiosk = await branch.pair('kiosk')
  for (let each = 0; each < count; each += 1) {
    const { status, body } = await kiosk.issue(cash)
    expect(status).toBe(201)
    // The paper that is out there.
    expect(numbers).not.toContain(body.number)
    numbers.add(body.number)
  }
}

test('a dead box is replaced by one command; no number comes twice, and the old one is told when it comes back', async () => {
  const identity = await cloud.newBranch()
  await using old = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  const papers = new Set<string>()
  await issue(old, TOLD_TICKETS, papers)
  const agent = await old.staff(counter1, amadou)
  await agent.callNext(counter1)
  await sendCatalogues(old, identity)
  await isUpToDate(old)
  const told = living(old)
  const catalogue = (await old.installer.get('/api/v1/catalogue')).body
  const held = await cloud.logOf(identity)
  line.cut()
  await issue(old, UNTOLD_TICKETS, papers)
  await old.running.close()
  line.mend()

  const sentence = await restore(old.clock, await cloud.newCode(identity))
  expect(sentence).toMatch(/^Restored from http:\/\/127\.0\.0\.1:\d+, as of .*the numbers jump ahead/)
  expect(readdirSync(folder).filter((name) => name.startsWith('from-cloud'))).toEqual([])
  await using fresh = await openTestBranch({
    ...{ cloud: { url: line.url, code: null }, folder, catalogue: null, clock: old.clock, logLevel: 'fatal' },
  })
  expect(living(fresh)).toEqual(told)
  expect((await fresh.installer.get('/api/v1/catalogue')).body).toEqual(catalogue)
  await issue(fresh, UNTOLD_TICKETS, papers)
  await isUpToDate(fresh)
  const log = await cloud.logOf(identity)
  expect(log.slice(0, held.length)).toEqual(held)
  expect(log.length).toBeGreaterThan(held.length + UNTOLD_TICKETS)

  await old.start()
  await expect.poll(async () => (await states(old))?.state, PATIENCE).toBe('forked')
  const aside = await cloud.database.asTenant(identity.tenantId, (db) =>
    db.query<{ bodies: readonly string[] }>('select bodies from fork where branch_id = $1', [identity.branchId]),
  )
  expect(aside.flatMap(({ bodies }) => bodies)).not.toEqual([])
  expect(await cloud.logOf(identity)).toEqual(log)
  // It goes on by itself, as a branch does whose cloud is away.
  await issue(old, 1, new Set())
  await issue(fresh, 1, papers)
  await isUpToDate(fresh)
}, 240_000)

test('days and epochs of the past come along, byte for byte, and what was counted', async () => {
  const identity = await cloud.newBranch()
  await using old = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  await issue(old, 5, new Set())
  old.clock.pass(24 * 3_600_000)
  await issue(old, 5, new Set())
  await sendCatalogues(old, identity)
  await isUpToDate(old)
  const { log } = old.running.waist.branch().store
  const bodies = log.epochs().flatMap((epoch) => [...log.bodies(epoch)])
  const figures = (await old.installer.get('/api/v1/stats')).body
  await old.running.close()
  await restore(old.clock, await cloud.newCode(identity))
  // Dead again, before it has said a word: once more the same, from two boxes that were.
  await using second = await openTestBranch({
    ...{ cloud: { url: line.url, code: null }, folder, catalogue: null, clock: old.clock, logLevel: 'fatal' },
  })
  await isUpToDate(second)
  await second.running.close()
  const [ours] = [folder]
  folder = join(ours, '../second')
  await restore(old.clock, await cloud.newCode(identity))
  await using third = await openTestBranch({
    ...{ cloud: { url: line.url, code: null }, folder, catalogue: null, clock: old.clock, logLevel: 'fatal' },
  })
  const after = third.running.waist.branch().store.log
  const now = after.epochs().flatMap((epoch) => [...after.bodies(epoch)])
  expect(now.slice(0, bodies.length)).toEqual(bodies)
  expect(after.epochs()).toHaveLength(3)
  expect((await third.installer.get('/api/v1/stats')).body).toMatchObject({
    queues: (figures as { queues: [] }).queues,
  })
  await isUpToDate(third)
}, 240_000)

test('a line that breaks is tried again; where it stays away the same command goes on later, without another code', async () => {
  const identity = await cloud.newBranch()
  await using old = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  await issue(old, 5, new Set())
  await isUpToDate(old)
  // What limits an answer stays as it is; nobody waits between two tries.
  const pause: Pause = (ms, signal) => wait(ms > 20_000 ? ms : 1, undefined, { signal, ref: false }).catch(() => {})
  const outside = (isCut: (path: string, count: number) => boolean) => {
    let count = 0
    const fetchOrFail: typeof fetch = (url, options) => {
      count += 1
      return isCut(String(url), count) ? Promise.reject(new TypeError('cut')) : fetch(url, options)
    }
    return { fetch: fetchOrFail, pause }
  }
  const again = (code: string | null, isCut: (path: string, count: number) => boolean) =>
    restoreFromCloud(configOf(code), old.clock, outside(isCut))

  await expect(again('ABCD-EFGHJ-KMNPQ', () => false)).rejects.toThrow('The code is wrong')
  await expect(again(null, () => false)).rejects.toThrow('BRANCH_ENROLMENT_CODE must hold')
  await expect(again(await cloud.newCode(identity), (path) => path.endsWith('/events'))).rejects.toThrow(
    'goes on later',
  )
  expect(readdirSync(folder).filter((name) => name.endsWith('.db'))).toEqual([])
  await sendCatalogues(old, identity)
  expect((await again(null, (_, count) => count % 2 === 1)).livingCount).toBe(5)
  await expect(again(null, () => false)).rejects.toThrow('a living database already')
}, 120_000)
