import { randomUUID } from 'node:crypto'
import type { Role } from '#shared/access/roles.ts'
import type { Transaction } from '../store/transactions.ts'
import { emailOf } from './email.ts'
import type { IdentityStore } from './identity-store.ts'
import { isPassword } from './passwords.ts'

/** Somebody who signs in. */
export interface Person {
  readonly personId: string
  readonly email: string
  readonly name: string
  readonly language: string
  readonly isSuperAdmin: boolean
  readonly hasTotp: boolean
  readonly isEmailProved: boolean
  /** What was signed in before that is over; null: she never signed out of everything. */
  readonly signedOutAtMs: number | null
}

/** Where somebody is a member, and as what. */
export interface Membership {
  readonly tenantId: string
  readonly role: Role
}

interface PersonRow {
  readonly [column: string]: unknown
  readonly person_id: string
  readonly email: string
  readonly name: string
  readonly language: string
  readonly is_super_admin: boolean
  readonly has_totp: boolean
  readonly is_email_proved: boolean
  readonly signed_out_at: Date | null
  readonly password_hash: string | null
}

const COLUMNS = `person_id, email, name, language, is_super_admin, totp_sealed is not null as has_totp, password_hash,
  email_proved_at is not null as is_email_proved, signed_out_at`

const personOf = (row: PersonRow): Person => ({
  personId: row.person_id,
  email: row.email,
  name: row.name,
  language: row.language,
  isSuperAdmin: row.is_super_admin,
  hasTotp: row.has_totp,
  isEmailProved: row.is_email_proved,
  signedOutAtMs: row.signed_out_at?.getTime() ?? null,
})

export const findPerson = (store: IdentityStore, personId: string): Promise<Person | null> =>
  store.work(async (db) => {
    const [row] = await db.query<PersonRow>(`select ${COLUMNS} from person where person_id = $1`, [personId])
    return row === undefined ? null : personOf(row)
  })

export const findPersonByEmail = (store: IdentityStore, email: string): Promise<Person | null> =>
  store.work(async (db) => {
    const [row] = await db.query<PersonRow>(`select ${COLUMNS} from person where email = $1`, [emailOf(email)])
    return row === undefined ? null : personOf(row)
  })

export interface NewPerson {
  readonly email: string
  readonly name: string
  readonly language: string
  /** null: she signs in elsewhere. */
  readonly passwordHash: string | null
  readonly isSuperAdmin: boolean
  /** Left out: nobody has shown yet that the address is hers. */
  readonly isEmailProved?: boolean
}

export async function insertPerson(db: Transaction, person: NewPerson, nowMs: number): Promise<string> {
  const personId = randomUUID()
  await db.query(
    `insert into person (person_id, email, name, language, password_hash, is_super_admin, created_at, email_proved_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[personId, emailOf(person.email), person.name, person.language, person.passwordHash],
      ...[person.isSuperAdmin, new Date(nowMs), person.isEmailProved === true ? new Date(nowMs) : null],
    ],
  )
  return personId
}

/** Wrong tries that cost nothing; each further one locks for twice as long as the one before. */
const WRONG_MAX = 5
const [LOCKED_S_MIN, LOCKED_S_MAX] = [60, 3_600]

/** @returns null when she is unknown, or locked for now */
async function countTry(
  store: IdentityStore,
  column: 'email' | 'person_id',
  value: string,
  nowMs: number,
): Promise<PersonRow | null> {
  const [row] = await store.work((db) =>
    db.query<PersonRow>(
      `update person set wrong_count = least(wrong_count + 1, 1000), locked_until = case when wrong_count + 1 >= $3
         then $2::timestamptz + least(${LOCKED_S_MIN} * 2 ^ least(wrong_count + 1 - $3, 20), ${LOCKED_S_MAX}) * interval '1 second' end
       where ${column} = $1 and (locked_until is null or locked_until <= $2) returning ${COLUMNS}`,
      [value, new Date(nowMs), WRONG_MAX],
    ),
  )
  return row ?? null
}

/** For the second proof, too: its six digits are counted with the password's tries. @returns false while she is locked */
export const mayTry = async (store: IdentityStore, personId: string, nowMs: number): Promise<boolean> =>
  (await countTry(store, 'person_id', personId, nowMs)) !== null

export type SignIn =
  | { readonly kind: 'Proved'; readonly person: Person }
  /** Not said which: name or password. */
  | { readonly kind: 'Wrong'; readonly personId: string | null }
  | { readonly kind: 'Locked'; readonly personId: string }

/**
 * A try is counted before it is proved, so that tries made at once are counted like tries made in turn. An address that
 * is not known takes the same time and the same words.
 */
export async function provePassword(
  store: IdentityStore,
  tried: { readonly email: string; readonly password: string },
  nowMs: number,
): Promise<SignIn> {
  const email = emailOf(tried.email)
  const row = await countTry(store, 'email', email, nowMs)
  const isRight = await isPassword(tried.password, row?.password_hash ?? null)
  if (row === null) {
    const known = await store.work((db) =>
      db.query<PersonRow>(`select ${COLUMNS} from person where email = $1`, [email]),
    )
    const [locked] = known
    return locked === undefined ? { kind: 'Wrong', personId: null } : { kind: 'Locked', personId: locked.person_id }
  }
  if (!isRight) return { kind: 'Wrong', personId: row.person_id }
  return { kind: 'Proved', person: personOf(row) }
}

/** All that proves her was right: the wrong tries are forgotten. */
export const forgiveTries = (store: IdentityStore, personId: string): Promise<unknown> =>
  store.work((db) =>
    db.query('update person set wrong_count = 0, locked_until = null where person_id = $1', [personId]),
  )

interface MemberRow {
  readonly [column: string]: unknown
  readonly tenant_id: string
  readonly role: Role
}

/** A person is a member of this many tenants at most. */
export const MEMBERSHIPS_MAX = 200

export const membershipsOf = (store: IdentityStore, personId: string): Promise<readonly Membership[]> =>
  store.asPerson(personId, async (db) => {
    const rows = await db.query<MemberRow>(
      `select tenant_id, role from member where person_id = $1 order by added_at limit ${MEMBERSHIPS_MAX}`,
      [personId],
    )
    return rows.map(({ tenant_id: tenantId, role }) => ({ tenantId, role }))
  })
