import type { Breaker } from '../notify/breaker.ts'
import type { Channel, Providers, SendOutcome, Taken } from '../notify/provider.ts'
import { isTimeZone, quietUntilMs } from '../notify/quiet-hours.ts'
import { textParts } from '../notify/render.ts'
import type { Database, TenantDb } from './database.ts'
import { type MessagePolicy, readPolicy } from './message-policy.ts'
import { change, endUntaken, holdDue, holdMessage, type MessageRow, noteTaken } from './message-rows.ts'
import { reserve } from './message-spend.ts'
import { hasStopped, lockRecipient, noteStopped } from './message-stops.ts'

/** How long things take; a test that cannot wait sets them. */
export interface Pace {
  /** Longer than a provider is waited for: then whoever took it is taken for dead, and what it did for unknown. */
  readonly leaseMs: number
  /** So long after a try what the provider does not list was not taken: a request that is cut off may still be on its way. */
  readonly settleMs: number
  /** How soon a provider is asked what it has taken, and again. */
  readonly askMs: number
  /** How soon what was refused for now is tried again; twice as long each time. */
  readonly againMs: number
}

export const PACE: Pace = { leaseMs: 60_000, settleMs: 120_000, askMs: 10_000, againMs: 2_000 }

/** A message is tried so often, and one that is unknown asked about so often: the last time after some hours. */
const ATTEMPTS_MAX = 8
const ASKS_MAX = 60
const AGAIN_MS_MAX = 60_000
/** Why one of which nobody knows to whom it went is as it is: only that it was taken is news of it. */
const ERASED = 'Erased'
/** While somebody else's word to the same person is under way. */
const BEHIND_MS = 500

/** What is to be done outside now that it is written down. */
export interface Claimed {
  readonly act: 'send' | 'ask'
  readonly message: MessageRow
}

export interface ClaimParts {
  readonly database: Database
  readonly providers: Providers
  readonly breakers: Readonly<Record<Channel, Breaker>>
  readonly pace: Pace
  readonly nowMs: () => number
}

const isUnderWay = async (db: TenantDb, { tenantId, channel, recipient, messageId }: MessageRow): Promise<boolean> => {
  const rows = await db.often(
    `select from message where tenant_id = $1 and channel = $2 and recipient = $3 and message_id <> $4
       and state in ('sending', 'unknown') and next_at is not null limit 1`,
    [tenantId, channel, recipient, messageId],
  )
  return rows.length > 0
}

const isAllowed = ({ channel, recipient }: MessageRow, { callingCodes }: MessagePolicy): boolean =>
  channel !== 'sms' || callingCodes.some((code) => recipient.startsWith(code))

/** Why it is not sent now: it never will be, or not before then. */
type Hindrance =
  | { readonly state: 'failed' | 'expired' | 'suppressed'; readonly reason: string }
  | { readonly waitsUntilMs: number }

/** What stands in the way before anything is counted. Held: whoever says STOP, and whoever else writes to her, waits. */
async function hindranceOf(
  db: TenantDb,
  row: MessageRow,
  policy: MessagePolicy,
  { database, providers, breakers, nowMs }: ClaimParts,
): Promise<Hindrance | null> {
  const now = nowMs()
  if (row.expiresAtMs <= now) return { state: 'expired', reason: 'TooLate' }
  if (!policy.channels.includes(row.channel)) return { state: 'suppressed', reason: 'ChannelOff' }
  if (providers[row.channel] === undefined) return { state: 'failed', reason: 'NotConfigured' }
  await lockRecipient(db, row)
  if (await hasStopped({ database, db }, row.tenantId, row)) return { state: 'suppressed', reason: 'Stopped' }
  if (!isAllowed(row, policy)) return { state: 'suppressed', reason: 'CallingCodeNotAllowed' }
  // Another cloud on this database may know more zones: one message must not end the work of its tenant.
  if (!isTimeZone(row.timeZone)) return { state: 'failed', reason: 'ZoneUnknown' }
  const quietUntil = quietUntilMs(policy.quiet, now, row.timeZone)
  if (quietUntil !== null) return { waitsUntilMs: quietUntil }
  if (await isUnderWay(db, row)) return { waitsUntilMs: now + BEHIND_MS }
  const restsUntil = breakers[row.channel].restsUntilMs(now)
  if (restsUntil === 0) return null
  return row.fallback.length > 0 ? { state: 'failed', reason: 'ProviderAway' } : { waitsUntilMs: restsUntil }
}

/** A message that waits is looked at again when it is too late for it, too: so it is told as expired. */
const waitUntil = (db: TenantDb, row: MessageRow, untilMs: number, nowMs: number): Promise<unknown> =>
  change(db, row, { state: 'queued', reason: null, nextAtMs: Math.min(untilMs, row.expiresAtMs) }, nowMs)

async function take(db: TenantDb, row: MessageRow, parts: ClaimParts): Promise<Claimed | null> {
  const { pace, nowMs } = parts
  const policy = await readPolicy(db, row.tenantId)
  const hindrance = await hindranceOf(db, row, policy, parts)
  const now = nowMs()
  if (hindrance !== null) {
    if ('state' in hindrance) await endUntaken(db, row, hindrance, now)
    else await waitUntil(db, row, hindrance.waitsUntilMs, now)
    return null
  }
  const costMicros = row.channel === 'sms' ? policy.smsPriceMicros * textParts(row.body) : 0
  const reserved = row.reservedOn === null ? await reserve(db, row, policy, { costMicros, nowMs: now }) : null
  if (typeof reserved === 'string') {
    await endUntaken(db, row, { state: 'suppressed', reason: reserved }, now)
    return null
  }
  await db.often(
    `update message set state = 'sending', reason = null, next_at = $3, attempted_at = $4, changed_at = $4,
       attempt_count = attempt_count + 1, ask_count = 0, reserved_on = coalesce($5, reserved_on),
       cost_micros = case when $5::date is null then cost_micros else $6 end
     where tenant_id = $1 and message_id = $2`,
    [...[row.tenantId, row.messageId, new Date(now + pace.leaseMs), new Date(now), reserved?.day ?? null, costMicros]],
  )
  return { act: 'send', message: { ...row, attemptCount: row.attemptCount + 1, attemptedAtMs: now } }
}

/** What is not known to have been refused is asked about; nobody else does so meanwhile. */
async function takeToAsk(db: TenantDb, row: MessageRow, { pace, nowMs }: ClaimParts): Promise<Claimed> {
  const nextAtMs = nowMs() + pace.leaseMs
  await change(db, row, { state: 'unknown', reason: row.state === 'sending' ? 'SenderDied' : null, nextAtMs }, nowMs())
  return { act: 'ask', message: row }
}

/**
 * Takes what is due first of a tenant. What it is to be done with is committed before anything is done.
 * @returns null: nothing is due; 'settled': one was, and nothing is to be done for it outside
 */
export const claimMessage = (parts: ClaimParts, tenantId: string): Promise<Claimed | 'settled' | null> =>
  parts.database.asTenant(tenantId, async (db) => {
    const row = await holdDue(db, tenantId, parts.nowMs())
    if (row === null) return null
    if (row.state === 'queued') return (await take(db, row, parts)) ?? 'settled'
    return takeToAsk(db, row, parts)
  })

const againMs = ({ againMs: first }: Pace, attemptCount: number): number =>
  Math.min(AGAIN_MS_MAX, first * 2 ** (attemptCount - 1))

/** What was not taken: again, if that is still of use. */
async function retry(
  db: TenantDb,
  row: MessageRow,
  { reason, afterMs }: { readonly reason: string; readonly afterMs: number },
  nowMs: number,
): Promise<void> {
  if (row.attemptCount >= ATTEMPTS_MAX) return endUntaken(db, row, { state: 'failed', reason }, nowMs)
  const nextAtMs = Math.min(nowMs + afterMs, row.expiresAtMs)
  await change(db, row, { state: 'queued', reason, nextAtMs }, nowMs)
}

/** Writes down what became of a try. What a provider has reported meanwhile, or somebody else found out, stands. */
export const settleSend = (
  { database, providers, pace, nowMs }: ClaimParts,
  message: MessageRow,
  outcome: SendOutcome,
): Promise<void> =>
  database.asTenant(message.tenantId, async (db) => {
    const { tenantId, messageId, attemptCount } = message
    const row = await holdMessage(db, tenantId, messageId)
    const now = nowMs()
    // Whatever has become of the message: she has said it to the sender.
    if (outcome.kind === 'refused' && outcome.hasStopped === true) await noteStopped({ database, db }, message, now)
    const isOurs = row !== null && row.attemptCount === attemptCount && ['sending', 'unknown'].includes(row.state)
    if (!isOurs || row.providerId !== null) return
    if (row.reason === ERASED && outcome.kind !== 'accepted') return
    switch (outcome.kind) {
      case 'accepted':
        await change(db, row, { state: 'accepted', reason: null, nextAtMs: null, providerId: outcome.providerId }, now)
        return
      case 'refused':
        await endUntaken(
          db,
          row,
          { state: outcome.hasStopped === true ? 'suppressed' : 'failed', reason: outcome.reason },
          now,
        )
        return
      case 'again':
        await retry(db, row, { reason: outcome.reason, afterMs: outcome.afterMs ?? againMs(pace, attemptCount) }, now)
        return
      case 'unknown': {
        // Who cannot be asked never says: it stays unknown, and is not sent again.
        const nextAtMs = providers[row.channel]?.takenSince === undefined ? null : now + pace.askMs
        await change(db, row, { state: 'unknown', reason: outcome.reason, nextAtMs }, now)
      }
    }
  })

/**
 * Of what the provider has taken for this person, what is this message: in its words, and nobody else's of any tenant, for the
 * sender is all of theirs. What is found is nobody else's from then on.
 */
async function ownAmong(
  db: TenantDb,
  { tenantId, body }: MessageRow,
  taken: readonly Taken[],
  nowMs: number,
): Promise<string | null> {
  const same = taken.filter((one) => one.body === body).map(({ providerId }) => providerId)
  const rows = await db.query<{ provider_id: string }>(
    `select provider_id from message where tenant_id = $1 and provider_id = any($2)
     union all select provider_id from taken_directory where provider_id = any($2)`,
    [tenantId, same],
  )
  const known = new Set(rows.map(({ provider_id: id }) => id))
  for (const id of same.filter((it) => !known.has(it))) if (await noteTaken(db, id, nowMs)) return id
  return null
}

/** Writes down what asking has brought. @param taken - null: the provider could not be asked */
export const settleAsked = (
  { database, providers, pace, nowMs }: ClaimParts,
  message: MessageRow,
  taken: readonly Taken[] | null,
  askedAtMs: number,
): Promise<void> =>
  database.asTenant(message.tenantId, async (db) => {
    const { tenantId, messageId, attemptCount } = message
    const row = await holdMessage(db, tenantId, messageId)
    const now = nowMs()
    if (row === null || row.state !== 'unknown' || row.attemptCount !== attemptCount || row.providerId !== null) return
    await db.often('update message set ask_count = ask_count + 1 where tenant_id = $1 and message_id = $2', [
      ...[tenantId, messageId],
    ])
    // By the words that were asked for: its row may have lost them meanwhile.
    const providerId = taken === null ? null : await ownAmong(db, message, taken, now)
    if (providerId !== null)
      return void (await change(db, row, { state: 'accepted', reason: null, nextAtMs: null, providerId }, now))
    if (row.reason === ERASED) return
    // What is on its way there still may be listed later.
    const isSettled = taken !== null && askedAtMs >= row.attemptedAtMs + pace.settleMs
    if (isSettled) return retry(db, row, { reason: 'NotTaken', afterMs: 0 }, now)
    const canBeAsked = providers[row.channel]?.takenSince !== undefined && row.askCount < ASKS_MAX
    const nextAtMs = canBeAsked ? now + Math.max(pace.askMs, againMs(pace, row.askCount + 1)) : null
    await change(db, row, { state: 'unknown', reason: taken === null ? 'CannotAsk' : 'NotListedYet', nextAtMs }, now)
  })
