import type { FastifyBaseLogger } from 'fastify'
import { IDENTITY_SCHEMA, prepareRoles } from '../store/roles.ts'
import { openSealingSecrets } from '../store/sealing-secrets.ts'
import { openTransactions, type Transaction } from '../store/transactions.ts'
import { createSealing, keyedHash, type Sealing } from './sealing.ts'

/** The tables of people, by the role that sees nothing else. */
export interface IdentityStore {
  /** People and what proves them; sees nobody's memberships. */
  work<Result>(work: (db: Transaction) => Promise<Result>): Promise<Result>
  /** Sees where this person is a member. */
  asPerson<Result>(personId: string, work: (db: Transaction) => Promise<Result>): Promise<Result>
  /** Sees the members of this tenant. */
  asTenant<Result>(tenantId: string, work: (db: Transaction) => Promise<Result>): Promise<Result>
  /** Sees the members of this tenant, and wherever this person is one. */
  asMember<Result>(
    member: { readonly tenantId: string; readonly personId: string },
    work: (db: Transaction) => Promise<Result>,
  ): Promise<Result>
  /** Seals for one use, by a key that is in no table. */
  sealing(use: string): Sealing
  /** Of what is short enough to be guessed: without the key a copy of the tables is no help. */
  keyedHash(use: string, text: string): Buffer
  /** The same by each key that was used here, the newest first: for what is kept longer than a key. */
  keyedHashes(use: string, text: string): readonly Buffer[]
  /** Keys by which something was sealed, and that nobody has any more. */
  readonly lostKeyCount: number
  close(): Promise<void>
}

const CONNECTIONS_MAX = 5

/**
 * On a database that is prepared.
 * @param administratorUrl - of the role that made the others
 * @param folder - where by what is sealed is kept a second time; null: nowhere
 * @throws PostgresError
 */
export async function openIdentityStore(
  administratorUrl: string,
  log: FastifyBaseLogger,
  folder: string | null = null,
): Promise<IdentityStore> {
  const { identity: url } = await prepareRoles(administratorUrl)
  const { secrets, lostCount } = await openSealingSecrets(administratorUrl, folder)
  const transactions = openTransactions({ url, schema: IDENTITY_SCHEMA, connectionsMax: CONNECTIONS_MAX, log })
  const [newest = ''] = secrets
  return {
    work: (work) => transactions.run({}, work),
    asPerson: (personId, work) => transactions.run({ 'app.person_id': personId }, work),
    asTenant: (tenantId, work) => transactions.run({ 'app.tenant_id': tenantId }, work),
    asMember: ({ tenantId, personId }, work) =>
      transactions.run({ 'app.tenant_id': tenantId, 'app.person_id': personId }, work),
    sealing: (use) => createSealing(secrets, use),
    keyedHash: (use, text) => keyedHash(newest, use, text),
    keyedHashes: (use, text) => secrets.map((it) => keyedHash(it, use, text)),
    lostKeyCount: lostCount,
    close: () => transactions.close(),
  }
}
