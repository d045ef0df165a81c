import type { AlertKind } from '#shared/wire/alerts.ts'
import type { TenantDb } from '../store/database.ts'

/** What a rule says is too much, as it is now. */
export interface Breach {
  readonly ruleId: string
  readonly kind: AlertKind
  readonly branchId: string
  readonly subject: string
  readonly value: number
  /** It is told once it has been so for as long. */
  readonly holdMs: number
}

/** Of one tenant at once: beyond it nobody reads on, and whoever mends the first sees the next. */
export const BREACHES_MAX = 1_000
/** Whoever has not been heard for so long is away: what it said of itself then says nothing of now. */
export const AWAY_MS = 90_000
/** How long a day whose figures differ is told. */
const FIGURES_DAYS = 7

/**
 * Each thing that a rule may be about, as one statement for all branches of a tenant. `value` null: it is so, and for how
 * long counts. What a branch that is away said of itself is not among it: it is neither so nor over.
 */
const MEASURED = `
  said as materialized (
    select branch_id, (extract(epoch from $2::timestamptz - received_at) * 1000)::bigint as age_ms,
      (extract(epoch from signed_at) * 1000)::bigint as signed_ms,
      -- What cannot be read is its branch's own: the others are measured.
      case when is_readable_json(body) then body::jsonb end as body
    from branch_now join branch using (tenant_id, branch_id)
    where tenant_id = $1 and public_key is not null and revoked_at is null
  ),
  here as (select * from said where age_ms <= ${AWAY_MS} and body is not null),
  queue as (select branch_id, age_ms, jsonb_array_elements(body -> 'queues') as it from here),
  device as (select branch_id, jsonb_array_elements(body -> 'devices') as it from here),
  measured (kind, branch_id, subject, value) as (
    select 'wait', branch_id, it ->> 'queueId', (it ->> 'longestWaitMs')::bigint + age_ms from queue
      where it ->> 'longestWaitMs' is not null
    union all select 'length', branch_id, it ->> 'queueId', (it ->> 'waitingCount')::bigint from queue
    union all select 'counters', branch_id, '', sum((it ->> 'waitingCount')::bigint) from queue
      where not exists (select from here, jsonb_array_elements(body -> 'counters') as counter
        where here.branch_id = queue.branch_id and counter ->> 'status' <> 'closed') group by branch_id
    union all select 'device', branch_id, it ->> 'deviceId', null from device where it -> 'isInContact' = 'false'
    union all select 'paper', branch_id, it ->> 'deviceId', case it ->> 'paper' when 'out' then 2 else 1 end from device
      where it ? 'paper'
    union all select 'clock', branch_id, '', abs((body ->> 'atMs')::bigint - signed_ms) from here
    union all select 'branch', branch_id, '', age_ms from said
    union all select 'figures', branch_id, business_date, differing_count from branch_day
      where tenant_id = $1 and differing_count > 0 and checked_at > $2::timestamptz - interval '${FIGURES_DAYS} days'
  )`

interface Row {
  readonly [column: string]: unknown
  readonly rule_id: string
  readonly kind: AlertKind
  readonly branch_id: string
  readonly subject: string
  readonly value: string | null
  readonly threshold: string
}

/** What is beyond the rules of a tenant, as its branches said last. */
export async function measure(db: TenantDb, tenantId: string, nowMs: number): Promise<readonly Breach[]> {
  const rows = await db.query<Row>(
    `with ${MEASURED}
     select distinct on (rule_id, measured.branch_id, subject)
       rule_id, rule.kind, measured.branch_id, subject, value, threshold from alert_rule rule
     join measured on measured.kind = rule.kind and (rule.branch_id is null or rule.branch_id = measured.branch_id)
     where rule.tenant_id = $1 and (value is null or value >= threshold)
     order by rule_id, measured.branch_id, subject, value desc limit ${BREACHES_MAX}`,
    [tenantId, new Date(nowMs)],
  )
  return rows.map((row) => ({
    ...{ ruleId: row.rule_id, kind: row.kind, branchId: row.branch_id, subject: row.subject },
    ...{ value: Number(row.value ?? 0), holdMs: row.value === null ? Number(row.threshold) : 0 },
  }))
}
