import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEYS_MAX, makeApiKey } from '../../cloud-sync/store/api-keys.ts'
import { asAdministrator } from '../../cloud-sync/testing/test-database.ts'
import { signedToken } from './signed-token.ts'
import { openTestIdentity, type TestCloudIdentity, type TestPerson } from './test-identity.ts'

const DAY_MS = 24 * 3_600_000

let cloud: TestCloudIdentity
let admin: TestPerson
let stranger: TestPerson
beforeAll(async () => {
  cloud = await openTestIdentity()
  admin = await cloud.newPerson({ role: 'admin' })
  stranger = await cloud.newPerson({ role: 'admin' })
}, 120_000)
afterAll(() => cloud?.close())

interface Made {
  readonly keyId: string
  readonly key: string
}

const pathOf = ({ slug }: TestPerson): string => `/api/v1/tenants/${slug}/api-keys`

const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, token: string, body?: object) =>
  cloud.app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(body !== undefined && { body }) })

const wanted = (scopes: readonly string[], days = 30) => ({ name: 'the wall display', scopes, days })

async function make(person: TestPerson, scopes: readonly string[], days = 30): Promise<Made> {
  const answer = await ask('POST', pathOf(person), await signedToken(cloud, person), wanted(scopes, days))
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)])
  return answer.json<Made>()
}

const branchesOf = ({ slug }: TestPerson, token: string) => ask('GET', `/api/v1/tenants/${slug}/branches`, token)

test('a key opens what its scopes say in its own tenant, and nothing else', async () => {
  const { key } = await make(admin, ['read:queue'])
  const of = `/api/v1/tenants/${admin.slug}`
  expect((await branchesOf(admin, key)).statusCode).toBe(200)
  expect((await ask('GET', `${of}/set-aside`, key)).statusCode).toBe(403)
  expect((await ask('POST', `${of}/branches`, key, {})).statusCode).toBe(403)
  expect((await branchesOf(stranger, key)).statusCode).toBe(401)
  expect((await branchesOf({ ...admin, slug: 'nobody' }, key)).statusCode).toBe(401)
  expect((await ask('GET', '/api/v1/tenants', key)).statusCode).toBe(401)
})

test('it is shown once: what is kept and listed is no key', async () => {
  const { key, keyId } = await make(admin, ['read:queue'])
  expect(key).toMatch(/^sqt_[0-9a-f]{12}_[\w-]{43}$/)
  expect(key.startsWith(`${keyId}_`)).toBe(true)
  const listed = await ask('GET', pathOf(admin), await signedToken(cloud, admin))
  expect(listed.body).toContain(keyId)
  const secret = key.slice(keyId.length + 1)
  expect(listed.body).not.toContain(secret)
  const rows = await asAdministrator(cloud.administratorUrl, (client) =>
    client.query('select row_to_json(it)::text as row from smartqueue.api_key it'),
  )
  expect(JSON.stringify(rows.rows)).toContain(keyId)
  expect(JSON.stringify(rows.rows)).not.toContain(secret)
  for (const given of [keyId, `${keyId}_${'A'.repeat(43)}`, `${key} `, key.toUpperCase(), key.replace('sqt', 'sqp')])
    expect([given, (await branchesOf(admin, given)).statusCode]).toEqual([given, 401])
})

test('the same request with the same key of its own gives the same answer to the same person, and to nobody else', async () => {
  const [mine, hers] = [await signedToken(cloud, admin), await signedToken(cloud, await cloud.newColleague(admin))]
  const send = async (token: string) =>
    cloud.app.inject({
      ...{ method: 'POST', url: pathOf(admin), body: wanted(['read:queue']) },
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'once' },
    })
  const [first, again, other] = [await send(mine), await send(mine), await send(hers)]
  expect(again.body).toBe(first.body)
  expect(other.json<Made>().keyId).not.toBe(first.json<Made>().keyId)
})

test('it is over when it ends and when it is revoked; when it was used last is known', async () => {
  const [short, long] = [await make(admin, ['read:queue'], 1), await make(admin, ['read:queue'], 90)]
  const listed = async () =>
    (await ask('GET', pathOf(admin), await signedToken(cloud, admin))).json<{
      items: readonly { keyId: string; lastUsedAtMs: number | null; revokedAtMs: number | null; madeBy: string }[]
    }>().items
  expect((await listed()).find(({ keyId }) => keyId === long.keyId)).toMatchObject({
    ...{ lastUsedAtMs: null, revokedAtMs: null, madeBy: admin.personId },
  })
  expect((await branchesOf(admin, long.key)).statusCode).toBe(200)
  expect((await listed()).find(({ keyId }) => keyId === long.keyId)?.lastUsedAtMs).toEqual(expect.any(Number))
  const token = await signedToken(cloud, admin)
  expect((await ask('DELETE', `${pathOf(admin)}/${long.keyId}`, token)).statusCode).toBe(204)
  expect((await branchesOf(admin, long.key)).statusCode).toBe(401)
  expect((await ask('DELETE', `${pathOf(admin)}/sqt_000000000000`, token)).json()).toMatchObject({
    code: 'ApiKeyUnknown',
  })
  const theirs = await make(stranger, ['read:queue'])
  expect((await ask('DELETE', `${pathOf(admin)}/${theirs.keyId}`, token)).statusCode).toBe(404)
  expect((await branchesOf(stranger, theirs.key)).statusCode).toBe(200)
  expect((await branchesOf(admin, short.key)).statusCode).toBe(200)
  cloud.pass(DAY_MS)
  expect((await branchesOf(admin, short.key)).statusCode).toBe(401)
  cloud.pass(-DAY_MS)
})

test('nobody gives what she lacks: neither her role, nor the token she came with; and no key makes a key', async () => {
  const narrow = await signedToken(cloud, admin, { claims: { scope: 'manage:settings read:queue' } })
  const refused = await ask('POST', pathOf(admin), narrow, wanted(['read:queue', 'read:customer', 'manage:agent']))
  expect([refused.statusCode, refused.json<{ detail: string }>().detail]).toEqual([
    ...[403, 'You may not give: read:customer manage:agent'],
  ])
  expect((await ask('POST', pathOf(admin), narrow, wanted(['read:queue']))).statusCode).toBe(201)
  // Her token says more than her role does: a token is no role.
  const manager = await cloud.newPerson({ role: 'manager' })
  const boasting = await signedToken(cloud, manager)
  expect((await ask('POST', pathOf(manager), boasting, wanted(['read:queue']))).statusCode).toBe(403)
  const { key } = await make(admin, ['manage:settings'])
  expect((await ask('POST', pathOf(admin), key, wanted(['manage:settings']))).statusCode).toBe(403)
  for (const body of [
    wanted([]),
    wanted(['platform']),
    wanted(['read:queue'], 400),
    { name: 'x', scopes: ['read:queue'] },
  ])
    expect((await ask('POST', pathOf(admin), narrow, body)).statusCode).toBe(400)
})

test('a tenant has a bounded number of keys', async () => {
  const crowded = await cloud.newPerson({ role: 'admin' })
  const asked = { name: 'one of many', scopes: [], expiresAtMs: Date.now() + DAY_MS, madeBy: randomUUID() } as const
  for (let count = 0; count < KEYS_MAX; count += 1)
    await cloud.database.asTenant(crowded.tenantId, (db) => makeApiKey(db, crowded.tenantId, asked, Date.now()))
  const answer = await ask('POST', pathOf(crowded), await signedToken(cloud, crowded), wanted(['read:queue']))
  expect(answer.json()).toMatchObject({ code: 'ApiKeysFull' })
})
