import { pino } from 'pino'
import type { Dice } from '../../branch-server/testing/dice.ts'
import { openIdentityStore } from '../../cloud-sync/identity/identity-store.ts'
import { openIdentity } from '../../cloud-sync/identity/open-identity.ts'
import { insertPerson } from '../../cloud-sync/identity/people/people.ts'
import { openApp } from '../../cloud-sync/open-app.ts'
import type { DeclaredRoute } from '../../cloud-sync/plugins/doors.ts'
import { freePort } from '../../cloud-sync/postgres/free-port.ts'
import { addSigningBranch, type SigningBranch } from '../../cloud-sync/testing/signing-branch.ts'
import { openTestStore } from '../../cloud-sync/testing/test-database.ts'
import { testKey } from '../../cloud-sync/testing/test-key.ts'
import { SCOPES } from '../../shared/access/roles.ts'
import { signedToken } from '../identity/signed-token.ts'
import { type BadRequest, oddHeaders, written } from './bad-requests.ts'
import { type Schema, spoiltFor, valueFor } from './from-schema.ts'
import { ODD_IDS } from './odd-values.ts'

/** A test throws from one machine what a thousand would. */
const NO_LIMITS = { asked: 1e9, askedByBranch: 1e9, refused: 1e9 }

/** What it comes with is good for longer than any campaign: with a key that is over it would see doors alone. */
const CAMPAIGN_MS_MAX = 24 * 3_600_000

/** @returns the token of somebody who may all in this tenant; nobody else could give it away */
async function administratorToken(
  cloud: Parameters<typeof signedToken>[0],
  { tenantId, slug }: SigningBranch,
  nowMs: number,
): Promise<string> {
  const person = { email: 'administrator@example.org', name: 'Awa', language: 'fr', passwordHash: null }
  const personId = await cloud.store.asTenant(tenantId, async (db) => {
    const made = await insertPerson(db, { ...person, isSuperAdmin: false }, nowMs)
    await db.query("insert into member values ($1, $2, 'admin', now())", [tenantId, made])
    return made
  })
  const claims = { scope: SCOPES.join(' '), exp: Math.floor((nowMs + CAMPAIGN_MS_MAX) / 1_000) }
  return signedToken(cloud, { personId, slug }, { claims })
}

/**
 * A whole cloud on a real database and port, and somebody who knows all its routes, has a key, a branch and the token of its
 * tenant's administrator, and means ill.
 */
export async function openHostileCloud() {
  const server = await openTestStore(process.env['TEST_DATABASE_URL'])
  const { database, administratorUrl } = server
  const lines: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) })
  const nowMs = (): number => Date.now()
  const store = await openIdentityStore(administratorUrl, log)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const identity = await openIdentity({ store, database, publicUrl: url, nowMs })
  const parts = {
    database,
    version: '0',
    nowMs,
    identity,
    rateLimits: NO_LIMITS,
    liveMs: 20,
    proxyAddress: '127.0.0.1',
  }
  const app = await openApp(parts, log)
  await app.listen({ host: '127.0.0.1', port })
  const branch = await addSigningBranch(database, nowMs)
  const key = await testKey(administratorUrl, nowMs() + CAMPAIGN_MS_MAX)
  const personToken = await administratorToken({ store, url }, branch, nowMs())

  const placesOf: Readonly<Record<string, string>> = { slug: branch.slug, branchId: branch.branchId }

  function addressFor({ url, schema }: DeclaredRoute, dice: Dice): string {
    const isOdd = dice.isOneIn(3)
    const path = url.replaceAll(/:(\w+)|\*/g, (_, name = '') =>
      isOdd ? dice.pick(ODD_IDS) : (placesOf[name] ?? '00000000-0000-4000-8000-000000000000'),
    )
    const asked = schema.querystring === undefined ? {} : valueFor(schema.querystring as Schema, dice)
    const query = new URLSearchParams(
      Object.entries(asked as object).map(([name, it]) => [name, String(it)]),
    ).toString()
    return dice.isOneIn(4) ? `${path}?%00&__proto__=x&offset=-2&after=1e9` : query === '' ? path : `${path}?${query}`
  }

  function authorizationFor(
    { method, door, isForPeople }: DeclaredRoute,
    address: string,
    body: string,
    dice: Dice,
  ): string {
    if (dice.isOneIn(6))
      return dice.pick(['Bearer ', 'Bearer sqt_000000000000_x', 'Basic eDp5', 'SmartQueue a.b.c.d.e', 'Bearer a.b.c'])
    if (door === 'branch') return branch.authorization(method, address, body)
    // Where no key passes a person's token leads on to what the route does.
    return `Bearer ${isForPeople ? personToken : key}`
  }

  return {
    port,
    lines,
    administratorUrl,
    /** One bad request to one of its routes; a branch's are signed as they are, so that what is wrong in them is read. */
    badRequest(dice: Dice): BadRequest {
      const route = app.routeTable[dice.roll(app.routeTable.length)]
      if (route === undefined) throw new Error('The cloud has no route')
      const address = addressFor(route, dice)
      const isForm = !route.url.startsWith('/api/')
      const schema = (route.schema.body ?? {}) as Schema
      const asJson =
        route.schema.body === undefined || dice.isOneIn(8)
          ? spoiltFor({ type: 'object' }, dice)
          : spoiltFor(schema, dice)
      const fields = Object.entries((valueFor(schema, dice) ?? {}) as object).map(([name, it]) => [name, String(it)])
      const body = isForm ? new URLSearchParams(fields).toString() : asJson
      const head = [
        `${dice.isOneIn(20) ? 'PATCH' : route.method} ${address} HTTP/1.1`,
        'host: 127.0.0.1',
        `x-forwarded-for: 10.${dice.roll(250)}.${dice.roll(250)}.${dice.roll(250)}`,
        `authorization: ${authorizationFor(route, address, body, dice)}`,
        `content-type: ${dice.isOneIn(10) ? 'text/plain' : isForm ? 'application/x-www-form-urlencoded' : 'application/json'}`,
        ...(dice.isOneIn(3) ? oddHeaders(dice) : []),
      ]
      return { route: `${route.method} ${route.url}`, bytes: written(dice, head, body) }
    },
    async close() {
      await app.close()
      await store.close()
      await server.close()
    },
  }
}
