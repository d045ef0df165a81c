import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../app.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { makeApiKey } from '../store/api-keys.ts'
import type { Database } from '../store/database.ts'
import { addSigningBranch } from '../testing/signing-branch.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'

let server: TestStore
let app: App
let key = ''
/** How often the database was asked. */
let askedCount = 0
const rateLimits = { asked: 8, askedByBranch: 100, refused: 5 }
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  const { database } = server
  const counted = {
    ...database,
    asNobody(work) {
      askedCount += 1
      return database.asNobody(work)
    },
    asTenant(tenantId, work) {
      askedCount += 1
      return database.asTenant(tenantId, work)
    },
  } as Database
  app = await openApp({ database: counted, version: '0', nowMs: () => Date.now(), rateLimits }, silent)
  key = await testKey(server.administratorUrl, Date.now())
}, 120_000)
afterAll(async () => {
  await app?.close()
  await server?.close()
})

const tenants = (token: string, remoteAddress: string) =>
  app.inject({ url: '/api/v1/tenants', remoteAddress, headers: { authorization: `Bearer ${token}` } })

test('every kind of answer tells the browser what it may not do', async () => {
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const answers = []
  for (const path of ['/api/v1/health', '/docs', '/api/v1/tenants', '/nowhere', '/%zz', '/metrics'])
    answers.push(await fetch(`${url}${path}`))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 404, 400, 200])
  for (const { headers } of answers) {
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none';.*frame-ancestors 'none'/)
    // Of plain HTTP nobody can promise that it will be TLS.
    expect(headers.get('strict-transport-security')).toBeNull()
  }
  expect(answers[1]?.headers.get('content-security-policy')).toContain("script-src 'self';")
})

test('a cloud that is reached by https says that it always is', async () => {
  const behindTls = buildApp(silent, () => 0, { publicUrl: 'https://queue.example.org' })
  const answer = await fetch(await behindTls.listen({ host: '127.0.0.1', port: 0 }))
  expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
  await behindTls.close()
})

test('whoever asks too much is told how long to wait, and nobody else is', async () => {
  const statuses = []
  for (let count = 0; count < 9; count += 1) statuses.push((await tenants(key, '192.0.2.2')).statusCode)
  expect(statuses).toEqual([...Array(8).fill(200), 429])
  const refused = await tenants(key, '192.0.2.3')
  expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([429, 'TooManyRequests'])
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await tenants(await testKey(server.administratorUrl, Date.now()), '192.0.2.2')).statusCode).toBe(200)
})

test('whoever guesses keys is not listened to; whoever shares his address, as a whole office does, is', async () => {
  const other = await testKey(server.administratorUrl, Date.now())
  expect((await tenants(other, '192.0.2.5')).statusCode).toBe(200)
  const guess = async (at: number): Promise<number> =>
    (await tenants(`sqp_${String(at).padStart(12, '0')}_${'A'.repeat(43)}`, '192.0.2.4')).statusCode
  const beforeCount = askedCount
  const guesses = await Promise.all(Array.from({ length: 50 }, (_, at) => guess(at)))
  expect(guesses.toSorted()).toEqual([...Array(5).fill(401), ...Array(45).fill(429)])
  // Nor is the database asked whether he has guessed right.
  for (let at = 50; at < 60; at += 1) expect(await guess(at)).toBe(429)
  expect(askedCount - beforeCount).toBe(5)
  expect((await tenants(other, '192.0.2.4')).statusCode).toBe(200)
  expect((await tenants(other, '192.0.2.5')).statusCode).toBe(200)
  expect((await tenants('x', '192.0.2.5')).statusCode).toBe(401)
})

test('whoever is proved and asks for what is not hers is counted by herself, and nobody beside her', async () => {
  const { tenantId, slug } = await addSigningBranch(server.database, () => Date.now())
  const madeBy = randomUUID()
  const newKey = () =>
    server.database.asTenant(tenantId, async (db) => {
      const asked = { name: 'screen', scopes: ['read:queue'] as const, expiresAtMs: Date.now() + 3_600_000, madeBy }
      return (await makeApiKey(db, tenantId, asked, Date.now()))?.key ?? ''
    })
  const [one, another] = [await newKey(), await newKey()]
  const ask = async (key: string, path: string) => {
    const headers = { authorization: `Bearer ${key}` }
    return (await app.inject({ url: `/api/v1/tenants/${slug}/${path}`, remoteAddress: '192.0.2.6', headers }))
      .statusCode
  }
  const statuses = []
  for (let count = 0; count < 9; count += 1) statuses.push(await ask(one, 'webhooks'))
  expect(statuses).toEqual([...Array(8).fill(403), 429])
  expect([await ask(another, 'branches'), await ask('nobody', 'branches')]).toEqual([200, 401])
})
