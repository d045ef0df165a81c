import { type Role, type Scope, scopesOf } from '#shared/access/roles.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import type { MemberKey } from './members.ts'

// The door asks what somebody may do before the body of her request is read, and reading may take long: what is made in her
// name asks once more, in the transaction that makes it. Whoever takes her right meanwhile waits for that one, and then finds
// what is to end with it.

/** By tenant and person, as the two roles that work on it see no rows of each other. */
const LOCK = "(hashtextextended('right:' || $1 || ' ' || $2, 0))"

/** First of all in a transaction that changes what somebody may do: nothing is made in her name until it is over. */
export const holdRight = (db: Transaction, { tenantId, personId }: MemberKey): Promise<unknown> =>
  db.query(`select pg_advisory_xact_lock${LOCK}`, [tenantId, personId])

const leanOnRight = (db: Transaction, { tenantId, personId }: MemberKey): Promise<unknown> =>
  db.query(`select pg_advisory_xact_lock_shared${LOCK}`, [tenantId, personId])

async function mayNow(people: Transaction, { tenantId, personId }: MemberKey, scopes: readonly Scope[]) {
  const [row] = await people.query<{ is_super_admin: boolean; role: Role | null }>(
    `select is_super_admin, role from person left join member on member.tenant_id = $1 and member.person_id = $2
     where person.person_id = $2`,
    [tenantId, personId],
  )
  const may = row === undefined || row.role === null ? [] : scopesOf(row.role)
  return row?.is_super_admin === true || scopes.every((scope) => may.includes(scope))
}

/**
 * Whether somebody may do all of this until the end of the transaction; asked as its first.
 * @param store - null: the transaction is one of people itself
 */
export async function stillMay(
  db: Transaction,
  store: IdentityStore | null,
  member: MemberKey,
  scopes: readonly Scope[],
): Promise<boolean> {
  await leanOnRight(db, member)
  if (store === null) return mayNow(db, member, scopes)
  return store.asTenant(member.tenantId, (people) => mayNow(people, member, scopes))
}
