import { afterAll, beforeAll, expect, test } from 'vitest'
import { amadou, counter1, djeneba } from '#shared/domain/testing/bank.ts'
import { PIN } from '../testing/bank-catalogue.ts'
import type { Answer, Client, DeviceClient } from '../testing/client.ts'
import { type Desk, openDesk } from '../testing/desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  // The manager’s own counter goes to somebody else: every counter has an agent who is none.
  await desk.manager.post('/api/v1/counters/counter-2/close')
  await desk.manager.open('counter-2', 'chloe')
})
afterAll(() => desk[Symbol.asyncDispose]())

const NOT_A_MANAGER = { status: 403, body: { code: 'NotAManager' } }
const MONDAY = 'from=2026-11-23&to=2026-11-23'
const signIn = (caller: DeviceClient, agentId: string, pin = PIN): Promise<Answer<unknown>> =>
  caller.post('/api/v1/management/sign-in', { agentId, pin })
const signOut = (caller: DeviceClient): Promise<Answer<unknown>> => caller.post('/api/v1/management/sign-out')

test('with every counter staffed, the manager signs in by her PIN at any caller, once at a time', async () => {
  const { spare, agent } = desk
  expect(await signIn(spare, amadou)).toMatchObject(NOT_A_MANAGER)
  expect(await signIn(spare, djeneba, '000000')).toMatchObject({ status: 403, body: { code: 'PinWrong' } })
  expect((await signIn(agent, djeneba)).status).toBe(200)
  expect(await agent.callNext(counter1)).toMatchObject({ status: 409, body: { code: 'ManagerIsHere' } })
  expect(await signIn(spare, djeneba)).toMatchObject({ status: 200, body: { agentId: djeneba } })
  expect((await spare.post('/api/v1/intake/stop')).status).toBe(200)
  expect((await spare.post('/api/v1/intake/resume')).status).toBe(200)
  expect(await spare.callNext(counter1)).toMatchObject({ status: 409, body: { code: 'NotYourCounter' } })
  expect(await agent.post('/api/v1/intake/stop')).toMatchObject(NOT_A_MANAGER)
  expect((await signOut(spare)).status).toBe(200)
  expect(await spare.post('/api/v1/intake/stop')).toMatchObject(NOT_A_MANAGER)
})

test('five wrong PINs end the tries, at a counter and without one alike', async () => {
  const { spare, branch } = desk
  for (let time = 1; time <= 5; time += 1) await signIn(spare, djeneba, '000000')
  expect(await signIn(spare, djeneba)).toMatchObject({ status: 429, body: { code: 'PinLocked' } })
  expect(await spare.open(counter1, djeneba)).toMatchObject({ status: 429, body: { code: 'PinLocked' } })
  branch.clock.pass(61_000)
  expect((await signIn(spare, djeneba)).status).toBe(200)
  await signOut(spare)
})

test('what only a manager may read, a caller with an agent or with nobody may not', async () => {
  const { spare, agent, branch } = desk
  const paths = [
    ...[`waits/forecast?stopAtMs=${branch.clock.wallMs()}`, 'waits/what-if?counters=1'],
    ...['reports/today', `reports/days?${MONDAY}`, `reports/figures?${MONDAY}`],
    ...[`reports/figures?${MONDAY}&by=agent`, `reports/figures?${MONDAY}&by=agent&format=pdf`],
  ]
  const read = (client: Client, path: string): Promise<Answer<unknown>> => client.get(`/api/v1/${path}`)
  for (const path of paths) {
    expect([path, await read(agent, path)]).toMatchObject([path, NOT_A_MANAGER])
    expect([path, await read(spare, path)]).toMatchObject([path, NOT_A_MANAGER])
  }
  await signIn(spare, djeneba)
  const plain = paths.filter((path) => !path.endsWith('pdf'))
  for (const path of plain) {
    expect([path, (await read(spare, path)).status]).toEqual([path, 200])
    expect([path, (await read(branch.installer, path)).status]).toEqual([path, 200])
  }
  // What the branch told wrongly is shown to all staff.
  expect((await read(agent, 'waits/error')).status).toBe(200)
})
