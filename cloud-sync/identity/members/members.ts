import { type Role, scopesOf } from '#shared/access/roles.ts'
import { personAsker } from '../../asker.ts'
import { tellRightsChanged } from '../../live/rights-changed.ts'
import type { RecordAudit } from '../../plugins/audit.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import { MEMBERSHIPS_MAX } from '../people/people.ts'
import { endMailsTo, endWhatSheMade } from './made-by.ts'
import { holdRight } from './still-may.ts'

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

/** When, and by whose word. */
export interface Changing {
  readonly nowMs: number
  readonly record: RecordAudit
}

export type MemberChange = 'Done' | 'MemberUnknown' | 'LastAdministrator'

/**
 * Changes what somebody is in a tenant, and ends with it what she has given and may not give any more. Never leaves the
 * tenant without an administrator: all of them are held meanwhile, so that of two who take each other's place one is told no.
 */
const change = (
  store: IdentityStore,
  { tenantId, personId }: MemberKey,
  becomes: Role | null,
  act: (db: Transaction) => Promise<unknown>,
  { nowMs, record }: Changing,
): Promise<MemberChange> =>
  store.asTenant(tenantId, async (db) => {
    await holdRight(db, { tenantId, personId })
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
    const [person] = await db.query<{ is_super_admin: boolean }>(
      'select is_super_admin from person where person_id = $1',
      [personId],
    )
    const may = becomes === null ? [] : scopesOf(becomes)
    // Whoever runs the cloud may all of it as before; what she is mailed as a member ends with that.
    const isBeyond = person?.is_super_admin === true
    if (!isBeyond) await endWhatSheMade(db, { tenantId, personId }, may, { nowMs, record })
    if (!isBeyond || becomes === null) await endMailsTo(db, { tenantId, personId }, may, { nowMs, record })
    await tellRightsChanged(db, personAsker(personId))
    await record(db, tenantId, { before: { role }, after: becomes === null ? null : { role: becomes } })
    return 'Done'
  })

export const changeRole = (
  store: IdentityStore,
  member: MemberKey,
  role: Role,
  changing: Changing,
): Promise<MemberChange> =>
  change(
    store,
    member,
    role,
    (db) =>
      db.query('update member set role = $3 where tenant_id = $1 and person_id = $2', [
        ...[member.tenantId, member.personId, role],
      ]),
    changing,
  )

/** Ends at once what her tokens may do here; by what name she came from elsewhere is forgotten. */
export const removeMember = (store: IdentityStore, member: MemberKey, changing: Changing): Promise<MemberChange> =>
  change(
    store,
    member,
    null,
    async (db) => {
      const key = [member.tenantId, member.personId]
      await db.query('delete from foreign_identity where tenant_id = $1 and person_id = $2', key)
      await db.query('delete from member where tenant_id = $1 and person_id = $2', key)
    },
    changing,
  )

/**
 * Whether somebody who has an account may become a member of one tenant more; she is held until the end of the
 * transaction, so that of two that she joins at once both are counted.
 */
export async function hasPlace(db: Transaction, { tenantId, personId }: MemberKey): Promise<boolean> {
  await db.query("select set_config('app.person_id', $1, true)", [personId])
  await db.query('select from person where person_id = $1 for update', [personId])
  const [held] = await db.query<{ count: number }>(
    'select count(*)::int as count from member where person_id = $1 and tenant_id <> $2',
    [personId, tenantId],
  )
  return (held?.count ?? 0) < MEMBERSHIPS_MAX
}

/** Whoever is a member already stays what she is. Of somebody who has an account `hasPlace` is asked before. */
export const addMember = (
  db: Transaction,
  { tenantId, personId }: MemberKey,
  role: Role,
  nowMs: number,
): Promise<unknown> =>
  db.query('insert into member values ($1, $2, $3, $4) on conflict do nothing', [
    ...[tenantId, personId, role, new Date(nowMs)],
  ])
