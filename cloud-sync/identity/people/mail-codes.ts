import { randomInt } from 'node:crypto'
import type { IdentityStore } from '../identity-store.ts'
import { countMail, takeBackMail } from './mail-counts.ts'
import type { Person } from './people.ts'

/** Six digits that were mailed to an address show that whoever types them reads it. */

const DIGITS = 6
export const CODE_MS = 10 * 60_000
const AGAIN_MS = 60_000
export const TRIES_MAX = 5

const hashOf = (store: IdentityStore, { personId, email }: Person, code: string): Buffer =>
  store.keyedHash('mail codes', `${personId} ${email} ${code}`)

export type NewMailCode = { readonly code: string } | 'JustSent' | 'EnoughOfDay'

/**
 * So many a day, and so many tries of each: whoever guesses them for a year has tried a fiftieth of all that there are.
 * @returns the digits, to be mailed, or why not
 */
export async function newMailCode(store: IdentityStore, person: Person, nowMs: number): Promise<NewMailCode> {
  const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0')
  return store.work(async (db) => {
    const made = await db.query(
      `insert into mail_code values ($1, $2, $3, 0, $4, $5)
       on conflict (person_id) do update set email = $2, code_hash = $3, tries = 0, made_at = $4, expires_at = $5
         where mail_code.made_at <= $6 returning 1`,
      [
        ...[person.personId, person.email, hashOf(store, person, code)],
        ...[new Date(nowMs), new Date(nowMs + CODE_MS), new Date(nowMs - AGAIN_MS)],
      ],
    )
    if (made.length === 0) return 'JustSent'
    if (await countMail(db, store, { kind: 'code', email: person.email }, nowMs)) return { code }
    // None went out: the one of before must not be guessed at anew either.
    await db.query('delete from mail_code where person_id = $1', [person.personId])
    return 'EnoughOfDay'
  })
}

/**
 * It did not get out: the next may be asked for at once, and it is none of the day's. One that was guessed at meanwhile
 * stays counted: whose mails are never taken would guess for ever.
 */
export const forgetMailCode = (store: IdentityStore, person: Person, code: string): Promise<unknown> =>
  store.work(async (db) => {
    const [gone] = await db.query<{ tries: number }>(
      'delete from mail_code where person_id = $1 and code_hash = $2 returning tries',
      [person.personId, hashOf(store, person, code)],
    )
    if (gone?.tries === 0) await takeBackMail(db, store, { kind: 'code', email: person.email })
  })

export type CodeProof = 'Proved' | 'Wrong' | 'Ended'

/** A try is counted before it is looked at, so that many at once are no more than as many in turn. */
export const proveMailCode = (store: IdentityStore, person: Person, typed: string, nowMs: number): Promise<CodeProof> =>
  store.work(async (db): Promise<CodeProof> => {
    const { personId, email } = person
    const [row] = await db.query<{ code_hash: Buffer }>(
      `update mail_code set tries = tries + 1
       where person_id = $1 and email = $2 and tries < ${TRIES_MAX} and expires_at > $3 returning code_hash`,
      [personId, email, new Date(nowMs)],
    )
    if (row === undefined) return 'Ended'
    if (!row.code_hash.equals(hashOf(store, person, typed.replaceAll(/\D/g, '')))) return 'Wrong'
    await db.query('delete from mail_code where person_id = $1', [personId])
    await db.query('update person set email_proved_at = $2 where person_id = $1', [personId, new Date(nowMs)])
    return 'Proved'
  })
