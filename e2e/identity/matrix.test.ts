import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { platformOf } from '../../cloud-sync/identity/provider/resources.ts'
import type { DeclaredRoute } from '../../cloud-sync/plugins/doors.ts'
import { makeApiKey } from '../../cloud-sync/store/api-keys.ts'
import { testKey } from '../../cloud-sync/testing/test-key.ts'
import { SCOPES, type Scope, scopesOf } from '../../shared/access/roles.ts'
import { servedRoutes } from '../../shared/http/testing/served-routes.ts'
import { signedToken } from './signed-token.ts'
import { openTestIdentity, type TestCloudIdentity, type TestPerson } from './test-identity.ts'
import { WRITTEN_DOORS, type WrittenDoor } from './written-doors.ts'

// Who may pass where: each route that is served, a later one among them, held against what was written down by hand.

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

test('the doors of people are exactly those written down by hand, each with its scope', () => {
  const declared = cloud.app.routeTable
    .filter(({ door }) => door === 'person')
    .map(({ method, url, scope, isForPeople, takesSetup }) => [`${method} ${url}`, { scope, isForPeople, takesSetup }])
  expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(WRITTEN_DOORS))
})

interface Description {
  readonly paths: Record<string, Record<string, { readonly security: readonly Record<string, readonly string[]>[] }>>
}

test('whoever reads the description learns which keys pass each of them', async () => {
  const { paths } = (await cloud.app.inject({ url: '/openapi.json' })).json<Description>()
  for (const [route, { scope: needed, isForPeople, takesSetup }] of WRITTEN_DOORS) {
    const [method = '', url = ''] = route.split(' ')
    const passing = [
      'person',
      ...(isForPeople || needed === 'platform' ? [] : ['key']),
      ...(isForPeople && !takesSetup ? [] : ['setup']),
    ]
    const { security = [] } = paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()] ?? {}
    expect([route, security]).toEqual([route, passing.map((door) => ({ [door]: [needed] }))])
  }
})

/** As it is written down, whatever the route says of itself. */
function isWelcome({ may, isKey = false, isSetup = false }: Asker, written: WrittenDoor | undefined): boolean {
  if (written === undefined || !may.includes(written.scope)) return false
  return !isKey || !written.isForPeople || (isSetup && written.takesSetup)
}

test('each route × each who asks: in where the scope is hers in this tenant, 401, 403 or 404 everywhere else', async () => {
  const all = await askers()
  const wrong: string[] = []
  let count = 0
  for (const route of cloud.app.routeTable.filter(({ door }) => door !== 'open'))
    for (const asker of all) {
      const status = await statusOf(route, asker.token)
      const isIn = status !== 401 && status !== 403
      const mayPass = isWelcome(asker, WRITTEN_DOORS.get(`${route.method} ${route.url}`))
      if (isIn !== mayPass || status >= 500) wrong.push(`${asker.name}: ${route.method} ${route.url} ${status}`)
      count += 1
    }
  expect(wrong).toEqual([])
  expect(count).toBeGreaterThan(600)
})
