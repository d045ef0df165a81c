import { openSide, type SideData } from '#shared/network/sealed-side.ts'
import { HELD_MAX, type SideBody } from '#shared/wire/side.ts'
import { type Also, nothingElse } from './branches.ts'
import type { Database, TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'
import { forgetRecipients } from './messages.ts'

/** A branch keeps nothing beside its log for longer than thirty days; one that died tells nobody. */
const ROW_KEPT = "interval '31 days'"
/** That something was erased is remembered longer than any branch keeps a backup that could bring it back. */
const ERASURE_KEPT = "interval '60 days'"

const base64url = (text: string): Buffer => Buffer.from(text, 'base64url')

/** A row that was erased, or is older than the one that is held, is not taken in. */
const keep = (db: TenantDb, of: readonly string[], { epoch, rows }: SideBody): Promise<unknown> =>
  db.query(
    `with come as (
       select * from unnest($4::text[], $5::bigint[], $6::bytea[], $7::bytea[]) as it (ticket_id, version, sealed, key)
       where not exists (select from side_erasure e where e.tenant_id = $1 and e.branch_id = $2
         and e.ticket_id = it.ticket_id
         and (e.done_at is null or (e.done_epoch = $3 and e.done_version >= it.version)))
     ), kept as (
       insert into side_row select $1, $2, ticket_id, $3, version, sealed, now() from come
       on conflict (tenant_id, branch_id, ticket_id) do update
         set epoch = excluded.epoch, version = excluded.version, sealed = excluded.sealed, received_at = now()
         where side_row.epoch <> excluded.epoch or side_row.version < excluded.version
       returning ticket_id
     )
     insert into side_key select $1, $2, ticket_id, key from come join kept using (ticket_id)
     on conflict (tenant_id, branch_id, ticket_id) do update set key = excluded.key`,
    [
      ...[...of, epoch],
      rows.map(({ ticketId }) => ticketId),
      rows.map(({ version }) => version),
      rows.map(({ sealed }) => base64url(sealed)),
      rows.map(({ key }) => base64url(key)),
    ],
  )

/**
 * Key and row, both. One that was given up on its way and comes late after all says nothing of what was written since, nor
 * that what head office asked for since was done.
 */
async function eraseAsTold(db: TenantDb, of: readonly string[], { epoch, erased }: SideBody): Promise<void> {
  if (erased.length === 0) return
  const told = [...of, epoch, erased.map(({ ticketId }) => ticketId), erased.map(({ version }) => version)]
  await db.query(
    `delete from side_row using unnest($4::text[], $5::bigint[]) as it (ticket_id, version)
     where tenant_id = $1 and branch_id = $2 and side_row.ticket_id = it.ticket_id
       and (side_row.epoch <> $3 or side_row.version <= it.version)`,
    told,
  )
  await db.query(
    `insert into side_erasure
     select $1, $2, it.ticket_id, now(), $3, it.version, now() from unnest($4::text[], $5::bigint[]) as it (ticket_id, version)
     on conflict (tenant_id, branch_id, ticket_id) do update
       set done_epoch = excluded.done_epoch, done_version = excluded.done_version, done_at = now()
       where side_erasure.done_epoch is distinct from excluded.done_epoch
         or side_erasure.done_version < excluded.done_version`,
    told,
  )
}

/** What the branch is to erase: what was asked for here, and what it holds although it was erased in another life. */
async function toErase(db: TenantDb, of: readonly string[], { epoch, held }: SideBody): Promise<readonly string[]> {
  const rows = await db.query<{ ticket_id: string }>(
    `select ticket_id from side_erasure where tenant_id = $1 and branch_id = $2
     and (done_at is null or (ticket_id = any($4) and done_epoch is distinct from $3))
     order by ticket_id limit ${HELD_MAX}`,
    [...of, epoch, held],
  )
  return rows.map(({ ticket_id: ticketId }) => ticketId)
}

/**
 * Of a stretch the branch has told all it holds: what is here beside that it has erased, and the copy of an earlier day was
 * put back over it. Of another life of its log nothing is said: an older disk knows nothing of what came after it.
 */
async function eraseUnheld(db: TenantDb, of: readonly string[], { epoch, held, stretch }: SideBody): Promise<void> {
  if (stretch === undefined) return
  await db.query(
    `with gone as (
       delete from side_row where tenant_id = $1 and branch_id = $2 and epoch = $3
         and ticket_id collate "C" > $4 and ($5::text is null or ticket_id collate "C" <= $5)
         and ticket_id <> all($6) returning ticket_id, version
     )
     insert into side_erasure select $1, $2, ticket_id, now(), $3, version, now() from gone
     on conflict (tenant_id, branch_id, ticket_id) do nothing`,
    [...of, epoch, stretch.after, stretch.upTo, held],
  )
}

/** What the branch holds and this cloud does not, or not as lately. */
async function missingOf(
  db: TenantDb,
  of: readonly string[],
  { epoch, held, stretch }: SideBody,
): Promise<readonly string[]> {
  if (stretch === undefined || held.length === 0) return []
  const rows = await db.query<{ ticket_id: string }>(
    `select ticket_id from unnest($4::text[], $5::bigint[]) as it (ticket_id, version)
     where not exists (select from side_row r where r.tenant_id = $1 and r.branch_id = $2
         and r.ticket_id = it.ticket_id and (r.epoch <> $3 or r.version >= it.version))
       and not exists (select from side_erasure e where e.tenant_id = $1 and e.branch_id = $2
         and e.ticket_id = it.ticket_id
         and (e.done_at is null or e.done_epoch is distinct from $3 or e.done_version >= it.version))`,
    [...of, epoch, held, stretch.versions],
  )
  return rows.map(({ ticket_id: ticketId }) => ticketId)
}

/** What a branch is to do once it has told what lies beside its log. */
export interface SideAnswer {
  /** Visits of which it is to erase what it has. */
  readonly erased: readonly string[]
  /** Visits that it is to tell again. */
  readonly missing: readonly string[]
}

/** Forgets what is too old, of every branch of a tenant: one that is dead, closed or revoked does not call any more. */
export async function forgetOldSide(db: TenantDb, tenantId: string): Promise<void> {
  const before = 'where tenant_id = $1 and'
  await db.query(`delete from side_row ${before} received_at < now() - ${ROW_KEPT}`, [tenantId])
  await db.query(`delete from side_erasure ${before} done_at < now() - ${ERASURE_KEPT}`, [tenantId])
}

/** Takes in what a branch tells of that which lies beside its log. */
export function receiveSide(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  body: SideBody,
): Promise<SideAnswer> {
  const of = [tenantId, branchId]
  return database.asTenant(tenantId, async (db) => {
    // An erasure that is asked for at this moment comes before all of it, or after.
    await db.query("select pg_advisory_xact_lock(hashtextextended('side:' || $1, 0))", [branchId])
    await eraseAsTold(db, of, body)
    const gone = body.erased.map(({ ticketId }) => ticketId)
    if (gone.length > 0) await forgetRecipients(db, { tenantId, branchId }, gone)
    if (body.rows.length > 0) await keep(db, of, body)
    await eraseUnheld(db, of, body)
    return { erased: await toErase(db, of, body), missing: await missingOf(db, of, body) }
  })
}

/** Erases here at once, and at the branch when it next asks. @returns whether there is such a branch */
export function askErasure(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  ticketId: string,
  also: Also = nothingElse,
): Promise<boolean> {
  const of = [tenantId, branchId]
  return database.asTenant(tenantId, async (db) => {
    await db.query("select pg_advisory_xact_lock(hashtextextended('side:' || $1, 0))", [branchId])
    const branches = await db.query('select from branch where tenant_id = $1 and branch_id = $2', of)
    if (branches.length === 0) return false
    await forgetRecipients(db, { tenantId, branchId }, [ticketId])
    // What the branch has said up to here does not answer what is asked now.
    const [row] = await db.query<{ epoch: string; version: string }>(
      `delete from side_row where tenant_id = $1 and branch_id = $2 and ticket_id = $3 returning epoch, version`,
      [...of, ticketId],
    )
    await db.query(
      `insert into side_erasure values ($1, $2, $3, now(), $4, $5)
       on conflict (tenant_id, branch_id, ticket_id) do update
         set asked_at = now(), done_at = null,
           done_epoch = coalesce(excluded.done_epoch, side_erasure.done_epoch),
           done_version = coalesce(excluded.done_version, side_erasure.done_version)`,
      [...of, ticketId, row?.epoch ?? null, row?.version ?? null],
    )
    await also(db, tenantId)
    return true
  })
}

/** What lies beside one visit; null: nothing, or nothing any more. */
export async function findSide(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  ticketId: string,
): Promise<SideData | null> {
  const [row] = await database.asTenant(tenantId, (db) =>
    db.query<{ key: Buffer; sealed: Buffer }>(
      `select key, sealed from side_row join side_key using (tenant_id, branch_id, ticket_id)
       where tenant_id = $1 and branch_id = $2 and ticket_id = $3`,
      [tenantId, branchId, ticketId],
    ),
  )
  return row === undefined ? null : openSide(ticketId, row.key, row.sealed)
}
