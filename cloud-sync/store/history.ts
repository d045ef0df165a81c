import { randomUUID } from 'node:crypto'
import type { Database, TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** What is held of one life of a branch's log. */
export interface HeldEpoch {
  readonly epoch: string
  readonly lastSeq: number
  /** Of the last event's bytes, in hex. */
  readonly headHash: string
}

/** A page of a log; one event may be longer. */
const PAGE_EVENTS_MAX = 500
const PAGE_BYTES_MAX = 4 * 1024 * 1024
/** Uploads of one branch that are kept aside; whoever goes on bringing such is only refused. */
const FORKS_MAX = 100

/** Oldest first; none that a second box began. */
export async function epochsOf(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
): Promise<readonly HeldEpoch[]> {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<{ epoch: string; acked_seq: string; head_hash: Buffer }>(
      `select epoch, acked_seq, head_hash from branch_log
       where tenant_id = $1 and branch_id = $2 and quarantined_at is null order by first_seen_at, epoch`,
      [tenantId, branchId],
    ),
  )
  return rows.map(({ epoch, acked_seq: lastSeq, head_hash: hash }) => ({
    ...{ epoch, lastSeq: Number(lastSeq), headHash: hash.toString('hex') },
  }))
}

/** What follows a place, in order, as it was stored. */
export async function eventsAfter(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  epoch: string,
  after: number,
): Promise<readonly string[]> {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<{ body: Buffer }>(
      `select body from (
         select seq, body, sum(length(body)) over (order by seq) - length(body) as before from event
         where tenant_id = $1 and branch_id = $2 and epoch = $3 and seq > $4 and seq <= $4 + ${PAGE_EVENTS_MAX}
       ) page where before < ${PAGE_BYTES_MAX} order by seq`,
      [tenantId, branchId, epoch, after],
    ),
  )
  return rows.map(({ body }) => body.toString())
}

/** A catalogue's body as the branch had it on its shelf; null: it never came here. */
export async function catalogueBody(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  hash: string,
): Promise<string | null> {
  const [row] = await database.asTenant(tenantId, (db) =>
    db.query<{ body: string }>(
      'select body from branch_catalogue where tenant_id = $1 and branch_id = $2 and hash = $3',
      [tenantId, branchId, hash],
    ),
  )
  return row?.body ?? null
}

/** Up to how many events after a place are held as the hashes say. */
export async function alikeAfter(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  { epoch, after, hashes }: { readonly epoch: string; readonly after: number; readonly hashes: readonly string[] },
): Promise<number> {
  const [row] = await database.asTenant(tenantId, (db) =>
    db.query<{ count: number }>(
      `select coalesce(min(it.at) - 1, $6)::int as count from unnest($5::text[]) with ordinality it (hash, at)
       where not exists (select from event where tenant_id = $1 and branch_id = $2 and epoch = $3
         and seq = $4 + it.at and event.hash = decode(it.hash, 'hex'))`,
      [tenantId, branchId, epoch, after, hashes, hashes.length],
    ),
  )
  return row?.count ?? 0
}

/**
 * Keeps aside what contradicts what is held, or comes of a box that is not the branch, so that a person can read it; each
 * once: what is whole in this takes no other place.
 */
export async function keepAside(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  { epoch, events }: { readonly epoch: string; readonly events: readonly string[] },
): Promise<void> {
  const fromSeq = Number((JSON.parse(events[0] ?? '{}') as { seq?: number }).seq)
  const of = [tenantId, branchId, epoch, events]
  const there = await db.query(
    'select from fork where tenant_id = $1 and branch_id = $2 and epoch = $3 and bodies @> $4 limit 1',
    of,
  )
  if (there.length > 0) return
  await db.query('delete from fork where tenant_id = $1 and branch_id = $2 and epoch = $3 and bodies <@ $4', of)
  await db.query(
    `insert into fork select $1, $2, $5, $3, $6, $4, now()
     where (select count(*) from fork where tenant_id = $1 and branch_id = $2) < ${FORKS_MAX}`,
    [...of, randomUUID(), fromSeq],
  )
}
