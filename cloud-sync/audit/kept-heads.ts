import { existsSync, readFileSync } from 'node:fs'
import { hearAudit } from '#shared/audit/anchor.ts'
import type { AuditHead } from '#shared/audit/entry.ts'
import { type AuditFault, heldFault } from '#shared/audit/walk.ts'
import type { Database } from '../store/database.ts'
import { auditChains } from './chains.ts'
import { auditHashAt, auditHead } from './entries.ts'

// Branches hold the chains of their tenant and of the platform. A tenant without a branch has nobody, and of a cloud without
// any the platform has nobody: whoever has the database may cut off their ends. So where each chain stood last is kept in a
// file, too, beside the cloud and not in the database, and may be taken elsewhere and looked at from there.

/** In the cloud's folder, mode 600: a line a life of a chain, the last of a chain being the one it is in. */
export const HEADS_FILE = 'audit-heads'

/** Where one life of a chain stood last. */
export interface KeptLife extends AuditHead {
  /** Its chain went on under a new name without it: the database was put back, and somebody said so. */
  readonly isLost: boolean
}

/** By tenant, the oldest life first. */
export type KeptHeads = ReadonlyMap<string, readonly KeptLife[]>

const ID = /^[0-9a-f-]{36}$/
const HASH = /^[0-9a-f]{64}$/

function lifeIn(line: string): readonly [string, KeptLife] | null {
  try {
    const { tenantId, chain, seq, hash, isLost = false } = JSON.parse(line) as Record<string, unknown>
    const isWhole = [tenantId, chain].every((it) => typeof it === 'string' && ID.test(it))
    if (!isWhole || !Number.isSafeInteger(seq) || typeof hash !== 'string' || !HASH.test(hash)) return null
    return [tenantId as string, { chain: chain as string, seq: seq as number, hash, isLost: isLost === true }]
  } catch {
    return null
  }
}

/** @returns null: this is no such file, or not a whole one */
export function readHeads(text: string): KeptHeads | null {
  const heads = new Map<string, readonly KeptLife[]>()
  for (const line of text.split('\n').filter((it) => it !== '')) {
    const found = lifeIn(line)
    if (found === null) return null
    heads.set(found[0], [...(heads.get(found[0]) ?? []), found[1]])
  }
  return heads
}

export const headsText = (heads: KeptHeads): string =>
  [...heads].flatMap(([tenantId, lives]) => lives.map((life) => `${JSON.stringify({ tenantId, ...life })}\n`)).join('')

/** @returns null: there is none; 'damaged': it cannot be read */
export function readHeadsFile(file: string): KeptHeads | null | 'damaged' {
  if (!existsSync(file)) return null
  return readHeads(readFileSync(file, 'utf8')) ?? 'damaged'
}

/** Where every chain stands now. */
export async function presentHeads(database: Database): Promise<KeptHeads> {
  const heads = new Map<string, readonly KeptLife[]>()
  for await (const [, tenantId] of auditChains(database)) {
    const head = await database.asTenant(tenantId, (db) => auditHead(db, tenantId))
    if (head !== null) heads.set(tenantId, [{ ...head, isLost: false }])
  }
  return heads
}

export type Looked =
  | { readonly kind: 'same' }
  /** Kept from now on. @property isLost - without what was kept before */
  | { readonly kind: 'kept'; readonly lives: readonly KeptLife[]; readonly isLost: boolean }
  | { readonly kind: 'doubted'; readonly held: AuditHead }

/** What is to be kept of a chain as it is now. It goes on without what is kept only under a name that it never had. */
export async function lookAtChain(database: Database, tenantId: string, lives: readonly KeptLife[]): Promise<Looked> {
  const held = lives.at(-1) ?? null
  const [head, hash] = await database.asTenant(tenantId, (db) =>
    Promise.all([auditHead(db, tenantId), held === null ? null : auditHashAt(db, tenantId, held.seq)]),
  )
  const heard = hearAudit(held, { head, held: null, proof: held === null ? null : { seq: held.seq, hash } })
  if (heard.kind === 'same') return heard
  if (heard.kind === 'held') {
    const before = heard.head.chain === held?.chain ? lives.slice(0, -1) : lives
    return { kind: 'kept', lives: [...before, { ...heard.head, isLost: false }], isLost: false }
  }
  const { goesOnAs } = heard
  if (held === null || goesOnAs === null || lives.some(({ chain }) => chain === goesOnAs.chain))
    return { kind: 'doubted', held: held ?? (goesOnAs as AuditHead) }
  const lost = lives.map((life) => (life.chain === held.chain ? { ...life, isLost: true } : life))
  return { kind: 'kept', lives: [...lost, { ...goesOnAs, isLost: false }], isLost: true }
}

/** @returns the first entry of a chain that is not what is kept of it, in any of its lives */
export async function keptFault(
  database: Database,
  tenantId: string,
  lives: readonly KeptLife[],
  keptBy: string,
): Promise<AuditFault | null> {
  for (const life of lives.filter(({ isLost }) => !isLost)) {
    const hash = await database.asTenant(tenantId, (db) => auditHashAt(db, tenantId, life.seq))
    const fault = heldFault(life, keptBy, hash)
    if (fault !== null) return fault
  }
  return null
}
