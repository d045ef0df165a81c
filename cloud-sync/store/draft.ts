import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import type { CatalogueDocument } from '#shared/wire/down.ts'
import type { PublishedVersions } from '#shared/wire/draft.ts'
import type { TenantDb } from './database.ts'
import { latestCatalogue, type Published, publishCatalogue } from './down.ts'
import type { BranchIdentity } from './inbox.ts'

/** A draft as it is kept. */
export interface KeptDraft {
  readonly version: number
  /** null: what was begun was published, or given up. */
  readonly body: CatalogueBody | null
  readonly pinHashes: Readonly<Record<string, string>>
  readonly basedOn: number
  readonly changedBy: string
  readonly changedAtMs: number
  /** When it publishes itself; null: somebody does. */
  readonly publishAtMs: number | null
}

interface Row extends Record<string, unknown> {
  readonly version: number
  readonly body: string | null
  readonly pin_hashes: string
  readonly based_on: number
  readonly changed_by: string
  readonly changed_at: Date
  readonly publish_at: Date | null
}

/** Whoever changes the draft of a branch takes turns. */
export const holdDraft = (db: TenantDb, { branchId }: BranchIdentity): Promise<unknown> =>
  db.query("select pg_advisory_xact_lock(hashtextextended('draft ' || $1, 0))", [branchId])

/** @returns null: nobody has ever begun one */
export async function draftOf(db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<KeptDraft | null> {
  const [row] = await db.query<Row>(
    `select version, body, pin_hashes, based_on, changed_by, changed_at, publish_at from catalogue_draft
     where tenant_id = $1 and branch_id = $2`,
    [tenantId, branchId],
  )
  if (row === undefined) return null
  return {
    version: row.version,
    body: row.body === null ? null : (JSON.parse(row.body) as CatalogueBody),
    pinHashes: JSON.parse(row.pin_hashes) as Readonly<Record<string, string>>,
    basedOn: row.based_on,
    changedBy: row.changed_by,
    changedAtMs: row.changed_at.getTime(),
    publishAtMs: row.publish_at?.getTime() ?? null,
  }
}

/** What a draft is to be, as somebody last saw it. */
export interface DraftWish {
  readonly version: number
  /** null: what was begun is given up. */
  readonly body: object | null
  readonly pinHashes: ReadonlyMap<string, string>
  readonly by: string
  readonly nowMs: number
}

/** @returns `DraftChanged` when it is not any more what its writer saw; then nothing was changed */
export async function keepDraft(
  db: TenantDb,
  of: BranchIdentity,
  { version, body, pinHashes, by, nowMs }: DraftWish,
): Promise<'kept' | 'DraftChanged'> {
  await holdDraft(db, of)
  const before = await draftOf(db, of)
  if ((before?.version ?? 0) !== version) return 'DraftChanged'
  const isGoingOn = before !== null && before.body !== null
  const hashes = { ...(isGoingOn ? before.pinHashes : {}), ...Object.fromEntries(pinHashes) }
  const basedOn = isGoingOn ? before.basedOn : ((await latestCatalogue(db, of))?.version ?? 0)
  await db.query(
    `insert into catalogue_draft (tenant_id, branch_id, version, body, pin_hashes, based_on, changed_by, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (tenant_id, branch_id) do update set version = excluded.version, body = excluded.body,
       pin_hashes = excluded.pin_hashes, based_on = excluded.based_on, changed_by = excluded.changed_by,
       changed_at = excluded.changed_at,
       publish_at = case when excluded.body is null then null else catalogue_draft.publish_at end`,
    [
      ...[of.tenantId, of.branchId, version + 1, body === null ? null : JSON.stringify(body)],
      ...[JSON.stringify(body === null ? {} : hashes), basedOn, by, new Date(nowMs)],
    ],
  )
  return 'kept'
}

/**
 * Publishes the draft as it was seen, and ends it.
 * @param judge - whether it may be published as it is
 * @returns `DraftChanged` when it is another by now, or none; `CatalogueInvalid` when it may not be published
 */
export async function publishDraft(
  db: TenantDb,
  of: BranchIdentity,
  wish: Pick<DraftWish, 'version' | 'by' | 'nowMs'>,
  judge: (body: CatalogueBody) => boolean,
): Promise<Published | 'DraftChanged' | 'CatalogueInvalid' | 'BranchUnknown'> {
  await holdDraft(db, of)
  const draft = await draftOf(db, of)
  if (draft === null || draft.body === null || draft.version !== wish.version) return 'DraftChanged'
  if (!judge(draft.body)) return 'CatalogueInvalid'
  const hashes = new Map(Object.entries(draft.pinHashes))
  const published = await publishCatalogue(db, of, draft.body, hashes, wish.nowMs)
  if (published === null) return 'BranchUnknown'
  await keepDraft(db, of, { ...wish, body: null, pinHashes: new Map() })
  return published
}

/** What was published of a branch, without the bodies. */
export async function publishedVersions(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
): Promise<PublishedVersions> {
  const rows = await db.query<{ version: number; published_at: string }>(
    `select version, document::jsonb ->> 'publishedAtMs' as published_at from catalogue
     where tenant_id = $1 and branch_id = $2 order by version desc`,
    [tenantId, branchId],
  )
  const [now] = await db.query<{ catalogue_version: number; catalogue_since: Date | null; received_at: Date }>(
    'select catalogue_version, catalogue_since, received_at from branch_now where tenant_id = $1 and branch_id = $2',
    [tenantId, branchId],
  )
  return {
    versions: rows.map(({ version, published_at: at }) => ({ version, publishedAtMs: Number(at) })),
    inForce:
      now === undefined
        ? null
        : {
            version: now.catalogue_version,
            sinceMs: now.catalogue_since?.getTime() ?? null,
            saidAtMs: now.received_at.getTime(),
          },
  }
}

async function versionOf(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  version: number,
): Promise<CatalogueDocument | null> {
  const [row] = await db.query<{ document: string }>(
    'select document from catalogue where tenant_id = $1 and branch_id = $2 and version = $3',
    [tenantId, branchId, version],
  )
  return row === undefined ? null : (JSON.parse(row.document) as CatalogueDocument)
}

/**
 * Publishes an older version anew, with the PINs of that time for whoever has none now.
 * @returns null: it is not kept any more
 */
export async function publishAgain(
  db: TenantDb,
  of: BranchIdentity,
  version: number,
  nowMs: number,
): Promise<Published | null> {
  const old = await versionOf(db, of, version)
  if (old === null) return null
  const latest = await latestCatalogue(db, of)
  const lost = Object.entries(old.pinHashes).filter(([agentId]) => latest?.pinHashes[agentId] === undefined)
  return publishCatalogue(db, of, old.body, new Map(lost), nowMs)
}
