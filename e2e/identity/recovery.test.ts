import type { Configuration } from 'openid-client'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginTotp, newTotp } from '../../cloud-sync/identity/people/second-factor.ts'
import { recover } from '../../cloud-sync/recover-command.ts'
import { SCOPES } from '../../shared/access/roles.ts'
import { SIGN_IN_TEXTS } from '../../shared/words/sign-in.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from './test-identity.ts'

/** Without a mail server: what cannot be mailed is shown to whoever makes it. */
let cloud: TestCloudIdentity
let config: Configuration
let admin: TestPerson
let token = ''
beforeAll(async () => {
  cloud = await openTestIdentity()
  config = await cloud.discover()
  admin = await cloud.newPerson({ role: 'admin' })
  token = await tokenOf(admin)
}, 120_000)
afterAll(() => cloud?.close())

const NEW_PASSWORD = 'quite another sentence'
const ALL = ['openid', ...SCOPES].join(' ')
const tokenOf = async (person: TestPerson, scope = ALL): Promise<string> =>
  (await cloud.newBrowser().signIn(config, person, { scope })).tokens.access_token

async function help(what: 'second-factor' | 'password-link', whom: TestPerson, as = token, slug = admin.slug) {
  const method = what === 'second-factor' ? 'DELETE' : 'POST'
  const url = `/api/v1/tenants/${slug}/members/${whom.personId}/${what}`
  const answer = await cloud.app.inject({ method, url, headers: { authorization: `Bearer ${as}` } })
  const body = answer.body === '' ? {} : answer.json<Record<string, unknown>>()
  return { status: answer.statusCode, body, link: String(body['link']) }
}

/** Turned on, and its secret lost. */
async function withFactor(person: TestPerson): Promise<TestPerson> {
  const { secret } = newTotp(person.email)
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  expect(await beginTotp(cloud.store, person.personId, { secret, code }, Date.now())).toHaveLength(8)
  return person
}

/** @returns the page she comes to with her password */
async function enter({ email }: TestPerson, password = PASSWORD, browser = cloud.newBrowser()) {
  const { page } = await browser.ask(config)
  return browser.go(`${page.url.pathname}/password`, { email, password })
}
/** A session is known by the whole second. */
const aSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_100))

const codesOf = async (slug: string): Promise<readonly string[]> => {
  const answer = await cloud.app.inject({
    ...{ url: `/api/v1/tenants/${slug}/audit`, headers: { authorization: `Bearer ${token}` } },
  })
  return answer.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { code: string; about: string | null })
    .map(({ code, about }) => `${code} ${about}`)
}

test('an administrator takes away the second factor that somebody has lost: who is signed in as her is so no more', async () => {
  const person = await cloud.newColleague(admin, 'manager')
  const signedIn = cloud.newBrowser()
  await signedIn.signIn(config, person)
  await withFactor(person)
  const asked = await enter(person)
  expect(asked.text).toContain('id="code"')
  expect(asked.text).toContain(SIGN_IN_TEXTS.fr.codeHelp)
  await aSecond()
  expect((await help('second-factor', person)).status).toBe(204)
  expect((await signedIn.go('/account')).status).toBe(401)
  expect((await enter(person)).url.searchParams.get('code')).not.toBeNull()
  expect(await codesOf(admin.slug)).toContain(`SecondFactorTaken ${person.personId}`)
})

test('where nothing can be mailed an administrator hands a link on; it works once, and shows nothing of the address', async () => {
  const person = await withFactor(await cloud.newColleague(admin, 'agent'))
  const earlier = await help('password-link', person)
  const { status, body, link } = await help('password-link', person)
  expect([status, body]).toMatchObject([201, { delivery: 'not-configured' }])
  const browser = cloud.newBrowser()
  expect((await browser.go(earlier.link, { password: NEW_PASSWORD })).status).toBe(410)
  expect((await browser.go(link, { password: NEW_PASSWORD })).status).toBe(200)
  expect((await browser.go(link, { password: PASSWORD })).status).toBe(410)
  // Her second factor is still hers alone.
  expect((await enter(person, NEW_PASSWORD)).text).toContain('id="code"')
  const [row] = await cloud.store.work((db) =>
    db.query<{ email_proved_at: Date | null }>('select email_proved_at from person where person_id = $1', [
      person.personId,
    ]),
  )
  expect(row?.email_proved_at).toBeNull()
  expect(await codesOf(admin.slug)).toContain(`PasswordLinkMade ${person.personId}`)
  const old = await help('password-link', person)
  cloud.pass(3_600_001)
  expect((await browser.go(old.link)).status).toBe(410)
  cloud.pass(-3_600_001)
})

test('nobody gets into an account that opens more than she answers for', async () => {
  const person = await cloud.newColleague(admin, 'agent')
  const there = await cloud.newPerson({ role: 'admin' })
  await cloud.store.asTenant(there.tenantId, (db) =>
    db.query("insert into member values ($1, $2, 'agent', now())", [there.tenantId, person.personId]),
  )
  const stranger = await cloud.newPerson({ role: 'agent' })
  const colleague = await cloud.newColleague(admin, 'admin')
  const manager = await tokenOf(await cloud.newColleague(admin, 'manager'))
  const narrow = await tokenOf(admin, 'openid read:agent manage:settings')
  const runner = await cloud.newPerson({ role: 'super-admin' })
  for (const what of ['second-factor', 'password-link'] as const) {
    expect(await help(what, person)).toMatchObject({ status: 409, body: { code: 'MemberElsewhere' } })
    expect(await help(what, stranger)).toMatchObject({ status: 404, body: { code: 'MemberUnknown' } })
    expect((await help(what, colleague, manager)).status).toBe(403)
    expect(await help(what, colleague, narrow)).toMatchObject({ status: 403, body: { code: 'Forbidden' } })
    // Whoever runs the cloud helps her; with a token of one tenant, which may be another program's, not even he.
    const here = await tokenOf({ ...runner, slug: admin.slug })
    expect(await help(what, person, here)).toMatchObject({ status: 409 })
    const platform = await cloud
      .newBrowser()
      .signIn(config, runner, { resource: `${cloud.url}/api/v1`, scope: 'openid platform' })
    expect((await help(what, person, platform.tokens.access_token)).status).toBeLessThan(300)
  }
})

test('the last administrator is let in again by who has the machine, and the platform’s audit says so', async () => {
  const runner = await withFactor(await cloud.newPerson({ role: 'super-admin' }))
  expect(await recover(cloud.store, 'nobody@example.org', Date.now())).toBeNull()
  const link = `/reset/${await recover(cloud.store, runner.email.toUpperCase(), Date.now())}`
  expect((await cloud.newBrowser().go(link, { password: NEW_PASSWORD })).status).toBe(200)
  expect((await enter(runner, NEW_PASSWORD)).text).not.toContain('id="code"')
  const { tokens } = await cloud.newBrowser().signIn(config, await cloud.newPerson({ role: 'super-admin' }), {
    resource: `${cloud.url}/api/v1`,
    scope: 'openid platform',
  })
  const audit = await cloud.app.inject({
    ...{ url: '/api/v1/audit', headers: { authorization: `Bearer ${tokens.access_token}` } },
  })
  const entries = audit.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { about: string | null })
  expect(entries.filter(({ about }) => about === runner.personId)).toMatchObject([
    { code: 'SecondFactorTaken', actor: { kind: 'system', id: 'command' } },
    { code: 'PasswordLinkMade', actor: { kind: 'system', id: 'command' } },
    { code: 'PasswordChanged', actor: { kind: 'person', id: runner.personId } },
    { code: 'SignedIn' },
  ])
})
