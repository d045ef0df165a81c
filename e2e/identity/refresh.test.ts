import { setTimeout as pause } from 'node:timers/promises'
import type * as client from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AGAIN_MS, refreshOnce, type TokenAnswer } from '../../cloud-sync/identity/provider/refresh-again.ts'
import { asAdministrator } from '../../cloud-sync/testing/test-database.ts'
import { random as randomBySeed } from '../power/clients.ts'
import { openTestIdentity, type TestCloudIdentity } from './test-identity.ts'

/** The figure is 10,000: `REFRESH_TRIALS=10000`. */
const TRIALS = Number(process.env['REFRESH_TRIALS'] ?? 60)
const [TABS, THEFT_IN] = [4, 10]
const DAY_MS = 24 * 3_600_000
/** From one address sixty may sign in within a minute; in the long form it would be more. */
const SIGN_INS_APART_MS = 1_100

let cloud: TestCloudIdentity
let config: client.Configuration
beforeAll(async () => {
  cloud = await openTestIdentity()
  config = await cloud.discover()
}, 120_000)
afterAll(() => cloud?.close())

async function signIn(): Promise<string> {
  const { tokens } = await cloud.newBrowser().signIn(config, await cloud.newPerson({ role: 'agent' }))
  return tokens.refresh_token ?? ''
}

const AGAIN_MAX = 20

/** @returns the token that follows, or null: she is signed out */
async function refresh(token: string, as = 'the browser that signed in'): Promise<string | null> {
  for (let times = 0; times < AGAIN_MAX; times += 1) {
    const answer = await fetch(`${cloud.url}/oauth/token`, {
      method: 'POST',
      headers: { 'user-agent': as },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: 'dashboard' }),
    })
    const body = (await answer.json()) as { error?: string; refresh_token?: string }
    // A cloud that has too much to do says so, and programs ask again.
    if (answer.status === 503) continue
    return answer.status === 200 ? (body.refresh_token ?? null) : null
  }
  throw new Error('the cloud had too much to do for too long')
}

test('lost answers and four tabs at once sign nobody out, and whoever brings a stolen token signs both out', async () => {
  const random = randomBySeed(20_261_127)
  let token = await signIn()
  let signedInMs = performance.now()
  const counts = { refreshed: 0, lost: 0, races: 0, thefts: 0 }
  for (let trial = 0; trial < TRIALS; trial += 1) {
    const former = token
    // What the first ask is answered never arrives; whoever asks again is given just that.
    const lost = random() < 0.3 ? await refresh(token) : null
    if (lost !== null) counts.lost += 1
    const isRace = random() < 0.3
    if (isRace) counts.races += 1
    const answers = await Promise.all(Array.from({ length: isRace ? TABS : 1 }, () => refresh(token)))
    const [first] = answers
    expect([trial, answers.filter((it) => it === null)]).toEqual([trial, []])
    expect(new Set(lost === null ? answers : [...answers, lost]).size).toBe(1)
    counts.refreshed += 1
    token = first ?? ''
    if (trial % THEFT_IN !== THEFT_IN - 1) continue
    // A copy of a token that was used: too late, or by another program at once.
    const isLate = random() < 0.5
    if (isLate) cloud.pass(AGAIN_MS + 1_000)
    expect(await refresh(former, isLate ? undefined : 'the program of a thief')).toBeNull()
    expect(await refresh(token)).toBeNull()
    counts.thefts += 1
    await pause(Math.max(0, signedInMs + SIGN_INS_APART_MS - performance.now()))
    signedInMs = performance.now()
    token = await signIn()
  }
  console.log(`refreshed ${JSON.stringify(counts)}`)
  expect(counts.races * counts.lost * counts.thefts).toBeGreaterThan(0)
}, 3_600_000)

test('whoever refreshes all the time signs in anew after fourteen days', async () => {
  let token: string | null = await signIn()
  for (let day = 0; day < 13 && token !== null; day += 1) {
    cloud.pass(DAY_MS)
    token = await refresh(token)
  }
  expect(token).not.toBeNull()
  cloud.pass(2 * DAY_MS)
  expect(await refresh(token ?? '')).toBeNull()
  cloud.pass(-15 * DAY_MS)
})

test('a token that comes to nothing is judged anew, and one that was answered is not known from the tables', async () => {
  const token = await signIn()
  expect(await refresh(token)).not.toBeNull()
  const [row] = await cloud.store.work((db) =>
    db.query<{ sealed: Buffer; token_hash: Buffer }>(
      'select sealed, token_hash from refresh_answer order by asked_at desc limit 1',
    ),
  )
  expect(row?.sealed.toString('latin1')).not.toContain('refresh_token')
  expect(await refresh('x'.repeat(43))).toBeNull()
  expect(await refresh(token)).not.toBeNull()
})

test('a database that fails signs nobody out: it is told as busy, and the same token is good afterwards', async () => {
  const token = await signIn()
  await asAdministrator(cloud.administratorUrl, async (administrator) => {
    const table = 'smartqueue_identity.refresh_answer'
    await administrator.query(`revoke all on ${table} from smartqueue_identity`)
    const answer = await fetch(`${cloud.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: 'dashboard' }),
    })
    expect([answer.status, await answer.json()]).toEqual([503, { error: 'temporarily_unavailable' }])
    await administrator.query(`grant select, insert, update, delete on ${table} to smartqueue_identity`)
  })
  expect(await refresh(token)).not.toBeNull()
})

test('whoever takes so long over a token that another judges it meanwhile keeps nothing: one successor is told', async () => {
  let atMs = Date.now()
  const ask = (judge: () => Promise<TokenAnswer>) =>
    refreshOnce(cloud.store, { token: 'judged twice', asker: 'one browser' }, () => atMs, judge)
  const successor = (body: string): TokenAnswer => ({ status: 200, body })
  const slow = await ask(async () => {
    atMs += AGAIN_MS + 1
    expect(await ask(async () => successor('of the second'))).toEqual(successor('of the second'))
    return successor('of the first')
  })
  expect(slow).toBeNull()
  expect(await ask(async () => successor('of a third'))).toEqual(successor('of the second'))
})
