import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PIN, sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import type { BranchAgent } from '../../cloud-sync/store/agents.ts'
import { amadou, binta, chloe, counter1, counter2, counter3, djeneba } from '../../shared/domain/testing/bank.ts'
import type { RightsJson } from '../../shared/wire/agents.ts'
import { type CutLine, openCutLine } from './cut-line.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }
const AGENTS = '/api/v1/management/agents'
const NEW_PIN = '604817'
const DAY_MS = 24 * 3_600_000
/** So long the cloud holds back an answer with nothing in it. */
const LIVE_MS = 500

let cloud: TestCloud
let line: CutLine
beforeAll(async () => {
  cloud = await openTestCloud(undefined, LIVE_MS)
}, 120_000)
afterAll(() => cloud?.close())
beforeEach(async () => {
  line = await openCutLine(cloud.port)
})
afterEach(() => line.close())

async function manager(branch: TestBranch): Promise<DeviceClient> {
  const caller = await branch.pair('caller', 'office')
  expect((await caller.post('/api/v1/management/sign-in', { agentId: djeneba, pin: PIN })).status).toBe(200)
  return caller
}

const publish = (branchId: string, name: string, more: object = {}) =>
  cloud.asAdmin<{ version: number }>('POST', `/branches/${branchId}/catalogues`, {
    ...{ ...sentBank, branch: { ...sentBank.branch, name } },
    // Without PINs: those that the cloud knows go down with it all the same.
    agents: sentBank.agents.map(({ pin: _, ...agent }: { pin?: string }) => agent),
    ...more,
  })
const nameIn = ({ running }: TestBranch): string | undefined => running.waist.branch().state.catalogue?.body.branch.name

test('what was done on site while the line was cut, and what head office did without knowing of it, come to one list', async () => {
  const identity = await cloud.newBranch()
  const { branchId } = identity
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  const agentsAt = async () =>
    (await cloud.asAdmin<{ items: BranchAgent[] }>('GET', `/branches/${branchId}/agents`)).body.items
  const say = (verb: string, agentId: string) =>
    cloud.asAdmin<{ number: number }>('POST', `/branches/${branchId}/agents/${agentId}/${verb}`)
  // The PINs are the cloud's from here on.
  await cloud.asAdmin('POST', `/branches/${branchId}/catalogues`, sentBank)
  await expect
    .poll(() => branch.running.waist.branch().store.cloud.stand('catalogue', branchId).place, PATIENCE)
    .toBe(1)
  const office = await manager(branch)
  const caller = await branch.pair('caller')

  line.cut()
  expect((await office.post(`${AGENTS}/${amadou}/suspend`)).status).toBe(200)
  expect((await office.post(`${AGENTS}/${binta}/pin`, { pin: NEW_PIN })).status).toBe(200)
  const awa = await office.post<{ agentId: string }>(AGENTS, { name: 'Awa', role: 'agent', pin: NEW_PIN })
  await publish(branchId, 'without knowing')
  // Head office readmits somebody of whose suspension it has not heard.
  expect((await say('restore', amadou)).status).toBe(201)
  line.mend()

  await expect.poll(() => nameIn(branch), PATIENCE).toBe('without knowing')
  const outcome = async () =>
    (await cloud.asAdmin<{ outcome: string | null }[]>('GET', `/branches/${branchId}/inbox`)).body.map(
      (it) => it.outcome,
    )
  await expect.poll(outcome, PATIENCE).toEqual(['SuspensionUnanswered'])
  expect(await caller.open(counter1, amadou)).toMatchObject({ status: 403, body: { code: 'AgentIsSuspended' } })
  expect((await caller.open(counter1, awa.body.agentId, NEW_PIN)).status).toBe(200)
  expect((await caller.open(counter2, binta, NEW_PIN)).status).toBe(200)
  await expect.poll(agentsAt, PATIENCE).toContainEqual({
    ...{ agentId: awa.body.agentId, name: 'Awa', role: 'agent', isOfSite: true, suspendedBy: null },
  })
  expect(await agentsAt()).toContainEqual(expect.objectContaining({ agentId: amadou, suspendedBy: 'site' }))

  // Now it has seen it.
  expect((await say('restore', amadou)).status).toBe(201)
  await expect.poll(async () => (await caller.open(counter1, amadou)).status, PATIENCE).toBe(200)
  // What head office suspends is over at the branch as soon as it hears of it, and is not the manager's to lift.
  expect((await say('suspend', amadou)).status).toBe(201)
  const isIn = () => branch.running.waist.branch().state.openCounters.has(counter1)
  await expect.poll(isIn, PATIENCE).toBe(false)
  expect(await office.post(`${AGENTS}/${amadou}/restore`)).toMatchObject({ body: { code: 'SuspendedByCloud' } })
  // Head office takes her over, and may let her go.
  const known = { id: awa.body.agentId, name: 'Awa', role: 'agent' }
  await publish(branchId, 'with her', { agents: [...sentBank.agents, known] })
  await expect.poll(() => nameIn(branch), PATIENCE).toBe('with her')
  expect((await caller.open(counter3, awa.body.agentId, NEW_PIN)).status).toBe(200)
  await caller.post(`/api/v1/counters/${counter3}/close`)
  await publish(branchId, 'without her')
  await expect.poll(() => nameIn(branch), PATIENCE).toBe('without her')
  expect(await caller.open(counter3, awa.body.agentId, NEW_PIN)).toMatchObject({ body: { code: 'AgentUnknown' } })
}, 120_000)

test('thirty days without head office agents sign in; after that a manager says who works here, for a week', async () => {
  const identity = await cloud.newBranch()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  const caller = await branch.pair('caller')
  const rights = async () => (await caller.get<RightsJson>('/api/v1/rights')).body
  await expect.poll(async () => (await rights()).asOfMs, PATIENCE).not.toBeNull()
  // A cloud that has nothing to say says so, and that is news enough.
  branch.clock.pass(DAY_MS)
  await expect.poll(async () => (await rights()).ageMs, PATIENCE).toBe(0)
  line.cut()
  branch.clock.pass(29 * DAY_MS)
  expect((await caller.open(counter1, amadou)).status).toBe(200)
  await caller.post(`/api/v1/counters/${counter1}/close`)
  branch.clock.pass(DAY_MS)
  expect((await rights()).leftMs).toBe(0)
  expect(await caller.open(counter1, chloe)).toMatchObject({ status: 403, body: { code: 'RightsTooOld' } })
  const office = await manager(branch)
  expect((await caller.post('/api/v1/management/confirm-rights')).status).toBe(403)
  expect((await office.post('/api/v1/management/confirm-rights')).status).toBe(200)
  expect((await caller.open(counter1, chloe)).status).toBe(200)
  await caller.post(`/api/v1/counters/${counter1}/close`)
  await branch.restart()
  expect((await caller.open(counter1, chloe)).status).toBe(200)
  await caller.post(`/api/v1/counters/${counter1}/close`)
  branch.clock.pass(7 * DAY_MS)
  expect((await caller.open(counter1, chloe)).status).toBe(403)
  line.mend()
  await expect.poll(async () => (await caller.open(counter1, chloe)).status, PATIENCE).toBe(200)
}, 120_000)
