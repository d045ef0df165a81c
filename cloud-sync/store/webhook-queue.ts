import type { Message, Topic } from '../webhooks/messages.ts'
import { texts } from './arrays.ts'
import type { Database, TenantDb } from './database.ts'

/** Which receiver of which tenant. */
export interface WebhookIdentity {
  readonly tenantId: string
  readonly webhookId: string
}

/** Clouds on one database tell each other by it that there is something to send. */
export const WEBHOOK_CHANNEL = 'smartqueue_webhooks'
/** Messages that may wait for one receiver; more are left out, and that is counted. */
export const WAITING_MAX = 50_000
/** What was given up is shown for so long. */
const FAILED_DAYS = 7

/** A receiver that wants to be told, as it is found before something is told. */
export interface Listener {
  readonly webhookId: string
  readonly topics: readonly Topic[]
  readonly isFull: boolean
}

export async function listenersOf(db: TenantDb, tenantId: string): Promise<readonly Listener[]> {
  const rows = await db.often<{ webhook_id: string; topics: readonly Topic[]; is_full: boolean }>(
    `select webhook_id, topics, exists (select from webhook_message m where m.tenant_id = $1
       and m.webhook_id = w.webhook_id and next_attempt_at is not null offset ${WAITING_MAX - 1}) as is_full
     from webhook w where tenant_id = $1 and ended_at is null`,
    [tenantId],
  )
  return rows.map((row) => ({ webhookId: row.webhook_id, topics: row.topics, isFull: row.is_full }))
}

/** Writes down what is to be told, in the transaction of what it tells of: it is told if that is so, and only then. */
export async function queueMessages(
  db: TenantDb,
  tenantId: string,
  listeners: readonly Listener[],
  messages: readonly Message[],
): Promise<void> {
  await Promise.all(
    listeners.map(async ({ webhookId, topics, isFull }) => {
      const wanted = messages.filter(({ topic }) => topics.includes(topic))
      if (wanted.length === 0) return
      if (isFull) {
        await db.query(
          'update webhook set left_out_count = left_out_count + $3 where tenant_id = $1 and webhook_id = $2',
          [tenantId, webhookId, wanted.length],
        )
        return
      }
      const queueing = db.query(
        `insert into webhook_message (tenant_id, webhook_id, message_id, type, body, made_at, next_attempt_at)
         select $1, $2, gen_random_uuid(), type, body, now(), to_timestamp(0) from unnest($3::text[], $4::text[]) as it (type, body)`,
        [tenantId, webhookId, texts(wanted.map(({ type }) => type)), texts(wanted.map(({ body }) => body))],
      )
      const telling = db.query('select pg_notify($1, $2)', [WEBHOOK_CHANNEL, `${tenantId} ${webhookId}`])
      await Promise.all([queueing, telling])
    }),
  )
}

/** A message that somebody has taken to send it. */
export interface Claimed {
  readonly messageId: string
  readonly body: string
  /** This one included. */
  readonly attemptCount: number
}

/** What is to be sent now, and where. */
export interface Batch {
  readonly url: string
  readonly secretSealed: Buffer
  readonly messages: readonly Claimed[]
}

/**
 * Takes what is due for one receiver, so that no other cloud sends it meanwhile. Whoever takes it and dies leaves it to be
 * taken again once the lease is over, under the same id.
 * @returns null: the receiver is no longer there, or is told nothing any more
 */
export const claimDue = (
  database: Database,
  { tenantId, webhookId }: WebhookIdentity,
  { nowMs, leaseMs, countMax }: { readonly nowMs: number; readonly leaseMs: number; readonly countMax: number },
): Promise<Batch | null> =>
  database.asTenant(tenantId, async (db) => {
    const [webhook] = await db.query<{ url: string; secret_sealed: Buffer }>(
      'select url, secret_sealed from webhook where tenant_id = $1 and webhook_id = $2 and ended_at is null',
      [tenantId, webhookId],
    )
    if (webhook === undefined) return null
    const rows = await db.query<{ message_id: string; body: string; attempt_count: number }>(
      // Materialized: asked for each row anew, what is locked already is skipped, and more than the limit would be taken.
      `with due as materialized (
         select message_id from webhook_message where tenant_id = $1 and webhook_id = $2 and next_attempt_at <= $3
         order by next_attempt_at, ord limit ${countMax} for update skip locked)
       update webhook_message it set attempt_count = attempt_count + 1, next_attempt_at = $4
       from due where it.tenant_id = $1 and it.webhook_id = $2 and it.message_id = due.message_id
       returning it.message_id, it.body, it.attempt_count`,
      [tenantId, webhookId, new Date(nowMs), new Date(nowMs + leaseMs)],
    )
    const messages = rows.map((row) => ({
      ...{ messageId: row.message_id, body: row.body, attemptCount: row.attempt_count },
    }))
    return { url: webhook.url, secretSealed: webhook.secret_sealed, messages }
  })

/** What became of one: it was taken, or is tried again then, or is given up. */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'again'; readonly failure: string; readonly atMs: number }
  | { readonly kind: 'given-up'; readonly failure: string }

export const settleMessage = (
  database: Database,
  { tenantId, webhookId }: WebhookIdentity,
  messageId: string,
  outcome: Outcome,
  nowMs: number,
): Promise<void> =>
  database.asTenant(tenantId, async (db) => {
    const of = [tenantId, webhookId, messageId]
    if (outcome.kind !== 'delivered') {
      const again = outcome.kind === 'again' ? new Date(outcome.atMs) : null
      await db.query(
        `update webhook_message set next_attempt_at = $4, last_failure = $5
         where tenant_id = $1 and webhook_id = $2 and message_id = $3`,
        [...of, again, outcome.failure],
      )
      return
    }
    const gone = await db.query(
      'delete from webhook_message where tenant_id = $1 and webhook_id = $2 and message_id = $3 returning message_id',
      of,
    )
    if (gone.length === 0) return
    await db.query(
      `update webhook set delivered_count = delivered_count + 1, last_delivered_at = $3
       where tenant_id = $1 and webhook_id = $2`,
      [tenantId, webhookId, new Date(nowMs)],
    )
  })

/**
 * When something waits next for each receiver of a tenant; what was given up long ago is forgotten, and so is whatever
 * waited for a receiver that is told nothing any more, also what was written down while it ended.
 */
export const waitingOf = (
  database: Database,
  tenantId: string,
  nowMs: number,
): Promise<readonly (WebhookIdentity & { readonly atMs: number })[]> =>
  database.asTenant(tenantId, async (db) => {
    await db.query(
      `delete from webhook_message where tenant_id = $1 and (
         next_attempt_at is null and made_at < $2::timestamptz - interval '${FAILED_DAYS} days'
         or webhook_id in (select webhook_id from webhook where tenant_id = $1 and ended_at is not null))`,
      [tenantId, new Date(nowMs)],
    )
    const rows = await db.query<{ webhook_id: string; at: Date }>(
      `select webhook_id, min(next_attempt_at) as at from webhook_message join webhook using (tenant_id, webhook_id)
       where tenant_id = $1 and next_attempt_at is not null and ended_at is null group by webhook_id`,
      [tenantId],
    )
    return rows.map(({ webhook_id: webhookId, at }) => ({ tenantId, webhookId, atMs: at.getTime() }))
  })
