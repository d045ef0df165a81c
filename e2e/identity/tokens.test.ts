import { createSecretKey, randomUUID } from 'node:crypto'
import { decodeJwt, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openIdentity } from '../../cloud-sync/identity/open-identity.ts'
import { createArtifacts } from '../../cloud-sync/identity/provider/artifacts.ts'
import { platformOf, resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { signingKeys } from '../../cloud-sync/identity/provider/signing-keys.ts'
import { createSealing } from '../../cloud-sync/identity/sealing.ts'
import { isScope, SCOPES } from '../../shared/access/roles.ts'
import { type Forged, signedToken } from './signed-token.ts'
import { openTestIdentity, type TestCloudIdentity, type TestPerson } from './test-identity.ts'

let cloud: TestCloudIdentity
let admin: TestPerson
let agent: TestPerson
let runner: TestPerson
beforeAll(async () => {
  cloud = await openTestIdentity()
  admin = await cloud.newPerson({ role: 'admin' })
  agent = await cloud.newPerson({ role: 'agent' })
  runner = await cloud.newPerson({ role: 'super-admin' })
}, 120_000)
afterAll(() => cloud?.close())

interface Asked {
  readonly method: string
  readonly path: string
  readonly scope: string
}

interface Description {
  readonly paths: Record<string, Record<string, { readonly security: readonly Record<string, readonly string[]>[] }>>
}

/** Every route that is a person's, with its places filled for one tenant. */
async function routesOf(slug: string): Promise<readonly Asked[]> {
  const { paths } = (await cloud.app.inject({ url: '/openapi.json' })).json<Description>()
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security }]) => {
      const scope = security.find((it) => 'person' in it)?.['person']?.[0]
      const filled = path.replace('{slug}', slug).replaceAll(/\{\w+\}/g, () => randomUUID())
      return scope === undefined ? [] : [{ method: method.toUpperCase(), path: filled, scope }]
    }),
  )
}

const ask = async ({ method, path }: Asked, token: string | null): Promise<number> => {
  const answer = await cloud.app.inject({
    ...{ method: method as 'GET', url: path },
    ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
    ...(method === 'POST' && { body: {} }),
  })
  return answer.statusCode
}

/** What a token of the administrator says that is signed by somebody else. */
const said = () => ({
  ...{ scope: 'manage:settings', sub: admin.personId, client_id: 'dashboard', tenant: admin.slug, role: 'admin' },
})

const tellsNo = (status: number): boolean => status === 401 || status === 403

const signed = (person: TestPerson, forged: Forged = {}): Promise<string> => signedToken(cloud, person, forged)

test('a token that is as it should be is let in: what the others are measured by', async () => {
  const routes = await routesOf(admin.slug)
  expect(routes.length).toBeGreaterThan(8)
  const settings = routes.filter(({ scope }) => scope === 'manage:settings')
  expect(settings.length).toBeGreaterThan(2)
  // A code for a branch takes all that there is.
  const token = await signed(admin, { claims: { scope: SCOPES.join(' ') } })
  for (const route of settings) expect([route, tellsNo(await ask(route, token))]).toEqual([route, false])
})

describe('on every route of a person there is no way in with', () => {
  const nowS = Math.floor(Date.now() / 1_000)
  const forged: readonly (readonly [string, () => Promise<string | null>])[] = [
    ['no token', async () => null],
    ['an empty one', async () => ''],
    ['noise', async () => 'a.b.c'],
    [
      'alg none',
      async () =>
        new UnsecuredJWT(said())
          .setIssuer(cloud.url)
          .setSubject(admin.personId)
          .setAudience(resourceOf(cloud.url, admin.slug))
          .setIssuedAt()
          .setExpirationTime('5m')
          .encode(),
    ],
    [
      'the key of somebody else under our key’s name',
      async () => {
        const { privateKey } = await generateKeyPair('ES256')
        const [key] = await signingKeys(cloud.store, Date.now())
        return new SignJWT(said())
          .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...(key?.kid !== undefined && { kid: key.kid }) })
          .setIssuer(cloud.url)
          .setAudience(resourceOf(cloud.url, admin.slug))
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(privateKey)
      },
    ],
    [
      'our public key as if it were a shared secret',
      async () => {
        const [key] = cloud.identity.keys()
        const text = await exportSPKI((await importJWK({ ...key }, 'ES256')) as never)
        return new SignJWT(said())
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
          .setIssuer(cloud.url)
          .setAudience(resourceOf(cloud.url, admin.slug))
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(createSecretKey(Buffer.from(text)))
      },
    ],
    ['another audience', () => signed(admin, { claims: { aud: 'https://elsewhere.example/api' } })],
    ['no audience', () => signed(admin, { claims: { aud: undefined } as never })],
    ['the audience of another tenant', () => signed(admin, { claims: { aud: resourceOf(cloud.url, agent.slug) } })],
    [
      'the audience of the platform, by somebody who does not run it',
      () => signed(admin, { claims: { aud: platformOf(cloud.url), scope: 'platform' } }),
    ],
    ['another issuer', () => signed(admin, { claims: { iss: 'https://elsewhere.example' } })],
    ['a time that is over', () => signed(admin, { claims: { exp: nowS - 60 } })],
    ['no end', () => signed(admin, { claims: { exp: undefined } as never })],
    ['a time to come', () => signed(admin, { claims: { nbf: nowS + 3_600 } })],
    ['no tenant', () => signed(admin, { claims: { tenant: undefined } as never })],
    ['the name of another tenant', () => signed(admin, { claims: { tenant: agent.slug } })],
    ['no role', () => signed(admin, { claims: { role: undefined } as never })],
    ['a role that there is not', () => signed(admin, { claims: { role: 'owner' } })],
    [
      'the role of who runs the cloud in no tenant',
      () => signed(admin, { claims: { tenant: null, role: 'platform' } }),
    ],
    ['no program', () => signed(admin, { claims: { client_id: undefined } as never })],
    ['a program that nobody has named', () => signed(admin, { claims: { client_id: `client-${'0'.repeat(16)}` } })],
    ['no scope', () => signed(admin, { claims: { scope: '' } })],
    ['a scope that there is not', () => signed(admin, { claims: { scope: 'admin *' } })],
    ['somebody who is no member', () => signed(admin, { claims: { sub: agent.personId } })],
    ['somebody who is not there', () => signed(admin, { claims: { sub: randomUUID() } })],
    ['a token that says who she is, not what she may', () => signed(admin, { typ: 'JWT' })],
  ]
  test('what is forged below, but for the key: what it is measured by', async () => {
    const [key] = await signingKeys(cloud.store, Date.now())
    const good = await new SignJWT(said())
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...(key?.kid !== undefined && { kid: key.kid }) })
      .setIssuer(cloud.url)
      .setAudience(resourceOf(cloud.url, admin.slug))
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(await importJWK({ ...key }, 'ES256'))
    const path = `/api/v1/tenants/${admin.slug}/issuers`
    expect(await ask({ method: 'GET', path, scope: 'manage:settings' }, good)).toBe(200)
  })

  test.each(forged)('%s', async (_, forge) => {
    const token = await forge()
    for (const route of await routesOf(admin.slug))
      expect([route, await ask(route, token)]).toSatisfy(([, status]) => tellsNo(status))
  })
})

test('a token with all scopes but the one that the route needs is not let in', async () => {
  for (const route of (await routesOf(admin.slug)).filter(({ scope }) => isScope(scope))) {
    const scope = SCOPES.filter((it) => it !== route.scope).join(' ')
    expect([route, await ask(route, await signed(admin, { claims: { scope } }))]).toEqual([route, 403])
  }
})

test('each role is let in where its scopes lead, and nowhere in another tenant', async () => {
  const config = await cloud.discover()
  const roles = await Promise.all(
    (['admin', 'manager', 'agent'] as const).map(async (role) => {
      const person = await cloud.newPerson({ role })
      const { tokens } = await cloud.newBrowser().signIn(config, person, { scope: `openid ${await allScopes()}` })
      return { role, person, token: tokens.access_token }
    }),
  )
  for (const { role, person, token } of roles) {
    const routes = await routesOf(person.slug)
    const open = []
    for (const route of routes) if (!tellsNo(await ask(route, token))) open.push(route.scope)
    expect([role, [...new Set(open)].toSorted()]).toEqual([role, EXPECTED[role]])
    for (const route of await routesOf(admin.slug))
      expect([role, await ask(route, token)]).toSatisfy(([, status]) => tellsNo(status))
  }
})

const EXPECTED = {
  admin: [
    'manage:agent',
    'manage:queue',
    'manage:settings',
    'read:agent',
    'read:customer',
    'read:queue',
    'read:reports',
    'send:notification',
    'write:customer',
  ],
  manager: [
    'manage:agent',
    'manage:queue',
    'read:agent',
    'read:customer',
    'read:queue',
    'read:reports',
    'send:notification',
    'write:customer',
  ],
  agent: ['read:customer', 'read:queue', 'write:customer'],
}
const allScopes = async (): Promise<string> => {
  const answer = await fetch(`${cloud.url}/.well-known/openid-configuration`)
  const { scopes_supported: scopes } = (await answer.json()) as { scopes_supported: string[] }
  return scopes.filter((scope) => scope.includes(':')).join(' ')
}

test('a token says of which tenant it is, as what she was given it, and what for', async () => {
  const config = await cloud.discover()
  const scope = 'openid read:queue manage:settings'
  const claimsOf = async (person: TestPerson, more: Readonly<Record<string, string>> = {}) =>
    decodeJwt((await cloud.newBrowser().signIn(config, person, { scope, ...more })).tokens.access_token)
  expect(await claimsOf(admin)).toMatchObject({
    tenant: admin.slug,
    role: 'admin',
    scope: 'read:queue manage:settings',
  })
  expect(await claimsOf(agent)).toMatchObject({ tenant: agent.slug, role: 'agent', scope: 'read:queue' })
  const wide = { scope: 'openid platform', resource: platformOf(cloud.url) }
  expect(await claimsOf(runner, wide)).toMatchObject({ tenant: null, role: 'platform', scope: 'platform' })
  const guest = { ...runner, slug: admin.slug }
  expect(await claimsOf(guest)).toMatchObject({ tenant: admin.slug, role: 'platform' })
})

test('a scope that the role of a token cannot have been given opens nothing', async () => {
  const route = { method: 'GET', path: `/api/v1/tenants/${admin.slug}/invitations`, scope: '' }
  expect(await ask(route, await signed(admin, { claims: { role: 'manager' } }))).toBe(403)
  expect(await ask(route, await signed(admin))).toBe(200)
})

test('whoever runs the cloud makes tenants, and nobody else does', async () => {
  const config = await cloud.discover()
  const { tokens } = await cloud
    .newBrowser()
    .signIn(config, runner, { scope: 'openid platform', resource: platformOf(cloud.url) })
  const made = await cloud.app.inject({
    ...{ method: 'POST', url: '/api/v1/tenants', headers: { authorization: `Bearer ${tokens.access_token}` } },
    body: { slug: `made-${randomUUID().slice(0, 8)}`, name: { fr: 'Nouvelle' } },
  })
  expect(made.statusCode, made.body).toBe(201)
  await expect(
    cloud.newBrowser().signIn(config, admin, { scope: 'openid platform', resource: platformOf(cloud.url) }),
  ).rejects.toMatchObject({ error: 'access_denied' })
})

test('a role that is taken from her ends at once, whatever her token says', async () => {
  const person = await cloud.newPerson({ role: 'admin' })
  const token = await signed(person)
  const route = { method: 'GET', path: `/api/v1/tenants/${person.slug}/set-aside`, scope: '' }
  expect(await ask(route, token)).toBe(200)
  await cloud.store.asTenant(person.tenantId, (db) =>
    db.query('delete from member where person_id = $1', [person.personId]),
  )
  expect(await ask(route, token)).toBe(403)
})

test('a cloud that has lost by what people’s secrets were sealed goes on: all sign in anew', async () => {
  const person = await cloud.newPerson({ role: 'admin' })
  await cloud.newBrowser().signIn(await cloud.discover(), person)
  const sealing = (use: string) => createSealing(['another'], use)
  const { keys, renewKeys } = await openIdentity({
    ...{ store: { ...cloud.store, sealing }, database: cloud.database, publicUrl: cloud.url, nowMs: () => Date.now() },
  })
  const [key] = keys()
  await renewKeys()
  expect(keys()).toEqual([key])
  // Neither has thrown away what the other can read.
  expect(await signingKeys(cloud.store, Date.now())).toHaveLength(1)
  const sessions = createArtifacts({ ...cloud.store, sealing }, Date.now)('Session')
  await createArtifacts(cloud.store, Date.now)('Session').upsert('an id', { accountId: person.personId }, 60)
  expect(await sessions.find('an id')).toBeUndefined()
})
