import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import { emailOf } from './email.ts'

/** How many mails go to one address: nobody has us fill another's mailbox. */

/** A link for a new password that anybody asked for, one that was asked for on a device of hers, a code, an invitation. */
export type MailKind = 'reset' | 'reset of hers' | 'code' | 'invitation'

/** Of one kind, to one address, whoever asks. */
export const MAILS_A_DAY_MAX = 10
const DAY = "interval '24 hours'"
const IS_OLD = `it.begun_at <= $2::timestamptz - ${DAY}`

const hashOf = (store: IdentityStore, kind: MailKind, email: string): Buffer =>
  store.keyedHash('mails of a day', `${kind} ${emailOf(email)}`)

/** Counts a mail before it is sent. @returns false: so many of this kind went to the address within a day */
export async function countMail(
  db: Transaction,
  store: IdentityStore,
  { kind, email }: { readonly kind: MailKind; readonly email: string },
  nowMs: number,
): Promise<boolean> {
  const counted = await db.query(
    `insert into mail_count as it values ($1, $2, 1) on conflict (kind_hash) do update set
       count = case when ${IS_OLD} then 1 else it.count + 1 end, begun_at = case when ${IS_OLD} then $2 else it.begun_at end
     where ${IS_OLD} or it.count < ${MAILS_A_DAY_MAX} returning 1`,
    [hashOf(store, kind, email), new Date(nowMs)],
  )
  return counted.length === 1
}

/** It did not get out. */
export const takeBackMail = (
  db: Transaction,
  store: IdentityStore,
  { kind, email }: { readonly kind: MailKind; readonly email: string },
): Promise<unknown> =>
  db.query('update mail_count set count = count - 1 where kind_hash = $1 and count > 0', [hashOf(store, kind, email)])

/** Those of a day that is over. */
export const forgetMailCounts = (db: Transaction, nowMs: number): Promise<unknown> =>
  db.query(`delete from mail_count where begun_at <= $1::timestamptz - ${DAY}`, [new Date(nowMs)])
