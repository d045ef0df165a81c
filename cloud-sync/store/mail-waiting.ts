import { randomUUID } from 'node:crypto'
import type { Mail } from '../mail/mailer.ts'
import type { Database, TenantDb } from './database.ts'

const MINUTE_MS = 60_000
/** How long after each failure a mail is tried again; after the last it is given up. */
const AGAIN_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * 60 * MINUTE_MS, 8 * 60 * MINUTE_MS] as const
/** Longer than a mail server is waited for; then another cloud takes over what this one did not finish. */
const LEASE_MS = 2 * MINUTE_MS
/** Mails of one tenant that are sent in one go, and how long one may last: other tenants have mails, too. */
const SENT_MAX = 20
const SENDING_MS_MAX = MINUTE_MS
/** Of one tenant, without those that were given up: beyond it nothing more is written, so that a mail server that is away fills no disk. */
const WAITING_MAX = 2_000

/**
 * Writes down a mail, in the transaction of what it tells of.
 * @returns whether there was room for it
 */
export async function queueMail(db: TenantDb, tenantId: string, mail: Mail, nowMs: number): Promise<boolean> {
  const { to, subject, text, attachment = null } = mail
  const rows = await db.query(
    `insert into mail_waiting (tenant_id, mail_id, to_address, subject, body, attachment, attachment_name, made_at,
       next_attempt_at)
     select $1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $8::timestamptz
     where (select count(*) from mail_waiting where tenant_id = $1 and next_attempt_at is not null) < ${WAITING_MAX} returning mail_id`,
    [
      ...[tenantId, randomUUID(), to, subject, text],
      ...[attachment === null ? null : Buffer.from(attachment.bytes), attachment?.name ?? null, new Date(nowMs)],
    ],
  )
  return rows.length > 0
}

interface Row {
  readonly [column: string]: unknown
  readonly mail_id: string
  readonly to_address: string
  readonly subject: string
  readonly body: string
  readonly attachment: Buffer | null
  readonly attachment_name: string | null
  readonly attempt_count: number
}

/**
 * Takes what is due first, so that no other cloud sends it meanwhile; it is taken again if this one dies over it. One at a
 * time: a second would wait for the first, and be another's again before its turn.
 */
const claim = (database: Database, tenantId: string, nowMs: number): Promise<readonly Row[]> =>
  database.asTenant(tenantId, (db) =>
    db.query<Row>(
      // Materialized: asked for each row anew, what is locked already is skipped, and more than the limit would be taken.
      `with due as materialized (
         select mail_id from mail_waiting where tenant_id = $1 and next_attempt_at <= $2
         order by next_attempt_at limit 1 for update skip locked)
       update mail_waiting it set attempt_count = attempt_count + 1, next_attempt_at = $3
       from due where it.tenant_id = $1 and it.mail_id = due.mail_id
       returning it.mail_id, to_address, subject, body, attachment, attachment_name, attempt_count`,
      [tenantId, new Date(nowMs), new Date(nowMs + LEASE_MS)],
    ),
  )

const mailOf = (row: Row): Mail => ({
  ...{ to: row.to_address, subject: row.subject, text: row.body },
  ...(row.attachment !== null && { attachment: { name: row.attachment_name ?? 'report.pdf', bytes: row.attachment } }),
})

/** Of a mail that the server took nothing is kept; of one that was given up, only that it was, for retention to clear. */
async function settle(database: Database, tenantId: string, row: Row, isTaken: boolean, nowMs: number): Promise<void> {
  const againMs = AGAIN_MS[row.attempt_count - 1]
  await database.asTenant(tenantId, (db) =>
    isTaken
      ? db.query('delete from mail_waiting where tenant_id = $1 and mail_id = $2', [tenantId, row.mail_id])
      : againMs === undefined
        ? db.query(
            `update mail_waiting set next_attempt_at = null, to_address = '', subject = '', body = '', attachment = null,
               attachment_name = null where tenant_id = $1 and mail_id = $2`,
            [tenantId, row.mail_id],
          )
        : db.query('update mail_waiting set next_attempt_at = $3 where tenant_id = $1 and mail_id = $2', [
            ...[tenantId, row.mail_id, new Date(nowMs + againMs)],
          ]),
  )
}

/** Sends what is due of one tenant. @returns how many went out */
export async function sendWaitingMail(
  database: Database,
  tenantId: string,
  send: (mail: Mail) => Promise<boolean>,
  nowMs: () => number,
): Promise<number> {
  let sentCount = 0
  const untilMs = nowMs() + SENDING_MS_MAX
  for (let count = 0; count < SENT_MAX && nowMs() < untilMs; count += 1) {
    const [row] = await claim(database, tenantId, nowMs())
    if (row === undefined) break
    const isTaken = await send(mailOf(row))
    await settle(database, tenantId, row, isTaken, nowMs())
    if (isTaken) sentCount += 1
  }
  return sentCount
}
