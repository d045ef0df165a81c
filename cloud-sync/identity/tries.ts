import { emailOf } from './email.ts'
import type { IdentityStore } from './identity-store.ts'

/**
 * Tries to sign in, counted by the address that was typed, whether somebody has it or not: a lock says nothing of who
 * there is.
 */

/** Wrong tries that cost nothing; each further one locks for twice as long as the one before. */
const WRONG_MAX = 5
const [LOCKED_S_MIN, LOCKED_S_MAX] = [60, 3_600]
/** Nobody tried for so long: it begins anew. */
const FORGOTTEN_HOURS = 24
/** Addresses that nobody has; of more the oldest are forgotten. Those of people never are, whoever floods the table. */
const STRANGERS_MAX = 100_000
const FORGOTTEN_AT_ONCE_MAX = 10_000

/** Nobody reads in a table which addresses were tried. */
const hashOf = (store: IdentityStore, email: string): Buffer => store.keyedHash('sign-in tries', emailOf(email))

const AGE = `interval '${FORGOTTEN_HOURS} hours'`
const COUNT = `insert into sign_in_try as it (email_hash, person_id, wrong_count, tried_at)
  values ($1, (select person_id from person where email = $2), 1, $3)
  on conflict (email_hash) do update set person_id = excluded.person_id, tried_at = $3,
    wrong_count = case when it.tried_at <= $3::timestamptz - ${AGE} then 1 else least(it.wrong_count + 1, 1000) end,
    locked_until = case when it.tried_at > $3::timestamptz - ${AGE} and it.wrong_count + 1 >= ${WRONG_MAX}
      then $3::timestamptz + least(${LOCKED_S_MIN} * 2 ^ least(it.wrong_count + 1 - ${WRONG_MAX}, 20), ${LOCKED_S_MAX}) * interval '1 second'
    end
  where it.locked_until is null or it.locked_until <= $3 returning 1`

/**
 * Counts a try before it is proved, so that tries made at once are counted like tries made in turn. The second proof's six
 * digits are counted with the password's.
 * @returns false while the address is locked
 */
export const mayTry = (store: IdentityStore, email: string, nowMs: number): Promise<boolean> =>
  store.work(async (db) => {
    const counted = await db.query(COUNT, [hashOf(store, email), emailOf(email), new Date(nowMs)])
    return counted.length === 1
  })

/** All that proves her was right: the wrong tries are forgotten. */
export const forgiveTries = (store: IdentityStore, personId: string): Promise<unknown> =>
  store.work((db) => db.query('delete from sign_in_try where person_id = $1', [personId]))

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
