import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { IdentityStore } from './identity-store.ts'
import type { Sealing } from './sealing.ts'

/** A key signs for this long; then a newer one does. */
const SIGNS_MS = 30 * 24 * 3_600_000
/** All clouds on the database have read a key by then: before that it signs nothing, unless there is no other. */
export const KNOWN_MS = 3 * 60_000
/** What it signed is believed for as long again as the longest-lived token, and some. */
const BELIEVED_MS = SIGNS_MS + 2 * 24 * 3_600_000
const ALGORITHM = 'ES256'
/** Two clouds that find no key make one, not two. */
const KEY_LOCK = 7_081

interface Row {
  readonly [column: string]: unknown
  readonly key_id: string
  readonly sealed: Buffer
  readonly made_at: Date
}

/** @returns null: it was sealed while the database had another password */
function opened(sealing: Sealing, { sealed }: Row): JWK | null {
  try {
    return JSON.parse(sealing.open(sealed)) as JWK
  } catch {
    return null
  }
}

/**
 * The keys that sign tokens, the one that signs first; makes one where none is fresh, and forgets those nobody can need.
 * They lie sealed, and all clouds on this database share them.
 * @param onLost - none could be opened any more: they were dropped, and so was whoever was signed in by them
 */
export async function signingKeys(
  store: IdentityStore,
  nowMs: number,
  onLost: () => void = () => {},
): Promise<readonly JWK[]> {
  const sealing = store.sealing('signing keys')
  let isLost = false
  const keys = await store.work(async (db) => {
    await db.query('select pg_advisory_xact_lock($1)', [KEY_LOCK])
    await db.query('delete from signing_key where made_at < $1', [new Date(nowMs - BELIEVED_MS)])
    const kept = await db.query<Row>('select key_id, sealed, made_at from signing_key order by made_at desc')
    isLost = kept.length > 0 && kept.every((row) => opened(sealing, row) === null)
    // What was signed in lies sealed likewise: whoever brought it would be told of a fault at each request.
    for (const table of isLost ? ['signing_key', 'artifact', 'refresh_answer'] : [])
      await db.query(`delete from ${table}`)
    const rows = isLost ? [] : kept
    const ageMs = ({ made_at: madeAt }: Row): number => nowMs - madeAt.getTime()
    // The newest that everybody knows, then all others.
    const inOrder = [...rows.filter((row) => ageMs(row) >= KNOWN_MS), ...rows.filter((row) => ageMs(row) < KNOWN_MS)]
    const known = inOrder.map(({ sealed }) => JSON.parse(sealing.open(sealed)) as JWK)
    const [newest] = rows
    if (newest !== undefined && ageMs(newest) < SIGNS_MS) return known
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
    const keyId = `k${nowMs.toString(36)}`
    const made: JWK = { ...(await exportJWK(privateKey)), kid: keyId, alg: ALGORITHM, use: 'sig' }
    await db.query('insert into signing_key values ($1, $2, $3)', [
      ...[keyId, sealing.seal(JSON.stringify(made)), new Date(nowMs)],
    ])
    return [...known, made]
  })
  if (isLost) onLost()
  return keys
}
