import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Database, TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** Letters of a code that say which it is; those after them are its secret. */
export const NAME_LENGTH = 4
const WRONG_MAX = 5

export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest()

function partsOf(code: string): readonly [name: string, secret: string] {
  const plain = code.trim().toUpperCase().replaceAll(/[ -]/g, '')
  return [plain.slice(0, NAME_LENGTH), plain.slice(NAME_LENGTH)]
}

/** A box that asks for a branch's place. */
export interface Enrolling {
  readonly code: string
  readonly publicKey: string
  /** The epoch by which this box began from nothing; null or left out: it brings no beginning of its own. */
  readonly firstEpoch?: string | null
}

export type Taken =
  /** The place is to be given now. */
  | { readonly kind: 'fresh'; readonly identity: BranchIdentity }
  /** It was given to this key by this code: the answer is as it was. */
  | { readonly kind: 'again'; readonly identity: BranchIdentity }
  /** The branch's log is held, and the box knows nothing of it. The code stays good. */
  | { readonly kind: 'log-held' }
  /** Wrong, void, too old, or used by another. */
  | { readonly kind: 'wrong' }

interface CodeRow {
  readonly branch_id: string
  readonly secret_hash: Buffer
  readonly wrong_count: number
  readonly used_by: string | null
}

const WRONG: Taken = { kind: 'wrong' }

/** Whose branch a code may be for, before its secret and its age are looked at. */
export async function tenantOfCode(database: Database, code: string): Promise<string | null> {
  const [name] = partsOf(code)
  const [row] = await database.asNobody((db) =>
    db.query<{ tenant_id: string }>('select tenant_id from enrolment_directory where name = $1', [name]),
  )
  // As long as for one that is there.
  if (row === undefined) secretHash(randomBytes(8).toString('hex'))
  return row?.tenant_id ?? null
}

/** A branch that begins beside a log that is held would give its numbers once more, and take the place of its tickets. */
async function isLogHeld(db: TenantDb, { tenantId, branchId }: BranchIdentity, firstEpoch: string): Promise<boolean> {
  const [held] = await db.query<{ count: number; known: number }>(
    `select count(*)::int as count, count(*) filter (where epoch = $3)::int as known from branch_log
     where tenant_id = $1 and branch_id = $2`,
    [tenantId, branchId, firstEpoch],
  )
  return held !== undefined && held.count > 0 && held.known === 0
}

/** Whether the branch is still the one that used the code, and nobody has revoked it since. */
async function isStillOf(db: TenantDb, { tenantId, branchId }: BranchIdentity, publicKey: string): Promise<boolean> {
  const rows = await db.query(
    'select from branch where tenant_id = $1 and branch_id = $2 and public_key = $3 and revoked_at is null',
    [tenantId, branchId, publicKey],
  )
  return rows.length > 0
}

/** Uses a code up, in the transaction that gives the place: both are so, or neither. */
export async function takeCode(
  db: TenantDb,
  tenantId: string,
  { code, publicKey, firstEpoch = null }: Enrolling,
  nowMs: number,
): Promise<Taken> {
  const [name, secret] = partsOf(code)
  const [found] = await db.query<CodeRow & Record<string, unknown>>(
    `select branch_id, secret_hash, wrong_count, used_by from enrolment_directory
     where name = $1 and expires_at > $2 for update`,
    [name, new Date(nowMs)],
  )
  if (found === undefined) return WRONG
  if (!timingSafeEqual(secretHash(secret), found.secret_hash)) {
    if (found.wrong_count + 1 >= WRONG_MAX) await db.query('delete from enrolment_directory where name = $1', [name])
    else await db.query('update enrolment_directory set wrong_count = wrong_count + 1 where name = $1', [name])
    return WRONG
  }
  const identity = { tenantId, branchId: found.branch_id }
  if (found.used_by !== null) {
    const isSame = found.used_by === publicKey && (await isStillOf(db, identity, publicKey))
    return isSame ? { kind: 'again', identity } : WRONG
  }
  if (firstEpoch !== null && (await isLogHeld(db, identity, firstEpoch))) return { kind: 'log-held' }
  await db.query('update enrolment_directory set used_by = $2 where name = $1', [name, publicKey])
  return { kind: 'fresh', identity }
}
