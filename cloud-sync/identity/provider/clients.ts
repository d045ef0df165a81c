import { randomBytes } from 'node:crypto'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import pg from 'pg'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { appendByHand } from '../../audit/by-hand.ts'
import { tellRightsChanged } from '../../live/rights-changed.ts'
import { IDENTITY_SCHEMA, OWNER, SCHEMA } from '../../store/roles.ts'
import type { IdentityStore } from '../identity-store.ts'

/** Programs of others through which people sign in; each asks every person for her leave. */

export const CLIENTS_MAX = 100
const NAME_LENGTH_MAX = 60

export interface Client {
  readonly clientId: string
  readonly name: string
  readonly redirectUri: string
}

/** @returns what is wrong with it, in one sentence; null: it may be named */
export function clientFault({ name, redirectUri }: Omit<Client, 'clientId'>): string | null {
  // What people read must be all of it, and no sign that turns what stands beside it.
  if (name.trim() === '' || name.length > NAME_LENGTH_MAX || /[\p{C}<>]/u.test(name))
    return `NAME must be 1 to ${NAME_LENGTH_MAX} characters that can be read, as "Salle d’attente".`
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : null
  const isSafe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  const isPlain = url !== null && url.hash === '' && url.username === '' && url.password === ''
  // Compared to the letter later, so it is written as it will come.
  if (!isSafe || !isPlain || redirectUri !== url.href)
    return 'REDIRECT must be an address as https://example.org/signed-in, or http:// on 127.0.0.1, written out whole.'
  return null
}

/** Does a piece of work as whoever has the database; it is committed whole or not at all. */
async function asOwner<Done>(administratorUrl: string, work: (client: pg.Client) => Promise<Done>): Promise<Done> {
  const client = new pg.Client({ connectionString: administratorUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`set local role ${OWNER}`)
    await client.query(`set local search_path to ${IDENTITY_SCHEMA}, ${SCHEMA}, pg_temp`)
    const done = await work(client)
    await client.query('commit')
    return done
  } finally {
    await client.end().catch(() => {})
  }
}

/** @returns its id, which is no secret; null: there are as many as there may be */
export const addClient = (
  administratorUrl: string,
  { name, redirectUri }: Omit<Client, 'clientId'>,
  nowMs: number,
): Promise<string | null> =>
  asOwner(administratorUrl, async (client) => {
    await client.query('lock table client in exclusive mode')
    const { rows } = await client.query('select from client')
    if (rows.length >= CLIENTS_MAX) return null
    const clientId = `client-${randomBytes(8).toString('hex')}`
    await client.query('insert into client values ($1, $2, $3, $4)', [clientId, name, redirectUri, new Date(nowMs)])
    await appendByHand(client, { code: 'ClientAdded', about: clientId }, nowMs)
    return clientId
  })

interface Row {
  readonly client_id: string
  readonly name: string
  readonly redirect_uri: string
}

const clientOf = (row: Row): Client => ({ clientId: row.client_id, name: row.name, redirectUri: row.redirect_uri })

export const listClients = (administratorUrl: string): Promise<readonly Client[]> =>
  asOwner(administratorUrl, async (client) => {
    const { rows } = await client.query<Row>(
      `select client_id, name, redirect_uri from client order by added_at limit ${CLIENTS_MAX}`,
    )
    return rows.map(clientOf)
  })

/** Nobody signs in through it any more, and all that it holds ends at once. @returns whether there was one */
export const removeClient = (administratorUrl: string, clientId: string, nowMs: number): Promise<boolean> =>
  asOwner(administratorUrl, async (client) => {
    const { rows } = await client.query('delete from client where client_id = $1 returning 1', [clientId])
    if (rows.length === 0) return false
    await client.query('delete from artifact where client_id = $1', [clientId])
    await tellRightsChanged(client, null)
    await appendByHand(client, { code: 'ClientRemoved', about: clientId }, nowMs)
    return true
  })

const never = (): Promise<never> => Promise.reject(new Error('Clients are named on the machine alone'))

/** As the sign-in looks for one that is not its own. */
export const clientAdapter = (store: IdentityStore): Adapter => ({
  async find(id): Promise<AdapterPayload | undefined> {
    const [row] = await store.work((db) =>
      db.query<Row & Record<string, unknown>>('select client_id, name, redirect_uri from client where client_id = $1', [
        id,
      ]),
    )
    if (row === undefined) return undefined
    return {
      ...{ client_id: row.client_id, client_name: row.name, redirect_uris: [row.redirect_uri] },
      ...{ token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'] },
    }
  },
  findByUid: never,
  findByUserCode: never,
  upsert: never,
  consume: never,
  destroy: never,
  revokeByGrantId: never,
})
