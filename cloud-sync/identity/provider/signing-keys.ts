import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { IdentityStore } from '../identity-store.ts'
import type { Sealing } from '../sealing.ts'

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
  readonly sealed: Buffer
  readonly made_at: Date
}

interface Known {
  readonly key: JWK
  readonly ageMs: number
}

/** @returns nothing: by what it was sealed is there no more */
function opened(sealing: Sealing, { sealed, made_at: madeAt }: Row, nowMs: number): readonly Known[] {
  const text = sealing.open(sealed)
  return text === null ? [] : [{ key: JSON.parse(text) as JWK, ageMs: nowMs - madeAt.getTime() }]
}

/**
 * The keys that sign tokens, the one that signs first; makes one where none is fresh, and forgets those nobody can need.
 * They lie sealed, and all clouds on this database share them.
 */
export function signingKeys(store: IdentityStore, nowMs: number): Promise<readonly JWK[]> {
  const sealing = store.sealing('signing keys')
  return store.work(async (db) => {
    await db.query('select pg_advisory_xact_lock($1)', [KEY_LOCK])
    await db.query('delete from signing_key where made_at < $1', [new Date(nowMs - BELIEVED_MS)])
    const rows = await db.query<Row>('select sealed, made_at from signing_key order by made_at desc')
    const kept = rows.flatMap((row) => opened(sealing, row, nowMs))
    // The newest that everybody knows, then all others.
    const inOrder = [...kept.filter((it) => it.ageMs >= KNOWN_MS), ...kept.filter((it) => it.ageMs < KNOWN_MS)]
    const known = inOrder.map(({ key }) => key)
    const [newest] = kept
    if (newest !== undefined && newest.ageMs < SIGNS_MS) return known
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
    const keyId = `k${nowMs.toString(36)}`
    const made: JWK = { ...(await exportJWK(privateKey)), kid: keyId, alg: ALGORITHM, use: 'sig' }
    await db.query('insert into signing_key values ($1, $2, $3)', [
      ...[keyId, sealing.seal(JSON.stringify(made)), new Date(nowMs)],
    ])
    return [...known, made]
  })
}
