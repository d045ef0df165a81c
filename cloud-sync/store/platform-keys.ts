import pg from 'pg'
import { appendByHand } from '../audit/by-hand.ts'
import { isSecret, keyHash, newKeyText, readKey, writtenKey } from './api-key-text.ts'
import type { Database } from './database.ts'
import { OWNER, SCHEMA } from './roles.ts'

/** What a key of the cloud itself is for: to set it up, or to read what it measures. */
export type KeyPurpose = 'setup' | 'metrics'

/** Setting up is done in one sitting; whoever measures comes for months. */
export const PLATFORM_KEY_MS = { setup: 10 * 60_000, metrics: 366 * 24 * 3_600_000 } as const satisfies Record<
  KeyPurpose,
  number
>

/**
 * Makes a key of the cloud itself, as whoever has its database may.
 * @returns the key, which nobody can show again
 */
export async function makePlatformKey(administratorUrl: string, purpose: KeyPurpose, nowMs: number): Promise<string> {
  const text = newKeyText('platform')
  const client = new pg.Client({ connectionString: administratorUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`set local role ${OWNER}`)
    await client.query(`set local search_path to ${SCHEMA}, pg_temp`)
    await client.query('delete from platform_key_directory where expires_at < $1', [new Date(nowMs)])
    await client.query('insert into platform_key_directory values ($1, $2, $3, $4)', [
      ...[text.keyId, keyHash(text.secret), purpose, new Date(nowMs + PLATFORM_KEY_MS[purpose])],
    ])
    await appendByHand(client, { code: 'KeyMade', about: text.keyId, after: { kind: purpose } }, nowMs)
    await client.query('commit')
  } finally {
    await client.end().catch(() => {})
  }
  return writtenKey(text)
}

/** @returns the id of the key; null: it is none of ours, or over, or for another purpose */
export async function provePlatformKey(
  database: Database,
  token: string,
  purpose: KeyPurpose,
  nowMs: number,
): Promise<string | null> {
  const given = readKey(token)
  if (given?.kind !== 'platform') return null
  const [row] = await database.asNobody((db) =>
    db.query<{ secret_hash: Buffer }>(
      'select secret_hash from platform_key_directory where key_id = $1 and purpose = $2 and expires_at > $3',
      [given.keyId, purpose, new Date(nowMs)],
    ),
  )
  return row !== undefined && isSecret(given.secret, row.secret_hash) ? given.keyId : null
}
