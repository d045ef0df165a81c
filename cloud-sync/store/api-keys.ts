import type { Scope } from '#shared/access/roles.ts'
import { keyAsker } from '../asker.ts'
import { tellRightsChanged } from '../live/rights-changed.ts'
import { isSecret, keyHash, newKeyText, readKey, writtenKey } from './api-key-text.ts'
import type { Database, TenantDb } from './database.ts'

/** Of a tenant, revoked and ended ones included until they are cleared away. */
export const KEYS_MAX = 100
/** Longer than that nobody remembers what a key is for. */
export const KEY_DAYS_MAX = 366
/** One that has ended is still shown for so long. */
const ENDED_DAYS = 30
/** When a key was used last is known to the minute: a write for each request would cost more than it tells. */
const USED_SECONDS = 60

export interface NewApiKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAtMs: number
  /** The person who makes it. */
  readonly madeBy: string
}

/** As it is listed: whatever proves it is not among it. */
export interface ListedApiKey extends NewApiKey {
  readonly keyId: string
  readonly madeAtMs: number
  readonly revokedAtMs: number | null
  readonly lastUsedAtMs: number | null
}

/** @returns the key in full, which nobody can show again; null when the tenant has too many */
export async function makeApiKey(
  db: TenantDb,
  tenantId: string,
  { name, scopes, expiresAtMs, madeBy }: NewApiKey,
  nowMs: number,
): Promise<{ readonly keyId: string; readonly key: string } | null> {
  // Two at once count each other.
  await db.query("select pg_advisory_xact_lock(hashtextextended('keys:' || $1, 0))", [tenantId])
  await db.query(
    `delete from api_key where tenant_id = $1 and least(expires_at, revoked_at) < $2::timestamptz - interval '${ENDED_DAYS} days'`,
    [tenantId, new Date(nowMs)],
  )
  const held = await db.query('select from api_key where tenant_id = $1', [tenantId])
  if (held.length >= KEYS_MAX) return null
  const text = newKeyText('tenant')
  await db.query(
    `insert into api_key (tenant_id, key_id, secret_hash, name, scopes, made_by, made_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[tenantId, text.keyId, keyHash(text.secret), name, scopes, madeBy],
      ...[new Date(nowMs), new Date(expiresAtMs)],
    ],
  )
  return { keyId: text.keyId, key: writtenKey(text) }
}

interface KeyRow {
  readonly [column: string]: unknown
  readonly key_id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly made_by: string
  readonly made_at: Date
  readonly expires_at: Date
  readonly revoked_at: Date | null
  readonly last_used_at: Date | null
}

export async function listApiKeys(db: TenantDb, tenantId: string): Promise<readonly ListedApiKey[]> {
  const rows = await db.query<KeyRow>(
    `select key_id, name, scopes, made_by, made_at, expires_at, revoked_at, last_used_at from api_key
     where tenant_id = $1 order by made_at desc, key_id limit ${KEYS_MAX}`,
    [tenantId],
  )
  return rows.map((row) => ({
    ...{ keyId: row.key_id, name: row.name, scopes: row.scopes, madeBy: row.made_by },
    ...{ madeAtMs: row.made_at.getTime(), expiresAtMs: row.expires_at.getTime() },
    revokedAtMs: row.revoked_at?.getTime() ?? null,
    lastUsedAtMs: row.last_used_at?.getTime() ?? null,
  }))
}

/** @returns whether the tenant has such a key */
export async function revokeApiKey(db: TenantDb, tenantId: string, keyId: string, nowMs: number): Promise<boolean> {
  const rows = await db.query(
    'update api_key set revoked_at = coalesce(revoked_at, $3) where tenant_id = $1 and key_id = $2 returning key_id',
    [tenantId, keyId, new Date(nowMs)],
  )
  if (rows.length > 0) await tellRightsChanged(db, keyAsker(keyId))
  return rows.length > 0
}

/** What whoever has this key may do; null: it is none of this tenant's, or over. */
export async function proveApiKey(
  database: Database,
  token: string,
  tenantId: string,
  nowMs: number,
): Promise<{ readonly keyId: string; readonly scopes: readonly Scope[] } | null> {
  const given = readKey(token)
  if (given?.kind !== 'tenant') return null
  return database.asTenant(tenantId, async (db) => {
    const [row] = await db.query<{ secret_hash: Buffer; scopes: readonly Scope[]; is_used_lately: boolean | null }>(
      `select secret_hash, scopes, last_used_at > $3::timestamptz - interval '${USED_SECONDS} seconds' as is_used_lately
       from api_key where tenant_id = $1 and key_id = $2 and revoked_at is null and expires_at > $3`,
      [tenantId, given.keyId, new Date(nowMs)],
    )
    if (row === undefined || !isSecret(given.secret, row.secret_hash)) return null
    if (row.is_used_lately !== true)
      await db.query('update api_key set last_used_at = $3 where tenant_id = $1 and key_id = $2', [
        ...[tenantId, given.keyId, new Date(nowMs)],
      ])
    return { keyId: given.keyId, scopes: row.scopes }
  })
}
