import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { openTestIdentity, type TestCloudIdentity } from './test-identity.ts'

let cloud: TestCloudIdentity
beforeAll(async () => {
  cloud = await openTestIdentity()
}, 120_000)
afterAll(() => cloud?.close())

test('somebody signs in by a client that we did not write, refreshes and signs out', async () => {
  const person = await cloud.newPerson({ role: 'manager' })
  const config = await cloud.discover()
  const browser = cloud.newBrowser()
  const { tokens, verifier } = await browser.signIn(config, person)
  expect(verifier).toHaveLength(43)
  const keys = createRemoteJWKSet(new URL(`${cloud.url}/oauth/keys`))
  const { payload } = await jwtVerify(tokens.access_token, keys, {
    issuer: cloud.url,
    audience: resourceOf(cloud.url, person.slug),
  })
  expect(payload['scope']).toContain('manage:queue')
  expect(payload['scope']).not.toContain('manage:settings')
  expect(tokens.claims()).toMatchObject({ email: person.email, tenants: [{ slug: person.slug, role: 'manager' }] })
  const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
  expect(next.refresh_token).not.toBe(tokens.refresh_token)
  const asked = await fetch(`${cloud.url}/api/v1/tenants/${person.slug}/set-aside`, {
    headers: { authorization: `Bearer ${next.access_token}` },
  })
  expect(asked.status, await asked.clone().text()).toBe(200)
  await client.tokenRevocation(config, next.refresh_token ?? '')
  await expect(client.refreshTokenGrant(config, next.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  })
})
