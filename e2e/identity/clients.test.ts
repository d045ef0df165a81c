import * as client from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runClientCommand } from '../../cloud-sync/client-command.ts'
import { readConfig } from '../../cloud-sync/config.ts'
import { addClient, CLIENTS_MAX, clientFault } from '../../cloud-sync/identity/provider/clients.ts'
import { resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { type Browser, openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from './test-identity.ts'

const REDIRECT = 'https://walls.example.org/dashboard/signed-in'

let cloud: TestCloudIdentity
let person: TestPerson
beforeAll(async () => {
  cloud = await openTestIdentity()
  person = await cloud.newPerson({ role: 'manager' })
}, 120_000)
afterAll(() => cloud?.close())

const command = (...words: readonly string[]): Promise<string> =>
  runClientCommand(words, readConfig({ DATABASE_URL: cloud.administratorUrl }), Date.now())

const discover = (clientId: string): Promise<client.Configuration> =>
  client.discovery(new URL(cloud.url), clientId, undefined, client.None(), { execute: [client.allowInsecureRequests] })

/** Somebody comes from the program, proves who she is, and is asked for her leave. */
async function come(browser: Browser, config: client.Configuration, more: Readonly<Record<string, string>> = {}) {
  const asked = { redirect_uri: REDIRECT, scope: 'openid read:queue', resource: resourceOf(cloud.url, person.slug) }
  const { page, redeem } = await browser.ask(config, { ...asked, ...more })
  const consent = await browser.go(`${page.url.pathname}/password`, { email: person.email, password: PASSWORD })
  return { page, redeem, consent }
}

const branchesBy = (token: string) =>
  cloud.app.inject({
    url: `/api/v1/tenants/${person.slug}/branches`,
    headers: { authorization: `Bearer ${token}` },
  })

test('people sign in through a program of others that was named on the machine, each by her own leave, until it is taken away', async () => {
  const clientId = await command('add-client', 'Walls of Dakar', REDIRECT)
  expect(await command('clients')).toBe(`${clientId} ${REDIRECT} Walls of Dakar`)
  const config = await discover(clientId)
  const browser = cloud.newBrowser()
  const { consent, redeem } = await come(browser, config)
  expect([consent.status, consent.text]).toEqual([
    200,
    expect.stringMatching(/Walls of Dakar[\s\S]*<li>voir les files et les guichets</),
  ])
  const ended = await browser.go(`${consent.url.pathname.replace(/\/$/, '')}/consent`, { answer: 'allow' })
  expect(`${ended.url.origin}${ended.url.pathname}`).toBe(REDIRECT)
  const tokens = await redeem(ended)
  expect([tokens.scope, (await branchesBy(tokens.access_token)).statusCode]).toEqual(['read:queue', 200])
  const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
  expect((await branchesBy(next.access_token)).statusCode).toBe(200)
  // She said no somewhere else: nothing is given there.
  const other = cloud.newBrowser()
  const asked = await come(other, config)
  const denied = await other.go(`${asked.consent.url.pathname}/consent`, { answer: 'deny' })
  expect(denied.url.searchParams.get('error')).toBe('access_denied')

  const held = () => cloud.store.work((db) => db.query('select kind from artifact where client_id = $1', [clientId]))
  expect((await held()).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Grant', 'RefreshToken']))
  expect(await command('remove-client', clientId)).toBe(`${clientId} is no client any more.`)
  // Neither what it could refresh by nor what it read with is any good now, though its ten minutes are not over.
  expect([(await branchesBy(next.access_token)).statusCode, await held()]).toEqual([401, []])
  await expect(client.refreshTokenGrant(config, next.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_client',
  })
  expect((await cloud.newBrowser().ask(config, { redirect_uri: REDIRECT })).page.status).toBe(400)
  await expect(command('remove-client', clientId)).rejects.toThrow('There is no client')
})

test('her account shows which programs act for her, and takes back her leave from one of them at once', async () => {
  const config = await discover(await command('add-client', 'Walls & Sons', REDIRECT))
  const other = await discover(await command('add-client', 'Clocks', REDIRECT))
  const browser = cloud.newBrowser()
  const allow = async (of: client.Configuration) => {
    const { consent, redeem } = await come(browser, of)
    return redeem(await browser.go(`${consent.url.pathname.replace(/\/$/, '')}/consent`, { answer: 'allow' }))
  }
  expect((await cloud.newBrowser().go('/account/programs', { client: `client-${'0'.repeat(16)}` })).status).toBe(401)
  const tokens = await allow(config)
  // She has proved who she is: of the second program she is only asked for her leave.
  const { page, redeem } = await browser.ask(other, {
    ...{ redirect_uri: REDIRECT, scope: 'openid read:queue', resource: resourceOf(cloud.url, person.slug) },
  })
  const others = await redeem(await browser.go(`${page.url.pathname.replace(/\/$/, '')}/consent`, { answer: 'allow' }))
  const namesIn = ({ text }: { readonly text: string }) => text.match(/Clocks|Walls &amp; Sons/g)
  expect(namesIn(await browser.go('/account'))).toEqual(['Clocks', 'Walls &amp; Sons'])
  const [status] = [await browser.go('/account/programs', { client: config.clientMetadata().client_id })]
  expect([status.url.pathname, namesIn(status)]).toEqual(['/account', ['Clocks']])
  expect((await branchesBy(tokens.access_token)).statusCode).toBe(401)
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  })
  expect((await branchesBy(others.access_token)).statusCode).toBe(200)
  // It may ask her again, and acts for her by what she gives it then.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const asked = await browser.ask(config, {
    ...{ redirect_uri: REDIRECT, scope: 'openid read:queue', resource: resourceOf(cloud.url, person.slug) },
  })
  expect(asked.page.text).toContain('Walls &amp; Sons')
  const again = await asked.redeem(
    await browser.go(`${asked.page.url.pathname.replace(/\/$/, '')}/consent`, { answer: 'allow' }),
  )
  expect((await branchesBy(again.access_token)).statusCode).toBe(200)
})

test('it comes back to its own address to the letter, and proves itself by S256 alone', async () => {
  const config = await discover(await command('add-client', 'Walls', REDIRECT))
  for (const redirect of [`${REDIRECT}/`, `${REDIRECT}?a=b`, REDIRECT.replace('https', 'http'), 'https://example.org/'])
    expect([redirect, (await cloud.newBrowser().ask(config, { redirect_uri: redirect })).page.status]).toEqual([
      ...[redirect, 400],
    ])
  for (const more of [{ code_challenge_method: 'plain' }, { code_challenge: '', code_challenge_method: '' }]) {
    const { page } = await cloud.newBrowser().ask(config, { redirect_uri: REDIRECT, ...more })
    expect(page.url.searchParams.get('error')).toBe('invalid_request')
  }
})

test('consent is given where it was asked for, and nowhere before', async () => {
  const config = await discover(await command('add-client', 'Walls', REDIRECT))
  const browser = cloud.newBrowser()
  const { page } = await browser.ask(config, {
    ...{ redirect_uri: REDIRECT, scope: 'openid read:queue', resource: resourceOf(cloud.url, person.slug) },
  })
  expect((await browser.go(`${page.url.pathname}/consent`, { answer: 'allow' })).status).toBe(410)
})

test('what cannot be a client is refused in one sentence, and so is one too many', async () => {
  for (const redirectUri of [
    'http://example.org/',
    'https://a.example/#b',
    'https://me:x@a.example/',
    'walls:/back',
    'x',
  ])
    expect([redirectUri, clientFault({ name: 'Walls', redirectUri })]).toEqual([
      ...[redirectUri, expect.stringMatching(/^REDIRECT must be/)],
    ])
  for (const name of ['', ' ', 'x'.repeat(61), 'a\u202Eb', 'a\nb', '<b>'])
    expect([name, clientFault({ name, redirectUri: REDIRECT })]).toEqual([name, expect.stringMatching(/^NAME must be/)])
  for (const redirectUri of [REDIRECT, 'http://127.0.0.1:8080/back', 'http://[::1]:8080/back', 'http://localhost/back'])
    expect(clientFault({ name: 'Salle d’attente', redirectUri })).toBeNull()
  await expect(command('add-client', 'Walls')).rejects.toThrow(/^usage:/)
  for (let count = 0; count < CLIENTS_MAX; count += 1)
    await addClient(cloud.administratorUrl, { name: 'Walls', redirectUri: REDIRECT }, Date.now())
  await expect(command('add-client', 'Walls', REDIRECT)).rejects.toThrow('There are 100 clients already')
})
