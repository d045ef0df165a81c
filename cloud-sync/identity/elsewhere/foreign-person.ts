import type { Role } from '#shared/access/roles.ts'
import type { Language } from '#shared/domain/ids.ts'
import type { RecordAudit } from '../../plugins/audit.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import { memberAdded } from '../members/invitations.ts'
import { addMember, hasPlace } from '../members/members.ts'
import { emailOf } from '../people/email.ts'
import { insertPerson } from '../people/people.ts'
import type { Issuer } from './issuers.ts'

/** What an issuer says of somebody, once its signature was checked. */
export interface ForeignClaims {
  readonly subject: string
  readonly email: string | null
  /** The issuer has seen that the address is hers. */
  readonly isEmailProved: boolean
  readonly name: string | null
}

export type Arrival =
  | { readonly kind: 'Known'; readonly personId: string }
  /** The issuer does not vouch for the address, so it says nothing of who she is here. */
  | { readonly kind: 'Unproved' }
  | { readonly kind: 'Stranger' }
  /** She is a member of as many tenants as anybody may be. */
  | { readonly kind: 'Full' }

/**
 * Whoever was invited to this tenant under the address joins it now, as new or as who she is.
 * @returns who she is; null: nobody invited her
 */
async function joinInvited(
  db: Transaction,
  { tenantId }: Issuer,
  { email, name, language }: { readonly email: string; readonly name: string; readonly language: Language },
  nowMs: number,
): Promise<{ readonly personId: string; readonly joinsAs: Role } | 'Full' | null> {
  const [known] = await db.query<{ person_id: string; may_join: boolean }>(
    `select person_id, email_proved_at is not null or password_hash is null as may_join from person where email = $1`,
    [email],
  )
  // Whoever was shown a link could have made it, with a password of his own: she shows first that the address is hers.
  if (known?.may_join === false) return null
  if (known !== undefined && !(await hasPlace(db, { tenantId, personId: known.person_id }))) return 'Full'
  const [invited] = await db.query<{ role: Role }>(
    `delete from link where purpose = 'invitation' and tenant_id = $1 and email = $2 and expires_at > $3 returning role`,
    [tenantId, email, new Date(nowMs)],
  )
  if (invited === undefined) return null
  // The tenant's issuer vouches for the address to this tenant alone: for all others it stays unproved.
  const personId =
    known?.person_id ??
    (await insertPerson(db, { email, name, language, passwordHash: null, isSuperAdmin: false }, nowMs))
  await addMember(db, { tenantId, personId }, invited.role, nowMs)
  return { personId, joinsAs: invited.role }
}

/**
 * Who it is in this tenant that an issuer of this tenant speaks of: whom it named before by this subject, or a member, or
 * somebody who was invited, by the address that it has proved.
 */
export const arrive = (
  store: IdentityStore,
  issuer: Issuer,
  claims: ForeignClaims,
  language: Language,
  nowMs: number,
  record: RecordAudit,
): Promise<Arrival> =>
  store.asTenant(issuer.tenantId, async (db): Promise<Arrival> => {
    const { tenantId, issuerId } = issuer
    const [linked] = await db.query<{ person_id: string }>(
      `select person_id from foreign_identity join member using (tenant_id, person_id)
       where tenant_id = $1 and issuer_id = $2 and subject = $3`,
      [tenantId, issuerId, claims.subject],
    )
    if (linked !== undefined) return { kind: 'Known', personId: linked.person_id }
    if (claims.email === null || !claims.isEmailProved) return { kind: 'Unproved' }
    const email = emailOf(claims.email)
    const [member] = await db.query<{ person_id: string }>(
      'select person_id from member join person using (person_id) where tenant_id = $1 and email = $2',
      [tenantId, email],
    )
    const name = claims.name ?? email
    const joined =
      member === undefined
        ? await joinInvited(db, issuer, { email, name, language }, nowMs)
        : { personId: member.person_id, joinsAs: null }
    if (joined === null) return { kind: 'Stranger' }
    if (joined === 'Full') return { kind: 'Full' }
    const { personId, joinsAs } = joined
    await db.query('insert into foreign_identity values ($1, $2, $3, $4, $5) on conflict do nothing', [
      ...[tenantId, issuerId, claims.subject, personId, new Date(nowMs)],
    ])
    if (joinsAs !== null) await record(db, tenantId, memberAdded(personId, joinsAs))
    return { kind: 'Known', personId }
  })
