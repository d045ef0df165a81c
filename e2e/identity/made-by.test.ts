import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditAfter } from '../../cloud-sync/audit/entries.ts'
import { stillMay } from '../../cloud-sync/identity/members/still-may.ts'
import { makeApiKey } from '../../cloud-sync/store/api-keys.ts'
import { enrol, insertBranch } from '../../cloud-sync/store/branches.ts'
import { queueMail } from '../../cloud-sync/store/mail-waiting.ts'
import { claimDue, listenersOf, queueMessages, waitingOf } from '../../cloud-sync/store/webhook-queue.ts'
import { listMessages } from '../../cloud-sync/store/webhooks.ts'
import { SCOPES, type Scope } from '../../shared/access/roles.ts'
import { signedToken } from './signed-token.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from './test-identity.ts'

// What somebody has given goes no further than she does.

let cloud: TestCloudIdentity
beforeAll(async () => {
  cloud = await openTestIdentity()
}, 120_000)
afterAll(() => cloud?.close())

const scope = SCOPES.join(' ')
const tokenOf = (person: TestPerson, scopes = scope): Promise<string> =>
  signedToken(cloud, person, { claims: { scope: scopes } })

async function ask(
  person: TestPerson,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  token?: string,
) {
  const answer = await cloud.app.inject({
    ...{ method, url: `/api/v1/tenants/${person.slug}/${path}`, ...(body !== undefined && { body }) },
    headers: { authorization: `Bearer ${token ?? (await tokenOf(person))}` },
  })
  return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Record<string, string>>() }
}

/** All that an administrator gives out of her rights. */
async function makeAll(person: TestPerson) {
  const key = (scopes: readonly Scope[]) => ask(person, 'POST', 'api-keys', { name: 'a key', scopes, days: 30 })
  const [reads, sets] = [await key(['read:queue']), await key(['read:queue', 'manage:settings'])]
  const hook = await ask(person, 'POST', 'webhooks', { url: 'https://hooks.example.org/', topics: ['ticket'] })
  const invited = await ask(person, 'POST', 'invitations', { email: `${randomUUID()}@example.org`, role: 'admin' })
  const branchId = await cloud.database.asTenant(person.tenantId, (db) =>
    insertBranch(db, person.tenantId, { fr: 'Agence' }, 'UTC'),
  )
  const code = await ask(person, 'POST', `branches/${branchId}/enrolment`)
  for (const made of [reads, sets, hook, invited, code]) expect(made).toMatchObject({ status: 201 })
  const of = (answer: { body: Record<string, string> }, name: string): string => answer.body[name] ?? ''
  return {
    ...{ reads: of(reads, 'key'), sets: of(sets, 'key'), webhookId: of(hook, 'webhookId'), branchId },
    ...{ link: of(invited, 'link'), code: of(code, 'code') },
  }
}

type Made = Awaited<ReturnType<typeof makeAll>>

/** What of it still does something. */
async function whatWorks(of: TestPerson, made: Made) {
  const by = async (key: string) => (await ask(of, 'GET', 'branches', undefined, key)).status === 200
  const listeners = await cloud.database.asTenant(of.tenantId, (db) => listenersOf(db, of.tenantId))
  const joined = await cloud.newBrowser().go(made.link, { name: 'Moussa', password: PASSWORD })
  const asked = { code: made.code, publicKey: randomUUID() }
  return {
    ...{ reads: await by(made.reads), sets: await by(made.sets) },
    hook: listeners.some(({ webhookId }) => webhookId === made.webhookId),
    ...{ link: joined.status === 201, code: (await enrol(cloud.database, asked, Date.now())) !== null },
  }
}

const codesOf = async ({ tenantId }: TestPerson): Promise<readonly string[]> => {
  const rows = await cloud.database.asTenant(tenantId, (db) => auditAfter(db, tenantId, 0))
  return rows.map(({ body }) => (JSON.parse(body) as { code: string }).code)
}

test('what a removed administrator has made is over with her; what others made goes on', async () => {
  const [leaves, stays] = await two()
  const [hers, others] = [await makeAll(leaves), await makeAll(stays)]
  expect((await ask(stays, 'DELETE', `members/${leaves.personId}`)).status).toBe(204)
  const nothing = { reads: false, sets: false, hook: false, link: false, code: false }
  expect(await whatWorks(stays, hers)).toEqual(nothing)
  expect(await whatWorks(stays, others)).toEqual({ reads: true, sets: true, hook: true, link: true, code: true })
  const codes = await codesOf(stays)
  expect(codes.slice(codes.indexOf('KeyRevoked')).slice(0, 6)).toEqual([
    ...['KeyRevoked', 'KeyRevoked', 'WebhookEnded', 'InvitationWithdrawn', 'EnrolmentCodeVoided', 'MemberRemoved'],
  ])
})

test('who may less from now on keeps the keys that do no more than that, and what she set up is seen, and told nothing', async () => {
  const [becomes, stays] = await two()
  const made = await makeAll(becomes)
  const { tenantId } = stays
  await cloud.database.asTenant(tenantId, async (db) =>
    queueMessages(db, tenantId, await listenersOf(db, tenantId), [
      { topic: 'ticket', type: 'TicketCalled', body: '{}' },
    ]),
  )
  const messagesFor = () => cloud.database.asTenant(tenantId, (db) => listMessages(db, tenantId, made.webhookId))
  expect(await messagesFor()).toHaveLength(1)
  expect((await ask(stays, 'PATCH', `members/${becomes.personId}`, { role: 'admin' })).status).toBe(200)
  expect((await ask(stays, 'PATCH', `members/${becomes.personId}`, { role: 'manager' })).status).toBe(200)
  const items = (await ask(stays, 'GET', 'webhooks')).body['items'] as unknown as readonly object[]
  expect(items).toMatchObject([
    { webhookId: made.webhookId, madeBy: `person ${becomes.personId}`, endedAtMs: expect.any(Number) },
  ])
  const claimed = await claimDue(
    cloud.database,
    { tenantId: stays.tenantId, webhookId: made.webhookId },
    { nowMs: Date.now(), leaseMs: 1, countMax: 1 },
  )
  expect(claimed).toBeNull()
  // Nor is anything kept that waited for it.
  expect(await waitingOf(cloud.database, stays.tenantId, Date.now())).toEqual([])
  expect(await messagesFor()).toEqual([])
  expect(await whatWorks(stays, made)).toEqual({ reads: true, sets: false, hook: false, link: false, code: false })
})

test('whoever loses her right between the head of her request and its body makes nothing by it', async () => {
  const [leaves, stays] = await two()
  const branchId = await cloud.database.asTenant(stays.tenantId, (db) =>
    insertBranch(db, stays.tenantId, { fr: 'Agence' }, 'UTC'),
  )
  async function late(path: string, body: object): Promise<number> {
    // The door has let her in when somebody asks for the body.
    async function* bodyOf() {
      const demoted = await ask(stays, 'PATCH', `members/${leaves.personId}`, { role: 'manager' })
      expect(demoted.status).toBe(200)
      yield JSON.stringify(body)
    }
    expect((await ask(stays, 'PATCH', `members/${leaves.personId}`, { role: 'admin' })).status).toBe(200)
    const headers = { authorization: `Bearer ${await tokenOf(leaves)}`, 'content-type': 'application/json' }
    const url = `/api/v1/tenants/${leaves.slug}/${path}`
    const answer = await cloud.app.inject({ method: 'POST', url, headers, payload: Readable.from(bodyOf()) })
    expect(answer.json()).toMatchObject({ code: 'Forbidden', title: expect.any(String) })
    return answer.statusCode
  }
  const made = [
    await late('api-keys', { name: 'a key', scopes: ['read:queue', 'manage:settings'], days: 30 }),
    await late('webhooks', { url: 'https://hooks.example.org/', topics: ['ticket'] }),
    await late('invitations', { email: `${randomUUID()}@example.org`, role: 'admin' }),
    await late(`branches/${branchId}/enrolment`, {}),
  ]
  expect(made).toEqual([403, 403, 403, 403])
  expect((await ask(stays, 'GET', 'api-keys')).body).toEqual({ items: [] })
})

test('what is being made in somebody’s name is made before her right is taken, and ends with it', async () => {
  const [leaves, stays] = await two()
  const key = { tenantId: leaves.tenantId, personId: leaves.personId }
  const asked = { name: 'a key', scopes: SCOPES, expiresAtMs: Date.now() + 3_600_000, madeBy: leaves.personId }
  let demoting: Promise<unknown> = Promise.resolve()
  const made = await cloud.database.asTenant(leaves.tenantId, async (db) => {
    expect(await stillMay(db, cloud.store, key, SCOPES)).toBe(true)
    demoting = ask(stays, 'PATCH', `members/${leaves.personId}`, { role: 'manager' })
    await pause(100)
    return makeApiKey(db, leaves.tenantId, asked, Date.now())
  })
  await demoting
  expect((await ask(stays, 'GET', 'branches', undefined, made?.key)).status).toBe(401)
})

test('a token that may only change settings makes no branch: whoever has the code reads what customers said', async () => {
  const admin = await cloud.newPerson({ role: 'admin' })
  const branchId = await cloud.database.asTenant(admin.tenantId, (db) =>
    insertBranch(db, admin.tenantId, { fr: 'Agence' }, 'UTC'),
  )
  const path = `branches/${branchId}/enrolment`
  const narrow = await tokenOf(admin, 'manage:settings read:queue')
  expect(await ask(admin, 'POST', path, undefined, narrow)).toMatchObject({ status: 403, body: { code: 'Forbidden' } })
  expect((await ask(admin, 'POST', path)).status).toBe(201)
})

/** A rule and a subscription that name her, in whatever case, and one that names nobody else's. */
async function mailsTo(admin: TestPerson, email: string) {
  const rule = { kind: 'branch', branchId: null, threshold: 60_000, repeatMinutes: null, language: 'fr' }
  const emails = [email.toUpperCase(), 'ops@example.org']
  const report = { email, language: 'fr', branchId: null }
  for (const [path, body] of [
    ['alert-rules', { ...rule, emails }],
    ['report-subscriptions', report],
    ['report-subscriptions', { ...report, email: 'ops@example.org' }],
  ] as const)
    expect(await ask(admin, 'POST', path, body)).toMatchObject({ status: 201 })
  const mail = { to: email, subject: 'a day', text: 'its figures' }
  await cloud.database.asTenant(admin.tenantId, (db) => queueMail(db, admin.tenantId, mail, Date.now()))
}

/** Who is mailed what, and what waits to be sent. */
async function mailed(admin: TestPerson) {
  const items = async (path: string) =>
    (await ask(admin, 'GET', path)).body['items'] as unknown as readonly { email?: string; emails?: string[] }[]
  const waiting = await cloud.database.asTenant(admin.tenantId, (db) =>
    db.query<{ to_address: string }>('select to_address from mail_waiting where tenant_id = $1', [admin.tenantId]),
  )
  return {
    alerts: (await items('alert-rules')).flatMap(({ emails = [] }) => emails.map((it) => it.toLowerCase())),
    reports: (await items('report-subscriptions')).map(({ email }) => email),
    waiting: waiting.map((it) => it.to_address),
  }
}

test('whoever is removed is mailed nothing any more: no alert, no report, nothing that waits', async () => {
  const [leaves, stays] = await two()
  const ops = 'ops@example.org'
  await mailsTo(stays, leaves.email)
  expect(await mailed(stays)).toMatchObject({ alerts: [leaves.email, ops], waiting: [leaves.email] })
  expect((await ask(stays, 'DELETE', `members/${leaves.personId}`)).status).toBe(204)
  expect(await mailed(stays)).toEqual({ alerts: [ops], reports: [ops], waiting: [] })
  const codes = await codesOf(stays)
  expect(codes.slice(-3)).toEqual(['AlertMailEnded', 'ReportSubscriptionRemoved', 'MemberRemoved'])
})

test('whoever may read no reports any more is mailed none, and is told of queues as before', async () => {
  const [becomes, stays] = await two()
  await mailsTo(stays, becomes.email)
  expect((await ask(stays, 'PATCH', `members/${becomes.personId}`, { role: 'agent' })).status).toBe(200)
  const ops = 'ops@example.org'
  expect(await mailed(stays)).toMatchObject({ alerts: [becomes.email, ops], reports: [ops] })
})

async function two(): Promise<readonly [TestPerson, TestPerson]> {
  const leaves = await cloud.newPerson({ role: 'admin' })
  return [leaves, await cloud.newColleague(leaves)]
}
