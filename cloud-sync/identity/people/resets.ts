import { randomBytes, randomUUID } from 'node:crypto'
import { PLATFORM } from '../../audit/entries.ts'
import type { RecordAudit } from '../../plugins/audit.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import { signOutEverywhere } from '../provider/artifacts.ts'
import { lookupHash } from '../sealing.ts'
import { countMail, type MailKind, takeBackMail } from './mail-counts.ts'
import { findPersonByEmail, type Person } from './people.ts'

/** A forgotten password: a link by mail that works once. */

const [TOKEN_BYTES, RESET_MS] = [24, 3_600_000]
/** Nobody fills another's mailbox: a link each minute, so many of a day, and no more while so many that were mailed are open. */
const AGAIN_MS = 60_000
export const MAILED_OPEN_MAX = 3

export interface ResetLink {
  readonly token: string
  readonly linkId: string
  readonly expiresAtMs: number
}

/**
 * Before anything else of hers: whoever takes the same in another order would wait for her for ever. Not against those who
 * only refer to her, as tries to sign in do while they hold rows that are deleted here.
 */
const holdPerson = (db: Transaction, personId: string): Promise<unknown> =>
  db.query('select from person where person_id = $1 for no key update', [personId])

async function insertLink(db: Transaction, personId: string, isMailed: boolean, nowMs: number): Promise<ResetLink> {
  const [token, linkId] = [randomBytes(TOKEN_BYTES).toString('base64url'), randomUUID()]
  const expiresAtMs = nowMs + RESET_MS
  await db.query(
    "insert into link (token_hash, purpose, link_id, person_id, is_mailed, expires_at) values ($1, 'reset', $2, $3, $4, $5)",
    [lookupHash(token), linkId, personId, isMailed, new Date(expiresAtMs)],
  )
  return { token, linkId, expiresAtMs }
}

/**
 * By an administrator, and it ends the one that was handed over before; those that were mailed work on. Nobody has mailed
 * it yet: until somebody does, whoever uses it was shown it.
 */
export async function insertResetLink(db: Transaction, personId: string, nowMs: number): Promise<ResetLink> {
  await db.query("delete from link where purpose = 'reset' and person_id = $1 and not is_mailed", [personId])
  return insertLink(db, personId, false, nowMs)
}

/** A link that is to be mailed, and as what it was counted. */
export interface BegunReset {
  readonly token: string
  readonly person: Person
  readonly kind: MailKind
}

/**
 * @param isHers - whether it is asked for on a device on which this person has signed in: strangers use up none of hers
 * @returns null: nobody has this address, or links enough have been sent
 */
export async function beginReset(
  store: IdentityStore,
  email: string,
  isHers: (person: Person) => boolean,
  nowMs: number,
): Promise<BegunReset | null> {
  const person = await findPersonByEmail(store, email)
  if (person === null) return null
  return store.work(async (db) => {
    // Of two that are asked for at once one is sent.
    await holdPerson(db, person.personId)
    const open = await db.query<{ expires_at: Date }>(
      "select expires_at from link where purpose = 'reset' and person_id = $1 and is_mailed and expires_at > $2",
      [person.personId, new Date(nowMs)],
    )
    const isJustSent = open.some((it) => it.expires_at.getTime() > nowMs + RESET_MS - AGAIN_MS)
    if (isJustSent || open.length >= MAILED_OPEN_MAX) return null
    const kind = isHers(person) ? 'reset of hers' : 'reset'
    if (!(await countMail(db, store, { kind, email }, nowMs))) return null
    // Those of before work on: anybody may ask for one, and ends nobody else's by it. The first that is used ends them all.
    const { token } = await insertLink(db, person.personId, true, nowMs)
    return { token, person, kind }
  })
}

/** It did not get out: it is no link that is open, and none of the day's. */
export const forgetReset = (store: IdentityStore, { token, person, kind }: BegunReset): Promise<unknown> =>
  store.work(async (db) => {
    await holdPerson(db, person.personId)
    await db.query("delete from link where token_hash = $1 and purpose = 'reset'", [lookupHash(token)])
    await takeBackMail(db, store, { kind, email: person.email })
  })

const OPEN = "token_hash = $1 and purpose = 'reset' and expires_at > $2"

/** @returns of whom the link is; null when it is used, too old or unknown */
export const readReset = (store: IdentityStore, token: string, nowMs: number): Promise<{ email: string } | null> =>
  store.work(async (db) => {
    const [row] = await db.query<{ email: string }>(
      `select person.email from link join person using (person_id) where ${OPEN}`,
      [lookupHash(token), new Date(nowMs)],
    )
    return row ?? null
  })

/** She chose a new password: whoever is signed in as her anywhere is not any more. @returns who; null: the link is over */
export const finishReset = (
  store: IdentityStore,
  token: string,
  passwordHash: string,
  nowMs: number,
  record: RecordAudit,
): Promise<string | null> =>
  store.asTenant(PLATFORM, async (db) => {
    const of = [lookupHash(token), new Date(nowMs)]
    const [asked] = await db.query<{ person_id: string }>(`select person_id from link where ${OPEN}`, of)
    if (asked === undefined) return null
    await holdPerson(db, asked.person_id)
    const [used] = await db.query<{ person_id: string; is_mailed: boolean }>(
      `delete from link where ${OPEN} returning person_id, is_mailed`,
      of,
    )
    if (used === undefined) return null
    await db.query("delete from link where purpose = 'reset' and person_id = $1", [used.person_id])
    await db.query(
      'update person set password_hash = $2, email_proved_at = coalesce(email_proved_at, $3) where person_id = $1',
      [used.person_id, passwordHash, used.is_mailed ? new Date(nowMs) : null],
    )
    await db.query('delete from sign_in_try where person_id = $1', [used.person_id])
    await signOutEverywhere(db, used.person_id, nowMs)
    await record(db, PLATFORM, { actor: { kind: 'person', id: used.person_id }, about: used.person_id })
    return used.person_id
  })

/**
 * The same by somebody who has proved the old one: links to choose another are over with it.
 * @param chosen - `provedHash`: as it was when she proved it
 * @returns false: it has been changed since, and she has proved nothing
 */
export const changePassword = (
  store: IdentityStore,
  personId: string,
  { provedHash, passwordHash }: { readonly provedHash: string; readonly passwordHash: string },
  nowMs: number,
  record: RecordAudit,
): Promise<boolean> =>
  store.asTenant(PLATFORM, async (db) => {
    await holdPerson(db, personId)
    const changed = await db.query(
      'update person set password_hash = $2 where person_id = $1 and password_hash = $3 returning 1',
      [personId, passwordHash, provedHash],
    )
    if (changed.length === 0) return false
    await db.query("delete from link where purpose = 'reset' and person_id = $1", [personId])
    await db.query('delete from sign_in_try where person_id = $1', [personId])
    await signOutEverywhere(db, personId, nowMs)
    await record(db, PLATFORM, { actor: { kind: 'person', id: personId }, about: personId })
    return true
  })
