import { createHash } from 'node:crypto'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { Library } from '../fold/folded.ts'
import type { TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** What is wanted of a branch's catalogues. */
export interface Wanted {
  readonly hashes: readonly string[]
  readonly versions: readonly number[]
}

const byHashFirst = new Map<string, Catalogue>()
/** Bodies kept parsed; a hash names one body for ever, whoever sent it. */
const PARSED_MAX = 256

function parsed(hash: string, body: string): Catalogue {
  const known = byHashFirst.get(hash)
  if (known !== undefined) return known
  const catalogue = JSON.parse(body) as Catalogue
  if (byHashFirst.size >= PARSED_MAX) byHashFirst.clear()
  byHashFirst.set(hash, catalogue)
  return catalogue
}

/** Reads what is wanted of a branch's catalogues, as far as it is here. */
export async function readLibrary(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  { hashes, versions }: Wanted,
): Promise<Library> {
  const byHash = new Map<string, Catalogue>()
  const byVersion = new Map<number, Catalogue>()
  if (hashes.length > 0 || versions.length > 0) {
    const rows = await db.query<{ hash: string; version: string; body: string }>(
      `select hash, version, body from branch_catalogue
       where tenant_id = $1 and branch_id = $2 and (hash = any($3) or version = any($4)) order by received_at`,
      [tenantId, branchId, hashes, versions],
    )
    for (const { hash, version, body } of rows) {
      byHash.set(hash, parsed(hash, body))
      byVersion.set(Number(version), parsed(hash, body))
    }
  }
  return { byHash: (hash) => byHash.get(hash) ?? null, byVersion: (version) => byVersion.get(version) ?? null }
}

/**
 * Where a statement asks for a place of what many branches sent: null of a text that Postgres cannot read, which is its
 * branch's own, and ends nobody else's reading. @param place - as `-> 'queues'`
 */
export const ofSentBody = (place: string): string => `case when is_readable_json(body) then body::json ${place} end`

/** A list of a catalogue as it was sent. @returns those of it that have a name by which they are known */
export const listSent = <Item extends { readonly id: string }>(list: unknown): readonly Item[] =>
  Array.isArray(list) ? list.filter((it): it is Item => typeof it?.id === 'string') : []

/** A catalogue's body as a branch has it on its shelf. */
export interface SentCatalogue {
  readonly version: number
  readonly body: string
}

/** @returns whether it was new */
export async function putCatalogue(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  { version, body }: SentCatalogue,
): Promise<boolean> {
  const rows = await db.query(
    `insert into branch_catalogue (tenant_id, branch_id, hash, version, body, received_at)
     values ($1, $2, $3, $4, $5, now()) on conflict do nothing returning hash`,
    [tenantId, branchId, createHash('sha256').update(body).digest('hex'), version, body],
  )
  return rows.length > 0
}
