import type { JWK } from 'jose'
import type Provider from 'oidc-provider'
import type { Configuration } from 'oidc-provider'
import type { Mailer } from '../mail/mailer.ts'
import type { Database } from '../store/database.ts'
import { createElsewhere, type Elsewhere } from './elsewhere/elsewhere.ts'
import type { IdentityStore } from './identity-store.ts'
import { hasLeave } from './provider/leave.ts'
import { createProvider, OWN_CLIENTS } from './provider/provider.ts'
import { signingKeys } from './provider/signing-keys.ts'

/** People's sign-in, with the keys of the hour. */
export interface Identity {
  readonly store: IdentityStore
  readonly publicUrl: string
  /** null: no mail server was named. Whoever would be mailed is helped otherwise, and told so. */
  readonly mailer: Mailer | null
  readonly elsewhere: Elsewhere
  /** Anew after each change of keys: asked for at each use. */
  provider(): Provider
  /** Those by which a token is believed: their public halves. */
  keys(): readonly JWK[]
  /** Whether this program may still act for her by a token of that second. */
  mayAct(asked: { readonly clientId: string; readonly personId: string; readonly issuedAtS: number }): Promise<boolean>
  /** Looks for a newer key, and makes one when it is time. */
  renewKeys(): Promise<void>
}

export interface IdentityParts {
  readonly store: IdentityStore
  readonly database: Database
  readonly publicUrl: string
  readonly nowMs: () => number
  readonly clients?: NonNullable<Configuration['clients']>
  readonly mailer?: Mailer | null
  /** Of tests alone: issuers of others are on this machine, in the clear. */
  readonly hasIssuersHere?: boolean
}

/** Where issuers of others send people back: they know no other address of us. */
export const BACK_PATH = '/elsewhere/back'

/** Head office's own face: in the browser, so without a secret. */
const dashboardAt = (publicUrl: string) => ({
  client_id: 'dashboard',
  client_name: 'SmartQueue',
  token_endpoint_auth_method: 'none' as const,
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: [`${publicUrl}/dashboard/signed-in`],
  post_logout_redirect_uris: [`${publicUrl}/dashboard/`],
})

const publicHalf = ({ d: _, ...key }: JWK): JWK => key

export async function openIdentity(parts: IdentityParts): Promise<Identity> {
  const { store, database, publicUrl, nowMs, clients = [], mailer = null, hasIssuersHere = false } = parts
  const cookieKeys = store.keyedHashes('cookies', 'key').map((key) => key.toString('base64url'))
  let keys: readonly JWK[] = []
  let provider: Provider | null = null

  async function renewKeys(): Promise<void> {
    const found = await signingKeys(store, nowMs())
    if (provider !== null && found.map(({ kid }) => kid).join() === keys.map(({ kid }) => kid).join()) return
    keys = found
    const all = [dashboardAt(publicUrl), ...clients]
    provider = createProvider({ store, database, publicUrl, keys, cookieKeys, clients: all, nowMs })
  }

  // Those are named by who starts the cloud, and so are there as long as it runs.
  const named = new Set([...OWN_CLIENTS, ...clients.map((it) => it.client_id)])
  await renewKeys()
  return {
    store,
    publicUrl,
    mailer,
    elsewhere: createElsewhere(`${publicUrl}${BACK_PATH}`, nowMs, hasIssuersHere),
    provider() {
      if (provider === null) throw new Error('No key has been read')
      return provider
    },
    keys: () => keys.map(publicHalf),
    mayAct: async (asked) => named.has(asked.clientId) || (await hasLeave(store, asked)),
    renewKeys,
  }
}
