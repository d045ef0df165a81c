import { randomUUID } from 'node:crypto'
import { importJWK, type JWTPayload, SignJWT } from 'jose'
import { platformOf, resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { signingKeys } from '../../cloud-sync/identity/provider/signing-keys.ts'
import type { TestCloudIdentity, TestPerson } from './test-identity.ts'

export interface Forged {
  readonly claims?: JWTPayload
  readonly typ?: string
}

const isForPlatform = ({ url }: Pick<TestCloudIdentity, 'url'>, { aud }: JWTPayload): boolean => aud === platformOf(url)

/** A person's token as the cloud itself would sign it, but for what is said. */
export async function signedToken(
  cloud: Pick<TestCloudIdentity, 'url' | 'store'>,
  person: Pick<TestPerson, 'personId' | 'slug'>,
  { claims = {}, typ = 'at+jwt' }: Forged = {},
): Promise<string> {
  const [key] = await signingKeys(cloud.store, Date.now())
  const nowS = Math.floor(Date.now() / 1_000)
  return new SignJWT({
    ...{ iss: cloud.url, aud: resourceOf(cloud.url, person.slug), sub: person.personId, client_id: 'dashboard' },
    // What else it says follows from who runs the cloud and who does not.
    ...{
      tenant: isForPlatform(cloud, claims) ? null : person.slug,
      role: isForPlatform(cloud, claims) ? 'platform' : 'admin',
    },
    ...{ iat: nowS, exp: nowS + 600, jti: randomUUID(), scope: 'read:queue manage:queue manage:settings read:reports' },
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ, ...(key?.kid !== undefined && { kid: key.kid }) })
    .sign(await importJWK(key ?? {}, 'ES256'))
}
