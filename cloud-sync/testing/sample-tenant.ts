import { randomUUID } from 'node:crypto'
import type { Database } from '../store/database.ts'

/** What is read of a log. */
const FOLDED = [
  "branch_catalogue values ($1, $2, 'hash', 1, '{}', now())",
  "branch_fold values ($1, $2, 'none', $2, 0, '[]', '{}', false, null, '{}')",
  "branch_now values ($1, $2, 'epoch', 1, 1, now(), now(), '{}')",
  "fold_mark values ($1, $2, 1, '[]', '{}', '[]')",
  "ticket_former values ($1, $2, 1, 'ticket', '[]')",
  "shift values ($1, $2, 1, 'counter', 'agent', '2026-11-27', false, 1, 0, 0)",
  "set_aside values ($1, $2, 'epoch', 1, 1, 'ticket', 'TicketIssued', 'no id', now())",
  `ticket (tenant_id, branch_id, ticket_id, business_date, number, service_id, status, service_ms, is_training, passes,
     body, is_retained, is_set_aside, born_ord, changed_ord)
   values ($1, $2, 'ticket', '2026-11-27', 'A001', 'cash', 'waiting', 0, false, '[]', '{}', false, false, 1, 1)`,
  `rollup values ($1, 'branch', $2, '2026-11-27', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', '{}', '{}')`,
  "gathered_month values ($1, '2026-11', $2, true)",
  `rollup_of_month values ($1, 'branch', $2, '2026-11', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
  `rollup_of_tenant values ($1, 'branch', '2026-11-27', $2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
]

/** What head office is told. */
const TOLD = [
  "alert_rule values ($1, $2, 'wait', $2, 1, null, '{}', 'fr', 'nobody', now())",
  `alert (tenant_id, alert_id, rule_id, branch_id, subject, seen_at, value, worst, changed_at)
   values ($1, $2, $2, $2, '', now(), 1, 1, now())`,
  "mail_waiting (tenant_id, mail_id, to_address, subject, body, made_at) values ($1, $2, 'a@b.example', '', '', now())",
  "report_subscription values ($1, $2, 'a@b.example', 'fr', $2, 'nobody', now())",
  "branch_day values ($1, $2, '2026-11-27', now(), now(), 0, '[]')",
]

/** What customers are told. */
const MESSAGES = [
  `message (tenant_id, message_id, about, event, channel, recipient, branch_id, subject, body, fallback, time_zone, state,
     made_at, expires_at, changed_at)
   values ($1, $2, 'ticket', 'called', 'sms', '+221700000000', $2, '', '', '[]', 'UTC', 'delivered', now(), now(), now())`,
  "message_stop values ($1, 'sms', $2::uuid::text, now())",
  "message_spend values ($1, '2026-11-27', 'branch', $2::uuid::text, 1, 0)",
  "message_template values ($1, 'called', 'sms', 'fr', '', $2::uuid::text, now())",
  `message_policy values ($1, array['sms', $2::uuid::text], null, null, 1, 1, 1, 1, 1, '{}', now())`,
]

/** A tenant with a row in every table that bears tenants: a table that is forgotten here fails the test of its isolation. */
export async function addSampleTenant(database: Database): Promise<string> {
  const tenantId = randomUUID()
  const branchId = randomUUID()
  await database.asTenant(tenantId, async (db) => {
    await db.query('insert into tenant_directory values ($1, $2)', [tenantId, `tenant-${tenantId}`])
    await db.query('insert into tenant values ($1, $2, now())', [tenantId, { fr: 'Banque' }])
    await db.query(
      'insert into branch (tenant_id, branch_id, name, time_zone, created_at) values ($1, $2, $3, $4, now())',
      [tenantId, branchId, { fr: 'Agence' }, 'Africa/Dakar'],
    )
    await db.query('insert into event values ($1, $2, $3, 1, 1, $4, $5, $5)', [
      tenantId,
      branchId,
      'epoch',
      'EpochStarted',
      Buffer.from('one'),
    ])
    await db.query("insert into branch_log values ($1, $2, 'epoch', 1, $3, now(), null, null)", [
      tenantId,
      branchId,
      Buffer.from('one'),
    ])
    const of = [tenantId, branchId]
    for (const values of FOLDED) await db.query(`insert into ${values}`, of)
    await db.query("insert into tenant_key values ($1, 'public', 'private', now())", [tenantId])
    await db.query("insert into webhook values ($1, $2, 'https://a.example', '{}', '', 'nobody', now())", of)
    await db.query(
      "insert into webhook_message (tenant_id, webhook_id, message_id, type, body, made_at) values ($1, $2, $2, 'type', '{}', now())",
      of,
    )
    await db.query(
      `insert into api_key (tenant_id, key_id, secret_hash, name, scopes, made_by, made_at, expires_at)
       values ($1, 'sqt_0', 'hash', 'name', '{}', $2, now(), now())`,
      of,
    )
    await db.query("insert into catalogue_draft values ($1, $2, 1, '{}', '{}', 0, 'nobody', now())", of)
    for (const values of [...TOLD, ...MESSAGES]) await db.query(`insert into ${values}`, of)
    for (const table of ['catalogue', 'inbox'])
      await db.query(`insert into ${table} values ($1, $2, 1, 'document', 'signature')`, [tenantId, branchId])
    // What each of them has left in the log: one row of a table is what the tests count with.
    await db.query("delete from shape_log where tenant_id = $1 and shape = 'inbox'", [tenantId])
    await db.query("insert into shape_floor values ($1, $2, 'inbox', '3', 1)", [tenantId, branchId])
    await db.query("insert into shape_done values ($1, $2, 'inbox', 1)", [tenantId, branchId])
    await db.query("insert into inbox_receipt values ($1, $2, 1, 'Applied', now())", [tenantId, branchId])
    await db.query("insert into order_result values ($1, $2, 1, 'Applied', now())", of)
    await db.query("insert into diagnostics values ($1, $2, 1, '', now())", of)
    await db.query("insert into fork values ($1, $2, $3, 'epoch', 1, '{}', now())", [tenantId, branchId, randomUUID()])
    await db.query("insert into side_row values ($1, $2, 'visit', 'epoch', 1, $3, now())", [
      tenantId,
      branchId,
      Buffer.from('sealed'),
    ])
    await db.query("insert into side_key values ($1, $2, 'visit', $3)", [tenantId, branchId, Buffer.from('key')])
    await db.query('insert into role_row values ($1, $2, $3, now())', [tenantId, branchId, Buffer.from('sealed')])
    await db.query('insert into role_key values ($1, $2, $3)', [tenantId, branchId, Buffer.from('key')])
    await db.query("insert into audit_entry values ($1, 1, $1, '{}', 'hash')", [tenantId])
    await db.query(
      "insert into audit_anchor (tenant_id, branch_id, chain, seq, hash, anchored_at) values ($1, $2, $1, 1, 'hash', now())",
      of,
    )
    await db.query("insert into audit_witness values ($1, $2, 1, 'hash', now())", of)
    await db.query("insert into side_erasure values ($1, $2, 'another visit', now())", [tenantId, branchId])
  })
  return tenantId
}
