import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addIssuer, ISSUERS_MAX } from '../../cloud-sync/identity/elsewhere/issuers.ts'
import { INVITATIONS_MAX, invite } from '../../cloud-sync/identity/members/invitations.ts'
import { beginTotp, newTotp, proveCode } from '../../cloud-sync/identity/people/second-factor.ts'
import { openTestIdentity, type TestCloudIdentity } from './test-identity.ts'

// Two who ask at once are counted like two who ask in turn.

const AT_ONCE = 4
const nothing = (): Promise<void> => Promise.resolve()
const atOnce = <Done>(act: (at: number) => Promise<Done>): Promise<readonly Done[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, at) => act(at)))

let cloud: TestCloudIdentity
beforeAll(async () => {
  cloud = await openTestIdentity()
}, 120_000)
afterAll(() => cloud?.close())

test('the last place for an invitation is given once', async () => {
  const { tenantId, personId: madeBy } = await cloud.newPerson({ role: 'admin' })
  await cloud.store.work((db) =>
    db.query(
      `insert into link (token_hash, purpose, email, tenant_id, role, language, link_id, expires_at)
       select sha256((n || $1)::bytea), 'invitation', n || '@example.org', $1::uuid, 'agent', 'fr', gen_random_uuid(),
         now() + interval '1 day' from generate_series(1, ${INVITATIONS_MAX - 1}) n`,
      [tenantId],
    ),
  )
  const asked = { role: 'agent', language: 'fr', madeBy } as const
  const invited = await atOnce(() =>
    invite(cloud.store, tenantId, { ...asked, email: `${randomUUID()}@example.org` }, Date.now(), nothing),
  )
  expect(invited.map(({ kind }) => kind).toSorted()).toEqual([...Array(3).fill('InvitationsTooMany'), 'Invited'])
})

test('the last place for an issuer is given once', async () => {
  const { tenantId } = await cloud.newPerson({ role: 'admin' })
  const named = (issuer: string) => {
    const asked = { tenantId, name: 'Contoso', issuer, clientId: 'a', clientSecret: 'b', madeBy: null }
    return addIssuer(cloud.store, asked, Date.now(), nothing)
  }
  for (let at = 1; at < ISSUERS_MAX; at += 1) await named(`https://${at}.example.org`)
  const added = await atOnce((at) => named(`https://last-${at}.example.org`))
  expect(added.map(({ kind }) => kind).toSorted()).toEqual(['Added', ...Array(3).fill('IssuersTooMany')])
})

test('of second factors that are begun at once one is, with its own codes', async () => {
  const { personId, email } = await cloud.newPerson({ role: 'agent' })
  const begun = await atOnce(() => {
    const { secret } = newTotp(email)
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    return beginTotp(cloud.store, personId, { secret, code }, Date.now())
  })
  const [codes = [], ...others] = begun.filter((it) => it !== null)
  expect(others).toEqual([])
  expect(await proveCode(cloud.store, personId, codes[0] ?? '', Date.now())).toBeNull()
  const kept = await cloud.store.work((db) => db.query('select from backup_code where person_id = $1', [personId]))
  expect(kept).toHaveLength(codes.length - 1)
})
