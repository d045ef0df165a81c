import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { textOfKey } from '#shared/network/fingerprint.ts'
import { contentHashOf, enrolmentText, signRequest } from '#shared/network/signed-request.ts'
import { hashOf } from '../inbox/read-upload.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import type { Database } from '../store/database.ts'
import { holdBranch } from '../store/inbox.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'

const EVENTS = '/api/v1/sync/events'

let server: TestStore
let database: Database
let app: App
let nowMs = 1_795_800_000_000
let names = 0
let key = ''
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  database = server.database
  key = await testKey(server.administratorUrl, nowMs)
}, 120_000)
afterAll(() => server?.close())
beforeEach(async () => {
  // Its limits are of this test alone.
  app = await openApp({ database, version: '0', nowMs: () => nowMs }, silent)
  return () => app.close()
})

const asAdmin = (method: 'POST' | 'DELETE', url: string, body: object = {}): Promise<LightMyRequestResponse> =>
  app.inject({ method, url, headers: { authorization: `Bearer ${key}` }, ...(method === 'POST' && { body }) })

interface Enrolled {
  readonly tenantId: string
  readonly branchId: string
  readonly key: KeyObject
}

async function newBranch(): Promise<{ readonly path: string; readonly code: () => Promise<string> }> {
  names += 1
  const slug = `bank-${process.pid}-${names}`
  expect((await asAdmin('POST', '/api/v1/tenants', { slug, name: { fr: 'Banque' } })).statusCode).toBe(201)
  const made = await asAdmin('POST', `/api/v1/tenants/${slug}/branches`, {
    name: { fr: 'Agence' },
    timeZone: 'Africa/Dakar',
  })
  const path = `/api/v1/tenants/${slug}/branches/${made.json<{ branchId: string }>().branchId}/enrolment`
  return { path, code: async () => (await asAdmin('POST', path)).json<{ code: string }>().code }
}

function enrolWith(code: string, key: KeyObject, signedCode = code): Promise<LightMyRequestResponse> {
  const publicKey = textOfKey(createPublicKey(key))
  const signature = sign(null, Buffer.from(enrolmentText(signedCode)), key).toString('base64url')
  return app.inject({ method: 'POST', url: '/api/v1/sync/enrol', body: { code, publicKey, signature } })
}

async function enrolled(): Promise<Enrolled & { readonly path: string }> {
  const branch = await newBranch()
  const { privateKey: key } = generateKeyPairSync('ed25519')
  const answer = await enrolWith(await branch.code(), key)
  expect(answer.statusCode, answer.body).toBe(201)
  return { ...answer.json<{ tenantId: string; branchId: string }>(), key, path: branch.path }
}

interface Sent {
  readonly signedAtMs?: number
  readonly signed?: Buffer
  readonly path?: string
}

function headersOf(as: Enrolled, signed: Buffer, { signedAtMs = nowMs, path = EVENTS }: Sent) {
  const contentHash = contentHashOf(signed)
  const signature = signRequest(as.key, { method: 'POST', path, signedAtMs, contentHash })
  return {
    'content-type': 'application/json',
    authorization: `SmartQueue ${[as.tenantId, as.branchId, signedAtMs, contentHash, signature].join('.')}`,
  }
}

function upload(as: Enrolled, body: Buffer, more: Sent & { readonly encoding?: string } = {}) {
  const { signed = body, encoding } = more
  return app.inject({
    method: 'POST',
    url: EVENTS,
    body,
    headers: {
      ...headersOf(as, signed, more),
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    },
  })
}

function logOf(count: number): readonly string[] {
  const bodies: string[] = []
  let prev = '0'.repeat(64)
  for (let seq = 1; seq <= count; seq += 1) {
    bodies.push(JSON.stringify({ v: 1, seq, type: 'TicketIssued', prev }))
    prev = hashOf(bodies.at(-1) ?? '')
  }
  return bodies
}
const bytesOf = (events: readonly string[], epoch = 'e'): Buffer => Buffer.from(JSON.stringify({ epoch, events }))

test('a branch enrols by its code, uploads its log and is told how far it came; what was sent again changes nothing', async () => {
  const branch = await enrolled()
  const events = logOf(6)
  const first = await upload(branch, bytesOf(events.slice(0, 4)))
  expect([first.statusCode, first.json()]).toEqual([200, { ackedSeq: 4 }])
  expect(first.headers['x-smartqueue-now']).toBe(String(nowMs))
  const again = await upload(branch, zstdCompressSync(bytesOf(events.slice(1, 6))), { encoding: 'zstd' })
  expect([again.statusCode, again.json()]).toEqual([200, { ackedSeq: 6 }])
  const gap = await upload(branch, bytesOf(logOf(9).slice(7)))
  expect([gap.statusCode, gap.json()]).toMatchObject([409, { code: 'SequenceGap', expectedSeq: 7 }])
  const fork = await upload(branch, bytesOf([(events[0] ?? '').replace('Issued', 'Called')]))
  expect([fork.statusCode, fork.json()]).toMatchObject([409, { code: 'LogForked' }])
})

test('whoever lost the answer to its enrolment asks again by the same code and key, and nobody else, and not for ever', async () => {
  const branch = await newBranch()
  const [own, other] = [generateKeyPairSync('ed25519').privateKey, generateKeyPairSync('ed25519').privateKey]
  const code = await branch.code()
  const first = await enrolWith(code, own)
  expect(first.statusCode).toBe(201)
  expect((await enrolWith(code, own)).json()).toEqual(first.json())
  expect((await enrolWith(code, other)).statusCode).toBe(403)
  const as = { ...first.json<{ tenantId: string; branchId: string }>(), key: own }
  expect((await upload(as, bytesOf(logOf(1)))).statusCode).toBe(200)
  expect((await asAdmin('DELETE', branch.path)).statusCode).toBe(204)
  expect((await enrolWith(code, own)).statusCode).toBe(403)
  expect((await enrolWith(await branch.code(), own)).statusCode).toBe(201)
  nowMs += 11 * 60_000
  expect((await enrolWith(code, own)).statusCode).toBe(403)
})

test('only the key that enrolled speaks for a branch, and only the bytes that it signed, near the time it signed', async () => {
  const [branch, other] = [await enrolled(), await enrolled()]
  const body = bytesOf(logOf(1))
  const code = async (answer: Promise<LightMyRequestResponse>) => (await answer).json<{ code: string }>().code
  expect(await code(upload({ ...branch, key: other.key }, body))).toBe('Unauthorized')
  expect(await code(upload({ ...branch, tenantId: other.tenantId }, body))).toBe('Unauthorized')
  expect(await code(upload({ ...other, tenantId: branch.tenantId }, body))).toBe('Unauthorized')
  expect(await code(upload(branch, body, { signed: bytesOf(logOf(2)) }))).toBe('Unauthorized')
  expect(await code(upload(branch, body, { path: '/api/v1/sync/other' }))).toBe('Unauthorized')
  expect(await code(upload(branch, body, { signedAtMs: nowMs - 400_000 }))).toBe('SignatureStale')
  expect(await code(upload(branch, body, { signedAtMs: nowMs + 400_000 }))).toBe('SignatureStale')
  expect((await app.inject({ method: 'POST', url: EVENTS, body: {} })).statusCode).toBe(401)
  expect((await upload(branch, body)).statusCode).toBe(200)
})

test('a branch that was revoked is let in no more, until it enrols again by a code that was made since', async () => {
  const branch = await enrolled()
  const body = bytesOf(logOf(1))
  const leaked = (await asAdmin('POST', branch.path)).json<{ code: string }>()
  expect((await asAdmin('DELETE', branch.path)).statusCode).toBe(204)
  expect((await upload(branch, body)).statusCode).toBe(401)
  expect((await enrolWith(leaked.code, branch.key)).json()).toMatchObject({ code: 'EnrolmentCodeInvalid' })
  const { code } = (await asAdmin('POST', branch.path)).json<{ code: string }>()
  expect((await enrolWith(code, branch.key)).statusCode).toBe(201)
  expect((await upload(branch, body)).statusCode).toBe(200)
})

test('a code works once, for ten minutes, for who holds its key; five wrong tries void it', async () => {
  const { privateKey: key } = generateKeyPairSync('ed25519')
  const branch = await newBranch()
  const used = await branch.code()
  expect((await enrolWith(used, key, 'another')).statusCode).toBe(403)
  expect((await enrolWith(used.toLowerCase().replaceAll('-', ' '), key)).statusCode).toBe(201)
  expect((await enrolWith(used, generateKeyPairSync('ed25519').privateKey)).json()).toMatchObject({
    code: 'EnrolmentCodeInvalid',
  })
  const old = await branch.code()
  nowMs += 10 * 60_000
  expect((await enrolWith(old, key)).statusCode).toBe(403)
  const guessed = await branch.code()
  for (let tries = 0; tries < 5; tries += 1)
    expect((await enrolWith(`${guessed.slice(0, 5)}AAAAA-AAAA${'ABCDE'[tries]}`, key)).statusCode).toBe(403)
  expect((await enrolWith(guessed, key)).statusCode).toBe(403)
  // From one address no more of it for a while.
  const tries = await Promise.all(Array.from({ length: 10 }, () => enrolWith('NONE-AAAAA-AAAAA', key)))
  expect(tries.map(({ statusCode }) => statusCode)).toContain(429)
})

test('a new epoch of a branch with ten thousand in line comes up, and what no branch can have said does not', async () => {
  const branch = await enrolled()
  const epochOf = (count: number): string =>
    JSON.stringify({
      v: 1,
      seq: 1,
      type: 'SomethingLong',
      prev: '0'.repeat(64),
      tickets: Array(count).fill('t'.repeat(800)),
    })
  const send = (count: number) => upload(branch, zstdCompressSync(bytesOf([epochOf(count)])), { encoding: 'zstd' })
  const crowd = await send(10_000)
  expect([crowd.statusCode, crowd.json()]).toEqual([200, { ackedSeq: 1 }])
  expect((await send(11_000)).statusCode).toBe(400)
})

test('an upload that contradicts itself, is too long or unfolds to too much is refused with what to mend', async () => {
  const branch = await enrolled()
  const torn = await upload(branch, bytesOf([logOf(3)[0] ?? '', logOf(3)[2] ?? '']))
  expect([torn.statusCode, torn.json()]).toMatchObject([400, { detail: 'event 2 does not follow on the one before' }])
  const long = await upload(branch, bytesOf(Array.from({ length: 501 }, () => '{}')))
  expect(long.statusCode).toBe(400)
  const bomb = await upload(branch, zstdCompressSync(Buffer.alloc(64 * 1024 * 1024)), { encoding: 'zstd' })
  expect([bomb.statusCode, bomb.json()]).toMatchObject([400, { code: 'RequestInvalid' }])
  expect((await upload(branch, Buffer.from('{'))).statusCode).toBe(400)
})

test('nothing is unfolded, nor read at all, for somebody whom no door has let in', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'zstd' }
  // What is no zstd tells whether somebody tried.
  const post = (url: string, body: string | Buffer) => app.inject({ method: 'POST', url, body, headers })
  expect((await post('/nothing', 'no zstd')).json()).toMatchObject({ code: 'RouteUnknown' })
  expect((await post('/api/v1/sync/enrol', 'no zstd')).json()).toMatchObject({ code: 'MediaTypeUnsupported' })
  expect((await post(EVENTS, 'no zstd')).json()).toMatchObject({ code: 'Unauthorized' })
  const long = await app.inject({ method: 'POST', url: '/api/v1/sync/enrol', body: { code: 'A'.repeat(5_000) } })
  expect(long.json()).toMatchObject({ code: 'RequestTooLarge' })
})

const waiting = () =>
  database.asNobody((db) => db.query("select from pg_locks where locktype = 'advisory' and not granted"))

test('a branch that repeats itself while it is worked at waits outside, and holds up nobody else', async () => {
  const [branch, other] = [await enrolled(), await enrolled()]
  const { promise: isEnough, resolve: enough } = Promise.withResolvers<void>()
  const { promise: isHeld, resolve: held } = Promise.withResolvers<void>()
  const holding = database.asTenant(branch.tenantId, async (db) => {
    await holdBranch(db, branch)
    held()
    await isEnough
  })
  await isHeld
  // More than there are connections.
  const repeats = Array.from({ length: 12 }, () => upload(branch, bytesOf(logOf(1))))
  expect((await upload(other, bytesOf(logOf(1)))).statusCode).toBe(200)
  expect((await app.inject({ url: '/api/v1/health' })).statusCode).toBe(200)
  enough()
  await holding
  const answers = await Promise.all(repeats)
  expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(0)
  const away = answers.filter(({ statusCode }) => statusCode !== 200)
  expect(away.length).toBeGreaterThan(8)
  for (const answer of away) {
    expect(answer.json()).toMatchObject({ code: 'TooBusy' })
    expect(answer.headers['retry-after']).toBe('2')
  }
  expect((await upload(branch, bytesOf(logOf(2)))).json()).toEqual({ ackedSeq: 2 })
})

test('a branch whose line breaks while it is worked at is let in again once that is over', async () => {
  const branch = await enrolled()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const { promise: isEnough, resolve: enough } = Promise.withResolvers<void>()
  const { promise: isHeld, resolve: held } = Promise.withResolvers<void>()
  const holding = database.asTenant(branch.tenantId, async (db) => {
    await holdBranch(db, branch)
    held()
    await isEnough
  })
  await isHeld
  const body = bytesOf(logOf(1))
  const line = new AbortController()
  const broken = fetch(`${url}${EVENTS}`, {
    ...{ method: 'POST', headers: headersOf(branch, body, {}), body: new Uint8Array(body), signal: line.signal },
  }).catch((error: Error) => error.name)
  const again = async () => (await upload(branch, body)).statusCode
  await expect.poll(async () => (await waiting()).length).toBe(1)
  const both = [again(), again()]
  expect(await Promise.race(both)).toBe(503)
  line.abort()
  expect(await broken).toBe('AbortError')
  enough()
  await holding
  expect((await Promise.all(both)).toSorted()).toEqual([200, 503])
  await expect.poll(again).toBe(200)
})

test('an upload that follows on one that is worked at waits for it inside, without a connection, and is kept after it', async () => {
  const branch = await enrolled()
  const events = logOf(6)
  const { promise: isEnough, resolve: enough } = Promise.withResolvers<void>()
  const { promise: isHeld, resolve: held } = Promise.withResolvers<void>()
  const holding = database.asTenant(branch.tenantId, async (db) => {
    await holdBranch(db, branch)
    held()
    await isEnough
  })
  await isHeld
  const first = upload(branch, bytesOf(events.slice(0, 3)))
  await expect.poll(async () => (await waiting()).length).toBe(1)
  const both = [upload(branch, bytesOf(events.slice(3))), upload(branch, bytesOf(events.slice(3)))]
  // One is behind the first, and there is no place for another.
  expect((await Promise.race(both)).statusCode).toBe(503)
  expect(await waiting()).toHaveLength(1)
  enough()
  await holding
  expect((await first).json()).toEqual({ ackedSeq: 3 })
  const answers = await Promise.all(both)
  expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 503])
  expect(answers.find(({ statusCode }) => statusCode === 200)?.json()).toEqual({ ackedSeq: 6 })
})

test('who is no administrator makes nothing, and what is not there is told by its name', async () => {
  for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Basic ${key}`])
    for (const [method, url] of [
      ['POST', '/api/v1/tenants'],
      ['POST', '/api/v1/tenants/bank/branches'],
      ['POST', '/api/v1/tenants/bank/branches/x/enrolment'],
      ['DELETE', '/api/v1/tenants/bank/branches/x/enrolment'],
    ] as const)
      expect((await app.inject({ method, url, headers: { authorization } })).statusCode).toBe(401)
  const body = { name: { fr: 'Agence' }, timeZone: 'Africa/Dakar' }
  expect((await asAdmin('POST', '/api/v1/tenants/nobody/branches', body)).json()).toMatchObject({
    code: 'TenantUnknown',
  })
  const { path } = await newBranch()
  const elsewhere = path.replace(/[0-9a-f-]{36}/, '00000000-0000-4000-8000-000000000000')
  expect((await asAdmin('POST', elsewhere)).json()).toMatchObject({ code: 'BranchUnknown' })
  const slug = path.split('/')[4]
  expect((await asAdmin('POST', '/api/v1/tenants', { slug, name: { fr: 'Banque' } })).json()).toMatchObject({
    code: 'SlugTaken',
  })
  const nowhere = await asAdmin('POST', `/api/v1/tenants/${slug}/branches`, { ...body, timeZone: 'Mars/Olympus' })
  expect([nowhere.statusCode, nowhere.json()]).toMatchObject([400, { detail: 'There is no time zone Mars/Olympus' }])
})
