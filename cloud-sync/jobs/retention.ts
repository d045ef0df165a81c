import type { Database } from '../store/database.ts'
import { forgetOldSide } from '../store/side.ts'

/** How long what head office was told is kept; a day that was looked at is not looked at again while it is. */
const ALERTS_KEPT = "interval '90 days'"
const DAYS_KEPT = "interval '400 days'"
/** That a mail was given up; what stood in it is gone already. */
const MAILS_KEPT = "interval '7 days'"

/** Whom customers' messages went to and what they said; one under way is never so old. Sums bear numbers of people. */
const MESSAGES_KEPT = "interval '30 days'"
const SUMS_KEPT = "interval '3 days'"

/** What is too old of each table: $2 is now. */
const OLD = {
  alert: `resolved_at < $2::timestamptz - ${ALERTS_KEPT}`,
  mail_waiting: `next_attempt_at is null and made_at < $2::timestamptz - ${MAILS_KEPT}`,
  message: `made_at < $2::timestamptz - ${MESSAGES_KEPT}`,
  message_spend: `day < $2::timestamptz - ${SUMS_KEPT}`,
  branch_day: `greatest(reported_at, checked_at) < $2::timestamptz - ${DAYS_KEPT}`,
} as const
/** Rows that one transaction takes away; more of them would meet the limit of its time, and then none would go. */
const ROWS_MAX = 5_000

/** Forgets what is too old, of one tenant. */
export async function forgetOld(database: Database, tenantId: string, nowMs: number): Promise<void> {
  await database.asTenant(tenantId, async (db) => {
    await forgetOldSide(db, tenantId)
  })
  // No tenant's: each that is worked for forgets some of them for all.
  await database.asNobody((db) =>
    db.query(
      `delete from taken_directory where provider_id in (
         select provider_id from taken_directory where taken_at < $1::timestamptz - ${MESSAGES_KEPT} limit ${ROWS_MAX})`,
      [new Date(nowMs)],
    ),
  )
  for (const [table, isOld] of Object.entries(OLD))
    for (let goneCount = ROWS_MAX; goneCount === ROWS_MAX; ) {
      const gone = await database.asTenant(tenantId, (db) =>
        db.query(
          `delete from ${table} where tenant_id = $1 and ctid in
             (select ctid from ${table} where tenant_id = $1 and ${isOld} limit ${ROWS_MAX}) returning tenant_id`,
          [tenantId, new Date(nowMs)],
        ),
      )
      goneCount = gone.length
    }
}
