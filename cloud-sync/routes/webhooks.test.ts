import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hashOf, readUpload } from '../inbox/read-upload.ts'
import { ATTEMPTS_MAX } from '../jobs/webhook-sender.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { addTenant } from '../store/branches.ts'
import type { Database } from '../store/database.ts'
import { type BranchIdentity, receive } from '../store/inbox.ts'
import { asAdministrator, openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'
import { sendOnce } from '../webhooks/send.ts'

const HOUR_MS = 3_600_000

let server: TestStore
let app: App
let key = ''
let nowMs = Date.now()
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  key = await testKey(server.administratorUrl, nowMs + 1_000 * HOUR_MS)
  app = await openApp({ database: server.database, version: '0', nowMs: () => nowMs, admitsLoopback: true }, silent)
}, 120_000)
afterAll(async () => {
  await app?.close()
  await server?.close()
})

interface Received {
  readonly id: string
  readonly path: string
  readonly timestampS: number
  readonly signature: string
  readonly body: string
}

/** A receiver as somebody else would run it. */
async function openReceiver(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const received: Received[] = []
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const header = (name: string): string => String(request.headers[name])
    received.push({
      ...{ id: header('webhook-id'), timestampS: Number(header('webhook-timestamp')), path: request.url ?? '' },
      ...{ signature: header('webhook-signature'), body: Buffer.concat(chunks).toString() },
    })
    answer(response, request)
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const { port } = http.address() as AddressInfo
  return {
    received,
    url: `http://127.0.0.1:${port}/hook?of=bank`,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await once(http.close(), 'close')
    },
  }
}

const taken = (response: ServerResponse): void => void response.writeHead(204).end()

let slug = ''
let branch: BranchIdentity
beforeEach(async () => {
  slug = `bank-${randomUUID().slice(0, 8)}`
  const tenantId = (await addTenant(server.database, slug, { fr: 'Banque' })) ?? ''
  branch = { tenantId, branchId: await newBranch(tenantId) }
})

async function newBranch(tenantId: string): Promise<string> {
  const branchId = randomUUID()
  await server.database.asTenant(tenantId, (db) =>
    db.query(
      "insert into branch (tenant_id, branch_id, name, time_zone, created_at) values ($1, $2, '{}', 'UTC', now())",
      [...[tenantId, branchId]],
    ),
  )
  return branchId
}

const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) =>
  app.inject({
    ...{ method, url: `/api/v1/tenants/${slug}/webhooks${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(body !== undefined && { body }),
  })

async function subscribe(url: string, topics: readonly string[] = ['ticket']) {
  const answer = await ask('POST', '', { url, topics })
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)])
  return answer.json<{ webhookId: string; secret: string }>()
}

/** A branch brings its log: so many visits. */
async function bring(count: number, database: Database = server.database): Promise<string> {
  const epoch = randomUUID()
  let prev = '0'.repeat(64)
  const bodies: string[] = []
  for (let seq = 1; seq <= count + 1; seq += 1) {
    const of = seq === 1 ? { type: 'DayOpened' } : { type: 'TicketIssued', ticketId: `t${seq}` }
    const body = JSON.stringify({ v: 1, seq, epoch, atMs: 1_795_800_000_000 + seq, ...of, prev })
    bodies.push(body)
    prev = hashOf(body)
  }
  const events = readUpload(bodies)
  if (typeof events === 'string') throw new Error(events)
  await receive(database, branch, epoch, events)
  return epoch
}

async function deliver(): Promise<void> {
  await app.webhookSender.sweep()
  await app.webhookSender.sendDue()
}

test('what happens is told once, signed as others check it, and only what was asked for', async () => {
  await using receiver = await openReceiver(taken)
  const { webhookId, secret } = await subscribe(receiver.url)
  const epoch = await bring(3)
  await deliver()
  expect(receiver.received).toHaveLength(3)
  for (const { id, timestampS, signature, body, path } of receiver.received) {
    const mac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    expect(signature).toBe(`v1,${mac.update(`${id}.${timestampS}.${body}`).digest('base64')}`)
    expect([path, timestampS]).toEqual(['/hook?of=bank', Math.floor(nowMs / 1_000)])
    expect(JSON.parse(body)).toMatchObject({
      ...{ type: 'ticket.issued', timestamp: expect.stringMatching(/^2026-11-2\dT/) },
      data: { branchId: branch.branchId, epoch, event: { type: 'TicketIssued' } },
    })
  }
  const seqs = receiver.received.map(
    ({ body }) => (JSON.parse(body) as { data: { event: { seq: number } } }).data.event.seq,
  )
  expect(seqs.toSorted()).toEqual([2, 3, 4])
  await deliver()
  expect(receiver.received).toHaveLength(3)
  expect((await ask('GET', '')).json()).toMatchObject({
    items: [{ webhookId, deliveredCount: 3, waitingCount: 0, failedCount: 0, lastDeliveredAtMs: nowMs }],
  })
})

test('what is not kept is not told, and what is kept is told even where its meaning is not had', async () => {
  await using receiver = await openReceiver(taken)
  await subscribe(receiver.url, ['ticket', 'branch'])
  const cut: Database = {
    ...server.database,
    asTenant: (tenantId, work) =>
      server.database.asTenant(tenantId, async (db) => {
        await work(db)
        throw new Error('cut before the commit')
      }),
  }
  await expect(bring(2, cut)).rejects.toThrow('cut before the commit')
  await deliver()
  expect(receiver.received).toEqual([])
  await bring(1)
  await deliver()
  const types = receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)
  expect(types.toSorted()).toEqual(['branch.day-opened', 'ticket.issued'])
})

test('what is refused is tried again with the same id and the same bytes, ever later, and at last shown as given up', async () => {
  await using receiver = await openReceiver((response) => void response.writeHead(500).end('no'))
  const { webhookId } = await subscribe(receiver.url)
  await bring(1)
  await deliver()
  await deliver()
  expect(receiver.received).toHaveLength(1)
  for (let tries = 1; tries < ATTEMPTS_MAX + 3; tries += 1) {
    nowMs += 10 * HOUR_MS
    await deliver()
  }
  expect(receiver.received).toHaveLength(ATTEMPTS_MAX)
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
  expect(new Set(receiver.received.map(({ timestampS }) => timestampS)).size).toBe(ATTEMPTS_MAX)
  expect((await ask('GET', `/${webhookId}/messages`)).json()).toMatchObject({
    items: [
      {
        ...{ messageId: receiver.received[0]?.id, type: 'ticket.issued', state: 'failed', nextAttemptAtMs: null },
        ...{ attemptCount: ATTEMPTS_MAX, lastFailure: 'answered 500' },
      },
    ],
  })
})

test('a webhook whose secret cannot be read here any more is told nothing unsigned, and its list says what to do', async () => {
  await using receiver = await openReceiver(taken)
  const { webhookId } = await subscribe(receiver.url)
  const spoil = "update webhook set secret_sealed = '\\x00' where tenant_id = $1"
  await server.database.asTenant(branch.tenantId, (db) => db.query(spoil, [branch.tenantId]))
  await bring(1)
  await deliver()
  expect(receiver.received).toEqual([])
  expect((await ask('GET', `/${webhookId}/messages`)).json()).toMatchObject({
    items: [{ state: 'waiting', lastFailure: expect.stringContaining('remove the webhook and set it anew') }],
  })
})

test('a receiver that comes back is told what it missed; another beside it never waits', async () => {
  let isWell = false
  await using ill = await openReceiver((response) => void response.writeHead(isWell ? 200 : 503).end())
  await using well = await openReceiver(taken)
  await subscribe(ill.url)
  await subscribe(well.url)
  await bring(6)
  await deliver()
  expect([well.received.length, ill.received.length]).toEqual([6, 4])
  isWell = true
  nowMs += 60_000
  await deliver()
  expect(new Set(ill.received.map(({ id }) => id)).size).toBe(6)
})

test('a redirect leads nowhere, an answer without end is left, and silence is not waited for', async () => {
  await using inside = await openReceiver(taken)
  const leads = (response: ServerResponse): void => void response.writeHead(307, { location: inside.url }).end()
  await using redirecting = await openReceiver(leads)
  const message = { headers: {}, body: '{}' }
  const test = { admitsLoopback: true, answerMsMax: 300 }
  expect(await sendOnce({ ...message, url: redirecting.url }, test)).toBe('answered 307: redirects are not followed')
  expect(inside.received).toEqual([])
  await using silentOne = await openReceiver(() => {})
  expect(await sendOnce({ ...message, url: silentOne.url }, test)).toBe('no answer in time')
  let isOpen = true
  await using endless = await openReceiver((response) => {
    response.writeHead(200)
    const more = (): void => void (isOpen && !response.destroyed && response.write(Buffer.alloc(64 * 1024), more))
    response.on('close', () => {
      isOpen = false
    })
    more()
  })
  expect(await sendOnce({ ...message, url: endless.url }, test)).toBeNull()
  await expect.poll(() => isOpen).toBe(false)
})

test('a name is looked up once, and whatever is not in the open is not asked, also where only one of its addresses is not', async () => {
  await using receiver = await openReceiver(taken)
  const port = new URL(receiver.url).port
  const message = { headers: {}, body: '{}', url: `http://hooks.example.org:${port}/` }
  let lookups = 0
  const leadsTo = (...addresses: readonly string[]) => ({
    async resolve() {
      lookups += 1
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    },
  })
  expect(await sendOnce(message, { admitsLoopback: true, ...leadsTo('127.0.0.1') })).toBeNull()
  expect([lookups, receiver.received.length]).toEqual([1, 1])
  const closed = 'the name leads to no address in the open'
  for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1', 'fe80::1'])
    expect(await sendOnce(message, { admitsLoopback: false, ...leadsTo(address) })).toBe(closed)
  expect(await sendOnce(message, { admitsLoopback: false, ...leadsTo('93.184.216.34', '127.0.0.1') })).toBe(closed)
  expect(await sendOnce(message, { admitsLoopback: false, ...leadsTo() })).toBe('the name leads nowhere')
  expect(receiver.received).toHaveLength(1)
})

test('the secret is shown once and lies sealed; who may not read may not be told; a tenant sees its own', async () => {
  const { webhookId, secret } = await subscribe('https://hooks.example.org/')
  expect((await ask('GET', '')).body).not.toContain(secret.slice(6, 30))
  const rows = await asAdministrator(server.administratorUrl, (client) =>
    client.query('select row_to_json(it)::text as row from smartqueue.webhook it'),
  )
  const bytes = Buffer.from(secret.slice(6), 'base64').toString('hex')
  for (const kept of [secret, bytes]) expect(JSON.stringify(rows.rows)).not.toContain(kept)
  expect((await ask('POST', '', { url: 'https://10.0.0.1/', topics: ['ticket'] })).statusCode).toBe(400)
  expect((await ask('POST', '', { url: 'https://hooks.example.org/', topics: [] })).statusCode).toBe(400)
  // Nobody waits in vain for what nothing tells of yet.
  expect(
    (await ask('POST', '', { url: 'https://hooks.example.org/', topics: ['ticket', 'feedback'] })).json(),
  ).toMatchObject({
    ...{ status: 400, code: 'RequestInvalid', detail: 'Nothing is told of feedback yet' },
  })
  const [ours] = [slug]
  slug = `bank-${randomUUID().slice(0, 8)}`
  await addTenant(server.database, slug, { fr: 'Autre' })
  expect((await ask('DELETE', `/${webhookId}`)).statusCode).toBe(404)
  expect((await ask('GET', '')).json()).toEqual({ items: [] })
  slug = ours ?? ''
  expect((await ask('DELETE', `/${webhookId}`)).statusCode).toBe(204)
})
