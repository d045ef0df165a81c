import type { JWK } from 'jose'
import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { SCOPES, scopesOf } from '#shared/access/roles.ts'
import { tenantOf } from '../../store/branches.ts'
import type { Database } from '../../store/database.ts'
import type { IdentityStore } from '../identity-store.ts'
import { slugsOf } from '../members/tenants.ts'
import { findPerson, membershipsOf, roleIn } from '../people/people.ts'
import { createArtifacts } from './artifacts.ts'
import { tenantBound } from './bound-sessions.ts'
import { clientAdapter } from './clients.ts'
import { createPolicy } from './interaction-policy.ts'
import { renderError, signOutPages } from './provider-pages.ts'
import { anyPlaceOf, platformOf, slugIn, type TokenRole } from './resources.ts'
import { isSignedOut } from './signed-out.ts'

/** An access token is believed without asking, so it is short. */
export const ACCESS_TOKEN_S = 10 * 60
const CODE_S = 60
const INTERACTION_S = 60 * 60
const DAY_S = 24 * 60 * 60
/** Whoever does not come for so long signs in anew. */
const SESSION_S = 14 * DAY_S
const ALGORITHM = 'ES256'

export interface ProviderParts {
  readonly store: IdentityStore
  readonly database: Database
  /** As browsers see the cloud, without a slash at its end. */
  readonly publicUrl: string
  readonly keys: readonly JWK[]
  readonly cookieKeys: readonly string[]
  readonly clients: NonNullable<Configuration['clients']>
  readonly nowMs: () => number
}

/** Our own faces ask nobody's leave. */
export const OWN_CLIENTS: ReadonlySet<string> = new Set(['dashboard'])

/** What is asked for: the cloud itself, a tenant by its id, or nothing that there is. */
async function targetOf({ database, publicUrl }: ProviderParts, resource: string): Promise<string | null> {
  if (resource === platformOf(publicUrl)) return 'platform'
  const slug = slugIn(publicUrl, resource)
  return slug === null ? null : tenantOf(database, slug)
}

/** As what this person comes there; null: she is no member. */
async function roleThere({ store }: ProviderParts, personId: string, target: string): Promise<TokenRole | null> {
  const person = await findPerson(store, personId)
  if (person?.isSuperAdmin === true) return 'platform'
  return target === 'platform' ? null : roleIn(store, personId, target)
}

/** What this person may do there; nothing: she is no member. */
async function scopesHere(parts: ProviderParts, personId: string, target: string): Promise<readonly string[]> {
  const role = await roleThere(parts, personId, target)
  if (role === null) return []
  if (role !== 'platform') return scopesOf(role)
  return target === 'platform' ? ['platform'] : SCOPES
}

/** What an access token says beside its scopes: of which tenant it is, and as what she was given it. */
const tokenClaimsBy =
  (parts: ProviderParts): NonNullable<Configuration['extraTokenClaims']> =>
  async (_ctx, token) => {
    const resource = 'resourceServer' in token ? token.resourceServer?.identifier() : undefined
    const personId = 'accountId' in token ? token.accountId : undefined
    const target = resource === undefined ? null : await targetOf(parts, resource)
    if (resource === undefined || personId === undefined || target === null) return undefined
    const role = await roleThere(parts, personId, target)
    return role === null ? undefined : { tenant: slugIn(parts.publicUrl, resource), role }
  }

const accountOf = ({ oidc }: KoaContextWithOIDC): string | undefined =>
  oidc.account?.accountId ?? oidc.session?.accountId

function resourceIndicators(parts: ProviderParts) {
  return {
    enabled: true,
    // Our own faces leave it to her where she works: a page asks.
    defaultResource: (_ctx: KoaContextWithOIDC, { clientId }: { clientId: string }, oneOf?: readonly string[]) =>
      oneOf === undefined && OWN_CLIENTS.has(clientId) ? anyPlaceOf(parts.publicUrl) : [],
    useGrantedResource: () => true,
    async getResourceServerInfo(ctx: KoaContextWithOIDC, resource: string) {
      const isAnyPlace = resource === anyPlaceOf(parts.publicUrl)
      const target = isAnyPlace ? 'any' : await targetOf(parts, resource)
      if (target === null) throw new errors.InvalidTarget()
      const personId = accountOf(ctx)
      const bound = tenantBound(ctx.oidc.session?.acr)
      // Before she has signed in for this tenant all scopes may be asked for; whoever signs in is given hers.
      const isOpen = personId === undefined || isAnyPlace || (bound !== null && bound !== target)
      const scopes = isOpen ? [...SCOPES, 'platform'] : await scopesHere(parts, personId, target)
      if (scopes.length === 0) throw new errors.AccessDenied('not a member of this tenant')
      return {
        scope: scopes.join(' '),
        audience: resource,
        accessTokenTTL: ACCESS_TOKEN_S,
        accessTokenFormat: 'jwt' as const,
        jwt: { sign: { alg: ALGORITHM } as const },
      }
    },
  }
}

/** Our own faces get what they ask for and she may do; others ask her first. */
const loadExistingGrantBy = (parts: ProviderParts) => async (ctx: KoaContextWithOIDC) => {
  const { oidc } = ctx
  const { client, session } = oidc
  if (client === undefined || session === undefined) return undefined
  const grantId = oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId)
  const known = grantId === undefined ? undefined : await oidc.provider.Grant.find(grantId)
  if (!OWN_CLIENTS.has(client.clientId) || session.accountId === undefined) return known
  const grant = known ?? new oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '))
  const bound = tenantBound(session.acr)
  for (const [resource, server] of Object.entries(oidc.resourceServers ?? {})) {
    // Where she works is not chosen yet, or she proves who she is first: nothing is granted there.
    const target = await targetOf(parts, resource)
    if (target !== null && (bound === null || bound === target))
      grant.addResourceScope(resource, [...oidc.requestParamScopes].filter((it) => server.scopes.has(it)).join(' '))
  }
  await grant.save()
  return grant
}

const features = (parts: ProviderParts): Configuration['features'] => ({
  devInteractions: { enabled: false },
  resourceIndicators: resourceIndicators(parts),
  revocation: { enabled: true },
  rpInitiatedLogout: { enabled: true, ...signOutPages },
  userinfo: { enabled: true },
  // What nobody needs here is not offered.
  dPoP: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
})

/** What a code or a refresh token says of the sign-in that it comes from. */
interface SignedIn {
  readonly acr?: string
  readonly authTime?: number
}

/** @returns nobody, too, for what was signed in before she signed out of everything */
const findAccountBy =
  ({ store, database }: ProviderParts): NonNullable<Configuration['findAccount']> =>
  async (ctx, personId, token) => {
    const { acr, authTime }: SignedIn = (token as SignedIn | undefined) ?? {}
    const person = await findPerson(store, personId)
    if (person === null || (authTime !== undefined && isSignedOut(person, authTime))) return undefined
    return {
      accountId: personId,
      async claims() {
        const bound = tenantBound(acr ?? ctx.oidc?.session?.acr)
        const all = await membershipsOf(store, personId)
        const memberships = bound === null ? all : all.filter(({ tenantId }) => tenantId === bound)
        const slugs = await slugsOf(database, memberships)
        const { email, name, language: locale, isEmailProved } = person
        return {
          ...{ sub: personId, email, name, locale, email_verified: isEmailProved },
          tenants: memberships.map(({ tenantId, role }) => ({ slug: slugs.get(tenantId), role })),
        }
      },
    }
  }

function configurationOf(parts: ProviderParts): Configuration {
  const { store, keys, cookieKeys, clients, nowMs } = parts
  const artifacts = createArtifacts(store, nowMs)
  const tenantIn = (resource: string): Promise<string | null> => targetOf(parts, resource)
  return {
    adapter: (kind) => (kind === 'Client' ? clientAdapter(store) : artifacts(kind)),
    clients,
    jwks: { keys: [...keys] },
    cookies: {
      keys: [...cookieKeys],
      names: { session: 'smartqueue_session', interaction: 'smartqueue_sign_in', resume: 'smartqueue_resume' },
    },
    clientDefaults: { id_token_signed_response_alg: ALGORITHM, authorization_signed_response_alg: ALGORITHM },
    clientAuthMethods: ['none', 'client_secret_basic'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access', 'platform', ...SCOPES],
    claims: { openid: ['sub', 'name', 'email', 'email_verified', 'locale', 'tenants'] },
    conformIdTokenClaims: false,
    acceptQueryParamAccessTokens: false,
    allowOmittingSingleRegisteredRedirectUri: false,
    rotateRefreshToken: true,
    // Of our own faces they end with the session: who signs out is signed out.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    features: features(parts),
    extraTokenClaims: tokenClaimsBy(parts),
    interactions: { url: (_ctx, { uid }) => `/sign-in/${uid}`, policy: createPolicy({ ...parts, tenantIn }) },
    loadExistingGrant: loadExistingGrantBy(parts),
    renderError,
    findAccount: findAccountBy(parts),
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      jwks: '/oauth/keys',
      revocation: '/oauth/revoke',
      userinfo: '/oauth/person',
      end_session: '/oauth/sign-out',
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_S,
      AuthorizationCode: CODE_S,
      IdToken: ACCESS_TOKEN_S,
      Interaction: INTERACTION_S,
      RefreshToken: SESSION_S,
      Grant: SESSION_S,
      Session: SESSION_S,
    },
  }
}

/** OpenID Connect at /oauth and /.well-known: code with PKCE alone, exact redirects, short signed access tokens. */
export const createProvider = (parts: ProviderParts): Provider => new Provider(parts.publicUrl, configurationOf(parts))
