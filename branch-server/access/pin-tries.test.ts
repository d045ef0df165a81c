import { argon2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { AgentId, DeviceId } from '#shared/domain/ids.ts'
import { amadou, bank, binta, counter1 } from '#shared/domain/testing/bank.ts'
import { hashPin } from '#shared/network/pin-hash.ts'
import type { PinTry } from '../store/pin-tries.ts'
import { openTestBranch } from '../testing/test-branch.ts'
import { createPinTries, type PinTries } from './pin-tries.ts'

const WRONG = '111111'
const MINUTE_MS = 60_000
const locked = { status: 429, body: { code: 'PinLocked', about: amadou } }

test('a PIN is kept as argon2id with a salt of its own', async () => {
  const [one, other] = [await hashPin('314159'), await hashPin('314159')]
  expect(one).not.toBe(other)
  const [nonce = '', digest] = one.split('.')
  const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
  const again = argon2Sync('argon2id', { ...cost, message: '314159', nonce: Buffer.from(nonce, 'base64url') })
  expect(again.toString('base64url')).toBe(digest)
})

test('five wrong PINs lock an agent for a minute at that device, and nobody else, nor her elsewhere', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  const other = await branch.pair('caller', 'another')
  for (let time = 1; time <= 5; time += 1)
    expect(await caller.open(counter1, amadou, WRONG)).toMatchObject({ status: 403, body: { code: 'PinWrong' } })
  expect(await caller.open(counter1, amadou)).toMatchObject(locked)
  // One bad terminal locks nobody out of the branch.
  expect((await other.open(counter1, amadou)).status).toBe(200)
  await other.post(`/api/v1/counters/${counter1}/close`)
  expect((await caller.open(counter1, binta)).status).toBe(200)
  await caller.post(`/api/v1/counters/${counter1}/close`)
  branch.clock.pass(MINUTE_MS - 1)
  expect(await caller.open(counter1, amadou)).toMatchObject(locked)
  branch.clock.pass(1)
  // The sixth costs twice as much, and whoever pulls the plug buys none.
  expect((await caller.open(counter1, amadou, WRONG)).status).toBe(403)
  await branch.restart()
  branch.clock.pass(2 * MINUTE_MS - 1)
  expect(await caller.open(counter1, amadou)).toMatchObject(locked)
  branch.clock.pass(1)
  expect((await caller.open(counter1, amadou)).status).toBe(200)
})

test('a right PIN forgives the wrong ones before it', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  for (let round = 1; round <= 2; round += 1) {
    for (let time = 1; time <= 4; time += 1) await caller.open(counter1, amadou, WRONG)
    expect((await caller.open(counter1, amadou)).status).toBe(200)
  }
})

test('PINs tried all at once are counted like PINs tried in turn', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  const tries = await Promise.all(Array.from({ length: 40 }, () => caller.open(counter1, amadou, WRONG)))
  expect(tries.filter(({ status }) => status === 403)).toHaveLength(5)
  expect(tries.filter(({ status }) => status === 429)).toHaveLength(35)
})

test('in a month at one terminal, as fast as it may, one guesses fewer than eight hundred times', async () => {
  let nowMs = 0
  const kept: PinTry[] = []
  const write = (): Promise<boolean> => Promise.resolve(true)
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const tries = createPinTries({ kept, nowMs: () => nowMs, write, log })
  let guesses = 0
  while (nowMs < 30 * 24 * 60 * MINUTE_MS) {
    const waitMs = await tries.begin('terminal' as DeviceId, 'amadou' as AgentId)
    if (waitMs === null) guesses += 1
    else nowMs += waitMs
  }
  // One PIN in a million, where a person can choose a million: 0.08 % in a month.
  expect(guesses).toBeLessThan(800)
  expect(guesses).toBeGreaterThan(700)
})

const HOUR_MS = 60 * MINUTE_MS
const AGENTS = Array.from({ length: 40 }, (_, at) => `agent-${at}` as AgentId)

/** Tries every agent in turn at these devices, whichever lets her, as fast as it may. @returns how often */
async function spray(
  tries: PinTries,
  devices: readonly DeviceId[],
  clock: { nowMs: number },
  hours: number,
): Promise<number> {
  let guesses = 0
  const endMs = clock.nowMs + hours * HOUR_MS
  while (clock.nowMs < endMs) {
    let isAnyTaken = false
    for (const deviceId of devices)
      for (const agentId of AGENTS)
        if ((await tries.begin(deviceId, agentId)) === null) {
          guesses += 1
          isAnyTaken = true
        }
    if (!isAnyTaken) clock.nowMs += 5 * MINUTE_MS
  }
  return guesses
}

function sprayed() {
  const clock = { nowMs: 48 * HOUR_MS }
  const write = (): Promise<boolean> => Promise.resolve(true)
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  return { clock, tries: createPinTries({ kept: [], nowMs: () => clock.nowMs, write, log }) }
}

test('whoever tries many agents at one device is held up there, and no honest agent for longer than ten minutes', async () => {
  const { clock, tries } = sprayed()
  const [bad, good] = ['bad' as DeviceId, 'good' as DeviceId]
  expect(await spray(tries, [bad], clock, 24)).toBeLessThan(200)
  // Elsewhere nobody notices, whoever she is; a right PIN leaves nothing behind.
  for (const agentId of AGENTS) {
    expect(await tries.begin(good, agentId)).toBeNull()
    await tries.forgive(good, agentId)
  }
  const waitMs = (await tries.begin(bad, 'honest' as AgentId)) ?? 0
  expect(waitMs).toBeLessThanOrEqual(10 * MINUTE_MS)
  clock.nowMs += waitMs
  for (const agentId of ['honest' as AgentId, 'the next' as AgentId]) {
    expect(await tries.begin(bad, agentId)).toBeNull()
    await tries.forgive(bad, agentId)
  }
})

test('many devices buy fewer tries than each alone, and one at which nobody guesses stays free', async () => {
  const { clock, tries } = sprayed()
  const devices = Array.from({ length: 20 }, (_, at) => `device-${at}` as DeviceId)
  await Promise.all(devices.map((deviceId) => tries.begin(deviceId, 'typo' as AgentId)))
  const before = clock.nowMs
  let guesses = 0
  for (const deviceId of devices)
    for (const agentId of AGENTS) if ((await tries.begin(deviceId, agentId)) === null) guesses += 1
  // 15 at the first ones, until the branch has seen many; two more at each of the others.
  expect([clock.nowMs, guesses < 90]).toEqual([before, true])
  expect(await spray(tries, devices, clock, 2)).toBeLessThan(20 * 14)
  expect(await tries.begin('quiet' as DeviceId, 'honest' as AgentId)).toBeNull()
})

test('an agent whom one edit left out and a later one brings back has her PIN still, another under her id has none', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  const named = (name: string) => bank.agents.map((it) => (it.id === amadou ? { ...it, name } : it))
  const apply = async (agents: Catalogue['agents']): Promise<void> =>
    expect((await branch.installer.send('PUT', '/api/v1/catalogue', { ...bank, agents })).status).toBe(200)
  await apply(bank.agents.filter(({ id }) => id !== amadou))
  expect(await caller.open(counter1, amadou)).toMatchObject({ status: 404, body: { code: 'AgentUnknown' } })
  await apply(bank.agents)
  expect((await caller.open(counter1, amadou)).status).toBe(200)
  await caller.post(`/api/v1/counters/${counter1}/close`)

  await apply(bank.agents.filter(({ id }) => id !== amadou))
  await apply(named('Amadou the Second'))
  expect(await caller.open(counter1, amadou)).toMatchObject({ status: 403, body: { code: 'PinWrong' } })
})
