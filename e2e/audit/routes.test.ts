import * as client from 'openid-client'
import { expect, test } from 'vitest'
import { openTestBranch } from '../../branch-server/testing/test-branch.ts'
import { auditAfter, PLATFORM } from '../../cloud-sync/audit/entries.ts'
import { firstLink } from '../../cloud-sync/identity/people/links.ts'
import { findPersonByEmail } from '../../cloud-sync/identity/people/people.ts'
import { asAdministrator } from '../../cloud-sync/testing/test-database.ts'
import { testKey } from '../../cloud-sync/testing/test-key.ts'
import { SCOPES } from '../../shared/access/roles.ts'
import { AUDIT_CODES, type RouteAudit } from '../../shared/audit/operations.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity } from '../identity/test-identity.ts'

const isSaid = (audit: RouteAudit | null): boolean =>
  typeof audit === 'string' ? AUDIT_CODES.includes(audit) : (audit?.none.length ?? 0) > 10

/** Routes that write, and those of them that say neither what is audited nor why nothing is. */
function writing({ routeAudits }: { readonly routeAudits: ReadonlyMap<string, RouteAudit | null> }) {
  const routes = [...routeAudits].filter(([route]) => /^(POST|PUT|PATCH|DELETE) /.test(route))
  return { count: routes.length, silent: routes.filter(([, audit]) => !isSaid(audit)).map(([route]) => route) }
}

test('each route of a branch that writes says what is audited of it, or why nothing is', async () => {
  await using branch = await openTestBranch({ catalogue: null, logLevel: 'silent' })
  const { count, silent } = writing(branch.running.app)
  expect(count).toBeGreaterThan(60)
  expect(silent).toEqual([])
})

test('each route of the cloud that writes says so, too, and so does the sign-in', async () => {
  const identity = await openTestIdentity()
  const { count, silent } = writing(identity.app)
  await identity.close()
  expect(count).toBeGreaterThan(20)
  expect(silent).toEqual([])
})

interface Entry {
  readonly code: string
  readonly [name: string]: unknown
}

async function bodiesOf({ database }: TestCloudIdentity, tenantId: string): Promise<readonly Entry[]> {
  const rows = await database.asTenant(tenantId, (db) => auditAfter(db, tenantId, 0))
  return rows.map(({ body }) => JSON.parse(body) as Entry)
}

test('who signs in to a tenant, and who is refused, is in its audit; who may read it is whoever answers for it', async () => {
  const identity = await openTestIdentity()
  const config = await identity.discover()
  const admin = await identity.newPerson({ role: 'admin' })
  const { tokens } = await identity.newBrowser().signIn(config, admin)
  const wrong = identity.newBrowser().signIn(config, { ...admin, email: 'nobody@example.org' })
  await expect(wrong).rejects.toThrow()
  const ask = (url: string) =>
    fetch(`${identity.url}${url}`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
  const lines = (await (await ask(`/api/v1/tenants/${admin.slug}/audit`)).text()).trimEnd().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as Entry)
  expect(entries.map(({ code }) => code)).toEqual(['ChainBegan', 'SignedIn', 'SignInRefused', 'AuditExported'])
  expect(entries[1]).toMatchObject({ actor: { kind: 'person', id: admin.personId }, about: admin.personId })
  expect(entries[2]).toMatchObject({ actor: { kind: 'stranger', id: null }, about: null, address: '127.0.0.1' })
  expect(entries[3]).toMatchObject({ actor: { kind: 'person', id: admin.personId } })
  for (const planted of [admin.email, 'nobody@example.org', PASSWORD, tokens.access_token, tokens.refresh_token ?? '-'])
    expect(lines.join()).not.toContain(planted)
  const manager = await identity.newPerson({ role: 'manager' })
  const other = await identity.newBrowser().signIn(config, manager)
  const refused = await fetch(`${identity.url}/api/v1/tenants/${manager.slug}/audit`, {
    headers: { authorization: `Bearer ${other.tokens.access_token}` },
  })
  expect([refused.status, (await ask('/api/v1/audit')).status]).toEqual([403, 401])
  await identity.close()
})

test('a stolen token, a change of tenant, a sign-out everywhere and a key made on the machine are audited, each where it belongs', async () => {
  const identity = await openTestIdentity()
  const config = await identity.discover()
  const admin = await identity.newPerson({ role: 'admin' })
  const { tokens, again } = await identity.newBrowser().signIn(config, admin)
  const first = tokens.refresh_token ?? ''
  await client.refreshTokenGrant(config, first)
  // Long after: whoever asks again so late is not the one who asked first.
  identity.pass(60_000)
  await expect(client.refreshTokenGrant(config, first)).rejects.toMatchObject({ error: 'invalid_grant' })
  await expect(again()).rejects.toMatchObject({ error: 'invalid_grant' })
  expect((await bodiesOf(identity, admin.tenantId)).filter(({ code }) => code === 'TokenReused')).toMatchObject([
    { actor: { kind: 'stranger', id: null }, about: admin.personId, address: '127.0.0.1' },
  ])

  const there = await identity.newPerson({ role: 'admin' })
  await identity.store.asTenant(there.tenantId, (db) =>
    db.query("insert into member values ($1, $2, 'agent', now())", [there.tenantId, admin.personId]),
  )
  const browser = identity.newBrowser()
  const { page } = await browser.ask(config)
  const asked = await browser.go(`${page.url.pathname}/password`, { email: admin.email, password: PASSWORD })
  await browser.go(asked.url.pathname.replace(/\/?$/, '/place'), { place: there.slug })
  expect((await bodiesOf(identity, there.tenantId)).at(-1)).toMatchObject({
    ...{ code: 'TenantSwitched', actor: { kind: 'person', id: admin.personId }, about: admin.personId },
  })

  expect((await browser.go('/account/everywhere', {})).status).toBe(200)
  await testKey(identity.administratorUrl, Date.now())
  const platform = await bodiesOf(identity, PLATFORM)
  expect(platform.find(({ code }) => code === 'SignedOutEverywhere')).toMatchObject({ about: admin.personId })
  expect(platform.at(-1)).toMatchObject({
    ...{ code: 'KeyMade', actor: { kind: 'system', id: 'command' }, after: { kind: 'setup' } },
  })
  await identity.close()
})

test('the audit names who made, joined or changed something, and what, and at whom somebody guessed', async () => {
  const identity = await openTestIdentity()
  const token = await firstLink(identity.store, Date.now())
  const runner = { name: 'Awa', email: 'awa@example.org', password: PASSWORD }
  expect((await identity.newBrowser().go(`/first/${token}`, runner)).status).toBe(201)
  const [admin, known] = [await identity.newPerson({ role: 'admin' }), await identity.newPerson({ role: 'agent' })]
  const config = await identity.discover()
  const scope = ['openid', ...SCOPES].join(' ')
  const { tokens } = await identity.newBrowser().signIn(config, admin, { scope })
  const make = async (what: string, body: object): Promise<Readonly<Record<string, string>>> => {
    const answer = await identity.app.inject({
      ...{ method: 'POST', url: `/api/v1/tenants/${admin.slug}/${what}`, body },
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect([what, answer.statusCode]).toEqual([what, 201])
    return answer.json<Record<string, string>>()
  }
  const browser = identity.newBrowser()
  const join = async ({ link = '' }, typed: Readonly<Record<string, string>>) => (await browser.go(link, typed)).status
  const newcomer = await make('invitations', { email: 'new@example.org', role: 'manager' })
  expect(await join(newcomer, { name: 'Moussa', password: PASSWORD })).toBe(201)
  const invited = await make('invitations', { email: known.email, role: 'agent' })
  expect(await join(invited, { password: 'not the sentence' })).toBe(422)
  expect(await join(invited, { password: PASSWORD })).toBe(201)
  const key = await make('api-keys', { name: 'till', scopes: ['read:queue'], days: 1 })
  const webhook = await make('webhooks', { url: 'https://example.org/hook', topics: ['ticket'] })
  const joined = (await findPersonByEmail(identity.store, 'new@example.org'))?.personId
  const who = ({ code, actor, about }: Entry) => [code, (actor as { readonly id: string | null }).id, about]
  expect((await bodiesOf(identity, admin.tenantId)).slice(2).map(who)).toEqual([
    ['MemberInvited', admin.personId, newcomer['invitationId']],
    ['MemberAdded', joined, joined],
    ['MemberInvited', admin.personId, invited['invitationId']],
    // The link was handed over, not mailed: the tenant is not told that the address has an account.
    ['SignInRefused', null, null],
    ['MemberAdded', known.personId, known.personId],
    ['KeyMade', admin.personId, key['keyId']],
    ['WebhookSet', admin.personId, webhook['webhookId']],
  ])

  await browser.signIn(config, known)
  await browser.go('/account/second-factor')
  const tried = await browser.go('/account/second-factor/on', { code: '000000', password: 'not the sentence' })
  expect(tried.status).toBe(422)
  const firstId = (await findPersonByEmail(identity.store, runner.email))?.personId
  expect((await bodiesOf(identity, PLATFORM)).slice(1).map(who)).toEqual([
    ['FirstAdministratorMade', firstId, firstId],
    ['SignInRefused', known.personId, known.personId],
  ])
  await identity.close()
})

test('whoever may not write the audit changes nothing either: what is changed and what is said of it are one', async () => {
  const identity = await openTestIdentity()
  const admin = await identity.newPerson({ role: 'admin' })
  const colleague = await identity.newColleague(admin, 'agent')
  const scope = ['openid', ...SCOPES].join(' ')
  const { tokens } = await identity.newBrowser().signIn(await identity.discover(), admin, { scope })
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  const at = `/api/v1/tenants/${admin.slug}`
  await asAdministrator(identity.administratorUrl, (it) =>
    it.query(`create function public.refuse() returns trigger language plpgsql as $$ begin raise 'no more room'; end $$;
      create trigger full_audit before insert on smartqueue.audit_entry for each row
        when (new.tenant_id = '${admin.tenantId}') execute function public.refuse()`),
  )
  const days = { name: 'till', scopes: ['read:queue'], days: 1 }
  const tries = [
    ['PATCH', `${at}/members/${colleague.personId}`, { role: 'manager' }],
    ['DELETE', `${at}/members/${colleague.personId}`, undefined],
    ['POST', `${at}/invitations`, { email: 'new@example.org', role: 'agent' }],
    ['POST', `${at}/api-keys`, days],
    ['POST', `${at}/webhooks`, { url: 'https://example.org/hook', topics: ['ticket'] }],
    ['POST', `${at}/members/${colleague.personId}/password-link`, undefined],
  ] as const
  for (const [method, url, body] of tries)
    expect([
      url,
      (await identity.app.inject({ method, url, headers, ...(body !== undefined && { body }) })).statusCode,
    ]).toEqual([url, 500])
  await asAdministrator(identity.administratorUrl, (it) =>
    it.query('drop trigger full_audit on smartqueue.audit_entry; drop function public.refuse()'),
  )
  const listed = async (what: string) =>
    (await identity.app.inject({ url: `${at}/${what}`, headers })).json<{ items: { role?: string }[] }>().items
  expect((await listed('members')).map(({ role }) => role).toSorted()).toEqual(['admin', 'agent'])
  for (const what of ['invitations', 'api-keys', 'webhooks']) expect([what, await listed(what)]).toEqual([what, []])
  await identity.close()
})
