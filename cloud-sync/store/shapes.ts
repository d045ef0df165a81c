import type { LogPlace } from '../shapes/place.ts'
import { columnsOf, type Shape } from '../shapes/shape.ts'
import type { Database, TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** On which clouds tell each other that there is news of a shape; the triggers know it, too. */
export const SHAPE_CHANNEL = 'smartqueue_shape'

/** One row as it leaves, each value as Postgres prints it. */
export type ShapeRow = Readonly<Record<string, string>>

export interface LogEntry {
  readonly place: LogPlace
  readonly operation: 'insert' | 'delete'
  readonly key: string
  /** null: it is gone since, and its going follows in the log. */
  readonly row: ShapeRow | null
}

/** What is known of a shape beside its rows, read after them: what is pruned meanwhile is then seen. */
export interface ShapeState {
  /** The oldest transaction that is still open: nothing is added before it any more. */
  readonly horizon: string
  /** No transaction has this number yet. */
  readonly next: string
  /** Which database, and which of its lives: one that was put back from a copy has places that mean something else. */
  readonly life: string
  readonly isRevoked: boolean
  /** Whether the place that was asked about is one of this log: an entry of it, its floor, or before all of it. */
  readonly isPlace: boolean
  /** The highest of the shape's rows that was sent from here, or of which its branch has said that it did it. */
  readonly sent: number
}

/** Before every entry; no transaction has this number. */
const BEGINNING: LogPlace = { kind: 'log', xid: '1', seq: 0 }

const placeIn = (xid: string, seq: string): LogPlace => ({ kind: 'log', xid, seq: Number(seq) })

const texts = (shape: Shape, from: string): string =>
  columnsOf(shape)
    .map((column) => `${from}.${column}::text`)
    .join(', ')

interface StateRow {
  readonly horizon: string
  readonly next: string
  readonly xid: string | null
  readonly seq: string | null
  readonly life: string
  readonly is_revoked: boolean
  readonly is_entry: boolean
  readonly sent: string
}

const isSame = (a: LogPlace, b: LogPlace | null): boolean => b !== null && a.xid === b.xid && a.seq === b.seq

/** @param place - where a reader says to stand */
export async function shapeState(
  db: TenantDb,
  of: BranchIdentity,
  { table, key }: Shape,
  place: LogPlace = BEGINNING,
): Promise<ShapeState> {
  const [row] = await db.query<StateRow>(
    `select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, pg_snapshot_xmax(pg_current_snapshot())::text as next,
       floor.xid::text, floor.seq::text, branch.revoked_at is not null as is_revoked,
       exists (select from shape_log where tenant_id = $1 and branch_id = $2 and shape = $3
         and xid = $4::text::xid8 and seq = $5::bigint) as is_entry,
       greatest(0, (select max(${key}) from ${table} where tenant_id = $1 and branch_id = $2), (select place from shape_done
         where tenant_id = $1 and branch_id = $2 and shape = $3)) as sent,
       (select system_identifier from pg_control_system()) || '.' || (select timeline_id from pg_control_checkpoint()) as life
     from branch left join shape_floor as floor
       on floor.tenant_id = branch.tenant_id and floor.branch_id = branch.branch_id and floor.shape = $3
     where branch.tenant_id = $1 and branch.branch_id = $2`,
    [of.tenantId, of.branchId, table, place.xid, place.seq],
  )
  if (row === undefined) throw new Error('The branch that asks is not there')
  const { horizon, next, xid, seq, life, is_revoked: isRevoked } = row
  const floor = xid === null || seq === null ? null : placeIn(xid, seq)
  const isPlace = row.is_entry || isSame(place, floor) || (floor === null && isSame(place, BEGINNING))
  return { horizon, next, life, isRevoked, isPlace, sent: Number(row.sent) }
}

/** The last place of a shape's log below a horizon. */
export async function placeBelow(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  { table }: Shape,
  horizon: string,
): Promise<LogPlace> {
  const [row] = await db.query<{ xid: string; seq: string }>(
    `select xid::text, seq::text from (
       select xid, seq from shape_floor where tenant_id = $1 and branch_id = $2 and shape = $3
       union all (select xid, seq from shape_log where tenant_id = $1 and branch_id = $2 and shape = $3
         and xid < $4::text::xid8 order by xid desc, seq desc limit 1)) place
     where place.xid < $4::text::xid8 order by place.xid desc, place.seq desc limit 1`,
    [tenantId, branchId, table, horizon],
  )
  return row === undefined ? BEGINNING : placeIn(row.xid, row.seq)
}

/** Notes that a branch has done what was never sent from here. */
export const noteDone = (
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  { table }: Shape,
  place: number,
): Promise<unknown> =>
  db.query(
    `insert into shape_done values ($1, $2, $3, $4) on conflict (tenant_id, branch_id, shape)
     do update set place = greatest(shape_done.place, excluded.place)`,
    [tenantId, branchId, table, place],
  )

/** Up to where a branch has done what was never sent from here; 0: it was all sent. */
export async function doneElsewhere(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  table: Shape['table'],
): Promise<number> {
  const [row] = await db.query<{ place: string }>(
    'select place from shape_done where tenant_id = $1 and branch_id = $2 and shape = $3',
    [tenantId, branchId, table],
  )
  return Number(row?.place ?? 0)
}

/** Of the rows that are there, in the order of their keys, one more than an answer brings. */
export function shapeRows(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  shape: Shape,
  afterKey: number,
): Promise<readonly ShapeRow[]> {
  // By the column, not by what leaves under its name: that is text.
  return db.query<ShapeRow>(
    `select ${texts(shape, shape.table)} from ${shape.table}
     where tenant_id = $1 and branch_id = $2 and ${shape.key} > $3::bigint order by ${shape.table}.${shape.key} limit ${shape.chunkRows + 1}`,
    [tenantId, branchId, afterKey],
  )
}

interface LogRow {
  readonly xid: string
  readonly seq: string
  readonly operation: 'insert' | 'delete'
  readonly log_key: string
  readonly tenant_id: string | null
}

/** What of the log follows on a place and can be read, one entry more than an answer brings. */
export async function shapeLog(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  shape: Shape,
  after: LogPlace,
): Promise<readonly LogEntry[]> {
  const { table, key, chunkRows } = shape
  const rows = await db.query<LogRow & ShapeRow>(
    `select log.xid::text, log.seq::text, log.operation, log.key::text as log_key, ${texts(shape, 'found')}
     from shape_log as log left join ${table} as found
       on found.tenant_id = log.tenant_id and found.branch_id = log.branch_id and found.${key} = log.key
     where log.tenant_id = $1 and log.branch_id = $2 and log.shape = $3
       and (log.xid, log.seq) > ($4::text::xid8, $5::bigint)
       and log.xid < pg_snapshot_xmin(pg_current_snapshot())
     order by log.xid, log.seq limit ${chunkRows + 1}`,
    [tenantId, branchId, table, after.xid, after.seq],
  )
  return rows.map(({ xid, seq, operation, log_key: logKey, ...row }) => ({
    place: placeIn(xid, seq),
    operation,
    key: logKey,
    row: row.tenant_id === null ? null : row,
  }))
}

/** Whether something was committed after a place that cannot be read yet: an older transaction is still open. */
export async function isHeldBack(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  { table }: Shape,
  after: LogPlace,
): Promise<boolean> {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query(
      `select from shape_log where tenant_id = $1 and branch_id = $2 and shape = $3
         and (xid, seq) > ($4::text::xid8, $5::bigint) limit 1`,
      [tenantId, branchId, table, after.xid, after.seq],
    ),
  )
  return rows.length > 0
}

/**
 * Takes away the oldest of a shape's log, in the caller's transaction, which holds the shape. Never what lies above the
 * horizon: a reader who begins now is given the last place below it, and must find itself there.
 */
export async function pruneShapeLog(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  { table, logKept }: Shape,
): Promise<void> {
  const [last] = await db.query<{ xid: string; seq: string }>(
    `select xid::text, seq::text from shape_log
     where tenant_id = $1 and branch_id = $2 and shape = $3 and xid < pg_snapshot_xmin(pg_current_snapshot())
     order by xid desc, seq desc offset ${logKept} limit 1`,
    [tenantId, branchId, table],
  )
  if (last === undefined) return
  const place = [tenantId, branchId, table, last.xid, last.seq]
  await db.query(
    `delete from shape_log where tenant_id = $1 and branch_id = $2 and shape = $3
       and (xid, seq) <= ($4::text::xid8, $5::bigint)`,
    place,
  )
  await db.query(
    `insert into shape_floor values ($1, $2, $3, $4::text::xid8, $5)
     on conflict (tenant_id, branch_id, shape) do update set xid = excluded.xid, seq = excluded.seq`,
    place,
  )
}
