import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { BUNDLE_BYTES_MAX, type DiagnosticsBundle } from '#shared/wire/diagnostics.ts'
import type { InboxDocument } from '#shared/wire/down.ts'
import {
  isOrder,
  ORDER_MINUTES,
  ORDERS_OPEN_MAX,
  type OrderBody,
  type OrderKind,
  type OrderMessage,
  type OrderResult,
  type OrderState,
  type SentOrder,
} from '#shared/wire/orders.ts'
import { APPLIED, EXPIRED, TAKEN } from '#shared/wire/outcomes.ts'
import type { Database, TenantDb } from './database.ts'
import { hold, INBOX_WAITING_MAX, sendMessage } from './down.ts'
import type { BranchIdentity } from './inbox.ts'

/** Of one branch; an older one goes when another comes. */
const BUNDLES_KEPT = 5
const RESULTS_KEPT = 10_000

const messageOf = (body: OrderBody): OrderMessage => {
  switch (body.kind) {
    case 'diagnostics':
      return { type: 'SendDiagnostics', orderId: randomUUID() }
    case 'remove':
      return { type: 'RemoveDevice', deviceId: body.deviceId }
    case 'reprint':
      return orderOf(body.deviceId, 'reprint', body.ticketId ?? null)
    default:
      return orderOf(body.deviceId, body.kind, null)
  }
}

const orderOf = (deviceId: string, act: 'identify' | 'restart' | 'reprint', ticketId: string | null): OrderMessage => ({
  type: 'OrderDevice',
  orderId: randomUUID(),
  deviceId,
  act,
  ticketId,
})

function kindOf(message: OrderMessage): OrderKind {
  if (message.type === 'OrderDevice') return message.act
  return message.type === 'RemoveDevice' ? 'remove' : 'diagnostics'
}

/** The branch's last word alone says that something was done, refused or too late. */
function stateOf(outcome: string | null): { readonly state: OrderState; readonly code: string | null } {
  if (outcome === null) return { state: 'queued', code: null }
  if (outcome === TAKEN) return { state: 'fetched', code: null }
  if (outcome === APPLIED) return { state: 'done', code: null }
  if (outcome === EXPIRED) return { state: 'expired', code: null }
  return { state: 'refused', code: outcome }
}

interface Row {
  readonly document: string
  readonly outcome: string | null
  readonly told_at: Date | null
  readonly has_bundle: boolean
}

/** Those that are still kept, the newest first. */
async function listOrders(db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<readonly SentOrder[]> {
  const rows = await db.query<Row & Record<string, unknown>>(
    `select document, coalesce(result.outcome, receipt.outcome) as outcome,
       coalesce(result.received_at, receipt.received_at) as told_at, diagnostics.number is not null as has_bundle
     from inbox
       left join inbox_receipt as receipt using (tenant_id, branch_id, number)
       left join order_result as result using (tenant_id, branch_id, number)
       left join diagnostics using (tenant_id, branch_id, number)
     where tenant_id = $1 and branch_id = $2 order by number desc limit ${INBOX_WAITING_MAX}`,
    [tenantId, branchId],
  )
  return rows.flatMap(({ document, outcome, told_at: toldAt, has_bundle: hasBundle }) => {
    const { number, sentAtMs, expiresAtMs, message } = JSON.parse(document) as InboxDocument
    if (!isOrder(message)) return []
    const deviceId = 'deviceId' in message ? message.deviceId : null
    const toldAtMs = toldAt?.getTime() ?? null
    return [
      {
        ...{ number, kind: kindOf(message), deviceId, sentAtMs, expiresAtMs, toldAtMs, hasBundle },
        ...stateOf(outcome),
      },
    ]
  })
}

export interface OrderSent {
  readonly number: number
  readonly expiresAtMs: number
}

/** Sends an order by the branch's inbox. @returns why not, when it was not taken */
export async function sendOrder(
  db: TenantDb,
  of: BranchIdentity,
  body: OrderBody,
  nowMs: number,
): Promise<OrderSent | 'BranchUnknown' | 'InboxFull' | 'OrdersFull'> {
  if (!(await hold(db, of, 'inbox'))) return 'BranchUnknown'
  const open = (await listOrders(db, of)).filter(
    ({ state, expiresAtMs }) => (state === 'queued' || state === 'fetched') && expiresAtMs > nowMs,
  )
  if (open.length >= ORDERS_OPEN_MAX) return 'OrdersFull'
  const validMs = ORDER_MINUTES[body.kind] * 60_000
  const number = await sendMessage(db, of, messageOf(body), { nowMs, validMs })
  return typeof number === 'string' ? number : { number, expiresAtMs: nowMs + validMs }
}

/** @returns null: there is no such branch */
export function ordersOf(database: Database, of: BranchIdentity): Promise<readonly SentOrder[] | null> {
  return database.asTenant(of.tenantId, async (db) => {
    const branches = await db.query('select from branch where tenant_id = $1 and branch_id = $2', [
      of.tenantId,
      of.branchId,
    ])
    return branches.length === 0 ? null : listOrders(db, of)
  })
}

const keep = (db: TenantDb, { tenantId, branchId }: BranchIdentity, results: readonly OrderResult[]) =>
  // Of what was sent to this branch alone, and the first word stays.
  db.query(
    `insert into order_result
       select $1, $2, said.number, said.outcome, now() from unnest($3::bigint[], $4::text[]) as said (number, outcome)
       where exists (select from inbox where tenant_id = $1 and branch_id = $2 and inbox.number = said.number)
     on conflict do nothing`,
    [tenantId, branchId, results.map(({ number }) => number), results.map(({ outcome }) => outcome)],
  )

/** Keeps what a branch says became of orders that it had taken; what was said before stays. */
export function keepResults(database: Database, of: BranchIdentity, results: readonly OrderResult[]): Promise<void> {
  return database.asTenant(of.tenantId, async (db) => {
    await keep(db, of, results)
    await db.query(
      `delete from order_result where tenant_id = $1 and branch_id = $2
         and number <= (select max(number) from order_result where tenant_id = $1 and branch_id = $2) - ${RESULTS_KEPT}`,
      [of.tenantId, of.branchId],
    )
  })
}

/** What is kept of a bundle; what came first stays. @returns `OrderUnknown`: nobody asked for it */
export function keepBundle(
  database: Database,
  of: BranchIdentity,
  number: number,
  bundle: DiagnosticsBundle,
): Promise<'kept' | 'OrderUnknown' | 'RequestTooLarge'> {
  const packed = gzipSync(JSON.stringify(bundle))
  if (packed.length > BUNDLE_BYTES_MAX) return Promise.resolve('RequestTooLarge')
  return database.asTenant(of.tenantId, async (db) => {
    const asked = (await listOrders(db, of)).some((it) => it.number === number && it.kind === 'diagnostics')
    if (!asked) return 'OrderUnknown'
    await db.query('insert into diagnostics values ($1, $2, $3, $4, now()) on conflict do nothing', [
      ...[of.tenantId, of.branchId, number, packed],
    ])
    await keep(db, of, [{ number, outcome: APPLIED }])
    await db.query(
      `delete from diagnostics where tenant_id = $1 and branch_id = $2 and number not in
         (select number from diagnostics where tenant_id = $1 and branch_id = $2 order by number desc limit ${BUNDLES_KEPT})`,
      [of.tenantId, of.branchId],
    )
    return 'kept'
  })
}

/** As it is packed. */
export async function bundleOf(db: TenantDb, of: BranchIdentity, number: number): Promise<Buffer | null> {
  const [row] = await db.query<{ bundle: Buffer }>(
    'select bundle from diagnostics where tenant_id = $1 and branch_id = $2 and number = $3',
    [of.tenantId, of.branchId, number],
  )
  return row?.bundle ?? null
}
