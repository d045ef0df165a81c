import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import Provider from 'oidc-provider'
import { freePort } from '../../cloud-sync/postgres/free-port.ts'

export const CLIENT = { clientId: 'smartqueue', clientSecret: 'a secret of this test, long enough' }

/** Who is signed in at an issuer of others, as it tells it. */
export interface TheirPerson {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

export interface TestIssuer {
  readonly url: string
  close(): Promise<void>
}

const listening = async (server: Server, port: number): Promise<void> => {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
}
const ended = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** A real issuer that we did not write, at which somebody is signed in already. */
export async function openIssuer(redirectUri: string, whoIsThere: () => TheirPerson): Promise<TestIssuer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const provider = new Provider(url, {
    clients: [{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: [redirectUri] }],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    interactions: { url: (_ctx, { uid }) => `/there/${uid}` },
    cookies: { keys: ['of this test'], names: { session: 'theirs', interaction: 'their_way', resume: 'their_resume' } },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => Promise.resolve({ ...whoIsThere() }) }),
    async loadExistingGrant({ oidc }) {
      const { client, session } = oidc
      if (client === undefined || session?.accountId === undefined) return undefined
      const grant = new oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/there/') !== true) return void answer(request, response)
    return void provider.interactionFinished(request, response, { login: { accountId: whoIsThere().sub } })
  })
  await listening(server, port)
  return { url, close: () => ended(server) }
}

/** How an issuer lies. */
export interface Lie {
  readonly claims?: JWTPayload
  readonly how?: 'alg none' | 'a key of its own' | 'no token'
  /** What it says that it is, where it is asked for. */
  readonly saysItIs?: string
  readonly state?: string
}

/** An issuer of our own making that lies as it is told. */
export async function openLiar(person: TheirPerson): Promise<TestIssuer & { lie(as: Lie): void }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const [keys, others] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
  ])
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'theirs', alg: 'RS256', use: 'sig' }
  let lie: Lie = {}
  let nonce = ''

  async function idToken(): Promise<string> {
    const nowS = Math.floor(Date.now() / 1_000)
    const claims = {
      ...{ iss: url, aud: CLIENT.clientId, iat: nowS, exp: nowS + 300, nonce, ...person },
      ...lie.claims,
    }
    if (lie.how === 'alg none') return new UnsecuredJWT(claims).encode()
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'theirs' })
      .sign(lie.how === 'a key of its own' ? others.privateKey : keys.privateKey)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = new URL(request.url ?? '/', url)
    const say = (body: object): void => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (asked.pathname === '/.well-known/openid-configuration')
      return say({
        ...{ issuer: lie.saysItIs ?? url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token` },
        ...{ jwks_uri: `${url}/keys`, response_types_supported: ['code'], subject_types_supported: ['public'] },
        id_token_signing_alg_values_supported: ['RS256'],
      })
    if (asked.pathname === '/keys') return say({ keys: [jwk] })
    if (asked.pathname === '/token') {
      const token = { access_token: randomUUID(), token_type: 'bearer', expires_in: 60 }
      return say(lie.how === 'no token' ? token : { ...token, id_token: await idToken() })
    }
    nonce = asked.searchParams.get('nonce') ?? ''
    const back = new URL(asked.searchParams.get('redirect_uri') ?? url)
    back.searchParams.set('code', 'a-code')
    back.searchParams.set('state', lie.state ?? asked.searchParams.get('state') ?? '')
    response.writeHead(303, { location: back.href })
    response.end()
  }

  const server = createServer((request, response) => void answer(request, response))
  await listening(server, port)
  return {
    url,
    lie: (as) => {
      lie = as
    },
    close: () => ended(server),
  }
}
