import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openKeys } from '../../branch-server/access/keys.ts'
import { enrol } from '../../branch-server/sync/enrolment.ts'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { ticketsOf } from '../../cloud-sync/store/ticket-rows.ts'
import type { Ticket } from '../../shared/domain/ticket.ts'
import { random } from '../power/clients.ts'
import { type CutLine, openCutLine } from './cut-line.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }
const SEED = 20_261_127
const TICKETS = 100
const BREAKS = 4
const BURSTS_MAX = 200

let cloud: TestCloud
let line: CutLine
beforeAll(async () => {
  cloud = await openTestCloud()
}, 120_000)
afterAll(() => cloud?.close())
beforeEach(async () => {
  line = await openCutLine(cloud.port)
})
afterEach(() => line.close())

const logHere = ({ running }: TestBranch): readonly string[] => {
  const { log } = running.waist.branch().store
  return log.epochs().flatMap((epoch) => [...log.bodies(epoch)])
}
const ticketsHere = ({ running }: TestBranch): readonly Ticket[] =>
  [...running.waist.branch().state.tickets.values()].toSorted((a, b) => (a.facts.ticketId < b.facts.ticketId ? -1 : 1))
const cloudState = async ({ stranger }: TestBranch): Promise<unknown> =>
  (await stranger.get<{ cloud?: { state: string; behind: number } }>('/api/v1/health')).body.cloud
const isUpToDate = (branch: TestBranch): Promise<void> =>
  expect.poll(() => cloudState(branch), PATIENCE).toEqual({ state: 'up to date', behind: 0 })

test('through a line that breaks at any byte and a branch that is restarted, the cloud holds the log byte for byte', async () => {
  const next = random(SEED)
  const identity = await cloud.newBranch()
  line.cut()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  const kiosk = await branch.pair('kiosk')
  const issue = async (count: number): Promise<void> => {
    for (let each = 0; each < count; each += 1) await kiosk.post('/api/v1/tickets', { serviceId: 'cash' })
  }
  await issue(TICKETS)
  // Each connection bears from a few bytes to some uploads.
  line.breakAfter(() => Math.floor(100 + next() ** 3 * 30_000))
  line.mend()
  for (let burst = 0; burst < BURSTS_MAX && line.breakCount() < BREAKS; burst += 1) {
    await issue(10)
    if (burst === 5) await branch.restart()
    await pause(200)
  }
  expect(line.breakCount()).toBeGreaterThanOrEqual(BREAKS)
  line.breakAfter(null)
  await isUpToDate(branch)
  const here = logHere(branch)
  expect(here.length).toBeGreaterThan(TICKETS)
  expect(await cloud.logOf(identity)).toEqual(here)
  // And has made of it what the branch has: its catalogue came up beside it.
  const tickets = (await ticketsOf(cloud.database, identity)).map(({ ticket }) => ticket)
  expect(tickets).toEqual(ticketsHere(branch))
}, 180_000)

test('a branch that is revoked goes on by itself, and says so', async () => {
  const identity = await cloud.newBranch()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  await isUpToDate(branch)
  await cloud.revoke(identity)
  const kiosk = await branch.pair('kiosk')
  expect((await kiosk.post('/api/v1/tickets', { serviceId: 'cash' })).status).toBe(201)
  await expect.poll(() => cloudState(branch), PATIENCE).toMatchObject({ state: 'refused' })
  expect((await kiosk.post('/api/v1/tickets', { serviceId: 'cash' })).status).toBe(201)
}, 120_000)

test('a copy of a branch is seen at its first upload that differs, and the first goes on', async () => {
  const identity = await cloud.newBranch()
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-copied-'))
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  await isUpToDate(branch)
  await branch.running.close()
  cpSync(branch.folder, folder, { recursive: true })
  await branch.start()
  await using copy = await openTestBranch({
    cloud: { url: line.url, code: null },
    folder,
    catalogue: null,
    clock: branch.clock,
    logLevel: 'fatal',
  })
  // Each gives a number of its own.
  for (const each of [branch, copy]) {
    const kiosk = await each.pair('kiosk', 'another kiosk')
    expect((await kiosk.post('/api/v1/tickets', { serviceId: 'cash' })).status).toBe(201)
  }
  const states = async () =>
    [await cloudState(branch), await cloudState(copy)].map((it) => (it as { state: string }).state)
  await expect.poll(async () => (await states()).toSorted(), PATIENCE).toEqual(['forked', 'up to date'])
  rmSync(folder, { recursive: true, force: true })
}, 120_000)

test('a branch that enrols and is never told so asks again with the same code, and is the branch', async () => {
  const { code } = await cloud.newBranch()
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-enrolling-'))
  let lost = 0
  const identity = await enrol({
    ...{ folder, cloudUrl: line.url, code, keys: openKeys(folder, 'a-token-of-this-test'), random: Math.random },
    ...{ log: { info: () => {}, warn: () => {}, error: () => {} }, signal: AbortSignal.timeout(PATIENCE.timeout) },
    pause: (ms, signal) => pause(ms > 20_000 ? ms : 1, undefined, { signal, ref: false }).catch(() => {}),
    async fetch(url, options) {
      const answer = await fetch(url, options)
      lost += 1
      if (lost < 3) throw new TypeError('the answer was lost')
      return answer
    },
  })
  expect(identity).toMatchObject({ tenantId: cloud.tenantId })
  expect(lost).toBe(3)
  rmSync(folder, { recursive: true, force: true })
}, 120_000)

test('a code that is no good is told to whoever looks after the branch, which works all the same', async () => {
  await using branch = await openTestBranch({ cloud: { url: line.url, code: 'NONE-AAAAA-AAAAA' } })
  await expect.poll(() => branch.logLines.join(''), PATIENCE).toContain('set BRANCH_ENROLMENT_CODE')
  const told = { state: 'not enrolled', enrolment: 'code refused' }
  await expect.poll(() => cloudState(branch), PATIENCE).toMatchObject(told)
  expect((await branch.stranger.get('/api/v1/health')).status).toBe(200)
}, 60_000)
