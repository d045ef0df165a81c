import type { Database } from '../store/database.ts'
import { forgetOldSide } from '../store/side.ts'

/** How long what head office was told is kept; a day that was looked at is not looked at again while it is. */
const ALERTS_KEPT = "interval '90 days'"
const DAYS_KEPT = "interval '400 days'"
/** That a mail was given up; what stood in it is gone already. */
const MAILS_KEPT = "interval '7 days'"

/** Forgets what is too old, of one tenant. */
export const forgetOld = (database: Database, tenantId: string, nowMs: number): Promise<void> =>
  database.asTenant(tenantId, async (db) => {
    const of = [tenantId, new Date(nowMs)]
    await forgetOldSide(db, tenantId)
    await db.query(`delete from alert where tenant_id = $1 and resolved_at < $2::timestamptz - ${ALERTS_KEPT}`, of)
    await db.query(
      `delete from mail_waiting where tenant_id = $1 and next_attempt_at is null
         and made_at < $2::timestamptz - ${MAILS_KEPT}`,
      of,
    )
    await db.query(
      `delete from branch_day where tenant_id = $1
         and greatest(reported_at, checked_at) < $2::timestamptz - ${DAYS_KEPT}`,
      of,
    )
  })
