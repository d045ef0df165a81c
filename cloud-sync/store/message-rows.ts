import type { MessageState } from '#shared/wire/messages.ts'
import type { Channel } from '../notify/provider.ts'
import type { TenantDb } from './database.ts'
import { release, type SpendOf } from './message-spend.ts'
import { MESSAGE_CHANNEL, queueMessage, type Route } from './messages.ts'

/** A message as its row has it. */
export interface MessageRow extends SpendOf {
  readonly messageId: string
  readonly about: string
  readonly event: string
  readonly channel: Channel
  readonly ticketId: string | null
  readonly subject: string
  readonly body: string
  readonly fallback: readonly Route[]
  readonly timeZone: string
  readonly state: MessageState
  readonly reason: string | null
  readonly providerId: string | null
  readonly expiresAtMs: number
  readonly attemptCount: number
  readonly askCount: number
  readonly attemptedAtMs: number
  /** null: nothing is reserved. */
  readonly reservedOn: string | null
  readonly costMicros: number
}

interface Row {
  readonly [column: string]: unknown
  readonly message_id: string
  readonly about: string
  readonly event: string
  readonly channel: Channel
  readonly recipient: string
  readonly branch_id: string | null
  readonly ticket_id: string | null
  readonly subject: string
  readonly body: string
  readonly fallback: readonly Route[]
  readonly time_zone: string
  readonly state: MessageState
  readonly reason: string | null
  readonly provider_id: string | null
  readonly expires_at: Date
  readonly attempt_count: number
  readonly ask_count: number
  readonly attempted_at: Date | null
  readonly reserved_on: string | null
  readonly cost_micros: string
}

const toMessage = (tenantId: string, row: Row): MessageRow => ({
  ...{ tenantId, messageId: row.message_id, about: row.about, event: row.event, channel: row.channel },
  ...{ recipient: row.recipient, branchId: row.branch_id, ticketId: row.ticket_id, subject: row.subject },
  ...{ body: row.body, fallback: row.fallback, timeZone: row.time_zone, state: row.state, reason: row.reason },
  ...{ providerId: row.provider_id, expiresAtMs: row.expires_at.getTime(), attemptCount: row.attempt_count },
  ...{ askCount: row.ask_count, attemptedAtMs: row.attempted_at?.getTime() ?? 0 },
  ...{ reservedOn: row.reserved_on, costMicros: Number(row.cost_micros) },
})

// A day as its name: the driver would make a moment of it, in whatever zone this machine is.
const COLUMNS = '*, reserved_on::text as reserved_on'

/** The next that is due, held until the transaction is over; others take others. */
export async function holdDue(db: TenantDb, tenantId: string, nowMs: number): Promise<MessageRow | null> {
  const [row] = await db.often<Row>(
    `select ${COLUMNS} from message where tenant_id = $1 and next_at <= $2
     order by next_at limit 1 for update skip locked`,
    [tenantId, new Date(nowMs)],
  )
  return row === undefined ? null : toMessage(tenantId, row)
}

/** @returns null: nothing is to be done for any of them by itself */
export async function nextDueMs(db: TenantDb, tenantId: string): Promise<number | null> {
  const [row] = await db.often<{ at: Date | null }>(
    'select min(next_at) as at from message where tenant_id = $1 and next_at is not null',
    [tenantId],
  )
  return row?.at?.getTime() ?? null
}

/** One of which something is known, held until the transaction is over. */
export async function holdMessage(db: TenantDb, tenantId: string, messageId: string): Promise<MessageRow | null> {
  const [row] = await db.often<Row>(
    `select ${COLUMNS} from message where tenant_id = $1 and message_id = $2 for update`,
    [tenantId, messageId],
  )
  return row === undefined ? null : toMessage(tenantId, row)
}

export interface Change {
  readonly state: MessageState
  readonly reason: string | null
  /** null: never again by itself. */
  readonly nextAtMs: number | null
  /** Left out: as it is. */
  readonly providerId?: string
}

/** Keeps that this id of the provider is some message's, of whatever tenant. @returns whether that is new */
export const noteTaken = async (db: TenantDb, providerId: string, nowMs: number): Promise<boolean> =>
  (
    await db.often('insert into taken_directory values ($1, $2) on conflict do nothing returning provider_id', [
      ...[providerId, new Date(nowMs)],
    ])
  ).length > 0

/** Changes one that is held. */
export async function change(db: TenantDb, of: MessageRow, to: Change, nowMs: number): Promise<void> {
  if (to.providerId !== undefined) await noteTaken(db, to.providerId, nowMs)
  await db.often(
    `update message set state = $3, reason = $4, next_at = $5, provider_id = coalesce($6, provider_id), changed_at = $7
     where tenant_id = $1 and message_id = $2`,
    [
      ...[of.tenantId, of.messageId, to.state, to.reason],
      ...[to.nextAtMs === null ? null : new Date(to.nextAtMs), to.providerId ?? null, new Date(nowMs)],
    ],
  )
}

/** Ends one that was never taken: what it would have cost is given back, and the next way is tried where there is one. */
export async function endUntaken(
  db: TenantDb,
  of: MessageRow,
  { state, reason }: { readonly state: 'failed' | 'expired' | 'suppressed'; readonly reason: string },
  nowMs: number,
): Promise<void> {
  await change(db, of, { state, reason, nextAtMs: null }, nowMs)
  if (of.reservedOn !== null) {
    await release(db, of, { day: of.reservedOn, costMicros: of.costMicros })
    await db.often('update message set reserved_on = null where tenant_id = $1 and message_id = $2', [
      ...[of.tenantId, of.messageId],
    ])
  }
  if (state !== 'expired') await fallBack(db, of, nowMs)
}

/** What could not be told one way is told the next. */
export async function fallBack(db: TenantDb, of: MessageRow, nowMs: number): Promise<void> {
  if (of.fallback.length === 0 || of.expiresAtMs <= nowMs) return
  await queueMessage(db, of.tenantId, { ...of, routes: of.fallback }, nowMs)
  await db.often('select pg_notify($1, $2)', [MESSAGE_CHANNEL, of.tenantId])
}
