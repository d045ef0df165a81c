import { once } from 'node:events'
import * as client from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { platformOf, resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { LIVE_CLOSES } from '../../shared/wire/live.ts'
import { ACCOUNT_TEXTS } from '../../shared/words/account.ts'
import { SIGN_IN_TEXTS } from '../../shared/words/sign-in.ts'
import { type Browser, openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from './test-identity.ts'

let cloud: TestCloudIdentity
let config: client.Configuration
beforeAll(async () => {
  cloud = await openTestIdentity()
  config = await cloud.discover()
}, 120_000)
afterAll(() => cloud?.close())

const audienceOf = (token: string): unknown =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { aud: unknown }).aud

async function alsoIn(person: TestPerson, other: TestPerson): Promise<void> {
  await cloud.store.asTenant(other.tenantId, (db) =>
    db.query('insert into member values ($1, $2, $3, now())', [other.tenantId, person.personId, 'agent']),
  )
}

/** Signs in without saying where she works. */
async function enter(browser: Browser, { email }: TestPerson, more: Readonly<Record<string, string>> = {}) {
  const asked = await browser.ask(config, more)
  return { ...asked, page: await browser.go(`${asked.page.url.pathname}/password`, { email, password: PASSWORD }) }
}

test('who works in one place alone is not asked where', async () => {
  const person = await cloud.newPerson({ role: 'manager' })
  const { page, redeem } = await enter(cloud.newBrowser(), person)
  const tokens = await redeem(page)
  expect(audienceOf(tokens.access_token)).toBe(resourceOf(cloud.url, person.slug))
  expect(tokens.scope).toContain('manage:queue')
})

test('who works in several chooses, and another time another, without signing in again', async () => {
  const [person, other] = [await cloud.newPerson({ role: 'manager' }), await cloud.newPerson({ role: 'admin' })]
  await alsoIn(person, other)
  const browser = cloud.newBrowser()
  const first = await enter(browser, person)
  expect(first.page.text).toContain(ACCOUNT_TEXTS.fr.tenantTitle)
  const place = `${first.page.url.pathname}/place`
  // What is not hers is not to be had by writing its name.
  const stranger = await cloud.newPerson({ role: 'admin' })
  expect((await browser.go(place, { place: stranger.slug })).status).toBe(410)
  expect((await browser.go(place, { place: '' })).status).toBe(410)
  const here = await first.redeem(await browser.go(place, { place: person.slug }))
  expect(audienceOf(here.access_token)).toBe(resourceOf(cloud.url, person.slug))
  const again = await browser.ask(config)
  const there = await again.redeem(await browser.go(`${again.page.url.pathname}/place`, { place: other.slug }))
  expect(audienceOf(there.access_token)).toBe(resourceOf(cloud.url, other.slug))
  expect(there.scope).not.toContain('manage:queue')
  // Each goes on by itself.
  const next = await client.refreshTokenGrant(config, here.refresh_token ?? '')
  expect(audienceOf(next.access_token)).toBe(resourceOf(cloud.url, person.slug))
})

test('whoever runs the platform may enter every tenant, and the platform where the program can', async () => {
  const runner = await cloud.newPerson({ role: 'super-admin' })
  const other = await cloud.newPerson({ role: 'admin' })
  // The dashboard asks for what is done in tenants alone: it would have nothing to show of the platform.
  const browser = cloud.newBrowser()
  const { page, redeem } = await enter(browser, runner)
  expect(page.text).not.toContain('name="place" value=""')
  const inTenant = await redeem(await browser.go(`${page.url.pathname}/place`, { place: other.slug }))
  expect(audienceOf(inTenant.access_token)).toBe(resourceOf(cloud.url, other.slug))
  expect(inTenant.scope).toContain('manage:settings')
  const again = cloud.newBrowser()
  const ofPlatform = await enter(again, runner, { scope: 'openid platform' })
  const entered = await again.go(`${ofPlatform.page.url.pathname}/place`, { place: '' })
  expect(audienceOf((await ofPlatform.redeem(entered)).access_token)).toBe(platformOf(cloud.url))
})

test('whoever belongs nowhere is told what to do', async () => {
  const nobody = await cloud.newPerson({ role: 'agent' })
  await cloud.store.asTenant(nobody.tenantId, (db) =>
    db.query('delete from member where person_id = $1', [nobody.personId]),
  )
  const { page } = await enter(cloud.newBrowser(), nobody)
  expect([page.status, page.text.includes(ACCOUNT_TEXTS.fr.noTenantHelp)]).toEqual([403, true])
})

test('a client that we did not write signs out: the page asks first, and is ours', async () => {
  const person = await cloud.newPerson({ role: 'manager' })
  const browser = cloud.newBrowser()
  const { tokens } = await browser.signIn(config, person)
  const asked = client.buildEndSessionUrl(config, {
    ...{ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: `${cloud.url}/dashboard/`, state: 'bye' },
  })
  const page = await browser.go(asked.href)
  expect(page.text).toContain(SIGN_IN_TEXTS.fr.signOutTitle)
  expect(page.text).not.toContain('fonts.googleapis')
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const ended = await browser.go('/oauth/sign-out/confirm', { xsrf, logout: 'yes' })
  expect([ended.url.pathname, ended.url.searchParams.get('state')]).toEqual(['/dashboard/', 'bye'])
  expect((await browser.go('/account')).status).toBe(401)
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  })
})

test('an error of the sign-in itself is told on a page of ours, in her language', async () => {
  const answer = await fetch(`${cloud.url}/oauth/authorize?client_id=nobody`, {
    headers: { accept: 'text/html', 'accept-language': 'ar' },
  })
  const page = await answer.text()
  expect([answer.status, page.includes(SIGN_IN_TEXTS.ar.refused), page.includes('dir="rtl"')]).toEqual([
    400,
    true,
    true,
  ])
  expect(page).toContain('invalid_client')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('who signs out everywhere is signed out in every browser and program, of every tenant, at once', async () => {
  const [person, other] = [await cloud.newPerson({ role: 'manager' }), await cloud.newPerson({ role: 'admin' })]
  await alsoIn(person, other)
  const browsers = [cloud.newBrowser(), cloud.newBrowser()]
  const signedIn = await Promise.all(
    browsers.map((browser, at) => browser.signIn(config, { ...person, slug: [person, other][at]?.slug ?? '' })),
  )
  const colleague = await cloud.newBrowser().signIn(config, other)
  const read = (slug: string, token: string) =>
    cloud.app.inject({ url: `/api/v1/tenants/${slug}/branches`, headers: { authorization: `Bearer ${token}` } })
  expect((await read(person.slug, signedIn[0]?.tokens.access_token ?? '')).statusCode).toBe(200)
  expect((await browsers[0]?.go('/account/everywhere'))?.text).toContain(ACCOUNT_TEXTS.fr.everywhereTitle)
  expect((await browsers[0]?.go('/account/everywhere', {}))?.status).toBe(200)
  for (const [at, { tokens }] of signedIn.entries()) {
    expect((await read([person, other][at]?.slug ?? '', tokens.access_token)).statusCode).toBe(403)
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    expect((await browsers[at]?.go('/account'))?.status).toBe(401)
  }
  expect((await read(other.slug, colleague.tokens.access_token)).statusCode).toBe(200)
})

test('what she follows live ends at once with her sign-out everywhere, and nobody else’s', async () => {
  const stop = cloud.app.live.start()
  const person = await cloud.newPerson({ role: 'manager' })
  const colleague = await cloud.newColleague(person)
  const browser = cloud.newBrowser()
  const follow = async (token: string): Promise<WebSocket> => {
    const address = `${cloud.url.replace('http', 'ws')}/api/v1/tenants/${person.slug}/live`
    const socket = new WebSocket(address, ['smartqueue.live', `bearer.${token}`])
    await once(socket, 'open')
    return socket
  }
  const hers = await follow((await browser.signIn(config, person)).tokens.access_token)
  const others = await follow((await cloud.newBrowser().signIn(config, colleague)).tokens.access_token)
  const closed = once(hers, 'close')
  const beganAt = performance.now()
  expect((await browser.go('/account/everywhere', {})).status).toBe(200)
  const [code] = (await closed) as [number]
  expect([code, others.readyState]).toEqual([LIVE_CLOSES.over, others.OPEN])
  // Nothing but the notice does it so soon: whoever follows is asked each fifteen seconds.
  expect(performance.now() - beganAt).toBeLessThan(5_000)
  others.terminate()
  stop()
})

test('a form of another site signs nobody out', async () => {
  const answer = await cloud.app.inject({
    ...{ method: 'POST', url: '/account/everywhere', payload: '' },
    headers: { origin: 'https://elsewhere.example', 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(answer.statusCode).toBe(403)
})
