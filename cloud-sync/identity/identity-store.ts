import type { FastifyBaseLogger } from 'fastify'
import { IDENTITY_SCHEMA, prepareRoles, sealingSecretOf } from '../store/roles.ts'
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
  close(): Promise<void>
}

const CONNECTIONS_MAX = 5

/**
 * On a database that is prepared.
 * @param administratorUrl - of the role that made the others
 * @throws PostgresError
 */
export async function openIdentityStore(administratorUrl: string, log: FastifyBaseLogger): Promise<IdentityStore> {
  const { identity: url } = await prepareRoles(administratorUrl)
  const transactions = openTransactions({ url, schema: IDENTITY_SCHEMA, connectionsMax: CONNECTIONS_MAX, log })
  const secret = sealingSecretOf(administratorUrl)
  return {
    work: (work) => transactions.run({}, work),
    asPerson: (personId, work) => transactions.run({ 'app.person_id': personId }, work),
    asTenant: (tenantId, work) => transactions.run({ 'app.tenant_id': tenantId }, work),
    asMember: ({ tenantId, personId }, work) =>
      transactions.run({ 'app.tenant_id': tenantId, 'app.person_id': personId }, work),
    sealing: (use) => createSealing(secret, use),
    keyedHash: (use, text) => keyedHash(secret, use, text),
    close: () => transactions.close(),
  }
}
