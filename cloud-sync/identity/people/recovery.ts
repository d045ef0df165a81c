import type { Role } from '#shared/access/roles.ts'
import type { Language } from '#shared/domain/ids.ts'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'
import type { MemberKey } from '../members/members.ts'
import { signOutEverywhere } from '../provider/artifacts.ts'
import { languageNamed } from './identity-mails.ts'
import { insertResetLink, type ResetLink } from './resets.ts'
import { endTotp } from './second-factor.ts'

/** Somebody has lost what she proves herself by, and asks an administrator. */

export interface Helper {
  /** Runs the cloud: may help whoever works in more places than one. */
  readonly isForPlatform: boolean
  /** Whether he may do here all that she may. */
  mayActFor(role: Role): boolean
  /** Says what was done, in its transaction. */
  record(db: Transaction): Promise<void>
}

export type Helpless = 'MemberUnknown' | 'MemberElsewhere' | 'Forbidden'

interface Row {
  readonly [column: string]: unknown
  readonly email: string
  readonly language: string
  readonly is_super_admin: boolean
}

/**
 * An account is one, wherever she works: who could open it here would be her in every tenant. So a tenant's administrator
 * helps those alone who work nowhere else. She is held meanwhile, so that she becomes a member nowhere.
 */
const help = <Done>(
  store: IdentityStore,
  { tenantId, personId }: MemberKey,
  { isForPlatform, mayActFor, record }: Helper,
  act: (db: Transaction, person: Row) => Promise<Done>,
): Promise<Done | Helpless> =>
  store.asMember({ tenantId, personId }, async (db) => {
    const [person] = await db.query<Row>(
      'select email, language, is_super_admin from person where person_id = $1 for update',
      [personId],
    )
    const places = await db.query<{ tenant_id: string; role: Role }>(
      'select tenant_id, role from member where person_id = $1',
      [personId],
    )
    const here = places.find((it) => it.tenant_id === tenantId)
    if (person === undefined || here === undefined) return 'MemberUnknown'
    if (!isForPlatform && (places.length > 1 || person.is_super_admin)) return 'MemberElsewhere'
    if (!mayActFor(here.role)) return 'Forbidden'
    const done = await act(db, person)
    await record(db)
    return done
  })

/** Her password alone signs her in until she turns it on again; who is signed in as her is so no more. */
export const takeSecondFactor = (
  store: IdentityStore,
  member: MemberKey,
  helper: Helper,
  nowMs: number,
): Promise<'Done' | Helpless> =>
  help(store, member, helper, async (db) => {
    await endTotp(db, member.personId)
    await signOutEverywhere(db, member.personId, nowMs)
    return 'Done' as const
  })

export interface PasswordLink extends ResetLink {
  readonly email: string
  readonly language: Language
}

/** A link by which she chooses a new password, once, within the hour. Her second factor stays. */
export const makePasswordLink = (
  store: IdentityStore,
  member: MemberKey,
  helper: Helper,
  nowMs: number,
): Promise<PasswordLink | Helpless> =>
  help(store, member, helper, async (db, { email, language }) => ({
    ...(await insertResetLink(db, member.personId, nowMs)),
    ...{ email, language: languageNamed(language) },
  }))
