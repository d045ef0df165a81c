import { randomBytes } from 'node:crypto'
import { PLATFORM } from '../../audit/entries.ts'
import type { RecordAudit } from '../../plugins/audit.ts'
import type { IdentityStore } from '../identity-store.ts'
import { lookupHash } from '../sealing.ts'
import { insertPerson, type NewPerson } from './people.ts'

const [TOKEN_BYTES, FIRST_MS] = [24, 24 * 3_600_000]

/**
 * Whoever starts the cloud while nobody can sign in is shown how to make the first administrator. A newer link ends the older.
 * @returns the token of the link; null: somebody can sign in
 */
export async function firstLink(store: IdentityStore, nowMs: number): Promise<string | null> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  return store.work(async (db) => {
    // Two clouds that start together: the later link is the one that works.
    await db.query('lock table link in exclusive mode')
    if ((await db.query('select from person limit 1')).length > 0) return null
    await db.query("delete from link where purpose = 'first'")
    await db.query("insert into link (token_hash, purpose, expires_at) values ($1, 'first', $2)", [
      ...[lookupHash(token), new Date(nowMs + FIRST_MS)],
    ])
    return token
  })
}

export const isFirstLink = (store: IdentityStore, token: string, nowMs: number): Promise<boolean> =>
  store.work(async (db) => {
    const found = await db.query(
      "select from link where token_hash = $1 and purpose = 'first' and expires_at > $2 and not exists (select from person)",
      [lookupHash(token), new Date(nowMs)],
    )
    return found.length === 1
  })

/** @returns false when the link is used up, too old or unknown */
export const useFirstLink = (
  store: IdentityStore,
  token: string,
  person: Omit<NewPerson, 'isSuperAdmin'>,
  nowMs: number,
  record: RecordAudit,
): Promise<boolean> =>
  store.asTenant(PLATFORM, async (db) => {
    await db.query('lock table link in exclusive mode')
    const used = await db.query(
      "delete from link where token_hash = $1 and purpose = 'first' and expires_at > $2 and not exists (select from person) returning 1",
      [lookupHash(token), new Date(nowMs)],
    )
    if (used.length === 0) return false
    const personId = await insertPerson(db, { ...person, isSuperAdmin: true }, nowMs)
    await record(db, PLATFORM, { actor: { kind: 'person', id: personId }, about: personId })
    return true
  })
