import { randomUUID } from 'node:crypto'
import type { Topic } from '../webhooks/messages.ts'
import type { TenantDb } from './database.ts'

/** Receivers of a tenant. */
export const WEBHOOKS_MAX = 10
/** Of the messages of a receiver that were given up, the latest are shown. */
const SHOWN_MAX = 100

export interface NewWebhook {
  readonly url: string
  readonly topics: readonly Topic[]
  readonly secretSealed: Buffer
  /** Who set it up, as `person …` or `key …`. */
  readonly madeBy: string
}

/** @returns its id; null: the tenant has as many as it may have */
export async function addWebhook(
  db: TenantDb,
  tenantId: string,
  { url, topics, secretSealed, madeBy }: NewWebhook,
  nowMs: number,
): Promise<string | null> {
  await db.query("select pg_advisory_xact_lock(hashtextextended('webhooks:' || $1, 0))", [tenantId])
  const held = await db.query('select from webhook where tenant_id = $1', [tenantId])
  if (held.length >= WEBHOOKS_MAX) return null
  const webhookId = randomUUID()
  await db.query(
    `insert into webhook (tenant_id, webhook_id, url, topics, secret_sealed, made_by, made_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tenantId, webhookId, url, topics, secretSealed, madeBy, new Date(nowMs)],
  )
  return webhookId
}

interface WebhookRow {
  readonly [column: string]: unknown
  readonly webhook_id: string
  readonly url: string
  readonly topics: readonly Topic[]
  readonly made_by: string
  readonly made_at: Date
  readonly ended_at: Date | null
  readonly delivered_count: string
  readonly last_delivered_at: Date | null
  readonly left_out_count: string
  readonly waiting_count: string
  readonly failed_count: string
}

export async function listWebhooks(db: TenantDb, tenantId: string) {
  const rows = await db.query<WebhookRow>(
    `select webhook_id, url, topics, made_by, made_at, ended_at, delivered_count, last_delivered_at, left_out_count,
       (select count(*) from webhook_message m where m.tenant_id = $1 and m.webhook_id = w.webhook_id
          and next_attempt_at is not null) as waiting_count,
       (select count(*) from webhook_message m where m.tenant_id = $1 and m.webhook_id = w.webhook_id
          and next_attempt_at is null) as failed_count
     from webhook w where tenant_id = $1 order by made_at, webhook_id`,
    [tenantId],
  )
  return rows.map((row) => ({
    ...{ webhookId: row.webhook_id, url: row.url, topics: row.topics, madeAtMs: row.made_at.getTime() },
    ...{ madeBy: row.made_by, endedAtMs: row.ended_at?.getTime() ?? null },
    ...{ deliveredCount: Number(row.delivered_count), lastDeliveredAtMs: row.last_delivered_at?.getTime() ?? null },
    ...{ waitingCount: Number(row.waiting_count), failedCount: Number(row.failed_count) },
    leftOutCount: Number(row.left_out_count),
  }))
}

/** What still waited for it goes with it. @returns whether the tenant had it */
export async function removeWebhook(db: TenantDb, tenantId: string, webhookId: string): Promise<boolean> {
  const rows = await db.query('delete from webhook where tenant_id = $1 and webhook_id = $2 returning webhook_id', [
    ...[tenantId, webhookId],
  ])
  return rows.length > 0
}

interface MessageRow {
  readonly [column: string]: unknown
  readonly message_id: string
  readonly type: string
  readonly made_at: Date
  readonly attempt_count: number
  readonly next_attempt_at: Date | null
  readonly last_failure: string | null
}

/** What was not taken yet, and what was given up, the latest first. */
export async function listMessages(db: TenantDb, tenantId: string, webhookId: string) {
  const rows = await db.query<MessageRow>(
    `select message_id, type, made_at, attempt_count, next_attempt_at, last_failure from webhook_message
     where tenant_id = $1 and webhook_id = $2 order by next_attempt_at is not null, made_at desc limit ${SHOWN_MAX}`,
    [tenantId, webhookId],
  )
  return rows.map((row) => ({
    ...{ messageId: row.message_id, type: row.type, madeAtMs: row.made_at.getTime() },
    ...{ attemptCount: row.attempt_count, lastFailure: row.last_failure },
    state: row.next_attempt_at === null ? 'failed' : 'waiting',
    nextAttemptAtMs: row.next_attempt_at?.getTime() ?? null,
  }))
}
