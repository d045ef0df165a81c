import { ErrorTimeout, InMemoryWebStorage, UserManager, WebStorageStateStore } from 'oidc-client-ts'
import { SCOPES } from '#shared/access/roles.ts'

// People sign in at our own issuer as they would at any other: code with PKCE, in this page without a secret. The token is
// kept in memory alone; a page that is loaded anew asks again, and the session answers without a word.

const CLIENT_ID = 'dashboard'
const SIGNED_IN_PATH = '/dashboard/signed-in'

/** Somebody who has signed in, for one tenant or for the platform. */
export interface Session {
  /** '' for the platform. */
  readonly slug: string
  readonly name: string
  readonly scopes: readonly string[]
  /** Of now: it is renewed before it ends. */
  token(): Promise<string>
  /** A newer one, for the one at hand was refused. */
  renew(): Promise<void>
  signOut(): Promise<void>
}

interface Claims {
  readonly aud: string
  readonly scope: string
}

function claimsOf(token: string): Claims {
  const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (it) => it.charCodeAt(0)))) as Claims
}

const createManager = (origin: string): UserManager =>
  new UserManager({
    authority: origin,
    client_id: CLIENT_ID,
    redirect_uri: `${origin}${SIGNED_IN_PATH}`,
    post_logout_redirect_uri: `${origin}/dashboard/`,
    scope: `openid ${SCOPES.join(' ')}`,
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    // Across the way to the sign-in and back, and no longer.
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: true,
  })

/** Of whoever runs the cloud itself: an address of its own, and a token for nothing else. */
export const PLATFORM_PATH = '/dashboard/platform'
const isOfPlatform = (path: string): boolean => path === PLATFORM_PATH || path.startsWith(`${PLATFORM_PATH}/`)
const slugIn = (path: string): string | null => /^\/dashboard\/t\/([^/]+)/.exec(path)?.[1] ?? null

/** @param path - where she is: she comes back there */
async function goToSignIn(manager: UserManager, language: string, path: string): Promise<never> {
  const slug = slugIn(path)
  await manager.signinRedirect({
    state: path,
    ui_locales: language,
    ...(isOfPlatform(path) && { scope: 'openid platform', resource: `${manager.settings.authority}/api/v1` }),
    ...(slug !== null && { resource: `${manager.settings.authority}/api/v1/tenants/${slug}` }),
  })
  // The page is on its way to another.
  return new Promise<never>(() => {})
}

/** Nobody answered: what `fetch` throws, or oidc-client's own patience. */
export const isUnreached = (error: unknown): boolean => error instanceof TypeError || error instanceof ErrorTimeout

function sessionOf(manager: UserManager, name: string, token: string): Session {
  const { aud, scope } = claimsOf(token)
  const slug = /\/api\/v1\/tenants\/([^/]+)$/.exec(aud)?.[1] ?? ''
  return {
    ...{ slug, name, scopes: scope.split(' ') },
    token: async () => (await manager.getUser())?.access_token ?? '',
    async renew() {
      try {
        await manager.signinSilent()
      } catch (error) {
        // Where the line is cut nobody is signed out: the same is asked again once it is back.
        if (isUnreached(error)) throw error
        await goToSignIn(manager, document.documentElement.lang, `${location.pathname}${location.search}`)
      }
    },
    signOut: () => manager.signoutRedirect(),
  }
}

/**
 * Signs her in, by way of the sign-in's own pages where that is needed.
 * @throws when she is not let in
 */
export async function openSession(language: string): Promise<Session> {
  const manager = createManager(location.origin)
  // Under another name than its own the cloud lets nobody in: the page goes to where it belongs.
  const issuer = await manager.metadataService.getIssuer()
  if (new URL(issuer).origin !== location.origin) {
    location.replace(`${issuer}${location.pathname}${location.search}`)
    return new Promise<never>(() => {})
  }
  const path = `${location.pathname}${location.search}`
  if (location.pathname !== SIGNED_IN_PATH) return goToSignIn(manager, language, path)
  const user = await manager.signinCallback()
  if (user === undefined) throw new Error('The sign-in gave nobody')
  const session = sessionOf(manager, user.profile.name ?? user.profile.email ?? '', user.access_token)
  const back = typeof user.state === 'string' && user.state.startsWith('/dashboard') ? user.state : '/dashboard/'
  const isThere = session.slug === '' ? isOfPlatform(back) : slugIn(back) !== null
  const home = session.slug === '' ? PLATFORM_PATH : `/dashboard/t/${session.slug}`
  history.replaceState(null, '', isThere ? back : home)
  return session
}
