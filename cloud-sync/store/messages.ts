import { randomUUID } from 'node:crypto'
import type { Channel } from '../notify/provider.ts'
import type { Database, TenantDb } from './database.ts'

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
  const rows = await db.often(
    `insert into message (tenant_id, message_id, about, event, channel, recipient, branch_id, ticket_id, subject, body,
       fallback, time_zone, state, made_at, expires_at, next_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'queued', $13, $14, $13, $13)
     on conflict (tenant_id, about, event, channel, recipient) do nothing returning message_id`,
    [
      ...[tenantId, messageId, message.about, message.event, first.channel, first.recipient],
      ...[message.branchId, message.ticketId, first.subject, first.body, JSON.stringify(fallback)],
      ...[message.timeZone, new Date(nowMs), new Date(message.expiresAtMs)],
    ],
  )
  if (rows.length === 0) return null
  await db.often('select pg_notify($1, $2)', [MESSAGE_CHANNEL, tenantId])
  return messageId
}

/** A recipient is written to by one at a time, and not while she says that she wants no more. */
export const lockRecipient = (db: TenantDb, tenantId: string, channel: string, recipient: string): Promise<unknown> =>
  db.often("select pg_advisory_xact_lock(hashtextextended('message:' || $1 || $2 || $3, 0))", [
    ...[tenantId, channel, recipient],
  ])

/** Nothing that is not under way already is sent to her on this channel any more. */
export const stopRecipient = async (
  database: Database,
  tenantId: string,
  { channel, recipient }: Pick<Route, 'channel' | 'recipient'>,
  nowMs: number,
): Promise<void> => {
  await database.asTenant(tenantId, async (db) => {
    await lockRecipient(db, tenantId, channel, recipient)
    await db.query('insert into message_stop values ($1, $2, $3, $4) on conflict do nothing', [
      ...[tenantId, channel, recipient, new Date(nowMs)],
    ])
  })
  // Whoever would send one of these sees the line above; this is for whoever reads the list.
  await database.asTenant(tenantId, (db) =>
    db.query(
      `update message set next_at = $4 where tenant_id = $1 and channel = $2 and recipient = $3 and state = 'queued'
         and next_at > $4 and message_id in (select message_id from message where tenant_id = $1 and channel = $2
         and recipient = $3 and state = 'queued' for update skip locked)`,
      [tenantId, channel, recipient, new Date(nowMs)],
    ),
  )
}

/**
 * Forgets to whom messages about these visits went, and what they said; that there were such, and what became of them, stays.
 * What was not sent yet is not; of what nobody knows nobody can be asked any more.
 */
export const forgetRecipients = (
  db: TenantDb,
  { tenantId, branchId }: { readonly tenantId: string; readonly branchId: string },
  ticketIds: readonly string[],
): Promise<unknown> =>
  db.query(
    `update message set recipient = 'erased ' || message_id, subject = '', body = '', fallback = '[]', next_at = null,
       state = case state when 'queued' then 'suppressed' when 'sending' then 'unknown' else state end,
       reason = case when state in ('queued', 'sending', 'unknown') then 'Erased' else reason end, changed_at = now()
     where tenant_id = $1 and branch_id = $2 and ticket_id = any($3) and recipient not like 'erased %'`,
    [tenantId, branchId, ticketIds],
  )

/** She wants to be written to again. */
export const unstopRecipient = (
  database: Database,
  tenantId: string,
  { channel, recipient }: Pick<Route, 'channel' | 'recipient'>,
): Promise<unknown> =>
  database.asTenant(tenantId, (db) =>
    db.query('delete from message_stop where tenant_id = $1 and channel = $2 and recipient = $3', [
      ...[tenantId, channel, recipient],
    ]),
  )
