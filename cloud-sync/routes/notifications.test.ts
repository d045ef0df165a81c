import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createCourier } from '../notify/courier.ts'
import { REPLY_PATH, statusPath } from '../notify/messaging.ts'
import type { Provider } from '../notify/provider.ts'
import { twilioSignature } from '../notify/twilio-signature.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { addTenant } from '../store/branches.ts'
import { keepPolicy, NO_POLICY } from '../store/message-policy.ts'
import { queueMessage } from '../store/messages.ts'
import { asAdministrator, openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'

const HOUR_MS = 3_600_000
const AWA = '+221700000001'
const PUBLIC_URL = 'https://queue.example.org'
const twilio = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'the token of the provider' }

let server: TestStore
let app: App
let key = ''
const nowMs = Date.now()
const sms: Provider = {
  ...{ name: 'pretend', channel: 'sms' },
  send: async () => ({ kind: 'accepted', providerId: `SM${randomUUID()}` }),
}
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  key = await testKey(server.administratorUrl, nowMs + 1_000 * HOUR_MS)
  const messaging = { providers: { sms }, twilio, publicUrl: PUBLIC_URL }
  app = await openApp({ database: server.database, version: '0', nowMs: () => nowMs, messaging }, silent)
}, 120_000)
afterAll(async () => {
  await app?.close()
  await server?.close()
})

let slug = ''
let tenantId = ''
beforeEach(async () => {
  slug = `bank-${randomUUID().slice(0, 8)}`
  tenantId = (await addTenant(server.database, slug, { fr: 'Banque' })) ?? ''
})

const ask = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) =>
  app.inject({
    ...{ method, url: `/api/v1/tenants/${slug}/${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(body !== undefined && { body }),
  })

/** A text message that the provider has taken. */
async function sent(recipient = AWA) {
  const policy = { ...NO_POLICY, channels: ['sms' as const], callingCodes: ['+221'] }
  const messageId = await server.database.asTenant(tenantId, async (db) => {
    await keepPolicy(db, tenantId, policy, nowMs)
    const of = { about: randomUUID(), event: 'called', branchId: null, ticketId: null, timeZone: 'UTC' }
    const routes = [{ channel: 'sms', recipient, subject: '', body: 'Ticket A001' }] as const
    return queueMessage(db, tenantId, { ...of, routes, expiresAtMs: nowMs + HOUR_MS }, nowMs)
  })
  await createCourier({ database: server.database, providers: { sms }, log: silent, nowMs: () => nowMs }).work(tenantId)
  return { messageId: messageId ?? '', ...(await rowOf(messageId ?? '')) }
}

async function rowOf(messageId: string) {
  const [row] = await server.database.asTenant(tenantId, (db) =>
    db.query<{ state: string; provider_id: string }>('select * from message where message_id = $1', [messageId]),
  )
  return { state: row?.state, providerId: row?.provider_id ?? '' }
}

const post = async (
  path: string,
  form: Record<string, string>,
  signedFor = PUBLIC_URL + path,
  token = twilio.authToken,
) => {
  const whole = { AccountSid: twilio.accountSid, ...form }
  const answer = await app.inject({
    ...{ method: 'POST', url: path, body: new URLSearchParams(whole).toString() },
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilioSignature(token, signedFor, whole),
    },
  })
  return answer.statusCode
}

test('the signature is the one that the provider describes', () => {
  // As its documentation has it.
  const form = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675310',
    Digits: '1234',
    From: '+14158675310',
    To: '+18005551212',
  }
  const url = 'https://example.com/myapp.php?foo=1&bar=2'
  expect(twilioSignature('12345', url, form)).toBe('L/OH5YylLD5NRKLltdqwSvS0BnU=')
})

test('a report that the provider has not signed, or not for this message, changes nothing', async () => {
  const { messageId, providerId } = await sent()
  const other = await sent('+221700000002')
  const path = statusPath(tenantId, messageId)
  const told = { MessageSid: providerId, MessageStatus: 'delivered' }
  expect(await post(path, told, PUBLIC_URL + path, 'somebody else’s')).toBe(403)
  expect(await post(path, told, PUBLIC_URL + statusPath(tenantId, other.messageId))).toBe(403)
  expect(await post(path, { ...told, AccountSid: 'AC1' })).toBe(403)
  const unsigned = {
    url: path,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  } as const
  expect((await app.inject({ ...unsigned, body: 'MessageStatus=delivered' })).statusCode).toBe(403)
  // Of another message of the provider: it is not this one that was delivered.
  expect(await post(path, { ...told, MessageSid: other.providerId })).toBe(204)
  expect((await rowOf(messageId)).state).toBe('accepted')
  expect(await post(path, told)).toBe(204)
  expect((await rowOf(messageId)).state).toBe('delivered')
})

test('reports may come in any order and as often as they like: delivered is the last word, and they are never put off', async () => {
  for (const [words, last] of [
    [['delivered', 'sent', 'queued', 'delivered', 'failed'], 'delivered'],
    [['failed', 'sent'], 'failed'],
    [['undelivered', 'delivered', 'undelivered'], 'delivered'],
    [['sent', 'what nobody knows'], 'accepted'],
  ] as const) {
    const { messageId, providerId } = await sent(`+2217${randomUUID().replaceAll(/\D/g, '').slice(0, 8)}`)
    for (const MessageStatus of words)
      expect(await post(statusPath(tenantId, messageId), { MessageSid: providerId, MessageStatus })).toBe(204)
    expect([words, (await rowOf(messageId)).state]).toEqual([words, last])
  }
  const { messageId, providerId } = await sent('+221700000077')
  const answers = new Set<number>()
  for (let time = 0; time < 1_300; time += 1)
    answers.add(await post(statusPath(tenantId, messageId), { MessageSid: providerId, MessageStatus: 'sent' }))
  expect([...answers]).toEqual([204])
}, 60_000)

test('where no provider is configured there is no door for its reports', async () => {
  const plain = await openApp({ database: server.database, version: '0', nowMs: () => nowMs }, silent)
  const asked = [REPLY_PATH, statusPath(tenantId, randomUUID())].map((url) => plain.inject({ method: 'POST', url }))
  expect((await Promise.all(asked)).map(({ statusCode }) => statusCode)).toEqual([404, 404])
  await plain.close()
})

test('who answers STOP is written to no more until she says START, and only the provider can say so for her', async () => {
  const said = async (Body: string, token = twilio.authToken) =>
    post(REPLY_PATH, { From: AWA, Body }, PUBLIC_URL + REPLY_PATH, token)
  expect((await sent()).state).toBe('accepted')
  expect(await said('stop', 'somebody else’s')).toBe(403)
  expect((await sent()).state).toBe('accepted')
  expect(await said(' Stop. ')).toBe(200)
  expect((await sent()).state).toBe('suppressed')
  expect(await said('Bonjour')).toBe(200)
  expect((await sent()).state).toBe('suppressed')
  expect(await said('START')).toBe(200)
  expect((await sent()).state).toBe('accepted')
})

test('STOP holds for every tenant, also where nobody knows any more that she was written to', async () => {
  const fatou = '+221700000088'
  const said = (Body: string) => post(REPLY_PATH, { From: fatou, Body })
  await sent(fatou)
  await server.database.asTenant(tenantId, (db) => db.query('delete from message'))
  expect(await said('STOP')).toBe(200)
  expect((await sent(fatou)).state).toBe('suppressed')
  tenantId = (await addTenant(server.database, `bank-${randomUUID().slice(0, 8)}`, { fr: 'Poste' })) ?? ''
  expect((await sent(fatou)).state).toBe('suppressed')
  const stored = await asAdministrator(server.administratorUrl, async (client) => {
    const { rows } = await client.query('select row_to_json(s)::text as line from smartqueue.stop_directory s')
    return JSON.stringify(rows)
  })
  expect(stored).not.toContain('221700000088')
  // Of the version before, which kept it for each tenant: her last word is the later one.
  await server.database.asTenant(tenantId, (db) =>
    db.query("insert into message_stop values ($1, 'sms', $2, $3)", [tenantId, '+221700000089', new Date(nowMs)]),
  )
  expect((await sent('+221700000089')).state).toBe('suppressed')
  expect(await post(REPLY_PATH, { From: '+221700000089', Body: 'START' })).toBe(200)
  expect((await sent('+221700000089')).state).toBe('accepted')
})

test('what is no form, too long or nested is refused at the provider’s door, and is no fault of ours', async () => {
  const statusOf = async (type: string, body: string) => {
    const headers = { 'content-type': type, 'x-twilio-signature': 'x' }
    const paths = [REPLY_PATH, statusPath(tenantId, randomUUID())]
    const answers = await Promise.all(paths.map((url) => app.inject({ method: 'POST', url, body, headers })))
    return answers.map(({ statusCode }) => statusCode)
  }
  const nested = JSON.stringify({ a: { toString: 1 }, AccountSid: twilio.accountSid })
  expect(await statusOf('application/json', nested)).toEqual([415, 415])
  expect(await statusOf('text/plain', 'STOP')).toEqual([415, 415])
  const form = 'application/x-www-form-urlencoded'
  expect(await statusOf(form, 'a[b][toString]=1&a[b]=2&__proto__=3&__proto__[toString]=4')).toEqual([403, 403])
  expect(await statusOf(form, `Body=${'a'.repeat(17 * 1024)}`)).toEqual([413, 413])
})

test('a tenant sets how its customers are written to, reads what came of it without their numbers, and which channels there are', async () => {
  const first = (await ask('GET', 'notifications/policy')).json<{ status: object }>()
  expect(first).toMatchObject({
    ...{ callingCodes: [], moneyDayMaxMicros: 0 },
    status: [
      { channel: 'sms', state: 'configured' },
      { channel: 'email', state: 'not-configured' },
    ],
  })
  const policy = { ...NO_POLICY, channels: ['sms'], quiet: { from: 1_260, until: 480 }, callingCodes: ['+221'] }
  expect((await ask('PUT', 'notifications/policy', policy)).statusCode).toBe(200)
  expect((await ask('GET', 'notifications/policy')).json()).toMatchObject(policy)
  expect((await ask('PUT', 'notifications/policy', { ...policy, callingCodes: ['221'] })).statusCode).toBe(400)
  await sent()
  const listed = await ask('GET', 'notifications?state=accepted')
  expect(listed.json()).toMatchObject({ items: [{ state: 'accepted', channel: 'sms', event: 'called' }] })
  expect(listed.body).not.toContain(AWA)
  expect((await ask('GET', 'notifications?state=failed')).json()).toEqual({ items: [] })
})

test('a text is a tenant’s own or ours, is shown as it would be sent, and names nothing that nobody knows', async () => {
  const texts = (await ask('GET', 'templates')).json<{ items: { body: string; isOwn: boolean }[] }>().items
  expect([texts.length, texts.filter(({ isOwn }) => isOwn).length]).toEqual([12, 0])
  for (const { body } of texts) {
    const shown = await ask('POST', 'templates/preview', { language: 'ar', subject: '', body })
    expect(shown.json<{ body: string }>().body).not.toMatch(/[{}]|undefined/)
  }
  const own = { subject: '', body: '{branch} : {number}, {counter}' }
  expect((await ask('PUT', 'templates/called/sms/fr', own)).json()).toMatchObject({
    ...{ body: `${slug} : A012, guichet 3`, textParts: 1 },
  })
  const after = (await ask('GET', 'templates')).json<{ items: object[] }>().items
  expect(after).toContainEqual({ ...{ event: 'called', channel: 'sms', language: 'fr' }, ...own, isOwn: true })
  for (const wrong of ['{nummer}', '{}', 'a {number} {constructor}'])
    expect((await ask('PUT', 'templates/called/sms/fr', { subject: '', body: wrong })).statusCode).toBe(400)
})
