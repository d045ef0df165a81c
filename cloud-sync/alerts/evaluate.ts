import type { AlertKind } from '#shared/wire/alerts.ts'
import type { TenantDb } from '../store/database.ts'
import { listenersOf, queueMessages } from '../store/webhook-queue.ts'
import type { Message } from '../webhooks/messages.ts'
import { AWAY_MS, BREACHES_MAX, type Breach, measure } from './measure.ts'

/** Of an alert, what is to be told now. */
export interface Told {
  readonly news: 'raised' | 'repeated' | 'resolved'
  readonly alertId: string
  readonly ruleId: string
  readonly kind: AlertKind
  readonly branchId: string
  readonly subject: string
  readonly threshold: number
  readonly value: number
  readonly beganAtMs: number
  readonly emails: readonly string[]
  readonly language: string
}

/** How an evaluation ended; null: another cloud is at it. */
export interface Evaluated {
  readonly told: readonly Told[]
  /** Whether anything is other than before, for whoever looks at it. */
  readonly hasChanged: boolean
}

/** Of one evaluation; what is beyond it is told by the next. */
const TOLD_MAX = 500

const COLUMNS = `alert.alert_id, alert.rule_id, rule.kind, alert.branch_id, subject, threshold, value, began_at, told_count,
  resolved_at, emails, language`

interface Row {
  readonly [column: string]: unknown
  readonly alert_id: string
  readonly rule_id: string
  readonly kind: AlertKind
  readonly branch_id: string
  readonly subject: string
  readonly threshold: string
  readonly value: string
  readonly began_at: Date
  readonly told_count: number
  readonly resolved_at: Date | null
  readonly emails: readonly string[]
  readonly language: string
}

const toldOf = (row: Row): Told => ({
  news: row.resolved_at !== null ? 'resolved' : row.told_count > 1 ? 'repeated' : 'raised',
  ...{ alertId: row.alert_id, ruleId: row.rule_id, kind: row.kind, branchId: row.branch_id, subject: row.subject },
  ...{ threshold: Number(row.threshold), value: Number(row.value), beganAtMs: row.began_at.getTime() },
  ...{ emails: row.emails, language: row.language },
})

const keysOf = (breaches: readonly Breach[]): readonly (readonly string[])[] => [
  breaches.map(({ ruleId }) => ruleId),
  breaches.map(({ branchId }) => branchId),
  breaches.map(({ subject }) => subject),
]

/** What is so is noted once, however often it is seen. */
async function note(db: TenantDb, of: readonly [string, Date], breaches: readonly Breach[]): Promise<boolean> {
  const noted = await db.query<{ is_new: boolean }>(
    `insert into alert as open (tenant_id, alert_id, rule_id, branch_id, subject, seen_at, value, worst, changed_at)
     select $1, gen_random_uuid(), it.rule_id, it.branch_id, it.subject, $2::timestamptz, it.value, it.value, $2::timestamptz
     from unnest($3::uuid[], $4::uuid[], $5::text[], $6::bigint[]) as it (rule_id, branch_id, subject, value)
     on conflict (tenant_id, rule_id, branch_id, subject) where resolved_at is null do update set
       value = case when excluded.value > 0 then excluded.value
         else (extract(epoch from $2::timestamptz - open.seen_at) * 1000)::bigint end,
       worst = greatest(open.worst, excluded.value, (extract(epoch from $2::timestamptz - open.seen_at) * 1000)::bigint
         * (excluded.value = 0)::int)
     returning seen_at = $2::timestamptz as is_new`,
    [...of, ...keysOf(breaches), breaches.map(({ value }) => value)],
  )
  const begun = await db.query(
    `update alert set began_at = $2::timestamptz, changed_at = $2::timestamptz
     from unnest($3::uuid[], $4::uuid[], $5::text[], $6::bigint[]) as it (rule_id, branch_id, subject, hold_ms)
     where tenant_id = $1 and alert.rule_id = it.rule_id and alert.branch_id = it.branch_id
       and alert.subject = it.subject and resolved_at is null and began_at is null
       and seen_at + it.hold_ms * interval '1 millisecond' <= $2::timestamptz
     returning alert_id`,
    [...of, ...keysOf(breaches), breaches.map(({ holdMs }) => holdMs)],
  )
  return noted.some(({ is_new: isNew }) => isNew) || begun.length > 0
}

/**
 * What is no longer so, of branches that say how they are; what never began leaves no trace. Where more is so than is
 * looked at, nothing is said of what lies beyond.
 */
async function resolve(
  db: TenantDb,
  of: readonly [string, Date],
  breaches: readonly Breach[],
): Promise<readonly Told[]> {
  const last = breaches.length < BREACHES_MAX ? undefined : breaches.at(-1)
  const rows = await db.query<Row>(
    `update alert set resolved_at = $2::timestamptz, changed_at = $2::timestamptz from alert_rule rule, branch
     where alert.tenant_id = $1 and rule.tenant_id = $1 and rule.rule_id = alert.rule_id
       and branch.tenant_id = $1 and branch.branch_id = alert.branch_id and alert.resolved_at is null
       and ($6::uuid is null or (alert.rule_id, alert.branch_id, alert.subject) <= ($6::uuid, $7::uuid, $8::text))
       and not exists (select from unnest($3::uuid[], $4::uuid[], $5::text[]) as it (rule_id, branch_id, subject)
         where it.rule_id = alert.rule_id and it.branch_id = alert.branch_id and it.subject = alert.subject)
       and (rule.kind in ('branch', 'figures') or revoked_at is not null or exists (
         select from branch_now now where now.tenant_id = $1 and now.branch_id = alert.branch_id
           and now.received_at >= $2::timestamptz - ${AWAY_MS} * interval '1 millisecond'))
     returning ${COLUMNS}`,
    [...of, ...keysOf(breaches), last?.ruleId ?? null, last?.branchId ?? null, last?.subject ?? null],
  )
  // What was never told need not be told to be over.
  await db.query('delete from alert where tenant_id = $1 and resolved_at is not null and began_at is null', [of[0]])
  return rows.filter(({ told_count: toldCount }) => toldCount > 0).map(toldOf)
}

/** What was never told, and what goes on and nobody has said that she knows. Told from now on, whoever is reached. */
async function takeDue(db: TenantDb, of: readonly [string, Date]): Promise<readonly Told[]> {
  const rows = await db.query<Row>(
    `update alert set told_at = $2::timestamptz, told_count = told_count + 1, changed_at = $2::timestamptz
     from alert_rule rule
     where alert.tenant_id = $1 and rule.tenant_id = $1 and rule.rule_id = alert.rule_id and alert_id in (
       select alert_id from alert join alert_rule rule using (tenant_id, rule_id)
       where tenant_id = $1 and resolved_at is null and began_at is not null and (told_at is null or (
         acknowledged_at is null and told_at + repeat_minutes * interval '1 minute' <= $2::timestamptz))
       order by began_at limit ${TOLD_MAX})
     returning ${COLUMNS}`,
    [...of],
  )
  return rows.map(toldOf)
}

const messageOf = ({ news, emails: _, language: __, ...alert }: Told, nowMs: number): Message => {
  const type = `alert.${news}`
  return { topic: 'alert', type, body: JSON.stringify({ type, timestamp: new Date(nowMs).toISOString(), data: alert }) }
}

/**
 * Looks at a tenant as it is now: notes what is beyond its rules, ends what is over, and takes what is to be told. In one
 * transaction with what tells it, and by one cloud at a time, so that nothing is told twice.
 * @param mail - writes what is to be mailed, in the same transaction
 */
export async function evaluateAlerts(
  db: TenantDb,
  tenantId: string,
  nowMs: number,
  mail: (told: readonly Told[]) => Promise<void>,
): Promise<Evaluated | null> {
  const [turn] = await db.query<{ is_mine: boolean }>(
    "select pg_try_advisory_xact_lock(hashtextextended('alerts:' || $1, 0)) as is_mine",
    [tenantId],
  )
  if (turn?.is_mine !== true) return null
  const of = [tenantId, new Date(nowMs)] as const
  const breaches = await measure(db, tenantId, nowMs)
  const hasBegun = await note(db, of, breaches)
  const resolved = await resolve(db, of, breaches)
  const told = [...(await takeDue(db, of)), ...resolved]
  if (told.length > 0) {
    const messages = told.map((it) => messageOf(it, nowMs))
    await queueMessages(db, tenantId, await listenersOf(db, tenantId), messages)
    await mail(told)
  }
  return { told, hasChanged: hasBegun || told.length > 0 }
}
