import { randomUUID } from 'node:crypto'
import {
  ALERT_RULES_MAX,
  type AlertKind,
  type AlertRule,
  type AlertRuleBody,
  type ListedAlert,
} from '#shared/wire/alerts.ts'
import type { TenantDb } from './database.ts'
import { readCatalogueNames } from './report-rows.ts'

/** Of a tenant, those that go on first, then the latest. */
const LISTED_MAX = 200

interface RuleRow {
  readonly [column: string]: unknown
  readonly rule_id: string
  readonly kind: AlertKind
  readonly branch_id: string | null
  readonly threshold: string
  readonly repeat_minutes: number | null
  readonly emails: readonly string[]
  readonly language: AlertRuleBody['language']
}

export async function listAlertRules(db: TenantDb, tenantId: string): Promise<readonly AlertRule[]> {
  const rows = await db.query<RuleRow>(
    `select rule_id, kind, branch_id, threshold, repeat_minutes, emails, language from alert_rule
     where tenant_id = $1 order by made_at, rule_id`,
    [tenantId],
  )
  return rows.map((row) => ({
    ...{ ruleId: row.rule_id, kind: row.kind, branchId: row.branch_id, threshold: Number(row.threshold) },
    ...{ repeatMinutes: row.repeat_minutes, emails: [...row.emails], language: row.language },
  }))
}

const hasBranch = async (db: TenantDb, tenantId: string, branchId: string | null): Promise<boolean> =>
  branchId === null ||
  (await db.query('select from branch where tenant_id = $1 and branch_id = $2', [tenantId, branchId])).length > 0

/** @returns its id, or why it is not kept */
export async function addAlertRule(
  db: TenantDb,
  tenantId: string,
  rule: AlertRuleBody,
  by: { readonly madeBy: string; readonly nowMs: number },
): Promise<{ readonly ruleId: string } | 'AlertRulesFull' | 'BranchUnknown'> {
  // Two at once count each other.
  await db.query("select pg_advisory_xact_lock(hashtextextended('alert-rules:' || $1, 0))", [tenantId])
  if (!(await hasBranch(db, tenantId, rule.branchId))) return 'BranchUnknown'
  const held = await db.query('select from alert_rule where tenant_id = $1', [tenantId])
  if (held.length >= ALERT_RULES_MAX) return 'AlertRulesFull'
  const ruleId = randomUUID()
  await db.query(
    `insert into alert_rule (tenant_id, rule_id, kind, branch_id, threshold, repeat_minutes, emails, language, made_by, made_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[tenantId, ruleId, rule.kind, rule.branchId, rule.threshold, rule.repeatMinutes, rule.emails, rule.language],
      ...[by.madeBy, new Date(by.nowMs)],
    ],
  )
  return { ruleId }
}

/** What it told of goes with it: nobody wants to know it any more. @returns whether the tenant had it */
export async function removeAlertRule(db: TenantDb, tenantId: string, ruleId: string): Promise<boolean> {
  const gone = await db.query('delete from alert_rule where tenant_id = $1 and rule_id = $2 returning rule_id', [
    ...[tenantId, ruleId],
  ])
  return gone.length > 0
}

interface AlertRow {
  readonly [column: string]: unknown
  readonly alert_id: string
  readonly rule_id: string
  readonly kind: AlertKind
  readonly branch_id: string
  readonly subject: string
  readonly threshold: string
  readonly value: string
  readonly worst: string
  readonly began_at: Date
  readonly told_count: number
  readonly acknowledged_at: Date | null
  readonly resolved_at: Date | null
}

export async function listAlerts(db: TenantDb, tenantId: string): Promise<readonly ListedAlert[]> {
  const rows = await db.query<AlertRow>(
    `select alert_id, rule_id, kind, alert.branch_id, subject, threshold, value, worst, began_at, told_count,
       acknowledged_at, resolved_at
     from alert join alert_rule using (tenant_id, rule_id) where tenant_id = $1 and began_at is not null
     order by resolved_at is not null, began_at desc limit ${LISTED_MAX}`,
    [tenantId],
  )
  const branchIds = [...new Set(rows.map((row) => row.branch_id))]
  const queues = await readCatalogueNames(db, tenantId, branchIds, 'queue')
  return rows.map((row) => ({
    subjectName: (queues.get(row.branch_id)?.get(row.subject) ?? null) as ListedAlert['subjectName'],
    ...{ alertId: row.alert_id, ruleId: row.rule_id, kind: row.kind, branchId: row.branch_id, subject: row.subject },
    ...{ threshold: Number(row.threshold), value: Number(row.value), worst: Number(row.worst) },
    ...{ beganAtMs: row.began_at.getTime(), toldCount: row.told_count },
    acknowledgedAtMs: row.acknowledged_at?.getTime() ?? null,
    resolvedAtMs: row.resolved_at?.getTime() ?? null,
  }))
}

/** Somebody says that she knows: it is not told again. @returns whether there is such an alert, and it was new */
export async function acknowledgeAlert(
  db: TenantDb,
  tenantId: string,
  alertId: string,
  by: { readonly asker: string; readonly nowMs: number },
): Promise<{ readonly isThere: boolean; readonly isNew: boolean }> {
  const of = [tenantId, alertId]
  const done = await db.query(
    `update alert set acknowledged_at = $3::timestamptz, acknowledged_by = $4, changed_at = $3::timestamptz
     where tenant_id = $1 and alert_id = $2 and acknowledged_at is null and began_at is not null returning alert_id`,
    [...of, new Date(by.nowMs), by.asker],
  )
  if (done.length > 0) return { isThere: true, isNew: true }
  const there = await db.query('select from alert where tenant_id = $1 and alert_id = $2 and began_at is not null', of)
  return { isThere: there.length > 0, isNew: false }
}
