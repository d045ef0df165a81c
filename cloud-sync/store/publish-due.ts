import { appendAudit } from '../audit/entries.ts'
import type { Database, TenantDb } from './database.ts'
import { holdDraft, publishDraft } from './draft.ts'
import type { BranchIdentity } from './inbox.ts'
import { judgeDraft } from './judge-draft.ts'

/** Nobody plans further ahead than a year. */
export const PUBLISH_AHEAD_MS_MAX = 366 * 24 * 3_600_000

/** When a draft is to publish itself. */
export interface PublishWish {
  /** The draft as whoever wishes it saw it. */
  readonly version: number
  /** null: not by itself any more. */
  readonly atMs: number | null
  readonly by: string
}

/**
 * Sets when the draft publishes itself, as it will be then: it may be changed until it goes.
 * @returns `DraftChanged` when it is another by now, or none
 */
export async function schedulePublication(
  db: TenantDb,
  of: BranchIdentity,
  { version, atMs, by }: PublishWish,
): Promise<'kept' | 'DraftChanged'> {
  await holdDraft(db, of)
  const rows = await db.query(
    `update catalogue_draft set publish_at = $4, publish_by = $5
     where tenant_id = $1 and branch_id = $2 and version = $3 and body is not null returning version`,
    [of.tenantId, of.branchId, version, atMs === null ? null : new Date(atMs), atMs === null ? null : by],
  )
  return rows.length === 0 ? 'DraftChanged' : 'kept'
}

interface Due {
  readonly [column: string]: unknown
  readonly branch_id: string
}

/** One draft whose time has come, unless another cloud was sooner. */
const publishOne = (database: Database, of: BranchIdentity, nowMs: number): Promise<boolean> =>
  database.asTenant(of.tenantId, async (db) => {
    await holdDraft(db, of)
    const [due] = await db.query<{ version: number; publish_by: string }>(
      `select version, publish_by from catalogue_draft
       where tenant_id = $1 and branch_id = $2 and body is not null and publish_at <= $3`,
      [of.tenantId, of.branchId, new Date(nowMs)],
    )
    if (due === undefined) return false
    const wish = { version: due.version, by: due.publish_by, nowMs }
    const published = await publishDraft(db, of, wish, (body) => judgeDraft(body).faults.length === 0)
    // What may not be published stays due: it goes as soon as it is mended, and its page says so.
    if (typeof published === 'string') return false
    const actor = { kind: 'system', id: 'schedule' } as const
    const after = { version: published.version, by: due.publish_by }
    await appendAudit(db, of.tenantId, { code: 'CataloguePublished', actor, about: of.branchId, after }, nowMs)
    return true
  })

/**
 * Publishes what a tenant's branches have due. Every cloud looks; of two at once the second finds it done.
 * @returns how many were published
 */
export async function publishDue(database: Database, tenantId: string, nowMs: number): Promise<number> {
  const due = await database.asTenant(tenantId, (db) =>
    db.query<Due>(
      'select branch_id from catalogue_draft where tenant_id = $1 and publish_at <= $2 and body is not null',
      [tenantId, new Date(nowMs)],
    ),
  )
  let count = 0
  for (const { branch_id: branchId } of due) if (await publishOne(database, { tenantId, branchId }, nowMs)) count += 1
  return count
}
