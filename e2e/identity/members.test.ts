import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INVITATION_MS } from '../../cloud-sync/identity/members/invitations.ts'
import { countMail, MAILS_A_DAY_MAX } from '../../cloud-sync/identity/people/mail-counts.ts'
import { MEMBERSHIPS_MAX, roleIn } from '../../cloud-sync/identity/people/people.ts'
import { resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { openMailer } from '../../cloud-sync/mail/mailer.ts'
import { asAdministrator, silent } from '../../cloud-sync/testing/test-database.ts'
import { SCOPES } from '../../shared/access/roles.ts'
import { ACCOUNT_TEXTS } from '../../shared/words/account.ts'
import { SIGN_IN_TEXTS } from '../../shared/words/sign-in.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from './test-identity.ts'
import { type Mailbox, openMailbox } from './test-mailbox.ts'

let mailbox: Mailbox
let cloud: TestCloudIdentity
let admin: TestPerson
let token = ''
beforeAll(async () => {
  mailbox = await openMailbox()
  const mailer = openMailer({ smtpUrl: mailbox.url, from: 'SmartQueue <queue@example.org>' }, silent)
  cloud = await openTestIdentity({ mailer })
  admin = await cloud.newPerson({ role: 'admin' })
  token = await tokenOf(admin)
}, 120_000)
afterAll(async () => {
  await cloud?.close()
  cloud?.identity.mailer?.close()
  await mailbox?.close()
})

const ALL_SCOPES = ['openid', ...SCOPES].join(' ')
const tokenOf = async (person: TestPerson, scopes: readonly string[] = SCOPES): Promise<string> => {
  const scope = ['openid', ...scopes].join(' ')
  return (await cloud.newBrowser().signIn(await cloud.discover(), person, { scope })).tokens.access_token
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

async function ask(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  as = token,
): Promise<Answer> {
  const answer = await cloud.app.inject({
    ...{ method, url: `/api/v1/tenants/${admin.slug}/${path}`, headers: { authorization: `Bearer ${as}` } },
    ...(body !== undefined && { body }),
  })
  return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Record<string, unknown>>() }
}

const newAddress = (): string => `${randomUUID()}@example.org`
const membersNow = async () =>
  (await ask('GET', 'members')).body['items'] as {
    email: string
    personId: string
    role: string
    isEmailProved: boolean
  }[]
/** As the tables have it, whoever may still ask. */
const administratorsOf = async (tenantId: string): Promise<number> =>
  (
    await cloud.store.asTenant(tenantId, (db) =>
      db.query("select from member where tenant_id = $1 and role = 'admin'", [tenantId]),
    )
  ).length
const memberBy = async (email: string) => (await membersNow()).find((it) => it.email === email)

/** Somebody new, by the mail she gets. */
async function join(email: string, role: string): Promise<string> {
  expect(await ask('POST', 'invitations', { email, role, language: 'en' })).toMatchObject({
    ...{ status: 201, body: { delivery: 'mailed', link: null } },
  })
  const { link } = await mailbox.latest(email)
  const page = await cloud.newBrowser().go(link, { name: 'Moussa', password: PASSWORD })
  expect(page.status).toBe(201)
  return link
}

test('a token that may only change settings gives no role: whoever stole it would invite himself as administrator', async () => {
  const narrow = await tokenOf(admin, ['read:agent', 'manage:settings'])
  const email = newAddress()
  for (const role of ['admin', 'manager', 'agent'])
    expect(await ask('POST', 'invitations', { email, role, language: 'en' }, narrow)).toMatchObject({
      ...{ status: 403, body: { code: 'Forbidden' } },
    })
  const self = await memberBy(admin.email)
  expect((await ask('PATCH', `members/${self?.personId}`, { role: 'manager' }, narrow)).status).toBe(403)
  expect((await memberBy(admin.email))?.role).toBe('admin')
})

test('somebody new is invited by mail, chooses a password, and is what she was invited as; the link works once', async () => {
  const email = newAddress()
  const link = await join(email, 'manager')
  expect(await memberBy(email)).toMatchObject({ role: 'manager', isEmailProved: true })
  const again = await cloud.newBrowser().go(link, { name: 'Somebody else', password: PASSWORD })
  expect(again.status).toBe(410)
  const { tokens } = await cloud.newBrowser().signIn(await cloud.discover(), { ...admin, email }, { scope: ALL_SCOPES })
  expect(tokens.claims()).toMatchObject({
    email,
    email_verified: true,
    tenants: [{ slug: admin.slug, role: 'manager' }],
  })
  expect((await ask('POST', 'invitations', { email: newAddress(), role: 'agent' }, tokens.access_token)).status).toBe(
    403,
  )
})

test('who is a member of as many tenants as anybody may be joins no more, works in each of them, and the invitation stays', async () => {
  const person = await cloud.newPerson({ role: 'manager' })
  await asAdministrator(cloud.administratorUrl, (db) =>
    db.query(
      `with made as (insert into smartqueue.tenant_directory
         select gen_random_uuid(), 'crowd-' || n || $1 from generate_series(1, ${MEMBERSHIPS_MAX - 1}) n returning tenant_id)
       insert into smartqueue_identity.member select tenant_id, $1::uuid, 'agent', now() - interval '1 day' from made`,
      [person.personId],
    ),
  )
  const { body } = await ask('POST', 'invitations', { email: person.email, role: 'agent', language: 'en' })
  const { link } = await mailbox.latest(person.email)
  const refused = await cloud.newBrowser().go(link, { password: PASSWORD })
  expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(ACCOUNT_TEXTS.fr.membershipsFull)])
  const open = (await ask('GET', 'invitations')).body['items'] as { invitationId: string }[]
  expect(open.map(({ invitationId }) => invitationId)).toContain(body['invitationId'])
  await ask('DELETE', `invitations/${body['invitationId']}`)
  // Her own tenant is the latest, and no page lists more than those.
  await cloud.store.asTenant(admin.tenantId, (db) =>
    db.query("insert into member values ($1, $2, 'agent', now() + interval '1 day')", [
      admin.tenantId,
      person.personId,
    ]),
  )
  expect(await roleIn(cloud.store, person.personId, admin.tenantId)).toBe('agent')
  const here = await tokenOf({ ...person, slug: admin.slug }, ['read:queue'])
  expect((await ask('GET', 'branches', undefined, here)).status).toBe(200)
})

test('whoever has an account joins by its password, and works in both tenants', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  await ask('POST', 'invitations', { email: person.email, role: 'admin' })
  const { link } = await mailbox.latest(person.email)
  const browser = cloud.newBrowser()
  expect((await browser.go(link)).text).toContain('current-password')
  // The link alone makes nobody her: neither a new password nor a wrong one.
  expect((await browser.go(link, { name: 'Thief', password: 'another sentence of mine' })).status).toBe(422)
  expect((await browser.go(link, { password: PASSWORD })).status).toBe(201)
  const config = await cloud.discover()
  for (const slug of [person.slug, admin.slug]) {
    const { tokens } = await cloud.newBrowser().signIn(config, { ...person, slug })
    expect(tokens.claims()?.['tenants']).toHaveLength(2)
  }
})

test('an invitation is over when it is too old, taken back or followed by a later one', async () => {
  const email = newAddress()
  const linkOf = async (): Promise<string> => {
    const before = mailbox.letters.length
    await ask('POST', 'invitations', { email, role: 'agent' })
    await expect.poll(() => mailbox.letters.length).toBeGreaterThan(before)
    return (await mailbox.latest(email)).link
  }
  const browser = cloud.newBrowser()
  const [earlier, later] = [await linkOf(), await linkOf()]
  expect((await browser.go(earlier)).status).toBe(410)
  expect((await browser.go(later)).status).toBe(200)
  const [open] = (await ask('GET', 'invitations')).body['items'] as { email: string; invitationId: string }[]
  expect(open).toMatchObject({ email })
  expect((await ask('DELETE', `invitations/${open?.invitationId}`)).status).toBe(204)
  expect((await browser.go(later)).status).toBe(410)
  expect(await ask('DELETE', `invitations/${open?.invitationId}`)).toMatchObject({
    status: 404,
    body: { code: 'InvitationUnknown' },
  })
  const last = await linkOf()
  cloud.pass(INVITATION_MS)
  expect((await browser.go(last)).status).toBe(410)
  cloud.pass(-INVITATION_MS)
})

test('a mail that cannot go is never lost without a word: whoever invites is given the link', async () => {
  const email = newAddress()
  mailbox.refuse(true)
  const { body } = await ask('POST', 'invitations', { email, role: 'agent' })
  mailbox.refuse(false)
  expect(body).toMatchObject({ delivery: 'failed', link: expect.stringContaining('/join/') as string })
  expect((await cloud.newBrowser().go(String(body['link']), { name: 'Fatou', password: PASSWORD })).status).toBe(201)
  // Whoever handed the link on may have used it: the address is not shown to be hers.
  expect(await memberBy(email)).toMatchObject({ isEmailProved: false })
})

test('a link that was handed on tells nobody whether the address has an account, nor does what is typed there', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const links: { readonly email: string; readonly link: string }[] = []
  mailbox.refuse(true)
  for (const email of [person.email, newAddress()])
    links.push({ email, link: String((await ask('POST', 'invitations', { email, role: 'agent' })).body['link']) })
  mailbox.refuse(false)
  const seen = async (form?: Readonly<Record<string, string>>) => {
    const pages = []
    for (const { email, link } of links) {
      const { status, text } = await cloud.newBrowser().go(link, form)
      pages.push({ status, text: text.replaceAll(email, 'her').replaceAll(/\/join\/[\w-]+/g, 'here') })
    }
    return pages
  }
  for (const form of [undefined, { password: 'short' }, { password: 'Password1234', name: '', code: '' }]) {
    const [known, unknown] = await seen(form)
    expect([form, unknown]).toEqual([form, known])
  }
  // Once it is locked, it is for the one as for the other; and the tenant's audit names nobody.
  for (let count = 0; count < 4; count += 1) {
    const [known, unknown] = await seen({ password: 'short' })
    expect(unknown).toEqual(known)
    if (count === 3) expect(known?.text).toContain(SIGN_IN_TEXTS.fr.locked)
  }
  const audit = await cloud.app.inject({
    ...{ url: `/api/v1/tenants/${admin.slug}/audit`, headers: { authorization: `Bearer ${token}` } },
  })
  expect(audit.body).toContain('SignInRefused')
  expect(audit.body).not.toContain(person.personId)
  // Whoever knows her password joins; whoever is new chooses one.
  const entered = []
  cloud.pass(2 * 24 * 3_600_000)
  for (const { link } of links)
    entered.push((await cloud.newBrowser().go(link, { password: PASSWORD, name: '', code: '' })).status)
  cloud.pass(-2 * 24 * 3_600_000)
  expect(entered).toEqual([201, 201])
})

test('nobody’s mailbox is filled by whoever invites the same address for ever: the rest is handed over', async () => {
  const email = newAddress()
  for (let count = 0; count < MAILS_A_DAY_MAX - 1; count += 1)
    await cloud.store.work((db) => countMail(db, cloud.store, { kind: 'invitation', email }, Date.now()))
  const deliveries = []
  for (let count = 0; count < 2; count += 1)
    deliveries.push((await ask('POST', 'invitations', { email, role: 'agent' })).body['delivery'])
  expect(deliveries).toEqual(['mailed', 'failed'])
})

test('an address that is none, or one that is a member already, is not invited', async () => {
  for (const email of [
    'nobody',
    'a@b',
    'one@example.org,two@example.org',
    'Name <x@example.org>',
    'a@b.c\r\nBcc: d@e.f',
  ])
    expect([email, (await ask('POST', 'invitations', { email, role: 'agent' })).status]).toEqual([email, 400])
  expect(await ask('POST', 'invitations', { email: admin.email.toUpperCase(), role: 'agent' })).toMatchObject({
    ...{ status: 409, body: { code: 'AlreadyMember' } },
  })
  expect((await ask('POST', 'invitations', { email: newAddress(), role: 'owner' })).status).toBe(400)
})

test('a role is changed and taken at once, and a tenant never loses its last administrator, also when two leave at once', async () => {
  const [first, second] = [newAddress(), newAddress()]
  await join(first, 'admin')
  await join(second, 'agent')
  const idOf = async (email: string): Promise<string> => (await memberBy(email))?.personId ?? ''
  expect((await ask('PATCH', `members/${await idOf(second)}`, { role: 'manager' })).status).toBe(200)
  expect(await memberBy(second)).toMatchObject({ role: 'manager' })
  const theirs = await cloud.newPerson({ role: 'admin' })
  expect((await ask('DELETE', `members/${theirs.personId}`)).status).toBe(404)
  expect((await ask('DELETE', `members/${await idOf(second)}`)).status).toBe(204)
  expect(await memberBy(second)).toBeUndefined()
  // Both are administrators, and each takes the other out at the same moment.
  const others = (await membersNow()).filter(
    ({ role, email }) => role === 'admin' && ![first, admin.email].includes(email),
  )
  for (const { personId } of others) await ask('PATCH', `members/${personId}`, { role: 'agent' })
  const both = [await idOf(first), admin.personId]
  const outcomes = await Promise.all(both.map((personId) => ask('PATCH', `members/${personId}`, { role: 'agent' })))
  // Who asks is one of the two: once he is out, he is not listened to any more; before, he is told that he is the last.
  const [done, refused] = outcomes.map(({ status }) => status).toSorted()
  expect([done, [403, 409].includes(refused ?? 0)]).toEqual([200, true])
  expect(await administratorsOf(admin.tenantId)).toBe(1)
})

test('who is taken out of a tenant gets no further token for it', async () => {
  const person = await cloud.newPerson({ role: 'manager' })
  const config = await cloud.discover()
  const { tokens } = await cloud.newBrowser().signIn(config, person)
  await cloud.store.asTenant(person.tenantId, (db) =>
    db.query('delete from member where person_id = $1', [person.personId]),
  )
  const answer = await fetch(`${cloud.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
      client_id: 'dashboard',
    }),
  })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  await expect(
    cloud.newBrowser().signIn(config, person, { resource: resourceOf(cloud.url, person.slug) }),
  ).rejects.toMatchObject({ error: 'access_denied' })
})

test('a cloud without a mail server shows the link, and says that nothing was sent', async () => {
  const bare = await openTestIdentity()
  const person = await bare.newPerson({ role: 'admin' })
  const { tokens } = await bare.newBrowser().signIn(await bare.discover(), person, { scope: ALL_SCOPES })
  const made = await bare.app.inject({
    ...{
      method: 'POST',
      url: `/api/v1/tenants/${person.slug}/invitations`,
      body: { email: newAddress(), role: 'agent' },
    },
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  expect([made.statusCode, made.json<object>()]).toMatchObject([
    201,
    { delivery: 'not-configured', link: expect.stringContaining(`${bare.url}/join/`) as string },
  ])
  expect((await bare.newBrowser().go('/forgot')).status).toBe(503)
  expect((await bare.newBrowser().go('/forgot', { email: person.email })).status).toBe(503)
  await bare.close()
})
