import { randomUUID } from 'node:crypto'
import type { Role } from '#shared/access/roles.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import { emailOf } from './email.ts'
import { isPassword } from './passwords.ts'
import { mayTry, type TrySource } from './tries.ts'

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

export type SignIn =
  /** With what is kept of the password that was proved. */
  | { readonly kind: 'Proved'; readonly person: Person; readonly source: TrySource; readonly provedHash: string }
  /** Not said which: name or password. */
  | { readonly kind: 'Wrong'; readonly personId: string | null }
  | { readonly kind: 'Locked'; readonly personId: string | null }

/**
 * An address that nobody has takes the same work, the same time and the same words.
 * @param sourceOf - where the try comes from, as it is seen from whose address it is
 */
export async function provePassword(
  store: IdentityStore,
  tried: { readonly email: string; readonly password: string },
  sourceOf: (person: Person | null) => TrySource,
  nowMs: number,
): Promise<SignIn> {
  const [row] = await store.work((db) =>
    db.query<PersonRow>(`select ${COLUMNS} from person where email = $1`, [emailOf(tried.email)]),
  )
  const source = sourceOf(row === undefined ? null : personOf(row))
  const isCounted = await mayTry(store, tried.email, source, nowMs)
  const provedHash = row?.password_hash ?? null
  const isRight = await isPassword(tried.password, isCounted ? provedHash : null)
  if (!isCounted) return { kind: 'Locked', personId: row?.person_id ?? null }
  if (row === undefined || provedHash === null || !isRight) return { kind: 'Wrong', personId: row?.person_id ?? null }
  return { kind: 'Proved', person: personOf(row), source, provedHash }
}

interface MemberRow {
  readonly [column: string]: unknown
  readonly tenant_id: string
  readonly role: Role
}

/** What she is in this tenant, as her rights have it; null: no member. */
export const roleIn = (store: IdentityStore, personId: string, tenantId: string): Promise<Role | null> =>
  store.asTenant(tenantId, async (db) => {
    const [row] = await db.query<{ role: Role }>('select role from member where tenant_id = $1 and person_id = $2', [
      ...[tenantId, personId],
    ])
    return row?.role ?? null
  })

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
