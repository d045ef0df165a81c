import { randomUUID } from 'node:crypto'
import { type CheckedDay, SUBSCRIPTIONS_MAX, type Subscription, type SubscriptionBody } from '#shared/wire/alerts.ts'
import type { TenantDb } from './database.ts'

/** Of the days that were checked, so many are told. */
const DAYS_TOLD_MAX = 50

interface Row {
  readonly [column: string]: unknown
  readonly subscription_id: string
  readonly email: string
  readonly language: SubscriptionBody['language']
  readonly branch_id: string | null
  readonly made_at: Date
}

export type KeptSubscription = Subscription & { readonly madeAtMs: number }

const subscriptionOf = (row: Row): KeptSubscription => ({
  ...{ subscriptionId: row.subscription_id, email: row.email, language: row.language, branchId: row.branch_id },
  madeAtMs: row.made_at.getTime(),
})

/** @param branchId - those who want the report of this one; null: all of them */
export async function listSubscriptions(
  db: TenantDb,
  tenantId: string,
  branchId: string | null,
): Promise<readonly KeptSubscription[]> {
  const rows = await db.query<Row>(
    `select subscription_id, email, language, branch_id, made_at from report_subscription
     where tenant_id = $1 and ($2::uuid is null or branch_id is null or branch_id = $2) order by made_at, subscription_id`,
    [tenantId, branchId],
  )
  return rows.map(subscriptionOf)
}

/** @returns its id, or why it is not kept; who is there already is there once */
export async function addSubscription(
  db: TenantDb,
  tenantId: string,
  { email, language, branchId }: SubscriptionBody,
  by: { readonly madeBy: string; readonly nowMs: number },
): Promise<{ readonly subscriptionId: string; readonly isNew: boolean } | 'SubscriptionsFull' | 'BranchUnknown'> {
  // Two at once count each other.
  await db.query("select pg_advisory_xact_lock(hashtextextended('subscriptions:' || $1, 0))", [tenantId])
  const branches = await db.query('select from branch where tenant_id = $1 and branch_id = $2', [tenantId, branchId])
  if (branchId !== null && branches.length === 0) return 'BranchUnknown'
  const held = await listSubscriptions(db, tenantId, null)
  const same = held.find((it) => it.email === email && it.language === language && it.branchId === branchId)
  if (same !== undefined) return { subscriptionId: same.subscriptionId, isNew: false }
  if (held.length >= SUBSCRIPTIONS_MAX) return 'SubscriptionsFull'
  const subscriptionId = randomUUID()
  await db.query(
    `insert into report_subscription (tenant_id, subscription_id, email, language, branch_id, made_by, made_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tenantId, subscriptionId, email, language, branchId, by.madeBy, new Date(by.nowMs)],
  )
  return { subscriptionId, isNew: true }
}

/** @returns whether the tenant had it */
export async function removeSubscription(db: TenantDb, tenantId: string, subscriptionId: string): Promise<boolean> {
  const gone = await db.query(
    'delete from report_subscription where tenant_id = $1 and subscription_id = $2 returning subscription_id',
    [tenantId, subscriptionId],
  )
  return gone.length > 0
}

interface DayRow {
  readonly [column: string]: unknown
  readonly branch_id: string
  readonly business_date: string
  readonly checked_at: Date
  readonly differing_count: number | null
  readonly findings: string
}

/** What came of working days out anew: what differs, or could not be done, first. */
export async function listCheckedDays(db: TenantDb, tenantId: string): Promise<readonly CheckedDay[]> {
  const rows = await db.query<DayRow>(
    `select branch_id, business_date, checked_at, differing_count, findings from branch_day
     where tenant_id = $1 and checked_at is not null
     order by coalesce(differing_count, 1) > 0 desc, business_date desc, branch_id limit ${DAYS_TOLD_MAX}`,
    [tenantId],
  )
  return rows.map((row) => ({
    ...{ branchId: row.branch_id, date: row.business_date, checkedAtMs: row.checked_at.getTime() },
    differingCount: row.differing_count,
    findings: JSON.parse(row.findings) as readonly string[],
  }))
}
