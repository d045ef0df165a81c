import { randomInt, randomUUID } from 'node:crypto'
import type { Database, TenantDb } from './database.ts'
import { type Enrolling, NAME_LENGTH, secretHash, takeCode, tenantOfCode } from './enrolment-code.ts'
import { forgiveHolders } from './holders.ts'
import type { BranchIdentity } from './inbox.ts'
import { SHAPE_CHANNEL } from './shapes.ts'

/** Names by language. */
export type Names = Readonly<Record<string, string>>

/** What else is to become true with a change, as its last word. */
export type Also = (db: TenantDb, tenantId: string) => Promise<void>
export const nothingElse = (): Promise<void> => Promise.resolve()

const UNIQUE_VIOLATION = '23505'
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION

/** How long a code works. */
export const ENROLMENT_MS = 10 * 60_000
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const SECRET_LENGTH = 10

const letters = (length: number): string => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('')

/** @throws when another tenant has the short name: `isTaken` */
export async function insertTenant(db: TenantDb, tenantId: string, slug: string, name: Names): Promise<void> {
  await db.query('insert into tenant_directory values ($1, $2)', [tenantId, slug])
  await db.query('insert into tenant values ($1, $2, now())', [tenantId, name])
}

/** @returns null when another tenant has the short name */
export async function addTenant(database: Database, slug: string, name: Names): Promise<string | null> {
  const tenantId = randomUUID()
  try {
    await database.asTenant(tenantId, (db) => insertTenant(db, tenantId, slug, name))
    return tenantId
  } catch (error) {
    if (isTaken(error)) return null
    throw error
  }
}

/** Asked for at the door, before the form of an address is looked at: what can be nobody's name is not looked for. */
const NAME = /^[a-z0-9-]{1,64}$/

export async function tenantOf(database: Database, slug: string): Promise<string | null> {
  if (!NAME.test(slug)) return null
  const [row] = await database.asNobody((db) =>
    db.query<{ tenant_id: string }>('select tenant_id from tenant_directory where slug = $1', [slug]),
  )
  return row?.tenant_id ?? null
}

/** @returns null when there is no such tenant; whether it has such a branch is not asked */
export async function branchOf(
  database: Database,
  { slug, branchId }: { readonly slug: string; readonly branchId: string },
): Promise<BranchIdentity | null> {
  const tenantId = await tenantOf(database, slug)
  return tenantId === null ? null : { tenantId, branchId }
}

export async function branchIsThere(database: Database, { tenantId, branchId }: BranchIdentity): Promise<boolean> {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query('select from branch where tenant_id = $1 and branch_id = $2', [tenantId, branchId]),
  )
  return rows.length > 0
}

export async function insertBranch(db: TenantDb, tenantId: string, name: Names, timeZone: string): Promise<string> {
  const branchId = randomUUID()
  await db.query(
    'insert into branch (tenant_id, branch_id, name, time_zone, created_at) values ($1, $2, $3, $4, now())',
    [tenantId, branchId, name, timeZone],
  )
  return branchId
}

export const addBranch = (database: Database, tenantId: string, name: Names, timeZone: string): Promise<string> =>
  database.asTenant(tenantId, (db) => insertBranch(db, tenantId, name, timeZone))

/** By what a branch is known. */
export interface BranchKeys {
  /** It signs with this one. */
  readonly current: string
  /** Of boxes that another has replaced. */
  readonly former: readonly string[]
}

/** @returns null when the branch has not enrolled, was revoked, or there is none such */
export async function branchKeys(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
): Promise<BranchKeys | null> {
  const [row] = await database.asTenant(tenantId, (db) =>
    db.often<{ public_key: string | null; former_keys: readonly string[] }>(
      'select public_key, former_keys from branch where tenant_id = $1 and branch_id = $2 and revoked_at is null',
      [tenantId, branchId],
    ),
  )
  const current = row?.public_key ?? null
  return row === undefined || current === null ? null : { current, former: row.former_keys }
}

/** Of which branch, and the person who makes it; left out or null: whoever sets the cloud up. */
export interface NewEnrolment extends BranchIdentity {
  readonly madeBy?: string | null
}

/** @returns a code for one branch and one use; null when there is no such branch */
export async function insertEnrolment(
  db: TenantDb,
  { tenantId, branchId, madeBy = null }: NewEnrolment,
  nowMs: number,
): Promise<{ readonly code: string; readonly expiresAtMs: number } | null> {
  const [name, secret] = [letters(NAME_LENGTH), letters(SECRET_LENGTH)]
  const expiresAtMs = nowMs + ENROLMENT_MS
  const branches = await db.query('select from branch where tenant_id = $1 and branch_id = $2', [tenantId, branchId])
  if (branches.length === 0) return null
  // One code a branch: a new one voids the one before.
  await db.query('delete from enrolment_directory where branch_id = $1 or expires_at < $2', [branchId, new Date(nowMs)])
  await db.query(
    `insert into enrolment_directory (name, secret_hash, tenant_id, branch_id, expires_at, wrong_count, made_by)
     values ($1, $2, $3, $4, $5, 0, $6)`,
    [name, secretHash(secret), tenantId, branchId, new Date(expiresAtMs), madeBy],
  )
  return { code: `${name}-${secret.slice(0, 5)}-${secret.slice(5)}`, expiresAtMs }
}

export const makeEnrolment = (database: Database, of: NewEnrolment, nowMs: number) =>
  database.asTenant(of.tenantId, (db) => insertEnrolment(db, of, nowMs))

/** Boxes that one branch has had and that are still told from strangers. */
const FORMER_KEYS_MAX = 16

/**
 * A branch takes its place by a code; the key it brings is the only one that is believed from then on. Those before it are
 * remembered, so that a box that was thought dead is told that another has its place.
 * @returns null: the code is wrong, void, too old or used by another
 */
export async function enrol(
  database: Database,
  asked: Enrolling,
  nowMs: number,
  also: (db: TenantDb, identity: BranchIdentity) => Promise<void> = nothingElse,
): Promise<BranchIdentity | 'LogHeld' | null> {
  const tenantId = await tenantOfCode(database, asked.code)
  if (tenantId === null) return null
  return database.asTenant(tenantId, async (db) => {
    const taken = await takeCode(db, tenantId, asked, nowMs)
    if (taken.kind === 'wrong') return null
    if (taken.kind === 'log-held') return 'LogHeld'
    const { identity } = taken
    if (taken.kind === 'again') return identity
    await forgiveHolders(db, identity)
    await db.query(
      `update branch set public_key = $3, enrolled_at = $4, revoked_at = null,
         former_keys = (array_remove(case when public_key is null then former_keys
           else array_prepend(public_key, array_remove(former_keys, public_key)) end, $3))[1:${FORMER_KEYS_MAX}]
       where tenant_id = $1 and branch_id = $2`,
      [tenantId, identity.branchId, asked.publicKey, new Date(nowMs)],
    )
    await also(db, identity)
    return identity
  })
}

/** @returns whether there was such a branch */
export async function revoke(
  database: Database,
  { tenantId, branchId }: BranchIdentity,
  nowMs: number,
  also: Also = nothingElse,
): Promise<boolean> {
  const rows = await database.asTenant(tenantId, async (db) => {
    // A code that was made before is no longer one: whoever it fell to would undo this.
    await db.query('delete from enrolment_directory where branch_id = $1', [branchId])
    // Whoever waits under its name is let go at once.
    for (const table of ['catalogue', 'inbox'])
      await db.query('select pg_notify($1, $2)', [SHAPE_CHANNEL, `${table} ${branchId}`])
    const revoked = await db.query(
      'update branch set revoked_at = $3 where tenant_id = $1 and branch_id = $2 returning branch_id',
      [tenantId, branchId, new Date(nowMs)],
    )
    if (revoked.length > 0) await also(db, tenantId)
    return revoked
  })
  return rows.length > 0
}
