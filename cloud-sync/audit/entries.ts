import { randomUUID } from 'node:crypto'
import { type AuditHead, auditHash, beginChain, goOn, type Happening, type StoredEntry } from '#shared/audit/entry.ts'
import type { TenantDb } from '../store/database.ts'

/** Whose chain it is where something belongs to no tenant: people, and the cloud itself. */
export const PLATFORM = '00000000-0000-0000-0000-000000000000'

/** On which it is said whose chain has grown. */
export const AUDIT_CHANNEL = 'smartqueue_audit'

/** Entries one page holds at most. */
export const AUDIT_PAGE_MAX = 500

/** By the whole name: whoever changes people asks from another schema. */
const TABLE = 'smartqueue.audit_entry'

interface Row {
  readonly [column: string]: unknown
  readonly seq: string
  readonly chain: string
  readonly body: string
  readonly hash: string
}

const stored = ({ seq, chain, body, hash }: Row): StoredEntry => ({ seq: Number(seq), chain, body, hash })

/** null: it has no entry. */
export async function auditHead(db: TenantDb, tenantId: string): Promise<AuditHead | null> {
  const [row] = await db.query<Row>(
    `select seq, chain, '' as body, hash from ${TABLE} where tenant_id = $1 order by seq desc limit 1`,
    [tenantId],
  )
  return row === undefined ? null : { chain: row.chain, seq: Number(row.seq), hash: row.hash }
}

/** Of the bytes as they lie; null: nothing lies there. */
export async function auditHashAt(db: TenantDb, tenantId: string, seq: number): Promise<string | null> {
  const [row] = await db.query<Row>(`select body from ${TABLE} where tenant_id = $1 and seq = $2`, [tenantId, seq])
  return row === undefined ? null : auditHash(row.body)
}

/** Up to AUDIT_PAGE_MAX entries after a place, in order, as they lie. */
export async function auditAfter(db: TenantDb, tenantId: string, seq: number): Promise<readonly StoredEntry[]> {
  const rows = await db.query<Row>(
    `select seq, chain, body, hash from ${TABLE} where tenant_id = $1 and seq > $2 order by seq limit ${AUDIT_PAGE_MAX}`,
    [tenantId, seq],
  )
  return rows.map(stored)
}

/**
 * Appends to a chain in the transaction of what happened, of which it is to be the last word: until that is committed, whoever
 * else has something to say of this tenant waits.
 * @param db - as this tenant
 */
export const appendAudit = (db: TenantDb, tenantId: string, happening: Happening, atMs: number): Promise<void> =>
  append(db, tenantId, (head) => goOn(head, happening, atMs, randomUUID))

/** It goes on under a new name: its database was put back. One that has no entry yet has nothing to go on. */
export const beginAuditLife = (db: TenantDb, tenantId: string, chain: string, atMs: number): Promise<void> =>
  append(db, tenantId, (head) => (head === null ? [] : [beginChain(head, chain, atMs, 'put-back')]))

async function append(
  db: TenantDb,
  tenantId: string,
  entriesAfter: (head: AuditHead | null) => readonly StoredEntry[],
): Promise<void> {
  await db.query("select pg_advisory_xact_lock(hashtextextended('audit:' || $1, 0))", [tenantId])
  for (const { seq, chain, body, hash } of entriesAfter(await auditHead(db, tenantId)))
    await db.query(`insert into ${TABLE} (tenant_id, seq, chain, body, hash) values ($1, $2, $3, $4, $5)`, [
      ...[tenantId, seq, chain, body, hash],
    ])
  // Heard once it is committed.
  await db.query('select pg_notify($1, $2)', [AUDIT_CHANNEL, tenantId])
}
