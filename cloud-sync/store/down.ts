import { signDocument } from '#shared/network/signed-document.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import type { CatalogueDocument, InboxDocument, InboxMessage, Receipt } from '#shared/wire/down.ts'
import { isOrder } from '#shared/wire/orders.ts'
import { type Shape, shapeOf } from '../shapes/shape.ts'
import type { Database, TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'
import { doneElsewhere, pruneShapeLog } from './shapes.ts'
import { tenantKey } from './tenant-keys.ts'

/** Versions that are kept of a branch's catalogue. */
const CATALOGUES_KEPT = 32
/** Messages that wait for a branch which is not heard from. */
export const INBOX_WAITING_MAX = 1_000
/** Messages that are kept although their branch has said what became of them: it may be put back to an older copy. */
const INBOX_KEPT = 200
const RECEIPTS_KEPT = 10_000

export interface Published {
  readonly version: number
  /** Nothing else was in force already. */
  readonly isNew: boolean
}

/** Whoever adds to a shape of a branch takes turns: numbers come without a gap, and in the order of the commits. */
export async function hold(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  table: Shape['table'],
): Promise<boolean> {
  await db.query("select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))", [table, branchId])
  const branches = await db.query('select from branch where tenant_id = $1 and branch_id = $2', [tenantId, branchId])
  return branches.length > 0
}

async function add(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  table: Shape['table'],
  place: number,
  document: CatalogueDocument | InboxDocument,
): Promise<void> {
  const text = JSON.stringify(document)
  const { privateKey } = await tenantKey(db, tenantId)
  const values = [tenantId, branchId, place, text, signDocument(privateKey, text)]
  await db.query(`insert into ${table} values ($1, $2, $3, $4, $5)`, values)
}

/** Takes away what is no longer told, of the rows and of their log. */
async function clear(db: TenantDb, of: BranchIdentity, table: Shape['table'], upTo: number): Promise<void> {
  const shape = shapeOf(table)
  if (shape === null) throw new Error(`There is no shape ${table}`)
  await db.query(`delete from ${table} where tenant_id = $1 and branch_id = $2 and ${shape.key} <= $3`, [
    of.tenantId,
    of.branchId,
    upTo,
  ])
  await pruneShapeLog(db, of, shape)
}

/** The catalogue that was published last; null: none was, or there is no such branch. */
export async function latestCatalogue(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
): Promise<CatalogueDocument | null> {
  const [row] = await db.query<{ document: string }>(
    'select document from catalogue where tenant_id = $1 and branch_id = $2 order by version desc limit 1',
    [tenantId, branchId],
  )
  return row === undefined ? null : (JSON.parse(row.document) as CatalogueDocument)
}

/** What there is to be changed of a branch's settings. */
export interface EditableCatalogue {
  /** 0: nothing was published; it is what the branch brought when it joined. */
  readonly version: number
  readonly publishedAtMs: number | null
  /** Without PINs. */
  readonly body: unknown
}

/** What was published last, or else what the branch had when it joined; null: neither, or there is no such branch. */
export async function editableCatalogue(db: TenantDb, branch: BranchIdentity): Promise<EditableCatalogue | null> {
  const latest = await latestCatalogue(db, branch)
  if (latest !== null) return { version: latest.version, publishedAtMs: latest.publishedAtMs, body: latest.body }
  const [own] = await db.query<{ body: string }>(
    `select body from branch_catalogue where tenant_id = $1 and branch_id = $2
     order by version desc, received_at desc limit 1`,
    [branch.tenantId, branch.branchId],
  )
  return own === undefined ? null : { version: 0, publishedAtMs: null, body: JSON.parse(own.body) as unknown }
}

/** The catalogue of ours that the branch has, as it says itself: a database that was put back knows an older one. */
async function versionInForce(db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<number> {
  const [row] = await db.query<{ catalogue_version: number }>(
    'select catalogue_version from branch_now where tenant_id = $1 and branch_id = $2',
    [tenantId, branchId],
  )
  return row?.catalogue_version ?? 0
}

const withoutPins = (body: CatalogueBody): CatalogueBody => ({
  ...body,
  agents: body.agents.map(({ pin: _, ...agent }) => agent),
})

/** A branch that begins anew finds every PIN in the newest version. Somebody else under the same id does not. */
function pinHashesOf(
  body: CatalogueBody,
  sent: ReadonlyMap<string, string>,
  before: CatalogueDocument | null,
): Readonly<Record<string, string>> {
  const nameBefore = new Map(before?.body.agents.map(({ id, name }) => [id, name]))
  return Object.fromEntries(
    body.agents.flatMap(({ id, name }) => {
      const kept = nameBefore.get(id) === name ? before?.pinHashes[id] : undefined
      const hash = sent.get(id) ?? kept
      return hash === undefined ? [] : [[id, hash]]
    }),
  )
}

/**
 * Publishes a catalogue for a branch, as its next version, in the caller's transaction. The same again, without PINs, is no new version.
 * @param body - free of faults
 * @param pinHashes - of the PINs that were sent
 * @returns null when there is no such branch
 */
export async function publishCatalogue(
  db: TenantDb,
  of: BranchIdentity,
  body: CatalogueBody,
  pinHashes: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<Published | null> {
  const { tenantId, branchId } = of
  if (!(await hold(db, of, 'catalogue'))) return null
  const before = await latestCatalogue(db, of)
  const plain = withoutPins(body)
  const done = await doneElsewhere(db, of, 'catalogue')
  // What it has done since it was sent this one, nobody here knows: the same again is sent again.
  const floor = await versionInForce(db, of)
  const isLast = before !== null && before.version > done && before.version >= floor
  const isSame = isLast && pinHashes.size === 0 && JSON.stringify(before.body) === JSON.stringify(plain)
  if (isSame) return { version: before.version, isNew: false }
  const version = Math.max(before?.version ?? 0, done, floor) + 1
  await add(db, of, 'catalogue', version, {
    v: 1,
    kind: 'catalogue',
    tenantId,
    branchId,
    version,
    publishedAtMs: nowMs,
    body: plain,
    pinHashes: pinHashesOf(plain, pinHashes, before),
  })
  await clear(db, of, 'catalogue', version - CATALOGUES_KEPT)
  return { version, isNew: true }
}

async function numbersOf(db: TenantDb, { tenantId, branchId }: BranchIdentity) {
  const [row] = await db.query<{ sent: string; acked: string }>(
    `select coalesce((select max(number) from inbox where tenant_id = $1 and branch_id = $2), 0) as sent,
       coalesce((select max(number) from inbox_receipt where tenant_id = $1 and branch_id = $2), 0) as acked`,
    [tenantId, branchId],
  )
  return { sent: Number(row?.sent), acked: Number(row?.acked) }
}

/** @returns the message's number; `BranchUnknown` or `InboxFull` when it was not taken */
export async function sendMessage(
  db: TenantDb,
  of: BranchIdentity,
  message: InboxMessage,
  { nowMs, validMs }: { readonly nowMs: number; readonly validMs: number },
): Promise<number | 'BranchUnknown' | 'InboxFull'> {
  const { tenantId, branchId } = of
  if (!(await hold(db, of, 'inbox'))) return 'BranchUnknown'
  const { sent, acked } = await numbersOf(db, of)
  if (sent - acked >= INBOX_WAITING_MAX) return 'InboxFull'
  const done = await doneElsewhere(db, of, 'inbox')
  const number = Math.max(sent, done) + 1
  // What lies between was sent by a life of this database that is lost: nobody need wait for it.
  const goneUpTo = Math.max(done, Math.min(acked, number - INBOX_KEPT))
  await add(db, of, 'inbox', number, {
    v: 1,
    kind: 'inbox',
    tenantId,
    branchId,
    number,
    keptFrom: goneUpTo + 1,
    sentAtMs: nowMs,
    expiresAtMs: nowMs + validMs,
    message,
  })
  await clear(db, of, 'inbox', goneUpTo)
  return number
}

/**
 * Keeps what a branch says became of its messages; what was said before stays.
 * @returns up to which number it has said so
 */
export function keepReceipts(database: Database, of: BranchIdentity, receipts: readonly Receipt[]): Promise<number> {
  const { tenantId, branchId } = of
  return database.asTenant(tenantId, async (db) => {
    const { sent } = await numbersOf(db, of)
    const known = receipts.filter(({ number }) => number <= sent)
    await db.query(
      `insert into inbox_receipt select $1, $2, *, now() from unnest($3::bigint[], $4::text[]) on conflict do nothing`,
      [tenantId, branchId, known.map(({ number }) => number), known.map(({ outcome }) => outcome)],
    )
    await db.query('delete from inbox_receipt where tenant_id = $1 and branch_id = $2 and number <= $3', [
      tenantId,
      branchId,
      sent - RECEIPTS_KEPT,
    ])
    return (await numbersOf(db, of)).acked
  })
}

/** A message as it was sent, and what became of it. */
export interface SentMessage {
  readonly number: number
  readonly sentAtMs: number
  readonly expiresAtMs: number
  readonly message: unknown
  /** null: the branch has not said yet. */
  readonly outcome: string | null
}

/** Those that are still kept, the newest first; orders have a list of their own. @returns null: there is no such branch */
export async function messagesOf(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
): Promise<readonly SentMessage[] | null> {
  const of = [tenantId, branchId]
  const rows = await database.asTenant(tenantId, async (db) => {
    const branches = await db.query('select from branch where tenant_id = $1 and branch_id = $2', of)
    return branches.length === 0
      ? null
      : db.query<{ document: string; outcome: string | null }>(
          `select document, outcome from inbox left join inbox_receipt using (tenant_id, branch_id, number)
           where tenant_id = $1 and branch_id = $2 order by number desc limit ${INBOX_WAITING_MAX}`,
          of,
        )
  })
  return (
    rows?.flatMap(({ document, outcome }) => {
      const { number, sentAtMs, expiresAtMs, message } = JSON.parse(document) as InboxDocument
      return isOrder(message) ? [] : [{ number, sentAtMs, expiresAtMs, message, outcome }]
    }) ?? null
  )
}
