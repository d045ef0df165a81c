import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { makePlatformKey } from '../store/platform-keys.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'

let server: TestStore
let app: App
let [key, authorization] = ['', '']
const routes: string[] = []
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  app = await openApp({ database: server.database, version: '0', nowMs: () => Date.now() }, silent)
  key = await testKey(server.administratorUrl, Date.now())
  authorization = `Bearer ${key}`
}, 120_000)
afterAll(async () => {
  await app.close()
  await server.close()
})

interface Description {
  readonly paths: Record<
    string,
    Record<string, { summary: string; security: object[]; responses: Record<string, { description: string }> }>
  >
}

test('the description names every route, what it does, who may ask and what comes back', async () => {
  const { paths } = (await app.inject({ url: '/openapi.json' })).json<Description>()
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { summary, responses }] of Object.entries(methods)) {
      routes.push(`${method.toUpperCase()} ${path}`)
      expect([path, summary]).not.toEqual([path, ''])
      expect(Object.values(responses).every(({ description }) => description !== '')).toBe(true)
    }
  expect(routes.length).toBeGreaterThan(9)
  const open = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security }]) => (security.length === 0 ? [`${method} ${path}`] : [])),
  )
  expect(open.toSorted()).toEqual(['get /api/v1/health', 'post /api/v1/sync/enrol'])
  expect((await app.inject({ url: '/docs' })).statusCode).toBe(200)
  expect((await app.inject({ url: '/docs/nothing' })).json()).toMatchObject({ code: 'RouteUnknown' })
})

test('what is measured is told to whoever is on the machine or has a key for it, and to nobody else', async () => {
  const from = (remoteAddress: string, headers = {}) => app.inject({ url: '/metrics', remoteAddress, headers })
  expect((await from('127.0.0.1')).body).toContain('smartqueue_set_aside_events 0')
  expect((await from('192.0.2.7')).statusCode).toBe(401)
  expect((await from('192.0.2.7', { authorization: 'Bearer no' })).statusCode).toBe(401)
  // A proxy on this machine asks for somebody elsewhere, or for somebody who says to be here.
  expect((await from('127.0.0.1', { 'x-forwarded-for': '192.0.2.7' })).statusCode).toBe(401)
  expect((await from('127.0.0.1', { 'x-forwarded-for': '127.0.0.1' })).statusCode).toBe(401)
  expect((await from('::ffff:127.0.0.1', { forwarded: 'for=127.0.0.1' })).statusCode).toBe(401)
  // A page of elsewhere whose name was made to lead here.
  expect((await from('127.0.0.1', { host: 'elsewhere.example:7080' })).statusCode).toBe(401)
  for (const host of ['localhost:7080', '127.0.0.1:7080', '[::1]:7080'])
    expect([host, (await from('127.0.0.1', { host })).statusCode]).toEqual([host, 200])
  const forIt = await makePlatformKey(server.administratorUrl, 'metrics', Date.now())
  const measured = await from('192.0.2.7', { authorization: `Bearer ${forIt}` })
  expect(measured.body).toContain('smartqueue_uploaded_events_total 0')
})

test('behind a proxy that is named each address has tries of its own, and nobody else says for whom he asks', async () => {
  const parts = { database: server.database, version: '0', nowMs: () => Date.now() }
  const behind = await openApp({ ...parts, proxyAddress: '127.0.0.1' }, silent)
  const body = { code: 'NONE-AAAAA-AAAAA', publicKey: 'A'.repeat(43), signature: 'none' }
  const tryFrom = async (remoteAddress: string, forwardedFor: string): Promise<number> => {
    const headers = { 'x-forwarded-for': forwardedFor }
    return (await behind.inject({ method: 'POST', url: '/api/v1/sync/enrol', body, remoteAddress, headers })).statusCode
  }
  const tries = async (remoteAddress: string, addressOf: (count: number) => string): Promise<readonly number[]> => {
    const statuses: number[] = []
    for (let count = 0; count < 12; count += 1) statuses.push(await tryFrom(remoteAddress, addressOf(count)))
    return statuses
  }
  expect(await tries('127.0.0.1', () => '192.0.2.7')).toContain(429)
  expect(await tryFrom('127.0.0.1', '192.0.2.8')).not.toBe(429)
  // Whoever adds addresses of his own choice before the proxy does, and whoever is no proxy, stays who he is.
  expect(await tries('127.0.0.1', (count) => `10.0.0.${count}, 192.0.2.9`)).toContain(429)
  expect(await tries('192.0.2.10', (count) => `10.0.1.${count}`)).toContain(429)
  await behind.close()
})

test('what is no key, or one that is over, opens no door', async () => {
  const past = await makePlatformKey(server.administratorUrl, 'setup', Date.now() - 11 * 60_000)
  const metrics = await makePlatformKey(server.administratorUrl, 'metrics', Date.now())
  const wrong = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`
  for (const token of ['', ' ', 'undefined', 'sqp_', wrong, key.slice(0, -1), `${key}A`, past, metrics]) {
    const body = { slug: 'mine', name: { fr: 'Moi' } }
    const headers = { authorization: `Bearer ${token}` }
    const made = await app.inject({ method: 'POST', url: '/api/v1/tenants', body, headers })
    expect([token, made.statusCode]).toEqual([token, 401])
  }
  const measured = await app.inject({ url: '/metrics', remoteAddress: '192.0.2.7', headers: { authorization } })
  expect(measured.statusCode).toBe(401)
})

const post = (url: string, idempotencyKey: string, body: object) =>
  app.inject({ method: 'POST', url, body, headers: { authorization, 'idempotency-key': idempotencyKey } })

test('a request that comes twice with one key is done once, also at once; the same key for another is refused', async () => {
  const tenant = { slug: 'twice', name: { fr: 'Banque' } }
  const [first, second] = await Promise.all([
    post('/api/v1/tenants', 'k1', tenant),
    post('/api/v1/tenants', 'k1', tenant),
  ])
  expect(first.statusCode).toBe(201)
  expect(second.json()).toEqual(first.json())
  expect((await post('/api/v1/tenants', 'k2', tenant)).json()).toMatchObject({ code: 'SlugTaken' })
  expect((await post('/api/v1/tenants', 'k1', { ...tenant, slug: 'other' })).json()).toMatchObject({
    ...{ code: 'IdempotencyKeyReused', status: 422 },
  })
  const branch = { name: { fr: 'Agence' }, timeZone: 'Africa/Dakar' }
  const made = await Promise.all([1, 2, 3].map(() => post('/api/v1/tenants/twice/branches', 'k3', branch)))
  expect(new Set(made.map((answer) => answer.body)).size).toBe(1)
  const { branchId } = made[0]?.json<{ branchId: string }>() ?? { branchId: '' }
  const path = `/api/v1/tenants/twice/branches/${branchId}/enrolment`
  const codes = [await post(path, 'k4', {}), await post(path, 'k4', {}), await post(path, 'k5', {})]
  expect(codes[1]?.body).toBe(codes[0]?.body)
  expect(codes[2]?.body).not.toBe(codes[0]?.body)
  expect((await post(path, 'two words', {})).statusCode).toBe(400)
  const inbox = `/api/v1/tenants/twice/branches/${branchId}/inbox`
  const message = { message: { type: 'ClearMessage' } }
  const sent = await Promise.all([1, 2].map(() => post(inbox, 'k6', message)))
  expect([...sent, await post(inbox, 'k7', message)].map((answer) => answer.json<object>())).toEqual([
    ...[{ number: 1 }, { number: 1 }, { number: 2 }],
  ])
  expect((await post(inbox, 'k6', { message: { type: 'ClearMessage' }, validMinutes: 5 })).statusCode).toBe(422)
})
