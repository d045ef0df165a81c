import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { platformOf } from '../../cloud-sync/identity/resources.ts'
import type { DeclaredRoute } from '../../cloud-sync/plugins/doors.ts'
import { makeApiKey } from '../../cloud-sync/store/api-keys.ts'
import { testKey } from '../../cloud-sync/testing/test-key.ts'
import { SCOPES, type Scope, scopesOf } from '../../shared/access/roles.ts'
import { servedRoutes } from '../../shared/http/testing/served-routes.ts'
import { signedToken } from './signed-token.ts'
import { openTestIdentity, type TestCloudIdentity, type TestPerson } from './test-identity.ts'

// Who may pass where, made out of the route table itself: a route that comes later is in it, and so is one that lies.

let cloud: TestCloudIdentity
let us: TestPerson
let them: TestPerson
beforeAll(async () => {
  cloud = await openTestIdentity()
  us = await cloud.newPerson({ role: 'admin' })
  them = await cloud.newPerson({ role: 'admin' })
}, 120_000)
afterAll(() => cloud?.close())

/** Somebody who asks, and where she may. */
interface Asker {
  readonly name: string
  readonly token: string | null
  /** In the tenant that is asked for; 'platform' is in every one. */
  readonly may: readonly (Scope | 'platform')[]
  /** A program: what is for people it may not, whatever its scopes. */
  readonly isKey?: boolean
  readonly isSetup?: boolean
}

const keyFor = async ({ tenantId }: TestPerson, scopes: readonly Scope[]): Promise<string> => {
  const asked = { name: 'of a test', scopes, madeBy: randomUUID(), expiresAtMs: Date.now() + 3_600_000 }
  const made = await cloud.database.asTenant(tenantId, (db) => makeApiKey(db, tenantId, asked, Date.now()))
  return made?.key ?? ''
}

const scope = `platform ${SCOPES.join(' ')}`
async function askers(): Promise<readonly Asker[]> {
  const people = await Promise.all(
    (['admin', 'manager', 'agent'] as const).map(async (role) => {
      const person = role === 'admin' ? us : await cloud.newColleague(us, role)
      return { name: role, token: await signedToken(cloud, person, { claims: { scope } }), may: scopesOf(role) }
    }),
  )
  const runner = await cloud.newPerson({ role: 'super-admin' })
  const ofPlatform = { scope, aud: platformOf(cloud.url) }
  const keys = await Promise.all(
    SCOPES.map(async (it) => ({ name: `key for ${it}`, token: await keyFor(us, [it]), may: [it], isKey: true })),
  )
  return [
    { name: 'nobody', token: null, may: [] },
    ...people,
    { name: 'another’s admin', token: await signedToken(cloud, them, { claims: { scope } }), may: [] },
    { name: 'another’s key for all', token: await keyFor(them, SCOPES), may: [] },
    {
      name: 'admin, as if of the platform',
      token: await signedToken(cloud, us, { claims: ofPlatform }),
      may: [],
    },
    {
      name: 'who runs the cloud',
      token: await signedToken(cloud, runner, { claims: ofPlatform }),
      may: ['platform', ...SCOPES],
    },
    {
      name: 'who runs the cloud, for one tenant',
      token: await signedToken(cloud, { ...runner, slug: us.slug }, { claims: { scope } }),
      may: SCOPES,
    },
    {
      name: 'setup',
      token: await testKey(cloud.administratorUrl, Date.now()),
      may: ['platform', ...SCOPES],
      ...{ isKey: true, isSetup: true },
    },
    ...keys,
  ]
}

const PLACES: Readonly<Record<string, () => string>> = {
  slug: () => us.slug,
  ticketId: () => 'nobody',
  keyId: () => 'sqt_000000000000',
  epoch: () => 'nothing',
}

async function statusOf({ method, url }: DeclaredRoute, token: string | null): Promise<number> {
  const answer = await cloud.app.inject({
    method: method as 'GET',
    url: url.replaceAll(/:(\w+)/g, (_, name: string) => (PLACES[name] ?? randomUUID)()),
    ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
    ...(method !== 'GET' && method !== 'DELETE' && { body: {} }),
  })
  return answer.statusCode
}

test('every route says who may pass: what is served is what was declared', () => {
  // Printed, a star stands alone where nothing else begins as it does.
  const plain = (route: string): string => route.replace(/\/?\*$/, '*')
  const declared = cloud.app.routeTable.map(({ method, url }) => plain(`${method} ${url.replace('/oauth/*', '*')}`))
  expect(declared.toSorted()).toEqual(servedRoutes(cloud.app).map(plain).toSorted())
  for (const route of cloud.app.routeTable)
    expect([route.url, ['open', 'person', 'branch'].includes(route.door)]).toEqual([route.url, true])
  const open = cloud.app.routeTable.filter(({ door, url }) => door === 'open' && url.startsWith('/api/'))
  expect(open.map(({ url }) => url).toSorted()).toEqual(['/api/v1/health', '/api/v1/sync/enrol'])
})

/** Written down here, too: what is for people alone is so whatever the route says of itself. */
const FOR_PEOPLE = new Set(
  [
    'POST /api-keys',
    'POST /branches/:branchId/enrolment',
    'DELETE /invitations/:invitationId',
    'POST /invitations',
    'POST /issuers',
    'DELETE /issuers/:issuerId',
    'DELETE /members/:personId',
    'PATCH /members/:personId',
    'POST /members/:personId/password-link',
    'DELETE /members/:personId/second-factor',
    'POST /webhooks',
  ].map((it) => it.replace(' ', ' /api/v1/tenants/:slug')),
)

test('each route × each who asks: in where the scope is hers in this tenant, 401, 403 or 404 everywhere else', async () => {
  const all = await askers()
  const wrong: string[] = []
  let count = 0
  for (const route of cloud.app.routeTable.filter(({ door }) => door !== 'open'))
    for (const { name, token, may, isKey = false, isSetup = false } of all) {
      const status = await statusOf(route, token)
      const isIn = status !== 401 && status !== 403
      const isShutOut =
        isKey &&
        FOR_PEOPLE.has(`${route.method} ${route.url}`) &&
        !(isSetup && /\/(enrolment|webhooks)$/.test(route.url))
      const mayPass = route.scope !== null && may.includes(route.scope) && !isShutOut
      if (isIn !== mayPass || status >= 500) wrong.push(`${name}: ${route.method} ${route.url} ${status}`)
      count += 1
    }
  expect(wrong).toEqual([])
  expect(count).toBeGreaterThan(600)
})
