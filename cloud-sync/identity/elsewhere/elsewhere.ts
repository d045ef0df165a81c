import * as client from 'openid-client'
import type { ForeignClaims } from './foreign-person.ts'
import type { Issuer, IssuerWithSecret, KeptIssuer } from './issuers.ts'
import { createOutwardFetch } from './outward-fetch.ts'

/** Sign-in by an issuer of others: code with PKCE, state and nonce, by a client that is certified for it. */

/** What one such sign-in must come back with; kept by the browser, sealed. */
export interface Expected {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface Elsewhere {
  /** Asks whether the issuer is there and is who it says. @throws when not */
  meet(issuer: IssuerWithSecret): Promise<void>
  /** @returns where the browser goes, and what it must come back with */
  begin(issuer: KeptIssuer): Promise<{ readonly url: URL; readonly expected: Expected }>
  /** @throws when the answer is not the one that was expected, or not of this issuer */
  finish(issuer: KeptIssuer, answeredAt: URL, expected: Expected): Promise<ForeignClaims>
}

/** Its keys and addresses are asked for anew after that. */
const KNOWN_MS = 10 * 60_000
const KNOWN_MAX = 100
const MICROSOFT = 'https://login.microsoftonline.com/'

/** By what the issuer says it takes; what says nothing takes the usual. */
const secretBy =
  (secret: string): client.ClientAuth =>
  (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const auth = methods.includes('client_secret_basic') ? client.ClientSecretBasic : client.ClientSecretPost
    return auth(secret)(server, ...rest)
  }

const TEXT_LENGTH_MAX = 254
/** What no table can hold is nothing that an issuer says. */
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && /^[^\p{Cc}]+$/u.test(value) && value.length <= TEXT_LENGTH_MAX ? value : null

/** Microsoft lets its tenants write any address, and says beside it whether the domain's owner stands for it. */
const isProved = ({ issuer }: Issuer, claims: Readonly<Record<string, unknown>>): boolean =>
  claims['email_verified'] === true ||
  (issuer.startsWith(MICROSOFT) && [true, 1, '1', 'true'].includes(claims['xms_edov'] as string))

/** @param mayBeInside - of tests alone: issuers are on this machine, in the clear */
export function createElsewhere(redirectUri: string, nowMs: () => number, mayBeInside: boolean): Elsewhere {
  const known = new Map<string, { readonly atMs: number; readonly config: Promise<client.Configuration> }>()
  const ask = createOutwardFetch(mayBeInside)

  const discover = ({ issuer, clientId, clientSecret }: IssuerWithSecret): Promise<client.Configuration> =>
    client.discovery(new URL(issuer), clientId, undefined, secretBy(clientSecret), {
      [client.customFetch]: (url, { method, headers, body }) => ask(url, { method, headers, body }),
      // The signature is looked at, too, although the token comes over TLS from whoever signed it.
      execute: [client.enableNonRepudiationChecks, ...(mayBeInside ? [client.allowInsecureRequests] : [])],
    })

  async function configOf({ clientSecret, ...issuer }: KeptIssuer): Promise<client.Configuration> {
    if (clientSecret === null)
      throw new Error('its secret cannot be read here any more: take the issuer away and name it anew')
    const found = known.get(issuer.issuerId)
    if (found !== undefined && nowMs() - found.atMs < KNOWN_MS) return found.config
    known.delete(issuer.issuerId)
    const [oldest] = known.keys()
    if (oldest !== undefined && known.size >= KNOWN_MAX) known.delete(oldest)
    const config = discover({ ...issuer, clientSecret })
    known.set(issuer.issuerId, { atMs: nowMs(), config })
    // A failure is not remembered: the next try asks again.
    config.catch(() => known.delete(issuer.issuerId))
    return config
  }

  return {
    async meet(issuer) {
      await discover(issuer)
    },
    async begin(issuer) {
      const config = await configOf(issuer)
      const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
      const url = client.buildAuthorizationUrl(config, {
        ...{ redirect_uri: redirectUri, scope: 'openid email profile', state, nonce },
        ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      })
      return { url, expected: { state, nonce, verifier } }
    },
    async finish(issuer, answeredAt, { state, nonce, verifier }) {
      const config = await configOf(issuer)
      const tokens = await client.authorizationCodeGrant(config, answeredAt, {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
      })
      const said = tokens.claims()
      const subject = textOf(said?.sub)
      if (said === undefined || subject === null) throw new Error('The issuer said nothing of who it is')
      // Some tell the address only when they are asked.
      const more = 'email' in said ? {} : await client.fetchUserInfo(config, tokens.access_token, said.sub)
      const claims: Readonly<Record<string, unknown>> = { ...more, ...said }
      return {
        ...{ subject, email: textOf(claims['email']), name: textOf(claims['name']) },
        isEmailProved: isProved(issuer, claims),
      }
    },
  }
}
