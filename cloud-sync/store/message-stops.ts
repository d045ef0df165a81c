import type { Database, TenantDb } from './database.ts'
import type { Route } from './messages.ts'

/** Whom a word is about. */
type Reached = Pick<Route, 'channel' | 'recipient'>

/** The number that writes is one for all tenants: who tells it STOP means each of them, whoever wrote to her and whenever. */
const hashesOf = (database: Pick<Database, 'keyedHashes'>, { channel, recipient }: Reached): readonly Buffer[] =>
  database.keyedHashes('message stops', `${channel} ${recipient}`)

/** A recipient is written to by one at a time, and not while she says that she wants no more. */
export const lockRecipient = (db: TenantDb, { channel, recipient }: Reached): Promise<unknown> =>
  db.often("select pg_advisory_xact_lock(hashtextextended('message:' || $1 || ' ' || $2, 0))", [channel, recipient])

/** Her last word, as it is kept: the tenants' own lines are of the version before. */
export async function hasStopped(
  { database, db }: { readonly database: Pick<Database, 'keyedHashes'>; readonly db: TenantDb },
  tenantId: string,
  of: Reached,
): Promise<boolean> {
  const rows = await db.often(
    `select from stop_directory where channel = $1 and recipient_hash = any($2) and is_stopped
     union all
     select from message_stop s where tenant_id = $3 and channel = $1 and recipient = $4 and not exists (
       select from stop_directory where channel = $1 and recipient_hash = any($2) and said_at >= s.stopped_at)`,
    [of.channel, hashesOf(database, of), tenantId, of.recipient],
  )
  return rows.length > 0
}

/** Keeps that she wants no more, in the transaction in which it is heard. */
export const noteStopped = (
  { database, db }: { readonly database: Pick<Database, 'keyedHashes'>; readonly db: TenantDb },
  of: Reached,
  nowMs: number,
): Promise<unknown> =>
  db.often(
    `insert into stop_directory values ($1, $2, true, $3)
     on conflict (channel, recipient_hash) do update set is_stopped = true, said_at = excluded.said_at`,
    [of.channel, hashesOf(database, of)[0], new Date(nowMs)],
  )

/** Nothing that is not under way already is sent to her on this channel any more; what waits is told as suppressed when it is due. */
export const stopRecipient = (database: Database, of: Reached, nowMs: number): Promise<unknown> =>
  database.asNobody(async (db) => {
    await lockRecipient(db, of)
    await noteStopped({ database, db }, of, nowMs)
  })

/** She wants to be written to again. */
export const unstopRecipient = (database: Database, of: Reached, nowMs: number): Promise<unknown> =>
  database.asNobody(async (db) => {
    await lockRecipient(db, of)
    // By every key that was ever used here: she may have said STOP under another.
    await db.often(
      `insert into stop_directory select $1, hash, false, $3 from unnest($2::bytea[]) as hash
       on conflict (channel, recipient_hash) do update set is_stopped = false, said_at = excluded.said_at`,
      [of.channel, hashesOf(database, of), new Date(nowMs)],
    )
  })
