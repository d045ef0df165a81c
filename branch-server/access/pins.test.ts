import { argon2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import { amadou, bank, binta, counter1 } from '#shared/domain/testing/bank.ts'
import { hashPin } from '#shared/network/pin-hash.ts'
import { openTestBranch } from '../testing/test-branch.ts'

const WRONG = '111111'
const locked = { status: 429, body: { code: 'PinLocked', about: amadou } }

test('a PIN is kept as argon2id with a salt of its own', async () => {
  const [one, other] = [await hashPin('314159'), await hashPin('314159')]
  expect(one).not.toBe(other)
  const [nonce = '', digest] = one.split('.')
  const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
  const again = argon2Sync('argon2id', { ...cost, message: '314159', nonce: Buffer.from(nonce, 'base64url') })
  expect(again.toString('base64url')).toBe(digest)
})

test('five wrong PINs lock an agent for a minute, and nobody else', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  for (let time = 1; time <= 5; time += 1)
    expect(await caller.open(counter1, amadou, WRONG)).toMatchObject({ status: 403, body: { code: 'PinWrong' } })
  expect(await caller.open(counter1, amadou)).toMatchObject(locked)
  expect((await caller.open(counter1, binta)).status).toBe(200)
  await caller.post(`/api/v1/counters/${counter1}/close`)
  branch.clock.pass(59_999)
  expect(await caller.open(counter1, amadou)).toMatchObject(locked)
  branch.clock.pass(1)
  expect((await caller.open(counter1, amadou)).status).toBe(200)
})

test('a right PIN forgives the wrong ones before it', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  for (let round = 1; round <= 3; round += 1) {
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
