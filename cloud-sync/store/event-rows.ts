import { isName } from '../fold/is-well.ts'
import type { Held } from '../inbox/judge-upload.ts'
import type { UploadedEvent } from '../inbox/read-upload.ts'
import { bytesOfHex, bytesOfTexts, scalars, texts } from './arrays.ts'
import type { TenantDb } from './database.ts'
import { plain } from './fold-rows.ts'

// The events of a branch as they came, and how far each of its epochs is held. `of`: tenant, branch, epoch.

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')

export interface HeldOfEpoch extends Held {
  /** A later one is held, or it is set aside: whose it is must be asked. */
  readonly isLeft: boolean
}

/** Uploads of one epoch take turns at its row. */
export async function heldOf(db: TenantDb, of: readonly string[]): Promise<HeldOfEpoch | null> {
  const rows = await db.often<{ acked_seq: string; head_hash: Buffer; is_left: boolean }>(
    `select acked_seq, head_hash, quarantined_at is not null or exists (
       select from branch_log later where later.tenant_id = $1 and later.branch_id = $2
         and later.first_seen_at > it.first_seen_at) as is_left
     from branch_log it where tenant_id = $1 and branch_id = $2 and epoch = $3 for update`,
    of,
  )
  const [row] = rows
  if (row === undefined) return null
  return { ackedSeq: Number(row.acked_seq), headHash: row.head_hash.toString('hex'), isLeft: row.is_left }
}

/** The hash of the last event of an upload that is held. */
export async function hashHeldAt(db: TenantDb, of: readonly string[], seq: number): Promise<string | null> {
  const [row] = await db.often<{ hash: Buffer }>(
    'select hash from event where tenant_id = $1 and branch_id = $2 and epoch = $3 and seq = $4',
    [...of, seq],
  )
  return row?.hash.toString('hex') ?? null
}

/** The largest that fits; whatever is beyond is of a far later program, and not known anyway. */
const VERSION_MAX = 2_147_483_647

/** Which event of which epoch the first of these goes on from, where it begins one. */
function parentIn([first]: readonly UploadedEvent[]): readonly [string | null, number | null] {
  if (first?.seq !== 1) return [null, null]
  const { parentEpoch, parentSeq } = first.event
  return isName(parentEpoch) && Number.isSafeInteger(parentSeq) ? [parentEpoch, Number(parentSeq)] : [null, null]
}

const INSERT = `insert into event (tenant_id, branch_id, epoch, seq, version, type, hash, body)
  select $1, $2, $3, * from unnest($4::bigint[], $5::int[], $6::text[], $7::bytea[], $8::bytea[])`

const columnsOf = (events: readonly UploadedEvent[]): readonly unknown[] => [
  scalars(events.map(({ seq }) => seq)),
  scalars(events.map(({ version }) => Math.min(Math.max(version, 0), VERSION_MAX))),
  texts(events.map(({ type }) => plain(type))),
  bytesOfHex(events.map(({ hash }) => hash)),
  bytesOfTexts(events.map(({ body }) => body)),
]

export async function keep(db: TenantDb, of: readonly string[], fresh: readonly UploadedEvent[]): Promise<void> {
  const last = fresh.at(-1)
  if (last === undefined) return
  const keeping = db.often(INSERT, [...of, ...columnsOf(fresh)])
  const [parentEpoch, parentSeq] = parentIn(fresh)
  const noting = db.often(
    `insert into branch_log (tenant_id, branch_id, epoch, acked_seq, head_hash, first_seen_at, parent_epoch, parent_seq)
     values ($1, $2, $3, $4, $5, now(), $6, $7)
     on conflict (tenant_id, branch_id, epoch) do update set acked_seq = $4, head_hash = $5`,
    [...of, last.seq, bytes(last.hash), parentEpoch, parentSeq],
  )
  await Promise.all([keeping, noting])
}

/** Whether an upload follows on what is held, event by event, and nobody need ask whose it is. */
export const followsOn = (held: HeldOfEpoch | null, [first]: readonly UploadedEvent[]): boolean =>
  held?.isLeft === false && first?.seq === held.ackedSeq + 1 && first.prev === held.headHash

const HASH = /^[0-9a-f]{64}$/

/** The same, asked by the table. @param seq, hash - of the event before the first of them */
const followsOnAt = (seq: string, hash: string): string =>
  `it.tenant_id = $1 and it.branch_id = $2 and it.epoch = $3 and it.acked_seq = ${seq} and it.head_hash = ${hash}
   and it.quarantined_at is null and not exists (
     select from branch_log later where later.tenant_id = $1 and later.branch_id = $2
       and later.first_seen_at > it.first_seen_at)`

/**
 * Keeps an upload if it follows on what is held, as nearly all do, and nothing of it else: so the database need not wait
 * until that is known here. The caller holds the branch: what is held does not change meanwhile.
 * @returns whether it did
 */
export async function keepIfItFollows(
  db: TenantDb,
  of: readonly string[],
  events: readonly UploadedEvent[],
): Promise<boolean> {
  const [first, last] = [events[0], events.at(-1)]
  // A hash that is written otherwise than we write it is none to us.
  if (first === undefined || last === undefined || !HASH.test(first.prev)) return false
  const before = [first.seq - 1, bytes(first.prev)]
  const keeping = db.often(`${INSERT} where exists (select from branch_log it where ${followsOnAt('$9', '$10')})`, [
    ...of,
    ...columnsOf(events),
    ...before,
  ])
  const noting = db.often(
    `update branch_log it set acked_seq = $6, head_hash = $7 where ${followsOnAt('$4', '$5')} returning epoch`,
    [...of, ...before, last.seq, bytes(last.hash)],
  )
  const [, noted] = await Promise.all([keeping, noting])
  return noted.length > 0
}
