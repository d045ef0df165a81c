import { type AuditSaid, type AuditTrouble, hearAudit, troubleOf } from '#shared/audit/anchor.ts'
import type { AuditHead, AuditPlace, Happening } from '#shared/audit/entry.ts'
import type { Database, TenantDb } from '../store/database.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { appendAudit, auditHashAt, auditHead, PLATFORM } from './entries.ts'

interface AnchorRow {
  readonly [column: string]: unknown
  readonly chain: string
  readonly seq: string
  readonly hash: string
}

/** What is held of a branch's audit: of the life it was last in. */
async function heldOf(db: TenantDb, of: readonly string[]): Promise<AuditHead | null> {
  const [row] = await db.query<AnchorRow>(
    `select chain, seq, hash from audit_anchor where tenant_id = $1 and branch_id = $2
     order by place desc limit 1`,
    of,
  )
  return row === undefined ? null : { chain: row.chain, seq: Number(row.seq), hash: row.hash }
}

/** Of what several say at once the farthest stays. */
const hold = (db: TenantDb, of: readonly string[], { chain, seq, hash }: AuditHead): Promise<unknown> =>
  db.query(
    `insert into audit_anchor (tenant_id, branch_id, chain, seq, hash, anchored_at) values ($1, $2, $3, $4, $5, now())
     on conflict (tenant_id, branch_id, chain) do update
       set seq = excluded.seq, hash = excluded.hash, contradicted = null, anchored_at = now()
       where audit_anchor.seq < excluded.seq`,
    [...of, chain, seq, hash],
  )

/** What the branch says that it holds of ours; written only where it says something new. */
async function witness(db: TenantDb, of: readonly string[], { seq, hash }: AuditPlace): Promise<void> {
  const [last] = await db.query<{ seq: string; hash: string }>(
    'select seq, hash from audit_witness where tenant_id = $1 and branch_id = $2',
    of,
  )
  if (last !== undefined && Number(last.seq) === seq && last.hash === hash) return
  await db.query(
    `insert into audit_witness values ($1, $2, $3, $4, now())
     on conflict (tenant_id, branch_id) do update set seq = excluded.seq, hash = excluded.hash, told_at = now()`,
    [...of, seq, hash],
  )
}

/** The same of the chain of the cloud itself. */
const witnessPlatform = (db: TenantDb, of: readonly string[], { seq, hash }: AuditPlace): Promise<unknown> =>
  db.query(
    `update audit_witness set platform_seq = $3, platform_hash = $4 where tenant_id = $1 and branch_id = $2
     and (platform_seq, platform_hash) is distinct from ($3::bigint, $4::text)`,
    [...of, seq, hash],
  )

/** What a branch is told of the chain of the cloud itself. */
export async function sayPlatform(
  database: Database,
  { platform = null }: AuditSaid,
): Promise<{ readonly answer: AuditSaid; readonly ours: AuditTrouble | null }> {
  const [head, hash] = await database.asTenant(PLATFORM, (db) =>
    Promise.all([auditHead(db, PLATFORM), platform === null ? null : auditHashAt(db, PLATFORM, platform.seq)]),
  )
  const proof = platform === null ? null : { seq: platform.seq, hash }
  return { answer: { head, held: null, proof }, ours: troubleOf(platform, hash) }
}

/** Of a branch whose audit is not what is held of it: noted once, in its tenant's audit, which nobody takes back. */
async function noteContradiction(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  held: AuditHead,
  found: { readonly trouble: AuditTrouble; readonly head: AuditHead | null; readonly goesOn: boolean },
  nowMs: number,
): Promise<boolean> {
  const now = found.goesOn ? `${found.trouble}, goes on` : found.trouble
  const isNews = await db.query(
    `update audit_anchor set contradicted = $4 where tenant_id = $1 and branch_id = $2 and chain = $3
     and contradicted is distinct from $4 returning 1`,
    [tenantId, branchId, held.chain, now],
  )
  if (isNews.length === 0) return false
  const factsOf = ({ chain, seq, hash }: AuditHead) => ({ chain, seq, hash, reason: found.trouble })
  const happening: Happening = {
    ...{ code: 'BranchAuditContradicted', actor: { kind: 'branch', id: branchId }, about: branchId },
    ...{ before: factsOf(held), after: found.head === null ? null : factsOf(found.head) },
  }
  await appendAudit(db, tenantId, happening, nowMs)
  return true
}

export interface Met {
  /** What goes back to the branch. */
  readonly answer: AuditSaid
  /** Of the cloud's own audit, as this branch holds it. */
  readonly ours: AuditTrouble | null
  /** Of the branch's, where it was not known yet. */
  readonly theirs: AuditTrouble | null
}

/** Hears what a branch says of its audit and of ours, holds it, and says the same of the cloud. */
export function meetBranch(database: Database, branch: BranchIdentity, said: AuditSaid, nowMs: number): Promise<Met> {
  const { tenantId, branchId } = branch
  const of = [tenantId, branchId]
  return database.asTenant(tenantId, async (db) => {
    const [held, ownHash, head] = await Promise.all([
      heldOf(db, of),
      said.held === null ? null : auditHashAt(db, tenantId, said.held.seq),
      auditHead(db, tenantId),
      said.held === null ? null : witness(db, of, said.held),
    ])
    if (said.platform) await witnessPlatform(db, of, said.platform)
    const heard = hearAudit(held, said)
    if (heard.kind === 'held') await hold(db, of, heard.head)
    let isNews = false
    if (heard.kind === 'contradicts' && held !== null) {
      const goesOn = heard.goesOnAs !== null
      isNews = await noteContradiction(db, branch, held, { trouble: heard.trouble, head: said.head, goesOn }, nowMs)
      if (heard.goesOnAs !== null) await hold(db, of, heard.goesOnAs)
    }
    const holds = heard.kind === 'held' ? heard.head : held
    return {
      answer: {
        head,
        held: holds,
        proof: said.held === null ? null : { seq: said.held.seq, hash: ownHash },
      },
      ours: troubleOf(said.held, ownHash),
      theirs: heard.kind === 'contradicts' && isNews ? heard.trouble : null,
    }
  })
}
