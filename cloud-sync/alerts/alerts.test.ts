import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlertRuleBody, type ListedAlert, SUBSCRIPTIONS_MAX } from '#shared/wire/alerts.ts'
import type { PresentBody } from '#shared/wire/sync.ts'
import { periodicWork } from '../jobs/periodic-work.ts'
import type { Mail } from '../mail/mailer.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { queueMail, sendWaitingMail } from '../store/mail-waiting.ts'
import { keepPresent } from '../store/present-rows.ts'
import { addWebhook, listMessages } from '../store/webhooks.ts'
import { addSigningBranch, type SigningBranch } from '../testing/signing-branch.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'
import { watchTenant } from './watch-tenant.ts'

const MINUTE_MS = 60_000

let server: TestStore
let app: App
let key = ''
let nowMs = Date.now()
let bank: SigningBranch
const mails: Mail[] = []
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  key = await testKey(server.administratorUrl, nowMs + 1_000 * MINUTE_MS)
  app = await openApp({ database: server.database, version: '0', nowMs: () => nowMs }, silent)
}, 120_000)
afterAll(async () => {
  await app?.close()
  await server?.close()
})
beforeEach(async () => {
  bank = await addSigningBranch(server.database, () => nowMs)
  mails.length = 0
})

const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, { slug } = bank) =>
  app.inject({
    ...{ method, url: `/api/v1/tenants/${slug}${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(body !== undefined && { body }),
  })

const RULE: AlertRuleBody = {
  ...{ kind: 'wait', branchId: null, threshold: 10 * MINUTE_MS, repeatMinutes: 30, language: 'fr' },
  emails: ['head@example.org'],
}
const addRule = async (rule: Partial<AlertRuleBody> = {}): Promise<string> => {
  const answer = await ask('POST', '/alert-rules', { ...RULE, ...rule })
  expect(answer.statusCode).toBe(201)
  return answer.json<{ ruleId: string }>().ruleId
}

const QUIET = { waitingCount: 0, longestWaitMs: null, isPaused: false, isClosed: false }
let seq = 0
/** The branch says how it is. */
async function say(present: Partial<PresentBody> = {}, branch = bank): Promise<void> {
  seq += 1
  const body: PresentBody = {
    ...{ epoch: 'one', seq, steadyMs: seq, atMs: nowMs, date: '2026-11-27', isClockDoubted: false },
    ...{ isIntakeStopped: false, queues: [], counters: [], devices: [], ...present },
  }
  await keepPresent(server.database, branch, body, { signedAtMs: nowMs, nowMs })
}
const waiting = (minutes: number, waitingCount = 4) =>
  say({ queues: [{ ...QUIET, queueId: 'cash', waitingCount, longestWaitMs: minutes * MINUTE_MS }] })

/** As the half minute comes round, on as many clouds as there are. */
const watch = async (clouds = 1, { tenantId } = bank): Promise<void> => {
  const take = async (mail: Mail): Promise<boolean> => mails.push(mail) > 0
  const parts = {
    ...{ database: server.database, nowMs: () => nowMs, log: silent, publicUrl: 'https://queue.example' },
    ...{ mailer: { send: take, close: () => {} }, live: app.live },
  }
  const { 'live-metrics': look, mails: send } = periodicWork(parts)
  for (const work of [look, send]) await Promise.all(Array.from({ length: clouds }, () => work?.doFor(tenantId)))
}
const alerts = async (): Promise<readonly ListedAlert[]> =>
  (await ask('GET', '/alerts')).json<{ items: ListedAlert[] }>().items

test('what is beyond a rule is told once, also by several clouds at once, again while it goes on, and when it is over', async () => {
  await addRule()
  await waiting(9)
  await watch()
  expect(await alerts()).toEqual([])
  await waiting(12)
  await watch(4)
  await watch(4)
  expect(await alerts()).toMatchObject([
    { kind: 'wait', branchId: bank.branchId, subject: 'cash', value: 12 * MINUTE_MS, toldCount: 1, resolvedAtMs: null },
  ])
  expect(mails.map(({ to, subject }) => [to, subject])).toEqual([
    ['head@example.org', 'SmartQueue\u00a0: 1 alerte — Agence'],
  ])
  expect(mails[0]?.text).toMatch(
    /^Nouveau · Agence · Attente trop longue — cash\u00a0: 12 min \(seuil 10 min\), depuis \d\d:\d\d\n/,
  )
  expect(mails[0]?.text).toContain(`https://queue.example/dashboard/t/${bank.slug}/alerts`)
  nowMs += 31 * MINUTE_MS
  await waiting(43)
  await watch(2)
  expect(mails.map(({ text }) => text.split(' · ')[0])).toEqual(['Nouveau', 'Dure encore'])
  nowMs += MINUTE_MS
  await waiting(1)
  await watch(2)
  expect(mails.map(({ text }) => text.split(' · ')[0])).toEqual(['Nouveau', 'Dure encore', 'Terminé'])
  expect(await alerts()).toMatchObject([{ worst: 43 * MINUTE_MS, resolvedAtMs: nowMs }])
  await watch()
  expect(mails).toHaveLength(3)
})

test('where more is so than is looked at, what lies beyond is not told to be over', async () => {
  await addRule()
  const queue = (queueId: string) => ({ ...QUIET, queueId, waitingCount: 4, longestWaitMs: 12 * MINUTE_MS })
  await say({ queues: [queue('z')] })
  await watch()
  await say({ queues: [...Array.from({ length: 1_100 }, (_, at) => queue(`queue ${1_000 + at}`)), queue('z')] })
  await watch()
  expect((await alerts()).find(({ subject }) => subject === 'z')).toMatchObject({ resolvedAtMs: null })
  await say({ queues: [] })
  await watch()
  expect((await alerts()).filter(({ resolvedAtMs }) => resolvedAtMs === null)).toEqual([])
})

test('who has said that she knows is not reminded', async () => {
  await addRule()
  await waiting(12)
  await watch()
  const [alert] = await alerts()
  const acknowledge = () => ask('POST', `/alerts/${alert?.alertId}/acknowledgement`)
  expect([(await acknowledge()).statusCode, (await acknowledge()).statusCode]).toEqual([204, 204])
  expect((await ask('POST', `/alerts/${randomUUID()}/acknowledgement`)).json()).toMatchObject({ code: 'AlertUnknown' })
  nowMs += 31 * MINUTE_MS
  await waiting(43)
  await watch()
  expect(mails).toHaveLength(1)
  expect(await alerts()).toMatchObject([{ acknowledgedAtMs: expect.any(Number), toldCount: 1 }])
})

test('a tenant hears of its own branches alone, and so do its webhooks', async () => {
  const town = await addSigningBranch(server.database, () => nowMs)
  await addRule()
  for (const { tenantId } of [bank, town])
    await server.database.asTenant(tenantId, (db) =>
      addWebhook(
        db,
        tenantId,
        { url: 'https://a.example', topics: ['alert'], secretSealed: Buffer.from('x'), madeBy: 'key x' },
        nowMs,
      ),
    )
  await waiting(12)
  for (const of of [bank, town]) await watch(2, of)
  const told = await Promise.all(
    [bank, town].map(({ tenantId }) =>
      server.database.asTenant(tenantId, async (db) => {
        const hooks = await db.query<{ webhook_id: string }>('select webhook_id from webhook where tenant_id = $1', [
          tenantId,
        ])
        return (await listMessages(db, tenantId, hooks[0]?.webhook_id ?? '')).map(({ type }) => type)
      }),
    ),
  )
  expect(told).toEqual([['alert.raised'], []])
  expect((await ask('GET', '/alerts', undefined, town)).json()).toEqual({ items: [] })
})

test('each thing that a rule can be about is seen, and is over when it is', async () => {
  const device = (isInContact: boolean) => ({ deviceId: 'kiosk-1', kind: 'kiosk', isInContact })
  const closed = { counterId: 'one', status: 'closed' as const, agentId: null }
  await addRule({ kind: 'length', threshold: 3 })
  await addRule({ kind: 'counters', threshold: 1 })
  await addRule({ kind: 'device', threshold: 2 * MINUTE_MS })
  await addRule({ kind: 'paper', threshold: 1 })
  await addRule({ kind: 'clock', threshold: 30_000 })
  await addRule({ kind: 'branch', threshold: 10 * MINUTE_MS })
  const kinds = async (): Promise<readonly string[]> =>
    (await alerts())
      .filter(({ resolvedAtMs }) => resolvedAtMs === null)
      .map(({ kind }) => kind)
      .toSorted()
  const all: Partial<PresentBody> = {
    queues: [{ ...QUIET, queueId: 'cash', waitingCount: 3, longestWaitMs: null }],
    ...{ counters: [closed], devices: [device(false), { ...device(true), deviceId: 'kiosk-2', paper: 'near-end' }] },
  }
  await say({ ...all, atMs: nowMs - 40_000 })
  await watch()
  // A device is given the time that its rule gives it.
  expect(await kinds()).toEqual(['clock', 'counters', 'length', 'paper'])
  nowMs += 2 * MINUTE_MS
  await say({ ...all, atMs: nowMs - 40_000 })
  await watch()
  expect(await kinds()).toEqual(['clock', 'counters', 'device', 'length', 'paper'])
  nowMs += 11 * MINUTE_MS
  await watch()
  // Of a branch that is away nothing is known: what was so is neither told to be over nor so still.
  expect(await kinds()).toEqual(['branch', 'clock', 'counters', 'device', 'length', 'paper'])
  await say({ queues: [], counters: [], devices: [device(true)] })
  await watch()
  expect(await kinds()).toEqual([])
})

test('what a rule says must be something that can be so, of a branch that is there', async () => {
  const refused = async (rule: object) =>
    (await ask('POST', '/alert-rules', { ...RULE, ...rule })).json<{ code: string }>().code
  expect(await refused({ branchId: randomUUID() })).toBe('BranchUnknown')
  for (const wrong of [{ threshold: 0 }, { emails: ['a@b.c, d@e.f'] }, { kind: 'moon' }, { repeatMinutes: 1 }])
    expect([wrong, await refused(wrong)]).toEqual([wrong, 'RequestInvalid'])
  const ruleId = await addRule()
  await waiting(12)
  await watch()
  expect(await alerts()).toHaveLength(1)
  expect((await ask('DELETE', `/alert-rules/${ruleId}`)).statusCode).toBe(204)
  expect([await alerts(), (await ask('DELETE', `/alert-rules/${ruleId}`)).statusCode]).toEqual([[], 404])
})

test('a mail that is not taken is tried again, and one that is taken goes once, whichever cloud sends it', async () => {
  await addRule()
  await waiting(12)
  let tries = 0
  const refusing = {
    async send() {
      tries += 1
      return false
    },
    close: () => {},
  }
  const parts = { database: server.database, nowMs: () => nowMs, log: silent, publicUrl: null, live: app.live }
  await watchTenant({ ...parts, mailer: refusing }, bank.tenantId)
  expect(tries).toBe(0)
  for (let turn = 0; turn < 2; turn += 1)
    await sendWaitingMail(server.database, bank.tenantId, refusing.send, () => nowMs)
  expect(tries).toBe(1)
  nowMs += 61_000
  await waiting(12)
  await watch(4)
  expect(mails).toHaveLength(1)
})

test('who is refused because the list is full may ask again by the same key once there is room', async () => {
  const { database } = server
  await database.asTenant(bank.tenantId, (db) =>
    db.query(
      `insert into report_subscription (tenant_id, subscription_id, email, language, made_by, made_at)
       select $1, gen_random_uuid(), at || '@example.org', 'fr', 'person awa', now() from generate_series(1, $2::int) at`,
      [bank.tenantId, SUBSCRIPTIONS_MAX],
    ),
  )
  const again = randomUUID()
  const subscribe = () =>
    app.inject({
      ...{ method: 'POST', url: `/api/v1/tenants/${bank.slug}/report-subscriptions` },
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': again },
      body: { email: 'head@example.org', language: 'fr', branchId: null },
    })
  expect((await subscribe()).json()).toMatchObject({ code: 'SubscriptionsFull' })
  await database.asTenant(bank.tenantId, (db) =>
    db.query('delete from report_subscription where tenant_id = $1', [bank.tenantId]),
  )
  expect((await subscribe()).statusCode).toBe(201)
})

test('mails that were given up take nobody’s place, and nothing of them is kept but that they were', async () => {
  const { database } = server
  const of = <Value>(work: Parameters<typeof database.asTenant<Value>>[1]) => database.asTenant(bank.tenantId, work)
  const mail = { to: 'head@example.org', subject: 'Alerte', text: 'Cash' }
  const isQueued = () => of((db) => queueMail(db, bank.tenantId, mail, nowMs))
  expect(await isQueued()).toBe(true)
  const sendNothing = () =>
    sendWaitingMail(
      database,
      bank.tenantId,
      async () => false,
      () => nowMs,
    )
  for (let day = 0; day < 6; day += 1) {
    await sendNothing()
    nowMs += 24 * 60 * MINUTE_MS
  }
  const rows = await of((db) =>
    db.query('select to_address, subject, body from mail_waiting where tenant_id = $1', [bank.tenantId]),
  )
  expect(rows).toEqual([{ to_address: '', subject: '', body: '' }])
  await of((db) =>
    db.query(
      `insert into mail_waiting (tenant_id, mail_id, to_address, subject, body, made_at)
       select $1, gen_random_uuid(), '', '', '', now() from generate_series(1, 2000)`,
      [bank.tenantId],
    ),
  )
  expect(await isQueued()).toBe(true)
})

test('mails behind a slow one go once, also where another cloud looks meanwhile', async () => {
  const { database } = server
  for (const to of ['a@example.org', 'b@example.org', 'c@example.org'])
    await database.asTenant(bank.tenantId, (db) =>
      queueMail(db, bank.tenantId, { to, subject: 'Alerte', text: '' }, nowMs),
    )
  const sent: string[] = []
  const beside = async ({ to }: Mail): Promise<boolean> => sent.push(to) > 0
  async function slowly({ to }: Mail): Promise<boolean> {
    sent.push(to)
    // Longer than what is taken stays taken by one who is gone, in three such.
    nowMs += 50_000
    await sendWaitingMail(database, bank.tenantId, beside, () => nowMs)
    return true
  }
  await sendWaitingMail(database, bank.tenantId, slowly, () => nowMs)
  expect(sent.toSorted()).toEqual(['a@example.org', 'b@example.org', 'c@example.org'])
})
