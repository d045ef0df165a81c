import { randomUUID } from 'node:crypto'
import * as client from 'openid-client'
import { type IdentityStore, openIdentityStore } from '../../cloud-sync/identity/identity-store.ts'
import { type Identity, type IdentityParts, openIdentity } from '../../cloud-sync/identity/open-identity.ts'
import { hashPassword } from '../../cloud-sync/identity/people/passwords.ts'
import { insertPerson } from '../../cloud-sync/identity/people/people.ts'
import { resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { openApp } from '../../cloud-sync/open-app.ts'
import type { App } from '../../cloud-sync/parts.ts'
import { freePort } from '../../cloud-sync/postgres/free-port.ts'
import { insertTenant } from '../../cloud-sync/store/branches.ts'
import type { Database } from '../../cloud-sync/store/database.ts'
import { openTestStore, silent } from '../../cloud-sync/testing/test-database.ts'
import type { Role } from '../../shared/access/roles.ts'

export const PASSWORD = 'a sentence to remember'
const REDIRECT = '/dashboard/signed-in'
/** A test asks at once for what hundreds of people ask for in a day. */
const NO_LIMITS = { asked: 1e9, askedByBranch: 1e9, refused: 1e9 }

export interface TestPerson {
  readonly personId: string
  readonly email: string
  readonly slug: string
  readonly tenantId: string
}

/** A cloud with its sign-in on a real port and a real database, and clients as others write them. */
export interface TestCloudIdentity {
  readonly url: string
  readonly app: App
  readonly store: IdentityStore
  readonly identity: Identity
  readonly database: Database
  /** Of whoever may all. */
  readonly administratorUrl: string
  newPerson(options: { readonly role: Role | 'super-admin' }): Promise<TestPerson>
  /** Somebody else of the same tenant; an administrator unless said. */
  newColleague(of: TestPerson, role?: Role): Promise<TestPerson>
  discover(): Promise<client.Configuration>
  newBrowser(): Browser
  nowMs(): number
  /** Moves the cloud's clock. */
  pass(ms: number): void
  close(): Promise<void>
}

export interface Page {
  readonly url: URL
  readonly status: number
  readonly text: string
}

/** What a browser does: keeps cookies, follows redirects, sends forms. */
export interface Browser {
  /** @returns where it ended, and what was there */
  go(url: string, form?: Readonly<Record<string, string>>): Promise<Page>
  /** Asks for a token without saying of which tenant. @returns the page it comes to, and how the code is redeemed */
  ask(
    config: client.Configuration,
    more?: Readonly<Record<string, string>>,
  ): Promise<{
    readonly page: Page
    readonly verifier: string
    redeem(ended: Page): ReturnType<typeof client.authorizationCodeGrant>
  }>
  signIn(
    config: client.Configuration,
    person: TestPerson,
    more?: Readonly<Record<string, string>>,
  ): Promise<{
    readonly tokens: Awaited<ReturnType<typeof client.authorizationCodeGrant>>
    readonly verifier: string
    again(): Promise<unknown>
  }>
}

const HOPS_MAX = 12

function createBrowser(home: string): Browser {
  const cookies = new Map<string, { readonly value: string; readonly path: string }>()
  const cookiesFor = (path: string): string =>
    [...cookies]
      .filter(([, cookie]) => path.startsWith(cookie.path))
      .map(([name, { value }]) => `${name.split('@')[0]}=${value}`)
      .join('; ')

  function keep(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      const path = attributes.find((it) => /^path=/i.test(it))?.slice(5) ?? '/'
      if (value === '') cookies.delete(`${name}@${path}`)
      else cookies.set(`${name}@${path}`, { value, path })
    }
  }

  async function go(start: string, form?: Readonly<Record<string, string>>) {
    let url = new URL(start, home)
    let body = form === undefined ? null : new URLSearchParams(form)
    for (let hops = 0; hops < HOPS_MAX; hops += 1) {
      const answer = await fetch(url, {
        ...{ method: body === null ? 'GET' : 'POST', body, redirect: 'manual' as const },
        headers: { cookie: cookiesFor(url.pathname) },
      })
      keep(answer)
      const location = answer.headers.get('location')
      if (location === null) return { url, status: answer.status, text: await answer.text() }
      url = new URL(location, url)
      body = null
      if (url.pathname === REDIRECT) return { url, status: answer.status, text: '' }
    }
    throw new Error('redirected too often')
  }

  async function ask(config: client.Configuration, more: Readonly<Record<string, string>> = {}) {
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const asked = client.buildAuthorizationUrl(config, {
      redirect_uri: `${home}${REDIRECT}`,
      scope: 'openid read:queue manage:queue read:reports manage:settings',
      ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      ...{ state, ...more },
    })
    const redeem = (ended: Page) =>
      client.authorizationCodeGrant(config, ended.url, { pkceCodeVerifier: verifier, expectedState: state })
    return { page: await go(asked.href), redeem, verifier }
  }

  return {
    go,
    ask,
    async signIn(config, person, more = {}) {
      const { page, redeem, verifier } = await ask(config, { resource: resourceOf(home, person.slug), ...more })
      const ended = await go(`${page.url.pathname}/password`, { email: person.email, password: PASSWORD })
      const tokens = await redeem(ended)
      return { tokens, verifier, again: () => redeem(ended) }
    },
  }
}

/** @param more - what of the sign-in is other than usual */
export async function openTestIdentity(more: Partial<IdentityParts> = {}): Promise<TestCloudIdentity> {
  const server = await openTestStore(process.env['TEST_DATABASE_URL'])
  const { administratorUrl, database } = server
  const store = await openIdentityStore(administratorUrl, silent)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let passedMs = 0
  const nowMs = (): number => Date.now() + passedMs
  const identity = await openIdentity({ store, database, publicUrl: url, nowMs, ...more })
  const app = await openApp({ database, version: '0', nowMs, identity, rateLimits: NO_LIMITS }, silent)
  await app.listen({ host: '127.0.0.1', port })
  const passwordHash = await hashPassword(PASSWORD)

  async function addPerson(isSuperAdmin: boolean): Promise<{ readonly personId: string; readonly email: string }> {
    const email = `${randomUUID()}@example.org`
    const person = { email, name: 'Awa', language: 'fr', passwordHash, isSuperAdmin }
    return { email, personId: await store.work((db) => insertPerson(db, person, nowMs())) }
  }
  const join = (tenantId: string, personId: string, role: Role): Promise<unknown> =>
    store.asTenant(tenantId, (db) =>
      db.query('insert into member values ($1, $2, $3, now())', [tenantId, personId, role]),
    )

  return {
    ...{ url, app, store, identity, database, administratorUrl, nowMs },
    async newPerson({ role }) {
      const [tenantId, slug] = [randomUUID(), `bank-${randomUUID().slice(0, 8)}`]
      await database.asTenant(tenantId, (db) => insertTenant(db, tenantId, slug, { fr: 'Banque' }))
      const person = await addPerson(role === 'super-admin')
      if (role !== 'super-admin') await join(tenantId, person.personId, role)
      return { ...person, slug, tenantId }
    },
    async newColleague({ slug, tenantId }, role = 'admin') {
      const person = await addPerson(false)
      await join(tenantId, person.personId, role)
      return { ...person, slug, tenantId }
    },
    discover: () =>
      client.discovery(new URL(url), 'dashboard', undefined, client.None(), {
        execute: [client.allowInsecureRequests],
      }),
    newBrowser: () => createBrowser(url),
    pass: (ms) => {
      passedMs += ms
    },
    async close() {
      await app.close()
      await store.close()
      await server.close()
    },
  }
}
