import { randomUUID } from 'node:crypto'
import type { RecordAudit } from '../../plugins/audit.ts'
import { isTaken } from '../../store/branches.ts'
import type { IdentityStore } from '../identity-store.ts'

/** Where else the people of a tenant may prove who they are: Google, Microsoft, any that speaks OpenID Connect. */

export const ISSUERS_MAX = 10

export interface Issuer {
  readonly issuerId: string
  readonly tenantId: string
  /** As people know it: it stands on the button. */
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  /** The person who named it; null: it was named before that was kept. */
  readonly madeBy: string | null
}

export interface IssuerWithSecret extends Issuer {
  readonly clientSecret: string
}

interface Row {
  readonly [column: string]: unknown
  readonly issuer_id: string
  readonly tenant_id: string
  readonly name: string
  readonly issuer: string
  readonly client_id: string
  readonly made_by: string | null
  readonly secret_sealed: Buffer
}

const issuerOf = (row: Row): Issuer => ({
  ...{ issuerId: row.issuer_id, tenantId: row.tenant_id, name: row.name, issuer: row.issuer, clientId: row.client_id },
  madeBy: row.made_by,
})

const sealingOf = (store: IdentityStore) => store.sealing('issuer secrets')

export const listIssuers = (store: IdentityStore, tenantId: string): Promise<readonly Issuer[]> =>
  store.asTenant(tenantId, async (db) => {
    const rows = await db.query<Row>(
      `select * from tenant_issuer where tenant_id = $1 order by made_at limit ${ISSUERS_MAX}`,
      [tenantId],
    )
    return rows.map(issuerOf)
  })

/** As it is kept; without a secret: by what that was sealed is there no more. */
export interface KeptIssuer extends Issuer {
  readonly clientSecret: string | null
}

export const findIssuer = (store: IdentityStore, tenantId: string, issuerId: string): Promise<KeptIssuer | null> =>
  store.asTenant(tenantId, async (db) => {
    const [row] = await db.query<Row>('select * from tenant_issuer where tenant_id = $1 and issuer_id = $2', [
      ...[tenantId, issuerId],
    ])
    return row === undefined ? null : { ...issuerOf(row), clientSecret: sealingOf(store).open(row.secret_sealed) }
  })

export type AddedIssuer =
  | { readonly kind: 'Added'; readonly issuerId: string }
  | { readonly kind: 'IssuerTaken' | 'IssuersTooMany' }

export async function addIssuer(
  store: IdentityStore,
  { tenantId, name, issuer, clientId, clientSecret, madeBy }: Omit<IssuerWithSecret, 'issuerId'>,
  nowMs: number,
  record: RecordAudit,
): Promise<AddedIssuer> {
  const issuerId = randomUUID()
  try {
    return await store.asTenant(tenantId, async (db): Promise<AddedIssuer> => {
      // Two at once count each other.
      await db.query("select pg_advisory_xact_lock(hashtextextended('issuers:' || $1, 0))", [tenantId])
      const others = await db.query('select from tenant_issuer where tenant_id = $1', [tenantId])
      if (others.length >= ISSUERS_MAX) return { kind: 'IssuersTooMany' }
      await db.query('insert into tenant_issuer values ($1, $2, $3, $4, $5, $6, $7, $8)', [
        ...[tenantId, issuerId, name, issuer, clientId, sealingOf(store).seal(clientSecret), new Date(nowMs), madeBy],
      ])
      await record(db, tenantId, { about: issuerId })
      return { kind: 'Added', issuerId }
    })
  } catch (error) {
    if (isTaken(error)) return { kind: 'IssuerTaken' }
    throw error
  }
}

/** Whom it knew by which name goes with it. @returns false when there is none such */
export const removeIssuer = (
  store: IdentityStore,
  tenantId: string,
  issuerId: string,
  record: RecordAudit,
): Promise<boolean> =>
  store.asTenant(tenantId, async (db) => {
    const gone = await db.query('delete from tenant_issuer where tenant_id = $1 and issuer_id = $2 returning 1', [
      ...[tenantId, issuerId],
    ])
    if (gone.length === 1) await record(db, tenantId)
    return gone.length === 1
  })
