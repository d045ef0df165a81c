import type { TicketId } from '#shared/domain/ids.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import type { TicketRow } from '#shared/project/figures.ts'
import { type Ending, packPasses, unpackPasses } from '#shared/project/passes.ts'
import type { Touched } from '../fold/fold-step.ts'
import type { Former, KeptRow } from '../fold/folded.ts'
import { scalars, texts } from './arrays.ts'
import type { Database, TenantDb } from './database.ts'
import { unpackTickets } from './fold-rows.ts'
import type { BranchIdentity } from './inbox.ts'

/** What figures need of a ticket. */
export const FIGURE_COLUMNS = `business_date, service_id, status, wait_ms, to_service_ms, service_ms, issued_hour,
  target_ms, ending, is_training, passes`
const COLUMNS = `ticket_id, body, ${FIGURE_COLUMNS}, is_set_aside, born_ord, changed_ord`

export interface FigureColumns {
  readonly [column: string]: unknown
  readonly business_date: string
  readonly service_id: string
  readonly status: string
  readonly wait_ms: string | null
  readonly to_service_ms: string | null
  readonly service_ms: string
  readonly issued_hour: number | null
  readonly target_ms: string | null
  readonly ending: Ending | null
  readonly is_training: boolean
  readonly passes: string
}

interface Row extends FigureColumns {
  readonly ticket_id: string
  readonly body: string
  readonly is_set_aside: boolean
  readonly born_ord: string
  readonly changed_ord: string
}

const numberOrNull = (text: string | null): number | null => (text === null ? null : Number(text))

export const figureRowOf = (row: FigureColumns): TicketRow => ({
  businessDate: row.business_date,
  serviceId: row.service_id,
  status: row.status,
  waitMs: numberOrNull(row.wait_ms),
  toServiceMs: numberOrNull(row.to_service_ms),
  serviceMs: Number(row.service_ms),
  issuedHour: row.issued_hour,
  targetMs: numberOrNull(row.target_ms),
  ending: row.ending,
  isTraining: row.is_training,
  passes: unpackPasses(row.passes),
})

const touchedOf = (row: Row): Touched => ({
  ticket: JSON.parse(row.body) as Ticket,
  row: figureRowOf(row),
  bornOrd: Number(row.born_ord),
  changedOrd: Number(row.changed_ord),
  isSetAside: row.is_set_aside,
})

/** @param where - after `tenant_id = $1 and branch_id = $2`; more values from $3 */
async function read(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  where = '',
  values: readonly unknown[] = [],
): Promise<readonly Touched[]> {
  const rows = await db.query<Row>(`select ${COLUMNS} from ticket where tenant_id = $1 and branch_id = $2 ${where}`, [
    tenantId,
    branchId,
    ...values,
  ])
  return rows.map(touchedOf)
}

/**
 * The tickets of the living state: those of a mark, and those born since. No row says it of itself, for then each of them
 * would be written once more when its day is over.
 * @param sinceOrd - null: of a version that did say it at the rows
 */
export async function readRetained(
  db: TenantDb,
  branch: BranchIdentity,
  sinceOrd: number | null,
): Promise<readonly (readonly [Ticket, KeptRow])[]> {
  const rows =
    sinceOrd === null
      ? await read(db, branch, 'and is_retained and not is_set_aside order by ticket_id')
      : await read(db, branch, 'and (born_ord > $3 or ticket_id = any($4)) and not is_set_aside order by ticket_id', [
          sinceOrd,
          texts(await ticketIdsAt(db, branch, sinceOrd)),
        ])
  return rows.map(({ ticket, row, bornOrd }) => [ticket, { row, bornOrd }])
}

async function ticketIdsAt(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  markOrd: number,
): Promise<readonly string[]> {
  const [mark] = await db.query<{ tickets: string }>(
    'select tickets from fold_mark where tenant_id = $1 and branch_id = $2 and ord = $3',
    [tenantId, branchId, markOrd],
  )
  return unpackTickets(mark?.tickets ?? '[]').map(([{ facts }]) => facts.ticketId)
}

export async function readFormer(
  db: TenantDb,
  branch: BranchIdentity,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<TicketId, Former>> {
  if (ticketIds.length === 0) return new Map()
  const rows = await read(db, branch, 'and ticket_id = any($3) and not is_set_aside', [ticketIds])
  return new Map(rows.map(({ ticket, row, bornOrd }) => [ticket.facts.ticketId, { ticket, row, bornOrd }]))
}

/** Every ticket of some business dates that counts. */
export const readDates = (
  db: TenantDb,
  branch: BranchIdentity,
  dates: readonly string[],
): Promise<readonly Touched[]> => read(db, branch, 'and business_date = any($3) and not is_set_aside', [dates])

/**
 * One statement, however many tickets. The columns are unfolded side by side in the list of what is selected: as tables
 * beside each other (`from unnest(…)`) Postgres would write each of them down first, a seventh of what a row costs.
 * @param retained - the state's, as long as that is told at the rows
 */
export async function writeTickets(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  touched: readonly Touched[],
  retained: { has(ticketId: TicketId): boolean } | null = null,
): Promise<void> {
  if (touched.length === 0) return
  const rows = touched.map(({ row }) => row)
  const facts = touched.map(({ ticket }) => ticket.facts)
  await db.often(
    `insert into ticket (tenant_id, branch_id, ticket_id, number, business_date, service_id, status, wait_ms,
       to_service_ms, service_ms, issued_hour, target_ms, ending, is_training, passes, body, is_retained, is_set_aside,
       born_ord, changed_ord)
     select $1, $2, unnest($3::text[]), unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
       unnest($7::text[]), unnest($8::bigint[]), unnest($9::bigint[]), unnest($10::bigint[]), unnest($11::int[]),
       unnest($12::bigint[]), unnest($13::text[]), unnest($14::boolean[]), unnest($15::text[]),
       unnest($16::text[]), unnest($17::boolean[]), unnest($18::boolean[]), unnest($19::bigint[]),
       unnest($20::bigint[])
     on conflict (tenant_id, branch_id, ticket_id) do update set number = excluded.number,
       business_date = excluded.business_date, service_id = excluded.service_id, is_training = excluded.is_training,
       status = excluded.status, wait_ms = excluded.wait_ms,
       to_service_ms = excluded.to_service_ms, service_ms = excluded.service_ms, issued_hour = excluded.issued_hour,
       target_ms = excluded.target_ms, ending = excluded.ending, passes = excluded.passes, body = excluded.body,
       is_retained = excluded.is_retained, is_set_aside = excluded.is_set_aside, born_ord = excluded.born_ord,
       changed_ord = excluded.changed_ord`,
    [
      ...[tenantId, branchId, texts(facts.map(({ ticketId }) => ticketId)), texts(facts.map(({ number }) => number))],
      ...[texts(rows.map((row) => row.businessDate)), texts(rows.map((row) => row.serviceId))],
      ...[texts(rows.map((row) => row.status)), scalars(rows.map((row) => row.waitMs))],
      ...[scalars(rows.map((row) => row.toServiceMs)), scalars(rows.map((row) => row.serviceMs))],
      ...[scalars(rows.map((row) => row.issuedHour)), scalars(rows.map((row) => row.targetMs))],
      ...[texts(rows.map((row) => row.ending)), scalars(rows.map((row) => row.isTraining))],
      texts(rows.map((row) => packPasses(row.passes))),
      texts(touched.map(({ ticket }) => JSON.stringify(ticket))),
      scalars(touched.map(({ ticket, isSetAside }) => !isSetAside && retained?.has(ticket.facts.ticketId) === true)),
      scalars(touched.map(({ isSetAside }) => isSetAside)),
      ...[scalars(touched.map(({ bornOrd }) => bornOrd)), scalars(touched.map(({ changedOrd }) => changedOrd))],
    ],
  )
}

export async function readAside(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  ticketIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ticketIds.length === 0) return new Set()
  const rows = await db.query<{ ticket_id: string }>(
    `select distinct ticket_id from set_aside where tenant_id = $1 and branch_id = $2 and ticket_id = any($3)`,
    [tenantId, branchId, ticketIds],
  )
  return new Set(rows.map(({ ticket_id: ticketId }) => ticketId))
}

/** A ticket of a branch as the cloud has it from the log. */
export interface CloudTicket {
  /** Byte for byte what the branch's own fold makes of it. */
  readonly ticket: Ticket
  /** What it adds to the figures. */
  readonly row: TicketRow
  readonly isSetAside: boolean
}

/** Every ticket of one branch, in the order of their ids. */
export async function ticketsOf(database: Database, branch: BranchIdentity): Promise<readonly CloudTicket[]> {
  const rows = await database.asTenant(branch.tenantId, (db) => read(db, branch, 'order by ticket_id collate "C"'))
  return rows.map(({ ticket, row, isSetAside }) => ({ ticket, row, isSetAside }))
}
