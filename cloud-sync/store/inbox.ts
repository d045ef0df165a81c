import { type Judgement, judgeUpload } from '../inbox/judge-upload.ts'
import type { UploadedEvent } from '../inbox/read-upload.ts'
import { messageOf } from '../webhooks/messages.ts'
import type { Database, TenantDb } from './database.ts'
import { followsOn, type HeldOfEpoch, hashHeldAt, heldOf, keep, keepIfItFollows } from './event-rows.ts'
import { type FoldedOn, type FoldOptions, type Found, foldOn, readFound } from './fold-on.ts'
import { noteBehind } from './fold-rows.ts'
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
  db.often("select pg_advisory_xact_lock(hashtextextended('log:' || $1, 0))", [branchId])

export interface ReceiveOptions extends Pick<FoldOptions, 'memory' | 'reading'> {
  /** By the cloud's clock, as the branch knew it; left out: nobody is told from another by it. */
  readonly signedAtMs?: number
  /** The branch has left this epoch. */
  readonly isPast?: boolean
  /** The branch is held: whoever else wants to waits behind it. */
  readonly onHeld?: () => void
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

/** An upload, and what was found of its branch once that was held. */
interface Arrived {
  readonly branch: BranchIdentity
  readonly epoch: string
  readonly options: ReceiveOptions
  readonly found: Found
  readonly listeners: readonly Listener[]
}

/** What is new of it is told, and what it means is worked out, while the database keeps it. */
async function takeIn(
  db: TenantDb,
  { branch, epoch, options, found, listeners }: Arrived,
  fresh: readonly UploadedEvent[],
  keeping: Promise<void>,
): Promise<FoldedOn | null> {
  const telling = tell(db, branch, epoch, fresh, listeners)
  const meaning = fresh.length === 0 ? null : effectsOf(db, branch, { ...options, fresh, epoch, found })
  const [effects] = await Promise.all([meaning, keeping, telling])
  return effects
}

/** Of an upload that does not simply follow on what is held. */
async function judge(
  db: TenantDb,
  arrived: Arrived,
  held: HeldOfEpoch | null,
  events: readonly UploadedEvent[],
): Promise<Received> {
  const { branch, epoch, options, found } = arrived
  const of = [branch.tenantId, branch.branchId, epoch]
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
    const keeping = keep(db, of, fresh)
    if (held === null) {
      await keeping
      await goOnFromHeld(db, branch, epoch, fresh)
      await noteBegun(db, branch, claim)
    }
    const effects = await takeIn(db, { ...arrived, found: { ...found, epochs } }, fresh, keeping)
    const ackedSeq = fresh.at(-1)?.seq ?? held?.ackedSeq ?? 0
    return { kind: 'kept', ackedSeq, freshCount: fresh.length, effects }
  }
  if (judged.kind === 'gap') return judged
  await keepAside(db, branch, { epoch, events: events.map(({ body }) => body) })
  return { kind: 'fork' }
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
    const finding = Promise.all([
      holdBranch(db, branch).then(options.onHeld),
      heldOf(db, of),
      readFound(db, branch),
      listenersOf(db, tenantId),
    ])
    const keepingAtOnce = keepIfItFollows(db, of, events)
    // What fails before it fails it, too, and says why.
    keepingAtOnce.catch(() => {})
    const [, held, found, listeners] = await finding
    const arrived: Arrived = { branch, epoch, options, found, listeners }
    if (!followsOn(held, events)) {
      await keepingAtOnce
      return judge(db, arrived, held, events)
    }
    const keeping = keepingAtOnce.then((isKept) => {
      if (!isKept) throw new Error('What is held of a branch has changed though it was held')
    })
    const epochs = epochsAfter(found, epoch, events)
    const effects = await takeIn(db, { ...arrived, found: { ...found, epochs } }, events, keeping)
    return { kind: 'kept', ackedSeq: events.at(-1)?.seq ?? 0, freshCount: events.length, effects }
  })
}
