import { isName } from '../fold/is-well.ts'
import { type Held, type Judgement, judgeUpload } from '../inbox/judge-upload.ts'
import type { UploadedEvent } from '../inbox/read-upload.ts'
import { messageOf } from '../webhooks/messages.ts'
import { bytesOfHex, bytesOfTexts, scalars, texts } from './arrays.ts'
import type { Database, TenantDb } from './database.ts'
import { type FoldedOn, type FoldOptions, type Found, foldOn, readFound } from './fold-on.ts'
import { noteBehind, plain } from './fold-rows.ts'
import { keepAside } from './history.ts'
import { judgeHolder, noteBegun } from './holders.ts'
import { goOnFromHeld, isStrange, keepStrange } from './strange-log.ts'
import { type Listener, listenersOf, queueMessages } from './webhook-queue.ts'

/** Which branch of which tenant; proved by the branch's key. */
export interface BranchIdentity {
  readonly tenantId: string
  readonly branchId: string
}

export type Received =
  | {
      readonly kind: 'kept'
      readonly ackedSeq: number
      /** Events that were not held before. */
      readonly freshCount: number
      /** null: there were none, or they are had later. */
      readonly effects: FoldedOn | null
    }
  /** Of a box that began from nothing, though the branch's log is held. */
  | { readonly kind: 'strange' }
  | Exclude<Judgement, { readonly kind: 'follows' }>

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')

/** Uploads of one epoch take turns at its row. @returns with it whether a later one is held, or it is set aside */
async function heldOf(db: TenantDb, of: readonly string[]): Promise<(Held & { readonly isLeft: boolean }) | null> {
  const rows = await db.query<{ acked_seq: string; head_hash: Buffer; is_left: boolean }>(
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
async function hashHeldAt(db: TenantDb, of: readonly string[], seq: number): Promise<string | null> {
  const [row] = await db.query<{ hash: Buffer }>(
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

async function keep(db: TenantDb, of: readonly string[], fresh: readonly UploadedEvent[]): Promise<void> {
  const last = fresh.at(-1)
  if (last === undefined) return
  const keeping = db.query(
    `insert into event (tenant_id, branch_id, epoch, seq, version, type, hash, body)
     select $1, $2, $3, * from unnest($4::bigint[], $5::int[], $6::text[], $7::bytea[], $8::bytea[])`,
    [
      ...of,
      scalars(fresh.map(({ seq }) => seq)),
      scalars(fresh.map(({ version }) => Math.min(Math.max(version, 0), VERSION_MAX))),
      texts(fresh.map(({ type }) => plain(type))),
      bytesOfHex(fresh.map(({ hash }) => hash)),
      bytesOfTexts(fresh.map(({ body }) => body)),
    ],
  )
  const [parentEpoch, parentSeq] = parentIn(fresh)
  const noting = db.query(
    `insert into branch_log (tenant_id, branch_id, epoch, acked_seq, head_hash, first_seen_at, parent_epoch, parent_seq)
     values ($1, $2, $3, $4, $5, now(), $6, $7)
     on conflict (tenant_id, branch_id, epoch) do update set acked_seq = $4, head_hash = $5`,
    [...of, last.seq, bytes(last.hash), parentEpoch, parentSeq],
  )
  await Promise.all([keeping, noting])
}

/** Ahead of the effects, which may be undone alone: what is told is what is kept. */
async function tell(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  epoch: string,
  fresh: readonly UploadedEvent[],
  listeners: readonly Listener[],
): Promise<void> {
  if (listeners.length === 0) return
  const messages = fresh.map((event) => messageOf(branchId, epoch, event)).filter((it) => it !== null)
  await queueMessages(db, tenantId, listeners, messages)
}

/** Whoever changes what is held of a branch, or what is read of it, takes turns. */
export const holdBranch = (db: TenantDb, { branchId }: BranchIdentity): Promise<unknown> =>
  db.query("select pg_advisory_xact_lock(hashtextextended('log:' || $1, 0))", [branchId])

export interface ReceiveOptions extends Pick<FoldOptions, 'memory' | 'reading'> {
  /** By the cloud's clock, as the branch knew it; left out: nobody is told from another by it. */
  readonly signedAtMs?: number
  /** The branch has left this epoch. */
  readonly isPast?: boolean
  readonly onFailure?: (error: unknown) => void
}

/**
 * The effects of what was kept. Whatever is wrong in ours must not keep a branch from bringing what it has: then the
 * events are kept without their effects, which are had later.
 */
async function effectsOf(
  db: TenantDb,
  branch: BranchIdentity,
  options: FoldOptions & ReceiveOptions,
): Promise<FoldedOn | null> {
  const marking = db.query('savepoint fold')
  try {
    const [effects] = await Promise.all([foldOn(db, branch, options), marking])
    return effects
  } catch (error) {
    await db.query('rollback to savepoint fold')
    // Whoever would try again may have ended by then: the table says so, too.
    await noteBehind(db, branch)
    options.onFailure?.(error)
    return null
  }
}

/** The epochs once these events are kept; of one that was not held, where it stands among them says the table. */
function epochsAfter({ epochs }: Found, epoch: string, fresh: readonly UploadedEvent[]): Found['epochs'] {
  const last = fresh.at(-1)
  if (last === undefined || epochs === null || !epochs.some((held) => held.epoch === epoch)) return null
  return epochs.map((held) => (held.epoch === epoch ? { ...held, ackedSeq: last.seq } : held))
}

/**
 * Takes an upload in: what is new of it is kept, with its effects, what is held already is held once, and what contradicts
 * is refused, kept aside and told.
 * @param events - in their order, each following on the one before
 */
export function receive(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  epoch: string,
  events: readonly UploadedEvent[],
  options: ReceiveOptions = {},
): Promise<Received> {
  const branch = { tenantId, branchId }
  const of = [tenantId, branchId, epoch]
  return database.asTenant(tenantId, async (db) => {
    // Each reads what is there once the branch is held: they are answered one after the other.
    const [, held, found, listeners] = await Promise.all([
      holdBranch(db, branch),
      heldOf(db, of),
      readFound(db, branch),
      listenersOf(db, tenantId),
    ])
    if (held === null && (await isStrange(db, branch, epoch, events))) {
      await keepStrange(db, branch, epoch, events)
      return { kind: 'strange' }
    }
    const last = events.findLast(({ seq }) => seq <= (held?.ackedSeq ?? 0))
    const hash = last === undefined ? null : await hashHeldAt(db, of, last.seq)
    const judged = judgeUpload(events, held, () => hash)
    const fresh = judged.kind === 'follows' ? judged.fresh : []
    const claim = { epoch, fresh, signedAtMs: options.signedAtMs ?? null, isPast: options.isPast === true }
    // An epoch that begins, or that others have followed on.
    const isDoubted = held?.isLeft !== false
    const isSecond = isDoubted && (await judgeHolder(db, branch, claim)) === 'second'
    if (judged.kind === 'follows' && !isSecond) {
      const epochs = isDoubted ? null : epochsAfter(found, epoch, fresh)
      const keeping = Promise.all([keep(db, of, fresh), tell(db, branch, epoch, fresh, listeners)])
      if (held === null) {
        await keeping
        await goOnFromHeld(db, branch, epoch, fresh)
        await noteBegun(db, branch, claim)
      }
      // What they mean is worked out while the database keeps them.
      const meaning =
        fresh.length === 0 ? null : effectsOf(db, branch, { ...options, fresh, epoch, found: { ...found, epochs } })
      const [, effects] = await Promise.all([keeping, meaning])
      const ackedSeq = fresh.at(-1)?.seq ?? held?.ackedSeq ?? 0
      return { kind: 'kept', ackedSeq, freshCount: fresh.length, effects }
    }
    if (judged.kind === 'gap') return judged
    await keepAside(db, branch, { epoch, events: events.map(({ body }) => body) })
    return { kind: 'fork' }
  })
}
