import { expect, test } from 'vitest'
import { openTestBranch } from '../../branch-server/testing/test-branch.ts'
import { AUDIT_CODES, type RouteAudit } from '../../shared/audit/operations.ts'
import { openTestIdentity, PASSWORD } from '../identity/test-identity.ts'

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
