import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { textOfKey } from '#shared/network/fingerprint.ts'
import type { Database, TenantDb } from './database.ts'

/** What a tenant's documents are signed with. It lies with what it signs: whoever has the rows could have signed them. */
interface TenantKey {
  readonly publicKey: string
  readonly privateKey: KeyObject
}

async function keptKey(db: TenantDb, tenantId: string): Promise<TenantKey | null> {
  const [row] = await db.query<{ public_key: string; private_key: string }>(
    'select public_key, private_key from tenant_key where tenant_id = $1',
    [tenantId],
  )
  return row === undefined ? null : { publicKey: row.public_key, privateKey: createPrivateKey(row.private_key) }
}

/** Made when it is first asked for; of two that are made at once the first stays. */
export async function tenantKey(db: TenantDb, tenantId: string): Promise<TenantKey> {
  const kept = await keptKey(db, tenantId)
  if (kept !== null) return kept
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  await db.query('insert into tenant_key values ($1, $2, $3, now()) on conflict do nothing', [
    tenantId,
    textOfKey(publicKey),
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
  ])
  const made = await keptKey(db, tenantId)
  if (made === null) throw new Error('The key that was made is not there')
  return made
}

/** The public half, in base64url. */
export const documentKeyOf = (database: Database, tenantId: string): Promise<string> =>
  database.asTenant(tenantId, async (db) => (await tenantKey(db, tenantId)).publicKey)
