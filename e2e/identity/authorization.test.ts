import { randomUUID } from 'node:crypto'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createArtifacts } from '../../cloud-sync/identity/provider/artifacts.ts'
import { resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from './test-identity.ts'

let cloud: TestCloudIdentity
let admin: TestPerson
beforeAll(async () => {
  cloud = await openTestIdentity()
  admin = await cloud.newPerson({ role: 'admin' })
}, 120_000)
afterAll(() => cloud?.close())

/** Of RFC 7636, appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

type Asking = Readonly<Record<string, string | null>>

/** Asks to sign somebody in as is right, but for what is said; null: leaves it out. @returns where that leads, and what it says */
async function authorize(more: Asking = {}) {
  const right: Asking = {
    ...{ client_id: 'dashboard', redirect_uri: `${cloud.url}/dashboard/signed-in`, response_type: 'code' },
    ...{ scope: 'openid read:queue', resource: resourceOf(cloud.url, admin.slug), state: 'of-this-test' },
    ...{ code_challenge: CHALLENGE, code_challenge_method: 'S256' },
  }
  const asked = new URL(`${cloud.url}/oauth/authorize`)
  for (const [name, value] of Object.entries({ ...right, ...more }))
    if (value !== null) asked.searchParams.set(name, value)
  const answer = await fetch(asked, { redirect: 'manual' })
  const location = answer.headers.get('location')
  const text = await answer.text()
  // What is wrong is told the application where the address is its own, else on a page here, and there alone.
  if (location === null) return { status: answer.status, path: null, error: /(\w+): /.exec(text)?.[1] ?? null }
  const { origin, pathname, search, hash } = new URL(location, cloud.url)
  const told = new URLSearchParams(search === '' ? hash.slice(1) : search)
  return { status: answer.status, path: origin === cloud.url ? pathname : location, error: told.get('error') }
}

describe('the authorization itself refuses', () => {
  const toApplication = (error: string) => ({ status: 303, path: '/dashboard/signed-in', error })
  const onPage = (error: string) => ({ status: 400, path: null, error })
  const refusals: readonly (readonly [string, ReturnType<typeof toApplication | typeof onPage>, () => Asking])[] = [
    [
      'a plain challenge',
      toApplication('invalid_request'),
      () => ({ code_challenge: VERIFIER, code_challenge_method: 'plain' }),
    ],
    ['no challenge', toApplication('invalid_request'), () => ({ code_challenge: null, code_challenge_method: null })],
    ['an implicit answer', toApplication('unsupported_response_type'), () => ({ response_type: 'token' })],
    [
      'a tenant that there is not',
      toApplication('invalid_target'),
      () => ({ resource: resourceOf(cloud.url, 'nobody') }),
    ],
    [
      'another address to return to',
      onPage('invalid_redirect_uri'),
      () => ({ redirect_uri: 'https://elsewhere.example/dashboard/signed-in' }),
    ],
    [
      'an address that begins as ours does',
      onPage('invalid_redirect_uri'),
      () => ({ redirect_uri: `${cloud.url}/dashboard/signed-in/../../else` }),
    ],
    ['no address to return to', onPage('invalid_request'), () => ({ redirect_uri: null })],
    ['a client that there is not', onPage('invalid_client'), () => ({ client_id: 'somebody' })],
  ]

  test('nothing that is asked as is right: what the others are measured by', async () => {
    expect(await authorize()).toMatchObject({
      status: 303,
      path: expect.stringMatching(/^\/sign-in\/[\w-]+$/),
      error: null,
    })
  })

  test.each(refusals)('%s', async (_, refused, ask) => {
    expect(await authorize(ask())).toEqual(refused)
  })

  test('a code twice at once', async () => {
    // Of requests each may have looked before any has used it: what uses it up must itself serve one.
    const codes = createArtifacts(cloud.store, Date.now)('AuthorizationCode')
    const id = randomUUID()
    await codes.upsert(id, { accountId: admin.personId }, 60)
    const answers = await Promise.allSettled(Array.from({ length: 4 }, () => codes.consume(id)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  /** Somebody signs in, and her code is redeemed as is right, but for what is said. */
  async function redeem(more: Readonly<Record<string, string>> = {}) {
    const browser = cloud.newBrowser()
    const { page, verifier } = await browser.ask(await cloud.discover(), {
      resource: resourceOf(cloud.url, admin.slug),
    })
    const { url } = await browser.go(`${page.url.pathname}/password`, { email: admin.email, password: PASSWORD })
    const right = {
      ...{ grant_type: 'authorization_code', client_id: 'dashboard', code: url.searchParams.get('code') ?? '' },
      ...{ redirect_uri: `${cloud.url}/dashboard/signed-in`, code_verifier: verifier },
    }
    const body = new URLSearchParams({ ...right, ...more })
    const answer = await fetch(`${cloud.url}/oauth/token`, { method: 'POST', body })
    const { error = null } = (await answer.json()) as { readonly error?: string }
    return [answer.status, error]
  }

  test('a code that is brought by whoever did not ask for it, or as if it had been sent elsewhere', async () => {
    expect(await redeem()).toEqual([200, null])
    expect(await redeem({ code_verifier: VERIFIER })).toEqual([400, 'invalid_grant'])
    expect(await redeem({ redirect_uri: `${cloud.url}/dashboard/` })).toEqual([400, 'invalid_grant'])
  })

  test('a code a second time, and then its tokens are over', async () => {
    const config = await cloud.discover()
    const { tokens, again } = await cloud.newBrowser().signIn(config, admin)
    await expect(again()).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })
})
