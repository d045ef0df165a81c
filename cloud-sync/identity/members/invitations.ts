import { randomBytes, randomUUID } from 'node:crypto'
import { type Role, scopesOf } from '#shared/access/roles.ts'
import type { Language } from '#shared/domain/ids.ts'
import type { AuditDetail, RecordAudit } from '../../plugins/audit.ts'
import { isTaken } from '../../store/branches.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import { emailOf } from '../people/email.ts'
import { findPersonByEmail, insertPerson, type NewPerson, type Person } from '../people/people.ts'
import { lookupHash } from '../sealing.ts'
import { addMember, hasPlace } from './members.ts'
import { stillMay } from './still-may.ts'

/** Somebody is asked to join a tenant: a link that works once. */

const TOKEN_BYTES = 24
export const INVITATION_MS = 7 * 24 * 3_600_000
/** Of one tenant, open at a time. */
export const INVITATIONS_MAX = 200

export interface Invitation {
  readonly invitationId: string
  readonly email: string
  readonly role: Role
  readonly expiresAtMs: number
  /** Whoever comes with the link has read a mail at the address. */
  readonly isMailed: boolean
}

interface Row {
  readonly [column: string]: unknown
  readonly link_id: string
  readonly tenant_id: string
  readonly email: string
  readonly role: Role
  readonly expires_at: Date
  readonly is_mailed: boolean
}

const invitationOf = (row: Row): Invitation => ({
  ...{ invitationId: row.link_id, email: row.email, role: row.role, isMailed: row.is_mailed },
  expiresAtMs: row.expires_at.getTime(),
})

const COLUMNS = 'link_id, tenant_id, email, role, expires_at, is_mailed'

export interface Inviting {
  readonly email: string
  readonly role: Role
  readonly language: Language
  /** The person who asks her. */
  readonly madeBy: string
}

export type Invited =
  | { readonly kind: 'Invited'; readonly invitationId: string; readonly token: string; readonly expiresAtMs: number }
  | { readonly kind: 'AlreadyMember' | 'InvitationsTooMany' | 'Forbidden' }

/** A later invitation of the same address takes the place of the one before, and ends its link. */
export const invite = (
  store: IdentityStore,
  tenantId: string,
  { email: asked, role, language, madeBy }: Inviting,
  nowMs: number,
  record: RecordAudit,
): Promise<Invited> =>
  store.asTenant(tenantId, async (db): Promise<Invited> => {
    const member = { tenantId, personId: madeBy }
    if (!(await stillMay(db, null, member, ['manage:settings', ...scopesOf(role)]))) return { kind: 'Forbidden' }
    const email = emailOf(asked)
    const members = await db.query(
      'select from member join person using (person_id) where tenant_id = $1 and email = $2',
      [tenantId, email],
    )
    if (members.length > 0) return { kind: 'AlreadyMember' }
    // Two at once count each other.
    await db.query("select pg_advisory_xact_lock(hashtextextended('invitations:' || $1, 0))", [tenantId])
    const others = await db.query(
      "select from link where purpose = 'invitation' and tenant_id = $1 and email <> $2 and expires_at > $3",
      [tenantId, email, new Date(nowMs)],
    )
    if (others.length >= INVITATIONS_MAX) return { kind: 'InvitationsTooMany' }
    const [token, invitationId] = [randomBytes(TOKEN_BYTES).toString('base64url'), randomUUID()]
    const expiresAtMs = nowMs + INVITATION_MS
    await db.query(
      `insert into link (token_hash, purpose, email, tenant_id, role, language, link_id, expires_at, made_by)
       values ($1, 'invitation', $2, $3, $4, $5, $6, $7, $8)
       on conflict (tenant_id, email) where purpose = 'invitation' do update set token_hash = $1, role = $4, language = $5,
         link_id = $6, expires_at = $7, made_by = $8, is_mailed = false`,
      [lookupHash(token), email, tenantId, role, language, invitationId, new Date(expiresAtMs), madeBy],
    )
    await record(db, tenantId, { about: invitationId, after: { role } })
    return { kind: 'Invited', invitationId, token, expiresAtMs }
  })

/** Its mail is on its way: whoever uses the link has shown that the address is hers. */
export const markMailed = (store: IdentityStore, invitationId: string): Promise<unknown> =>
  store.work((db) => db.query('update link set is_mailed = true where link_id = $1', [invitationId]))

export const listInvitations = (
  store: IdentityStore,
  tenantId: string,
  nowMs: number,
): Promise<readonly Invitation[]> =>
  store.work(async (db) => {
    const rows = await db.query<Row>(
      `select ${COLUMNS} from link where purpose = 'invitation' and tenant_id = $1 and expires_at > $2
       order by email limit ${INVITATIONS_MAX}`,
      [tenantId, new Date(nowMs)],
    )
    return rows.map(invitationOf)
  })

/** @returns false when there is none such */
export const takeBackInvitation = (
  store: IdentityStore,
  tenantId: string,
  invitationId: string,
  record: RecordAudit,
): Promise<boolean> =>
  store.asTenant(tenantId, async (db) => {
    const gone = await db.query(
      "delete from link where purpose = 'invitation' and tenant_id = $1 and link_id = $2 returning 1",
      [tenantId, invitationId],
    )
    if (gone.length === 1) await record(db, tenantId)
    return gone.length === 1
  })

/** What a link leads to. */
export interface OpenInvitation extends Invitation {
  readonly tenantId: string
  /** null: the address has no account. */
  readonly person: Person | null
}

/** @returns null when the link is used, taken back, too old or unknown */
export async function readInvitation(
  store: IdentityStore,
  token: string,
  nowMs: number,
): Promise<OpenInvitation | null> {
  const [row] = await store.work((db) =>
    db.query<Row>(`select ${COLUMNS} from link where token_hash = $1 and purpose = 'invitation' and expires_at > $2`, [
      lookupHash(token),
      new Date(nowMs),
    ]),
  )
  if (row === undefined) return null
  return { ...invitationOf(row), tenantId: row.tenant_id, person: await findPersonByEmail(store, row.email) }
}

/** Uses the link up. @returns false when somebody else did, or it was taken back */
const useUp = async (db: Transaction, { invitationId }: OpenInvitation, nowMs: number): Promise<boolean> => {
  const used = await db.query(
    "delete from link where link_id = $1 and purpose = 'invitation' and expires_at > $2 returning 1",
    [invitationId, new Date(nowMs)],
  )
  return used.length === 1
}

/** Whoever joins has done so herself, by whichever way she came. */
export const memberAdded = (personId: string, role: Role): AuditDetail => ({
  ...{ code: 'MemberAdded', actor: { kind: 'person', id: personId }, about: personId, after: { role } },
})

/** Somebody new joins. @returns false when the invitation is over, or the address has an account by now */
export async function joinAsNew(
  store: IdentityStore,
  invitation: OpenInvitation,
  person: Pick<NewPerson, 'name' | 'language' | 'passwordHash'>,
  nowMs: number,
  record: RecordAudit,
): Promise<boolean> {
  const { tenantId, email, role, isMailed } = invitation
  try {
    return await store.asTenant(tenantId, async (db) => {
      if (!(await useUp(db, invitation, nowMs))) return false
      const made = { ...person, email, isSuperAdmin: false, isEmailProved: isMailed }
      const personId = await insertPerson(db, made, nowMs)
      await addMember(db, { tenantId, personId }, role, nowMs)
      await record(db, tenantId, memberAdded(personId, role))
      return true
    })
  } catch (error) {
    // Made a moment ago, by another invitation: the link is as good as it was.
    if (isTaken(error)) return false
    throw error
  }
}

export type Joining = 'Joined' | 'Over' | 'MembershipsFull'

/** Somebody who has proved who she is joins; where she is a member of too many tenants, the invitation stays. */
export const joinAs = (
  store: IdentityStore,
  invitation: OpenInvitation,
  personId: string,
  nowMs: number,
  record: RecordAudit,
): Promise<Joining> =>
  store.asTenant(invitation.tenantId, async (db): Promise<Joining> => {
    if (!(await hasPlace(db, { tenantId: invitation.tenantId, personId }))) return 'MembershipsFull'
    if (!(await useUp(db, invitation, nowMs))) return 'Over'
    if (invitation.isMailed)
      await db.query('update person set email_proved_at = coalesce(email_proved_at, $2) where person_id = $1', [
        ...[personId, new Date(nowMs)],
      ])
    await addMember(db, { tenantId: invitation.tenantId, personId }, invitation.role, nowMs)
    await record(db, invitation.tenantId, memberAdded(personId, invitation.role))
    return 'Joined'
  })
