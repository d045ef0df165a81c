import { randomBytes, randomUUID } from 'node:crypto'
import { PLATFORM } from '../../audit/entries.ts'
import type { RecordAudit } from '../../plugins/audit.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import { signOutEverywhere } from '../provider/artifacts.ts'
import { lookupHash } from '../sealing.ts'
import { countMail } from './mail-counts.ts'
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

/**
 * @param isHers - whether it is asked for on a device on which this person has signed in: strangers use up none of hers
 * @returns the link's token and for whom; null: nobody has this address, or links enough have been sent
 */
export async function beginReset(
  store: IdentityStore,
  email: string,
  isHers: (person: Person) => boolean,
  nowMs: number,
): Promise<{ readonly token: string; readonly person: Person } | null> {
  const person = await findPersonByEmail(store, email)
  if (person === null) return null
  return store.work(async (db) => {
    // Of two that are asked for at once one is sent.
    await db.query('select from person where person_id = $1 for update', [person.personId])
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
    return { token, person }
  })
}

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

/** She chose a new password: whoever is signed in as her anywhere is not any more. @returns false when the link is over */
export const finishReset = (
  store: IdentityStore,
  token: string,
  passwordHash: string,
  nowMs: number,
  record: RecordAudit,
): Promise<boolean> =>
  store.asTenant(PLATFORM, async (db) => {
    const [used] = await db.query<{ person_id: string; is_mailed: boolean }>(
      `delete from link where ${OPEN} returning person_id, is_mailed`,
      [lookupHash(token), new Date(nowMs)],
    )
    if (used === undefined) return false
    await db.query("delete from link where purpose = 'reset' and person_id = $1", [used.person_id])
    await db.query(
      'update person set password_hash = $2, email_proved_at = coalesce(email_proved_at, $3) where person_id = $1',
      [used.person_id, passwordHash, used.is_mailed ? new Date(nowMs) : null],
    )
    await db.query('delete from sign_in_try where person_id = $1', [used.person_id])
    await signOutEverywhere(db, used.person_id, nowMs)
    await record(db, PLATFORM, { actor: { kind: 'person', id: used.person_id }, about: used.person_id })
    return true
  })

/** The same by somebody who has proved the old one: links to choose another are over with it. */
export const changePassword = (
  store: IdentityStore,
  personId: string,
  passwordHash: string,
  nowMs: number,
  record: RecordAudit,
): Promise<void> =>
  store.asTenant(PLATFORM, async (db) => {
    await db.query('update person set password_hash = $2 where person_id = $1', [personId, passwordHash])
    await db.query("delete from link where purpose = 'reset' and person_id = $1", [personId])
    await db.query('delete from sign_in_try where person_id = $1', [personId])
    await signOutEverywhere(db, personId, nowMs)
    await record(db, PLATFORM, { actor: { kind: 'person', id: personId }, about: personId })
  })
