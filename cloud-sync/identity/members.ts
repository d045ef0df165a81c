import type { Role } from '#shared/access/roles.ts'
import type { RecordAudit } from '../plugins/audit.ts'
import type { Transaction } from '../store/transactions.ts'
import type { IdentityStore } from './identity-store.ts'

/** Somebody who may work in a tenant. */
export interface Member {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly isEmailProved: boolean
  readonly role: Role
  readonly addedAtMs: number
}

/** One of a tenant's members. */
export interface MemberKey {
  readonly tenantId: string
  readonly personId: string
}

interface Row {
  readonly [column: string]: unknown
  readonly person_id: string
  readonly name: string
  readonly email: string
  readonly is_email_proved: boolean
  readonly role: Role
  readonly added_at: Date
}

export const MEMBERS_LISTED_MAX = 200

/** @param after - the person the page before ended with; null: from the beginning */
export const listMembers = (store: IdentityStore, tenantId: string, after: string | null): Promise<readonly Member[]> =>
  store.asTenant(tenantId, async (db) => {
    const rows = await db.query<Row>(
      `select person_id, name, email, email_proved_at is not null as is_email_proved, role, added_at
       from member join person using (person_id) where tenant_id = $1 and ($2::uuid is null or person_id > $2)
       order by person_id limit ${MEMBERS_LISTED_MAX}`,
      [tenantId, after],
    )
    return rows.map((row) => ({
      ...{ personId: row.person_id, name: row.name, email: row.email, isEmailProved: row.is_email_proved },
      ...{ role: row.role, addedAtMs: row.added_at.getTime() },
    }))
  })

export type MemberChange = 'Done' | 'MemberUnknown' | 'LastAdministrator'

/**
 * Changes what somebody is in a tenant, and never leaves it without an administrator: all of them are held meanwhile, so
 * that of two who take each other's place one is told no.
 */
const change = (
  store: IdentityStore,
  { tenantId, personId }: MemberKey,
  becomes: Role | null,
  act: (db: Transaction) => Promise<unknown>,
  record: RecordAudit,
): Promise<MemberChange> =>
  store.asTenant(tenantId, async (db) => {
    const held = await db.query<{ person_id: string; role: Role }>(
      `select person_id, role from member where tenant_id = $1 and (role = 'admin' or person_id = $2)
       order by person_id for update`,
      [tenantId, personId],
    )
    if (!held.some((it) => it.person_id === personId)) return 'MemberUnknown'
    const isKept = becomes === 'admin' || held.some((it) => it.role === 'admin' && it.person_id !== personId)
    const role = held.find((it) => it.person_id === personId)?.role ?? null
    const wasAdministrator = role === 'admin'
    if (wasAdministrator && !isKept) return 'LastAdministrator'
    await act(db)
    await record(db, tenantId, { before: { role }, after: becomes === null ? null : { role: becomes } })
    return 'Done'
  })

export const changeRole = (
  store: IdentityStore,
  member: MemberKey,
  role: Role,
  record: RecordAudit,
): Promise<MemberChange> =>
  change(
    store,
    member,
    role,
    (db) =>
      db.query('update member set role = $3 where tenant_id = $1 and person_id = $2', [
        ...[member.tenantId, member.personId, role],
      ]),
    record,
  )

/** Ends at once what her tokens may do here; by what name she came from elsewhere is forgotten. */
export const removeMember = (store: IdentityStore, member: MemberKey, record: RecordAudit): Promise<MemberChange> =>
  change(
    store,
    member,
    null,
    async (db) => {
      const key = [member.tenantId, member.personId]
      await db.query('delete from foreign_identity where tenant_id = $1 and person_id = $2', key)
      await db.query('delete from member where tenant_id = $1 and person_id = $2', key)
    },
    record,
  )

/** Whoever is a member already stays what she is. */
export const addMember = (
  db: Transaction,
  { tenantId, personId }: MemberKey,
  role: Role,
  nowMs: number,
): Promise<unknown> =>
  db.query('insert into member values ($1, $2, $3, $4) on conflict do nothing', [
    ...[tenantId, personId, role, new Date(nowMs)],
  ])
