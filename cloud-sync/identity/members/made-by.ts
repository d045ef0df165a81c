import type { Scope } from '#shared/access/roles.ts'
import type { AuditCode } from '#shared/audit/operations.ts'
import { keyAsker } from '../../asker.ts'
import { tellRightsChanged } from '../../live/rights-changed.ts'
import { holdAddresses } from '../../store/mailed-addresses.ts'
import type { Transaction } from '../../store/transactions.ts'
import { emailOf } from '../people/email.ts'
import type { Changing, MemberKey } from './members.ts'

/** Whoever may do this may let others in, and tell others what happens. */
const MAKES: Scope = 'manage:settings'

/** A statement that ends something of hers: $1 the tenant, $2 the person; each row it gives is what was ended. */
interface Ending {
  readonly code: AuditCode
  readonly sql: string
}

const KEYS: Ending = {
  code: 'KeyRevoked',
  sql: `update smartqueue.api_key set revoked_at = $4 where tenant_id = $1 and made_by = $2 and revoked_at is null
    and expires_at > $4 and not scopes <@ $3 returning key_id as id`,
}

/** Of what she made by a key of hers, too. */
const REST: readonly Ending[] = [
  {
    code: 'WebhookEnded',
    sql: `update smartqueue.webhook set ended_at = $3 where tenant_id = $1 and ended_at is null
      and (made_by = 'person ' || $2 or made_by in
        (select 'key ' || key_id from smartqueue.api_key where tenant_id = $1 and made_by = $2::uuid))
      returning webhook_id as id`,
  },
  {
    code: 'InvitationWithdrawn',
    sql: `delete from link where purpose = 'invitation' and tenant_id = $1 and made_by = $2::uuid and expires_at > $3
      returning link_id as id`,
  },
  {
    code: 'EnrolmentCodeVoided',
    sql: `delete from smartqueue.enrolment_directory where tenant_id = $1 and made_by = $2::uuid and used_by is null
      and expires_at > $3 returning branch_id as id`,
  },
]

/**
 * What somebody has made in a tenant goes no further than she does: it ends with her right to make it, in the transaction
 * that takes the right.
 * @param may - what she may still do there
 */
export async function endWhatSheMade(
  db: Transaction,
  { tenantId, personId }: MemberKey,
  may: readonly Scope[],
  { nowMs, record }: Changing,
): Promise<void> {
  async function end({ code, sql }: Ending, ...more: readonly unknown[]): Promise<void> {
    const ended = await db.query<{ id: string }>(sql, [tenantId, personId, ...more])
    for (const { id: about } of ended) {
      if (code === 'KeyRevoked') await tellRightsChanged(db, keyAsker(about))
      await record(db, tenantId, { code, about })
    }
  }
  await end(KEYS, may, new Date(nowMs))
  if (may.includes(MAKES)) return
  for (const ending of REST) await end(ending, new Date(nowMs))
}

interface MailEnding extends Ending {
  /** Whoever may read it herself goes on being mailed it. */
  readonly reads: Scope
}

/** $1 the tenant, $2 her address. A rule goes on without her, for those who look at it in the dashboard. */
const MAILS: readonly MailEnding[] = [
  {
    code: 'AlertMailEnded',
    reads: 'read:queue',
    sql: `update smartqueue.alert_rule set emails = array(select it from unnest(emails) as it where lower(it) <> $2)
      where tenant_id = $1 and exists (select from unnest(emails) as it where lower(it) = $2) returning rule_id as id`,
  },
  {
    code: 'ReportSubscriptionRemoved',
    reads: 'read:reports',
    sql: `delete from smartqueue.report_subscription where tenant_id = $1 and lower(email) = $2
      returning subscription_id as id`,
  },
]

/** What was written to her, and is not on its way yet. */
const WAITING = 'delete from smartqueue.mail_waiting where tenant_id = $1 and lower(to_address) = $2'

/**
 * Somebody is mailed no more than she may read: what she may not ends, in the transaction that takes the right.
 * @param may - what she may still do there
 */
export async function endMailsTo(
  db: Transaction,
  { tenantId, personId }: MemberKey,
  may: readonly Scope[],
  { record }: Changing,
): Promise<void> {
  const [person] = await db.query<{ email: string }>('select email from person where person_id = $1', [personId])
  if (person === undefined) return
  const hers = [tenantId, emailOf(person.email)]
  await holdAddresses(db, tenantId)
  for (const { code, sql } of MAILS.filter((it) => !may.includes(it.reads)))
    for (const { id: about } of await db.query<{ id: string }>(sql, hers)) await record(db, tenantId, { code, about })
  // Which of the two a mail that waits was of is not kept: to whoever may read neither, nothing goes out.
  if (MAILS.every((it) => !may.includes(it.reads))) await db.query(WAITING, hers)
}
