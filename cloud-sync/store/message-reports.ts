import { afterReport, type Report } from '../notify/states.ts'
import type { Database } from './database.ts'
import { change, fallBack, holdMessage } from './message-rows.ts'

/** What came of a report. */
export type Reported = 'kept' | 'nothing new' | 'unknown' | 'sent twice'

export interface ReportOf {
  readonly tenantId: string
  readonly messageId: string
  readonly providerId: string
  readonly report: Report
  readonly reason: string | null
}

/** Writes down what a provider reports, whatever was reported before, how often, and whatever we thought of it. */
export const keepReport = (
  database: Database,
  { tenantId, messageId, providerId, report, reason }: ReportOf,
  nowMs: number,
): Promise<Reported> =>
  database.asTenant(tenantId, async (db) => {
    const row = await holdMessage(db, tenantId, messageId)
    if (row === null) return 'unknown'
    // Another id of the provider for one message: it has gone out a second time, and that is ours to answer for.
    if (row.providerId !== null && row.providerId !== providerId) return 'sent twice'
    const isTaken = row.providerId !== null
    const state = afterReport(row.state, report, isTaken)
    if (isTaken && state === row.state) return 'nothing new'
    const why = state === 'failed' ? reason : null
    await change(db, row, { state, reason: why, nextAtMs: null, providerId }, nowMs)
    if (state === 'failed') await fallBack(db, row, nowMs)
    return 'kept'
  })

const STATES_LISTED_MAX = 100

interface ListedRow {
  readonly [column: string]: unknown
  readonly message_id: string
  readonly event: string
  readonly channel: string
  readonly state: string
  readonly reason: string | null
  readonly branch_id: string | null
  readonly ticket_id: string | null
  readonly attempt_count: number
  readonly made_at: Date
  readonly changed_at: Date
}

/** The latest of a tenant, without whom they went to and what they said. @param state - null: whatever it is */
export const listNotifications = (database: Database, tenantId: string, state: string | null) =>
  database.asTenant(tenantId, async (db) => {
    const rows = await db.query<ListedRow>(
      `select message_id, event, channel, state, reason, branch_id, ticket_id, attempt_count, made_at, changed_at
       from message where tenant_id = $1 and ($2::text is null or state = $2)
       order by made_at desc, message_id limit ${STATES_LISTED_MAX}`,
      [tenantId, state],
    )
    return rows.map((row) => ({
      ...{ messageId: row.message_id, event: row.event, channel: row.channel, state: row.state, reason: row.reason },
      ...{ branchId: row.branch_id, ticketId: row.ticket_id, attemptCount: row.attempt_count },
      ...{ madeAtMs: row.made_at.getTime(), changedAtMs: row.changed_at.getTime() },
    }))
  })
