import type { IdentityStore } from '../identity-store.ts'
import { emailOf } from './email.ts'

/**
 * Tries to sign in, counted by the address that was typed and where they come from, whether somebody has it or not: a lock
 * says nothing of who there is. A stranger who guesses locks himself out, and not her whose device has signed in before.
 */

/** Wrong tries of one source that cost nothing; each further one locks it for twice as long as the one before. */
const WRONG_MAX = 5
const [LOCKED_S_MIN, LOCKED_S_MAX] = [60, 3_600]
/** Nobody tried for so long: it begins anew. */
const FORGOTTEN_HOURS = 24
/** Tries of a day at one address, from wherever but her own devices: whoever has a thousand sources has no more. */
export const STRANGERS_A_DAY_MAX = 100
/** Addresses that nobody has; of more the oldest are forgotten. Those of people never are, whoever floods the table. */
const STRANGERS_MAX = 100_000
const FORGOTTEN_AT_ONCE_MAX = 10_000

/** Where a try comes from. */
export interface TrySource {
  /** By which it is told from all others. */
  readonly name: string
  /** A device on which she whose address it is has signed in: it is counted by itself alone. */
  readonly isHers: boolean
}

/** Nobody reads in a table which addresses were tried. */
const hashOf = (store: IdentityStore, email: string): Buffer => store.keyedHash('sign-in tries', emailOf(email))
const hashFrom = (store: IdentityStore, email: string, { name }: TrySource): Buffer =>
  store.keyedHash('sign-in tries of a source', `${emailOf(email)} ${name}`)

const AGE = `interval '${FORGOTTEN_HOURS} hours'`
const COUNT = `insert into sign_in_try as it (email_hash, person_id, wrong_count, tried_at)
  values ($1, (select person_id from person where email = $2), 1, $3)
  on conflict (email_hash) do update set person_id = excluded.person_id, tried_at = $3,
    wrong_count = case when it.tried_at <= $3::timestamptz - ${AGE} then 1 else least(it.wrong_count + 1, 1000) end,
    locked_until = case when it.tried_at > $3::timestamptz - ${AGE} and it.wrong_count + 1 >= ${WRONG_MAX}
      then $3::timestamptz + least(${LOCKED_S_MIN} * 2 ^ least(it.wrong_count + 1 - ${WRONG_MAX}, 20), ${LOCKED_S_MAX}) * interval '1 second'
    end`
const IS_OLD = `(it.begun_at is null or it.begun_at <= $3::timestamptz - ${AGE})`
const COUNT_OF_DAY = `insert into sign_in_try as it (email_hash, person_id, wrong_count, tried_at, begun_at)
  values ($1, (select person_id from person where email = $2), 1, $3, $3)
  on conflict (email_hash) do update set person_id = excluded.person_id, tried_at = $3,
    wrong_count = case when ${IS_OLD} then 1 else it.wrong_count + 1 end,
    begun_at = case when ${IS_OLD} then $3 else it.begun_at end
  where ${IS_OLD} or it.wrong_count < ${STRANGERS_A_DAY_MAX} returning 1`

/**
 * Counts a try before it is proved, so that tries made at once are counted like tries made in turn. The second proof's six
 * digits are counted with the password's. A try of whoever is locked out counts for nothing: it costs others none of theirs.
 * @returns false while this source, or every stranger, is locked out of the address
 */
export const mayTry = (store: IdentityStore, email: string, source: TrySource, nowMs: number): Promise<boolean> =>
  store.work(async (db) => {
    const [address, here] = [hashOf(store, email), hashFrom(store, email, source)]
    const [whose, at] = [emailOf(email), new Date(nowMs)]
    await db.query("select pg_advisory_xact_lock(hashtextextended('tries:' || encode($1, 'hex'), 0))", [address])
    const locked = await db.query('select from sign_in_try where email_hash = $1 and locked_until > $2', [here, at])
    if (locked.length > 0) return false
    const isOfDay = source.isHers || (await db.query(COUNT_OF_DAY, [address, whose, at])).length === 1
    if (isOfDay) await db.query(COUNT, [here, whose, at])
    return isOfDay
  })

/**
 * All that proves her was right: the wrong tries from where she is are forgotten, and of the day those that were hers just
 * now. What strangers have guessed stays counted, however often she signs in.
 */
export const forgiveTries = (
  store: IdentityStore,
  email: string,
  source: TrySource,
  triesOfHers: number,
): Promise<unknown> =>
  store.work(async (db) => {
    await db.query('delete from sign_in_try where email_hash = $1', [hashFrom(store, email, source)])
    if (source.isHers) return
    await db.query('update sign_in_try set wrong_count = greatest(0, wrong_count - $2) where email_hash = $1', [
      ...[hashOf(store, email), triesOfHers],
    ])
  })

/** What no longer counts goes, a bounded number at a time. */
export const forgetTries = (store: IdentityStore, nowMs: number, strangersMax = STRANGERS_MAX): Promise<unknown> =>
  store.work(async (db) => {
    await db.query(
      `delete from sign_in_try where email_hash in (select email_hash from sign_in_try
         where tried_at <= $1::timestamptz - ${AGE} order by tried_at limit ${FORGOTTEN_AT_ONCE_MAX})`,
      [new Date(nowMs)],
    )
    await db.query(
      `delete from sign_in_try where email_hash in (select email_hash from sign_in_try
         where person_id is null order by tried_at desc offset $1 limit ${FORGOTTEN_AT_ONCE_MAX})`,
      [strangersMax],
    )
  })
