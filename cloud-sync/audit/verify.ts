import { auditHash } from '#shared/audit/entry.ts'
import { type AuditFault, heldFault, walkAudit } from '#shared/audit/walk.ts'
import type { Database } from '../store/database.ts'
import { auditAfter, auditHashAt, PLATFORM } from './entries.ts'

export interface AuditVerdict {
  readonly count: number
  readonly headHash: string | null
  readonly fault: AuditFault | null
}

const WITNESSES_MAX = 500
/** No branch comes before it. */
const NOBODY_YET = PLATFORM

interface WitnessRow {
  readonly [column: string]: unknown
  readonly branch_id: string
  readonly seq: string
  readonly hash: string
  readonly body: string | null
}

/** Page by page. @returns the first entry that branches hold otherwise, or that is not there any more */
async function heldOtherwise(database: Database, tenantId: string): Promise<AuditFault | null> {
  let first: AuditFault | null = null
  const pageAfter = (branchId: string) =>
    database.asTenant(tenantId, (db) =>
      db.query<WitnessRow>(
        `select w.branch_id, w.seq, w.hash, e.body from audit_witness w left join audit_entry e using (tenant_id, seq)
         where w.tenant_id = $1 and w.branch_id > $2 order by w.branch_id limit ${WITNESSES_MAX}`,
        [tenantId, branchId],
      ),
    )
  for (let page = await pageAfter(NOBODY_YET); page.length > 0; page = await pageAfter(page.at(-1)?.branch_id ?? ''))
    for (const { branch_id: branchId, seq, hash, body } of page) {
      const fault = heldFault({ seq: Number(seq), hash }, `branch ${branchId}`, body === null ? null : auditHash(body))
      if (fault !== null && (first === null || fault.seq < first.seq)) first = fault
    }
  return first
}

/** @returns the first entry of the platform's chain that branches of this tenant hold otherwise */
export async function platformHeldOtherwise(database: Database, tenantId: string): Promise<AuditFault | null> {
  const held = await database.asTenant(tenantId, (db) =>
    db.query<{ branch_id: string; seq: string; hash: string }>(
      `select min(branch_id::text) as branch_id, platform_seq as seq, platform_hash as hash from audit_witness
       where tenant_id = $1 and platform_seq is not null group by platform_seq, platform_hash
       order by platform_seq limit ${WITNESSES_MAX}`,
      [tenantId],
    ),
  )
  for (const { branch_id: branchId, seq, hash } of held) {
    const there = await database.asTenant(PLATFORM, (db) => auditHashAt(db, PLATFORM, Number(seq)))
    const fault = heldFault({ seq: Number(seq), hash }, `branch ${branchId}`, there)
    if (fault !== null) return fault
  }
  return null
}

/** Goes through one chain, however long it is, then through what branches hold of it. */
export async function verifyAudit(database: Database, tenantId: string): Promise<AuditVerdict> {
  const walk = walkAudit()
  const pageAfter = (seq: number) => database.asTenant(tenantId, (db) => auditAfter(db, tenantId, seq))
  for (let page = await pageAfter(0); page.length > 0; page = await pageAfter(page.at(-1)?.seq ?? 0))
    for (const entry of page) {
      const fault = walk.take(entry)
      if (fault !== null) return { count: walk.head()?.seq ?? 0, headHash: walk.head()?.hash ?? null, fault }
    }
  const head = walk.head()
  return { count: head?.seq ?? 0, headHash: head?.hash ?? null, fault: await heldOtherwise(database, tenantId) }
}
