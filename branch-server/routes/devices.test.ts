import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { amadou, cash, counter1 } from '#shared/domain/testing/bank.ts'
import { PAIRING_MS } from '../access/pairings.ts'
import { followFeed } from '../testing/follow-feed.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

interface Code {
  readonly code: string
  readonly link: string
  readonly expiresAtMs: number
}
interface Claimed {
  readonly deviceId: string
  readonly token: string
  readonly slot: number | null
}

const CLAIM = '/api/v1/pairings/claim'
const wrong = { status: 403, body: { code: 'PairingCodeInvalid' } }

const makeCode = async ({ installer }: TestBranch, kind = 'kiosk'): Promise<string> =>
  (await installer.post<Code>('/api/v1/pairings', { kind, name: 'Entrance' })).body.code

const claim = ({ stranger }: TestBranch, code: string, key?: string) =>
  stranger.post<Claimed>(CLAIM, { code }, key === undefined ? {} : { 'idempotency-key': key })

test('a code pairs one device, once, and the token opens its doors', async () => {
  await using branch = await openTestBranch()
  const { status, body } = await branch.installer.post<Code>('/api/v1/pairings', { kind: 'kiosk', name: 'Entrance' })
  expect(status).toBe(201)
  expect(body).toEqual({
    code: expect.stringMatching(/^[A-HJKMNP-Z]{3}-\d{4}-\d{4}$/),
    link: expect.stringContaining(`#pair=${body.code}&key=`),
    words: Array.from({ length: 6 }, () => expect.stringMatching(/^[a-z]{3,8}$/)),
    expiresAtMs: branch.clock.wallMs() + PAIRING_MS,
  })
  const claimed = await claim(branch, body.code.toLowerCase().replaceAll('-', ' '))
  expect(claimed).toMatchObject({ status: 201, body: { kind: 'kiosk', name: 'Entrance', slot: 1 } })
  expect(claimed.body.token.length).toBeGreaterThan(40)
  expect(await claim(branch, body.code)).toMatchObject(wrong)
  expect((await branch.installer.get('/api/v1/devices')).body).toEqual([
    { deviceId: claimed.body.deviceId, kind: 'kiosk', name: 'Entrance', slot: 1, pairedAtMs: branch.clock.wallMs() },
  ])
})

test('a code typed at the wrong kind of device still works at the right one', async () => {
  await using branch = await openTestBranch()
  const code = await makeCode(branch, 'kiosk')
  expect(await branch.stranger.post(CLAIM, { code, kind: 'display' })).toMatchObject(wrong)
  expect(await branch.stranger.post(CLAIM, { code, kind: 'kiosk' })).toMatchObject({ status: 201 })
  expect((await branch.installer.get<unknown[]>('/api/v1/devices')).body).toHaveLength(1)
})

test('a code works for ten minutes and not for longer', async () => {
  await using branch = await openTestBranch()
  const [early, late] = [await makeCode(branch), await makeCode(branch)]
  branch.clock.pass(PAIRING_MS - 1)
  expect((await claim(branch, early)).status).toBe(201)
  branch.clock.pass(1)
  expect(await claim(branch, late)).toMatchObject(wrong)
})

test('five wrong secrets void a code, four do not', async () => {
  await using branch = await openTestBranch()
  for (const [count, status] of [
    [4, 201],
    [5, 403],
  ] as const) {
    const code = await makeCode(branch)
    const other = `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`
    for (let time = 1; time <= count; time += 1) expect(await claim(branch, other)).toMatchObject(wrong)
    expect((await claim(branch, code)).status).toBe(status)
  }
})

test('whoever guesses codes is soon told to wait', async () => {
  await using branch = await openTestBranch()
  const tries = await Promise.all(Array.from({ length: 30 }, () => claim(branch, 'ABC-1234-5678')))
  expect(tries.filter(({ status }) => status === 403)).toHaveLength(20)
  expect(tries.filter(({ status }) => status === 429)).toHaveLength(10)
  expect(await claim(branch, await makeCode(branch))).toMatchObject({ status: 429, body: { code: 'TooManyRequests' } })
})

test('a hundred codes may be open, no more', async () => {
  await using branch = await openTestBranch()
  for (let count = 1; count <= 100; count += 1) await makeCode(branch)
  const answer = await branch.installer.post('/api/v1/pairings', { kind: 'kiosk', name: 'Entrance' })
  expect(answer).toMatchObject({ status: 429, body: { code: 'PairingsTooMany' } })
})

test('a claim whose answer was lost gives the same token again, to the same key only', async () => {
  await using branch = await openTestBranch()
  const code = await makeCode(branch)
  const [first, again] = await Promise.all([claim(branch, code, 'claim-1'), claim(branch, code, 'claim-1')])
  expect(first.status).toBe(201)
  expect(again.body).toEqual(first.body)
  expect((await claim(branch, code, 'claim-1')).body).toEqual(first.body)
  expect(await claim(branch, code, 'claim-2')).toMatchObject(wrong)
  expect((await branch.installer.get('/api/v1/devices')).body).toHaveLength(1)
  expect(await claim(branch, 'ABC-1234-5678', 'claim-1')).toMatchObject({ body: { code: 'IdempotencyKeyReused' } })
  expect((await claim(branch, code, 'two words')).status).toBe(400)
})

test('a claim that the disk refused may be tried again with its code and its key', async () => {
  let isFull = false
  await using branch = await openTestBranch({
    commit(store, head, batch) {
      if (isFull) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
      return store.commit(head, batch)
    },
  })
  const code = await makeCode(branch)
  isFull = true
  expect(await claim(branch, code, 'claim-1')).toMatchObject({ status: 503, body: { code: 'StorageUnavailable' } })
  isFull = false
  expect((await claim(branch, code, 'claim-1')).status).toBe(201)
})

test('kiosks that pair at the same instant print from different blocks; the tenth finds no place and loses no code', async () => {
  await using branch = await openTestBranch()
  const codes = await Promise.all(Array.from({ length: 10 }, () => makeCode(branch)))
  const answers = await Promise.all(codes.map((code) => claim(branch, code)))
  const paired = answers.filter(({ status }) => status === 201)
  expect(paired.map(({ body }) => body.slot).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  const left = answers.findIndex(({ status }) => status !== 201)
  expect(answers[left]).toMatchObject({ status: 409, body: { code: 'KioskSlotsExhausted' } })
  // A place that was printed from today rests until tomorrow; a new code is then needed anyhow.
  await branch.installer.send('DELETE', `/api/v1/devices/${paired[0]?.body.deviceId}`)
  expect((await claim(branch, codes[left] ?? '')).body).toMatchObject({ code: 'KioskSlotsExhausted' })
})

test('a removed kiosk that proves itself keeps the place it printed from today; whoever only says its name does not', async () => {
  await using branch = await openTestBranch()
  const first = (await claim(branch, await makeCode(branch))).body
  await branch.installer.send('DELETE', `/api/v1/devices/${first.deviceId}`)
  const { epoch } = branch.running.waist.branch().head
  const claimAs = async (token: string) => {
    const former = { deviceId: first.deviceId, tokenHash: hash('sha256', token), slot: 1, epoch, branchId: null }
    return (await branch.stranger.post<Claimed>(CLAIM, { code: await makeCode(branch), former })).body
  }
  expect((await claimAs('a-token-that-was-never-its-own')).slot).toBe(2)
  expect((await claimAs(first.token)).slot).toBe(1)
})

test('a removed device is cut off at once: its token, its feed and its counter; nobody in front of it is lost', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const caller = await branch.staff(counter1, amadou)
  const feed = await followFeed(caller, { after: 0 })
  await kiosk.issue(cash)
  const { body } = await caller.callNext(counter1)
  await caller.act(body.ticketId, 'start')
  const ticket = await caller.post<{ ticket: string }>('/api/v1/feed-tickets', {})

  expect((await branch.installer.send('DELETE', `/api/v1/devices/${caller.deviceId}`)).status).toBe(200)

  expect(await feed.closed).toMatchObject({ code: 4401 })
  expect(await caller.get('/api/v1/board')).toMatchObject({ status: 401 })
  expect(await caller.post('/api/v1/feed-tickets', {})).toMatchObject({ status: 401 })
  expect(await branch.stranger.get(`/api/v1/feed?ticket=${ticket.body.ticket}`)).not.toMatchObject({ status: 101 })
  expect(branch.running.waist.branch().state.openCounters.size).toBe(0)
  expect((await kiosk.get(`/api/v1/tickets/${body.ticketId}`)).body).toMatchObject({ status: 'held' })
  await branch.restart()
  expect(await caller.get('/api/v1/board')).toMatchObject({ status: 401 })
})

test('a device that is removed while its PIN is being proved opens no counter', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  const [opened] = await Promise.all([
    caller.open(counter1, amadou),
    branch.installer.send('DELETE', `/api/v1/devices/${caller.deviceId}`),
  ])
  expect([200, 401]).toContain(opened.status)
  expect(branch.running.waist.branch().state.openCounters.size).toBe(0)
})
