import { randomUUID } from 'node:crypto'
import type { Channel } from '../notify/provider.ts'
import { isTimeZone } from '../notify/quiet-hours.ts'
import type { TenantDb } from './database.ts'

/** Clouds on one database tell each other by it that there is something to send. */
export const MESSAGE_CHANNEL = 'smartqueue_messages'

/** One way to reach somebody, and the words for it. */
export interface Route {
  readonly channel: Channel
  readonly recipient: string
  readonly subject: string
  readonly body: string
}

export interface NewMessage {
  /** What it tells of: the same is told once to each recipient on each channel. */
  readonly about: string
  readonly event: string
  readonly branchId: string | null
  readonly ticketId: string | null
  /** In the order in which they are tried: one that cannot be is followed by the next. */
  readonly routes: readonly Route[]
  readonly timeZone: string
  readonly expiresAtMs: number
}

/**
 * Writes down what is to be sent, in the transaction of what it tells of.
 * @returns its id; null: it was told before, or there is no way to
 */
export async function queueMessage(
  db: TenantDb,
  tenantId: string,
  message: NewMessage,
  nowMs: number,
): Promise<string | null> {
  const [first, ...fallback] = message.routes
  if (first === undefined) return null
  const messageId = randomUUID()
  // What names no zone is never sent: it is written down as it is, and holds up nothing else.
  const isReachable = isTimeZone(message.timeZone)
  const [state, reason] = isReachable ? ['queued', null] : ['failed', 'ZoneUnknown']
  const rows = await db.often(
    `insert into message (tenant_id, message_id, about, event, channel, recipient, branch_id, ticket_id, subject, body,
       fallback, time_zone, state, reason, made_at, expires_at, next_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $15)
     on conflict (tenant_id, about, event, channel, recipient) do nothing returning message_id`,
    [
      ...[tenantId, messageId, message.about, message.event, first.channel, first.recipient],
      ...[message.branchId, message.ticketId, first.subject, first.body, JSON.stringify(fallback)],
      ...[message.timeZone, state, reason, new Date(nowMs), new Date(message.expiresAtMs)],
      isReachable ? new Date(nowMs) : null,
    ],
  )
  if (rows.length === 0) return null
  await db.often('select pg_notify($1, $2)', [MESSAGE_CHANNEL, tenantId])
  return messageId
}

/**
 * Forgets to whom messages about these visits went, and what they said; that there were such, and what became of them, stays.
 * What was not sent yet is not; of what nobody knows nobody can be asked any more.
 */
export async function forgetRecipients(
  db: TenantDb,
  { tenantId, branchId }: { readonly tenantId: string; readonly branchId: string },
  ticketIds: readonly string[],
): Promise<void> {
  const whole = 'tenant_id = $1 and branch_id = $2 and ticket_id = any($3)'
  const of = [tenantId, branchId, ticketIds]
  const reached = await db.query<{ subject: string }>(
    `select channel || ' ' || recipient as subject from message
     where ${whole} and recipient not like 'erased %' order by message_id for update`,
    of,
  )
  if (reached.length === 0) return
  await db.query(
    `update message set recipient = 'erased ' || message_id, subject = '', body = '', fallback = '[]', next_at = null,
       state = case state when 'queued' then 'suppressed' when 'sending' then 'unknown' else state end,
       reason = case when state in ('queued', 'sending', 'unknown') then 'Erased' else reason end, changed_at = now()
     where ${whole} and recipient not like 'erased %'`,
    of,
  )
  // How often she was written to names her, too. In one order: two that cross would wait for each other.
  await db.query(
    `delete from message_spend where tenant_id = $1 and (day, kind, subject) in (
       select day, kind, subject from message_spend where tenant_id = $1 and kind = 'number' and subject = any($2)
       order by day, subject for update)`,
    [tenantId, reached.map(({ subject }) => subject)],
  )
}
