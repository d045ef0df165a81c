import { randomUUID } from 'node:crypto'
import type * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertPerson } from '../../cloud-sync/identity/people/people.ts'
import { platformOf, resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { makeApiKey } from '../../cloud-sync/store/api-keys.ts'
import { asAdministrator } from '../../cloud-sync/testing/test-database.ts'
import { SCOPES } from '../../shared/access/roles.ts'
import { signedToken } from './signed-token.ts'
import { openTestIdentity, PASSWORD, type Page, type TestCloudIdentity, type TestPerson } from './test-identity.ts'
import { CLIENT, type Lie, openIssuer, openLiar, type TestIssuer, type TheirPerson } from './test-issuers.ts'

let cloud: TestCloudIdentity
let config: client.Configuration
let issuer: TestIssuer
let admin: TestPerson
let issuerId = ''
let there: TheirPerson = { sub: 'nobody' }
beforeAll(async () => {
  cloud = await openTestIdentity({ hasIssuersHere: true })
  config = await cloud.discover()
  issuer = await openIssuer(`${cloud.url}/elsewhere/back`, () => there)
  admin = await cloud.newPerson({ role: 'admin' })
  issuerId = await connect(admin, issuer.url)
}, 120_000)
afterAll(async () => {
  await cloud?.close()
  await issuer?.close()
})

async function asAdmin(person: TestPerson, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) {
  const { tokens } = await cloud.newBrowser().signIn(config, person, { scope: ['openid', ...SCOPES].join(' ') })
  const answer = await cloud.app.inject({
    ...{ method, url: `/api/v1/tenants/${person.slug}/${path}`, ...(body !== undefined && { body }) },
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  return {
    status: answer.statusCode,
    body: answer.body,
    json: /\/(problem\+)?json/.test(String(answer.headers['content-type']))
      ? answer.json<Record<string, string>>()
      : {},
  }
}

/** A tenant's administrator names an issuer. */
async function connect(person: TestPerson, url: string): Promise<string> {
  const made = await asAdmin(person, 'POST', 'issuers', { name: 'Contoso', issuer: url, ...CLIENT })
  expect(made.status, made.body).toBe(201)
  return made.json['issuerId'] ?? ''
}

/** Somebody at the issuer comes to a tenant's sign-in and chooses it. */
async function come(to: TestPerson, by = issuerId, browser = cloud.newBrowser()) {
  const { page, redeem } = await browser.ask(config, { resource: resourceOf(cloud.url, to.slug) })
  const ended = await browser.go(`${page.url.pathname}/elsewhere/${by}`)
  return { ended, redeem, browser, page }
}

const newTheirs = (more: Partial<TheirPerson> = {}): TheirPerson => ({
  ...{ sub: randomUUID(), email: `${randomUUID()}@contoso.example`, email_verified: true, name: 'Awa Ndiaye', ...more },
})

/** A member of the tenant, whom the issuer knows by the same address. */
async function memberThere(of: TestPerson): Promise<TestPerson> {
  const person = await cloud.newPerson({ role: 'agent' })
  await cloud.store.asTenant(of.tenantId, (db) =>
    db.query('insert into member values ($1, $2, $3, now())', [of.tenantId, person.personId, 'manager']),
  )
  there = newTheirs({ email: person.email })
  return person
}

const proveEmail = (personId: string): Promise<unknown> =>
  cloud.store.work((db) => db.query('update person set email_proved_at = now() where person_id = $1', [personId]))

const isIn = ({ url }: Page): boolean =>
  url.pathname === '/dashboard/signed-in' && url.searchParams.get('code') !== null

test('a member signs in by the tenant’s issuer, and is known there by her subject from then on', async () => {
  const person = await memberThere(admin)
  const { ended, redeem } = await come(admin)
  expect(isIn(ended), ended.text).toBe(true)
  const tokens = await redeem(ended)
  expect(tokens.claims()).toMatchObject({ sub: person.personId, tenants: [{ slug: admin.slug, role: 'manager' }] })
  // The address may change there, and be nobody's: she is the same.
  there = { sub: there.sub, email: 'another@contoso.example', email_verified: false }
  const again = await come(admin)
  expect((await again.redeem(again.ended)).claims()?.sub).toBe(person.personId)
})

test('whoever came by a tenant’s issuer is in that tenant alone: elsewhere she proves who she is to us', async () => {
  const person = await memberThere(admin)
  const { ended, browser } = await come(admin)
  expect(isIn(ended)).toBe(true)
  for (const resource of [resourceOf(cloud.url, person.slug), platformOf(cloud.url)]) {
    const { page } = await browser.ask(config, { resource })
    expect([resource, isIn(page), page.text.includes('id="password"')]).toEqual([resource, false, true])
  }
  // Asked where she works there is one answer, not her own bank's.
  const { page, redeem } = await browser.ask(config)
  expect((await redeem(page)).claims()?.['tenants']).toEqual([{ slug: admin.slug, role: 'manager' }])
  // Nor does he who names the tenant's issuer reach what is hers everywhere: her second factor, her address, her sign-ins.
  for (const path of ['/account', '/account/everywhere', '/account/second-factor'])
    expect([path, (await browser.go(path)).status]).toEqual([path, 401])
  const other = await browser.ask(config, { resource: resourceOf(cloud.url, person.slug) })
  const proved = await browser.go(`${other.page.url.pathname}/password`, { email: person.email, password: PASSWORD })
  expect((await other.redeem(proved)).claims()?.['tenants']).toHaveLength(2)
})

test('an issuer that a tenant makes up to be somebody else gets nothing of hers', async () => {
  const thief = await cloud.newPerson({ role: 'admin' })
  const runner = await cloud.newPerson({ role: 'super-admin' })
  const own = await connect(thief, issuer.url)
  for (const victim of [admin, runner]) {
    there = newTheirs({ email: victim.email })
    const { ended } = await come(thief, own)
    expect([isIn(ended), ended.status]).toEqual([false, 403])
    // Nor by asking her to join first.
    await proveEmail(victim.personId)
    await asAdmin(thief, 'POST', 'invitations', { email: victim.email, role: 'agent' })
    const { ended: joined, browser } = await come(thief, own)
    expect(isIn(joined)).toBe(true)
    for (const resource of [resourceOf(cloud.url, admin.slug), platformOf(cloud.url)])
      expect(isIn((await browser.ask(config, { resource })).page)).toBe(false)
  }
  // And another tenant's issuer is none of this one's.
  there = newTheirs({ email: admin.email })
  expect((await come(admin, own)).ended.status).toBe(410)
})

test('neither a key nor a token for little names an issuer: whoever stole it would come back as the administrator', async () => {
  const asked = { name: 'stolen', scopes: SCOPES, madeBy: admin.personId, expiresAtMs: Date.now() + 3_600_000 }
  const key = await cloud.database.asTenant(admin.tenantId, (db) => makeApiKey(db, admin.tenantId, asked, Date.now()))
  const narrow = await signedToken(cloud, admin, { claims: { scope: 'manage:settings' } })
  for (const token of [key?.key, narrow]) {
    const { statusCode } = await cloud.app.inject({
      ...{ method: 'POST', url: `/api/v1/tenants/${admin.slug}/issuers` },
      headers: { authorization: `Bearer ${token}` },
      body: { name: 'Mine', issuer: `${issuer.url}/mine`, ...CLIENT },
    })
    expect(statusCode).toBe(403)
  }
})

test('an account that somebody made at an address that was never proved is not joined to the tenant of its owner', async () => {
  there = newTheirs()
  const email = there.email ?? ''
  // As whoever was shown an invitation's link made it, with a password of his own.
  const made = { email, name: 'Early', language: 'fr', passwordHash: 'his own', isSuperAdmin: false }
  const theirs = await cloud.store.work((db) => insertPerson(db, made, Date.now()))
  await asAdmin(admin, 'POST', 'invitations', { email, role: 'admin' })
  expect((await come(admin)).ended.status).toBe(403)
  expect((await asAdmin(admin, 'GET', 'invitations')).body).toContain(email)
  // Once it is shown that the address is hers, she is who she is.
  await proveEmail(theirs)
  const { ended, redeem } = await come(admin)
  expect((await redeem(ended)).claims()?.sub).toBe(theirs)
})

test('an address that the issuer does not vouch for links nobody, and neither does one that nobody has here', async () => {
  const person = await memberThere(admin)
  for (const more of [{ email_verified: false }, { email: '' }]) {
    there = newTheirs({ email: person.email, ...more })
    expect((await come(admin)).ended.status).toBe(403)
  }
  const { email_verified: _, ...silent } = newTheirs({ email: person.email })
  there = silent
  expect((await come(admin)).ended.status).toBe(403)
  there = newTheirs()
  expect((await come(admin)).ended.status).toBe(403)
})

test('whoever was invited joins by the issuer, without a password; taken out of the tenant she is a stranger again', async () => {
  there = newTheirs()
  await asAdmin(admin, 'POST', 'invitations', { email: there.email, role: 'agent' })
  const { ended, redeem } = await come(admin)
  const claims = (await redeem(ended)).claims()
  expect(claims).toMatchObject({ email: there.email, email_verified: false, name: 'Awa Ndiaye' })
  const entries = (await asAdmin(admin, 'GET', 'audit')).body.split('\n').filter((it) => it.includes('"MemberAdded"'))
  expect(JSON.parse(entries.at(-1) ?? '{}')).toMatchObject({ about: claims?.sub, after: { role: 'agent' } })
  expect((await asAdmin(admin, 'DELETE', `members/${claims?.sub}`)).status).toBe(204)
  expect((await come(admin)).ended.status).toBe(403)
})

test('the secret lies sealed, is told to nobody, and an issuer that is not there is not taken', async () => {
  const { body } = await asAdmin(admin, 'GET', 'issuers')
  expect(body).toContain(issuer.url)
  expect(body).not.toContain(CLIENT.clientSecret)
  const [row] = await cloud.store.asTenant(admin.tenantId, (db) =>
    db.query<{ secret_sealed: Buffer }>('select secret_sealed from tenant_issuer where issuer_id = $1', [issuerId]),
  )
  expect(row?.secret_sealed.toString('latin1')).not.toContain(CLIENT.clientSecret)
  const nowhere = { name: 'Nowhere', issuer: 'http://127.0.0.1:9', ...CLIENT }
  expect(await asAdmin(admin, 'POST', 'issuers', nowhere)).toMatchObject({
    status: 422,
    json: { code: 'IssuerUnreachable' },
  })
  expect(await asAdmin(admin, 'POST', 'issuers', { ...nowhere, issuer: issuer.url })).toMatchObject({ status: 409 })
})

describe('nobody comes in by an issuer', () => {
  let liar: Awaited<ReturnType<typeof openLiar>>
  let bank: TestPerson
  let liarId = ''
  beforeAll(async () => {
    bank = await cloud.newPerson({ role: 'admin' })
    liar = await openLiar(newTheirs({ email: bank.email }))
    liarId = await connect(bank, liar.url)
  })
  afterAll(() => liar?.close())

  test('that tells the truth but for those: what they are measured by', async () => {
    liar.lie({})
    expect(isIn((await come(bank, liarId)).ended)).toBe(true)
  })

  const nowS = Math.floor(Date.now() / 1_000)
  const lies: readonly (readonly [string, Lie])[] = [
    ['whose token is not signed', { how: 'alg none' }],
    ['whose token is signed by a key it does not show', { how: 'a key of its own' }],
    ['that gives no token of who it is', { how: 'no token' }],
    ['whose token is of another issuer', { claims: { iss: 'https://accounts.google.com' } }],
    ['whose token is for another program', { claims: { aud: 'another' } }],
    ['whose token is of another sign-in', { claims: { nonce: 'another' } }],
    ['whose token bears no sign-in', { claims: { nonce: undefined } as never }],
    ['whose token is over', { claims: { iat: nowS - 900, exp: nowS - 600 } }],
    ['whose token names nobody that a table could hold', { claims: { sub: 'a\u0000b' } }],
    ['whose answer is to another question', { state: 'another' }],
  ]
  test.each(lies)('%s', async (_, lie) => {
    liar.lie(lie)
    const { ended } = await come(bank, liarId)
    expect([isIn(ended), ended.status]).toEqual([false, 403])
    liar.lie({})
  })

  test('that says to be another than the tenant named', async () => {
    liar.lie({ saysItIs: 'https://accounts.google.com' })
    const more = await cloud.newPerson({ role: 'admin' })
    const made = await asAdmin(more, 'POST', 'issuers', { name: 'Google', issuer: liar.url, ...CLIENT })
    expect(made.status).toBe(422)
    liar.lie({})
  })

  test('in a browser that did not begin, or a second time', async () => {
    const { page, ...first } = await come(bank, liarId)
    expect(isIn(first.ended)).toBe(true)
    const elsewhere = cloud.newBrowser()
    expect((await elsewhere.go('/elsewhere/back?code=a-code&state=x')).status).toBe(410)
    expect((await elsewhere.go(`${page.url.pathname}/back`)).status).toBe(410)
    expect((await first.browser.go('/elsewhere/back?code=a-code&state=x')).status).toBe(410)
  })
})

test('an issuer whose secret cannot be read here any more lets nobody in, and that is said', async () => {
  const bank = await cloud.newPerson({ role: 'admin' })
  const spoilt = await connect(bank, issuer.url)
  await asAdministrator(cloud.administratorUrl, (db) =>
    db.query("update smartqueue_identity.tenant_issuer set secret_sealed = '\\x00' where issuer_id = $1", [spoilt]),
  )
  const { ended } = await come(bank, spoilt)
  expect([ended.status, ended.text]).toEqual([403, expect.stringContaining('Contoso')])
})

test('a tenant sees neither the issuers of another nor whom they named', async () => {
  const other = await cloud.newPerson({ role: 'admin' })
  for (const table of ['tenant_issuer', 'foreign_identity']) {
    const seen = await cloud.store.asTenant(other.tenantId, (db) => db.query(`select from ${table}`))
    const nobody = await cloud.store.work((db) => db.query(`select from ${table}`))
    expect([table, seen.length, nobody.length]).toEqual([table, 0, 0])
  }
})
