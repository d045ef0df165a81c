import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import { personAsker } from '../../asker.ts'
import { tellRightsChanged } from '../../live/rights-changed.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import { forgetMailCounts } from '../people/mail-counts.ts'
import { lookupHash } from '../sealing.ts'
import { forgetLeaveEnded } from './leave.ts'

interface Row {
  readonly [column: string]: unknown
  readonly sealed: Buffer
  readonly consumed_at: Date | null
}

/**
 * What the sign-in keeps, in the database: sessions, codes, grants, refresh tokens. A row is found by the hash of its id
 * and sealed as a whole, so that a copy of the table lets nobody in.
 */
export function createArtifacts(store: IdentityStore, nowMs: () => number): (kind: string) => Adapter {
  const sealing = store.sealing('artifacts')
  const at = (ms: number): Date => new Date(ms)

  /** @returns undefined, as for what is not there: by what it was sealed is there no more, and she signs in anew */
  function payloadOf({ sealed, consumed_at: consumedAt }: Row): AdapterPayload | undefined {
    const text = sealing.open(sealed)
    if (text === null) return undefined
    return {
      ...(JSON.parse(text) as AdapterPayload),
      ...(consumedAt !== null && { consumed: Math.floor(consumedAt.getTime() / 1_000) }),
    }
  }

  return (kind) => ({
    async upsert(id, payload, expiresInS = 0) {
      const { accountId = null, grantId = null, uid = null, clientId = null } = payload
      await store.work((db) =>
        db.query(
          `insert into artifact (kind, id_hash, sealed, person_id, grant_hash, uid_hash, expires_at, client_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (kind, id_hash) do update set sealed = $3, person_id = $4, grant_hash = $5, uid_hash = $6, expires_at = $7,
             client_id = $8`,
          [
            ...[kind, lookupHash(id), sealing.seal(JSON.stringify(payload)), accountId],
            ...[grantId === null ? null : lookupHash(grantId), uid === null ? null : lookupHash(uid)],
            ...[at(nowMs() + expiresInS * 1_000), clientId],
          ],
        ),
      )
    },
    async find(id) {
      const [row] = await store.work((db) =>
        db.query<Row>('select sealed, consumed_at from artifact where kind = $1 and id_hash = $2 and expires_at > $3', [
          ...[kind, lookupHash(id), at(nowMs())],
        ]),
      )
      return row === undefined ? undefined : payloadOf(row)
    },
    async findByUid(uid) {
      const [row] = await store.work((db) =>
        db.query<Row>(
          'select sealed, consumed_at from artifact where kind = $1 and uid_hash = $2 and expires_at > $3',
          [kind, lookupHash(uid), at(nowMs())],
        ),
      )
      return row === undefined ? undefined : payloadOf(row)
    },
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      // A refresh token is used up together with its answer, in one transaction: see refresh-again.
      if (kind === 'RefreshToken') return
      const used = await store.work((db) =>
        db.query(
          'update artifact set consumed_at = $3 where kind = $1 and id_hash = $2 and consumed_at is null returning 1',
          [kind, lookupHash(id), at(nowMs())],
        ),
      )
      // Of those who bring it at once, one is served.
      if (used.length === 0) throw new errors.InvalidGrant('used already')
    },
    async destroy(id) {
      await store.work((db) =>
        db.query('delete from artifact where kind = $1 and id_hash = $2', [kind, lookupHash(id)]),
      )
    },
    async revokeByGrantId(grantId) {
      await store.work((db) => db.query('delete from artifact where grant_hash = $1', [lookupHash(grantId)]))
    },
  })
}

/** What has ended goes, a bounded number at a time. */
export const forgetEnded = (store: IdentityStore, nowMs: number): Promise<unknown> =>
  store.work(async (db) => {
    await db.query(
      `delete from artifact where (kind, id_hash) in
         (select kind, id_hash from artifact where expires_at <= $1 order by expires_at limit 10000)`,
      [new Date(nowMs)],
    )
    await db.query('delete from refresh_answer where asked_at <= $1', [new Date(nowMs - 60_000)])
    for (const table of ['link', 'mail_code'])
      await db.query(`delete from ${table} where expires_at <= $1`, [new Date(nowMs)])
    await forgetLeaveEnded(db, nowMs)
    await forgetMailCounts(db, nowMs)
  })

/** Signs a person out of everything: each session, grant and refresh token, and the access tokens that were given. */
export async function signOutEverywhere(db: Transaction, personId: string, nowMs: number): Promise<void> {
  await db.query('update person set signed_out_at = $2 where person_id = $1', [personId, new Date(nowMs)])
  await db.query('delete from artifact where person_id = $1', [personId])
  await tellRightsChanged(db, personAsker(personId))
}
