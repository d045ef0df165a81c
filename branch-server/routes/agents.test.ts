import { expect, test } from 'vitest'
import { amadou, binta, cash, counter1, counter2, djeneba } from '#shared/domain/testing/bank.ts'
import type { RightsJson } from '#shared/wire/agents.ts'
import { PIN } from '../testing/bank-catalogue.ts'
import type { DeviceClient } from '../testing/client.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

const AGENTS = '/api/v1/management/agents'
const NEW_PIN = '604817'

async function manager(branch: TestBranch): Promise<DeviceClient> {
  const caller = await branch.pair('caller', 'office')
  expect((await caller.post('/api/v1/management/sign-in', { agentId: djeneba, pin: PIN })).status).toBe(200)
  return caller
}

test('a suspended agent’s session is over with the suspension, and her PIN opens nothing anywhere', async () => {
  await using branch = await openTestBranch()
  const office = await manager(branch)
  const [caller, kiosk] = [await branch.staff(counter1, amadou), await branch.pair('kiosk')]
  const { body: ticket } = await kiosk.issue(cash)
  await caller.callNext(counter1)
  expect((await office.post(`${AGENTS}/${amadou}/suspend`)).status).toBe(200)
  // Her device is still there; what she could do with it is not.
  expect(await caller.act(ticket.ticketId, 'start')).toMatchObject({ status: 409 })
  expect(await caller.callNext(counter1)).toMatchObject({ status: 409, body: { code: 'CounterIsClosed' } })
  for (const refused of [
    await caller.open(counter1, amadou),
    await (await branch.pair('caller', 'other')).open(counter2, amadou),
    await kiosk.post('/api/v1/staff/prove', { agentId: amadou, pin: PIN }),
  ])
    expect(refused).toMatchObject({ status: 403, body: { code: 'AgentIsSuspended' } })
  // Over a restart, too.
  await branch.restart()
  expect((await caller.open(counter1, amadou)).status).toBe(403)
  expect((await office.post(`${AGENTS}/${amadou}/restore`)).status).toBe(200)
  expect((await caller.open(counter1, amadou)).status).toBe(200)
})

test('a suspension that comes while her PIN is being proved is in time', async () => {
  await using branch = await openTestBranch()
  const office = await manager(branch)
  const caller = await branch.pair('caller')
  const opening = caller.open(counter1, amadou)
  const [suspended, opened] = await Promise.all([office.post(`${AGENTS}/${amadou}/suspend`), opening])
  expect(suspended.status).toBe(200)
  const { state } = branch.running.waist.branch()
  // Whichever came first in the log: she is at no counter now.
  expect([200, 403]).toContain(opened.status)
  expect([...state.openCounters.values()].some(({ agentId }) => agentId === amadou)).toBe(false)
})

test('somebody who is added works at once, by a PIN of six digits that nobody guesses first', async () => {
  await using branch = await openTestBranch()
  const office = await manager(branch)
  const caller = await branch.pair('caller')
  const awa = { name: 'Awa', role: 'agent', pin: NEW_PIN }
  expect((await caller.post(AGENTS, awa)).status).toBe(403)
  expect(await office.post(AGENTS, { ...awa, pin: '123456' })).toMatchObject({ body: { code: 'PinEasy' } })
  expect((await office.post(AGENTS, { ...awa, pin: '6048' })).status).toBe(400)
  const key = { 'idempotency-key': 'the-same-press' }
  const added = await office.post<{ agentId: string }>(AGENTS, awa, key)
  expect(added.status).toBe(201)
  expect((await office.post(AGENTS, awa, key)).body).toEqual(added.body)
  expect((await caller.open(counter1, added.body.agentId, NEW_PIN)).status).toBe(200)
  const { log } = branch.running.waist.branch().store
  const bodies = log.epochs().flatMap((epoch) => [...log.bodies(epoch)])
  expect(bodies.filter((body) => body.includes('"AgentAdded"'))).toHaveLength(1)
  expect(bodies.join('\n')).not.toContain('Awa')
  await branch.restart()
  expect((await caller.open(counter1, added.body.agentId, NEW_PIN)).status).toBe(200)
})

test('another PIN counts at once, the one before no more, and what was tried is forgotten', async () => {
  await using branch = await openTestBranch()
  const office = await manager(branch)
  const caller = await branch.pair('caller')
  for (let time = 1; time <= 5; time += 1) await caller.open(counter1, binta, '111111')
  expect((await caller.open(counter1, binta)).status).toBe(429)
  expect((await office.post(`${AGENTS}/nobody/pin`, { pin: NEW_PIN })).status).toBe(404)
  expect((await office.post(`${AGENTS}/${binta}/pin`, { pin: NEW_PIN })).status).toBe(200)
  expect(await caller.open(counter1, binta)).toMatchObject({ body: { code: 'PinWrong' } })
  expect((await caller.open(counter1, binta, NEW_PIN)).status).toBe(200)
})

test('the same request again forgets no tries that were made meanwhile', async () => {
  await using branch = await openTestBranch()
  const office = await manager(branch)
  const caller = await branch.pair('caller')
  const key = { 'idempotency-key': 'the-same-press' }
  expect((await office.post(`${AGENTS}/${binta}/pin`, { pin: NEW_PIN }, key)).status).toBe(200)
  for (let time = 1; time <= 5; time += 1) await caller.open(counter1, binta, '111111')
  expect((await office.post(`${AGENTS}/${binta}/pin`, { pin: NEW_PIN }, key)).status).toBe(200)
  expect((await caller.open(counter1, binta, NEW_PIN)).status).toBe(429)
})

test('the same press with another PIN is told that it is another, and the PIN that was set stays', async () => {
  await using branch = await openTestBranch()
  const office = await manager(branch)
  const caller = await branch.pair('caller')
  const key = { 'idempotency-key': 'the-same-press' }
  const [other, another] = ['918273', { name: 'Awa', role: 'agent' }]
  const reused = { status: 422, body: { code: 'IdempotencyKeyReused' } }
  expect((await office.post(`${AGENTS}/${binta}/pin`, { pin: NEW_PIN }, key)).status).toBe(200)
  expect(await office.post(`${AGENTS}/${binta}/pin`, { pin: other }, key)).toMatchObject(reused)
  expect((await caller.open(counter1, binta, NEW_PIN)).status).toBe(200)
  const twice = { 'idempotency-key': 'another-press' }
  expect((await office.post(AGENTS, { ...another, pin: NEW_PIN }, twice)).status).toBe(201)
  expect(await office.post(AGENTS, { ...another, pin: other }, twice)).toMatchObject(reused)
})

test('a branch that stands alone says so of its rights', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  expect((await caller.get<RightsJson>('/api/v1/rights')).body).toEqual({ asOfMs: null, ageMs: 0, leftMs: null })
  branch.clock.pass(35 * 3_600_000)
  expect((await caller.open(counter1, amadou)).status).toBe(200)
})
