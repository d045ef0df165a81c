import type { Epoch, EpochMs, EventSeq, SteadyMs } from '#shared/domain/ids.ts'
import type { Suspension } from '#shared/domain/state.ts'
import { type CarriedRest, carryRest, restoreState, versionsIn } from '#shared/domain/state-json.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import type { Shift } from '#shared/project/shifts.ts'
import { type FoldStep, foldVersionOf } from '../fold/fold-step.ts'
import { type Folded, type KeptRow, type Library, shelfOf, type Trouble } from '../fold/folded.ts'
import type { Stretch } from '../fold/line.ts'
import { scalars, texts } from './arrays.ts'
import { settled, type TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** The row of a branch's fold, without its tickets. */
export interface FoldHead {
  readonly reading: string
  readonly token: string
  readonly ord: number
  readonly line: readonly Stretch[]
  readonly rest: string
  readonly isBehind: boolean
  readonly trouble: Trouble
}

interface HeadRow {
  readonly reading: string
  readonly token: string
  readonly ord: string
  readonly line: string
  readonly rest: string
  readonly is_behind: boolean
  readonly trouble_ord: string | null
  readonly unknown: string
}

const packLine = (line: readonly Stretch[]): string => JSON.stringify(line.map(({ epoch, upTo }) => [epoch, upTo]))

export const unpackLine = (text: string): readonly Stretch[] =>
  (JSON.parse(text) as [string, number][]).map(([epoch, upTo]) => ({ epoch, upTo }))

/** @returns null before the first event */
export async function readHead(db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<FoldHead | null> {
  const [row] = await db.often<HeadRow & Record<string, unknown>>(
    `select reading, token, ord, line, rest, is_behind, trouble_ord, unknown from branch_fold
     where tenant_id = $1 and branch_id = $2`,
    [tenantId, branchId],
  )
  if (row === undefined) return null
  const { reading, token, rest, is_behind: isBehind, trouble_ord: trouble } = row
  const passedOver = JSON.parse(row.unknown) as Pick<Trouble, 'types' | 'catalogues'>
  return {
    ...{ reading, token, rest, isBehind, ord: Number(row.ord), line: unpackLine(row.line) },
    trouble: { ...passedOver, ord: trouble === null ? null : Number(trouble) },
  }
}

export async function writeHead(db: TenantDb, { tenantId, branchId }: BranchIdentity, head: FoldHead): Promise<void> {
  const { reading, token, ord, line, rest, isBehind, trouble } = head
  const { types, catalogues } = trouble
  await db.often(
    `insert into branch_fold (tenant_id, branch_id, reading, token, ord, line, rest, is_behind, trouble_ord, unknown)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (tenant_id, branch_id) do update set reading = excluded.reading, token = excluded.token,
       ord = excluded.ord, line = excluded.line, rest = excluded.rest, is_behind = excluded.is_behind,
       trouble_ord = excluded.trouble_ord, unknown = excluded.unknown`,
    [
      ...[tenantId, branchId, reading, token, ord, packLine(line), rest, isBehind, trouble.ord],
      JSON.stringify({ types, catalogues }),
    ],
  )
}

/** Something of the branch's log is still to be read. */
export const noteBehind = (db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<unknown> =>
  db.query('update branch_fold set is_behind = true where tenant_id = $1 and branch_id = $2 and not is_behind', [
    tenantId,
    branchId,
  ])

/** Branches with something to read on, or anew: what failed, was left, or was read by an earlier version of this program. */
export async function branchesBehind(db: TenantDb, tenantId: string, reading: string): Promise<readonly string[]> {
  const rows = await db.query<{ branch_id: string }>(
    `select branch_id from branch_fold where tenant_id = $1 and (is_behind or reading <> $2 and (trouble_ord is not null
       or case when reading ~ '^\\d{1,9}\\.' then split_part(reading, '.', 1)::int < $3 end))
     union select branch_id from branch_log where tenant_id = $1 and not exists (
       select from branch_fold fold where fold.tenant_id = $1 and fold.branch_id = branch_log.branch_id)`,
    [tenantId, reading, foldVersionOf(reading)],
  )
  return rows.map(({ branch_id: branchId }) => branchId)
}

interface PackedRest {
  readonly epoch: Epoch | null
  readonly seq: EventSeq
  readonly now: { readonly atMs: EpochMs; readonly steadyMs: SteadyMs }
  readonly rest: CarriedRest
  readonly shifts: readonly Shift[]
  readonly hashes: readonly (readonly [number, string])[]
  readonly trouble: Trouble
  /** Not there: of a version that told the state's tickets at their rows. */
  readonly sinceOrd?: number | null
}

/** Everything but the tickets. */
export function packRest({ state, shifts, hashByVersion, trouble, sinceOrd }: Folded): string {
  const { epoch, seq, now } = state
  const packed: PackedRest = {
    ...{ epoch, seq, now, rest: carryRest(state), shifts: [...shifts.values()], hashes: [...hashByVersion] },
    ...{ trouble, sinceOrd },
  }
  return JSON.stringify(packed)
}

/** The mark from which the tickets of a packed state are told. */
export const sinceIn = (text: string): number | null => (JSON.parse(text) as PackedRest).sinceOrd ?? null

/** The catalogues a packed state speaks of. */
export function cataloguesIn(text: string): {
  readonly hashes: readonly string[]
  readonly versions: readonly number[]
} {
  const { rest, hashes } = JSON.parse(text) as PackedRest
  const versions = versionsIn(rest)
  const known = new Map(hashes)
  return {
    hashes: versions.flatMap((version) => known.get(version) ?? []),
    versions: versions.filter((version) => !known.has(version)),
  }
}

/** Who may work at the branch, as its log says: the catalogue that names them, null when none does, and who is suspended. */
export function peopleIn(text: string): {
  readonly catalogueHash: string | null
  readonly suspended: ReadonlyMap<string, Suspension>
} {
  const { rest } = JSON.parse(text) as PackedRest
  return { catalogueHash: rest.catalogue?.hash ?? null, suspended: new Map(rest.suspended ?? []) }
}

export function unpackRest(
  text: string,
  ord: number,
  tickets: readonly (readonly [Ticket, KeptRow])[],
  library: Library,
): Folded {
  const { rest, epoch, seq, now, shifts, hashes, trouble, sinceOrd } = JSON.parse(text) as PackedRest
  const hashByVersion = new Map(hashes)
  const carried = { ...rest, tickets: tickets.map(([ticket]) => ticket) }
  return {
    ord,
    state: { ...restoreState(carried, shelfOf(hashByVersion, library)), epoch, seq, now },
    shifts: new Map(shifts.map((shift) => [shift.counterId, shift])),
    rows: new Map(tickets.map(([{ facts }, kept]) => [facts.ticketId, kept])),
    hashByVersion,
    trouble,
    sinceOrd: sinceOrd ?? null,
  }
}

/** The tickets of a packed state. */
export const packTickets = ({ state, rows }: Folded): string =>
  JSON.stringify([...state.tickets.values()].map((ticket) => [ticket, rows.get(ticket.facts.ticketId)]))

export const unpackTickets = (text: string): readonly (readonly [Ticket, KeptRow])[] =>
  JSON.parse(text) as [Ticket, KeptRow][]

/** Places to begin again from: those of so many days. */
export const MARKS_MAX = 62

/** What rows of earlier days were before they changed, so that the fold can go back. */
export async function writeFormer(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  former: FoldStep['former'],
): Promise<void> {
  if (former.length === 0) return
  await db.query(
    `insert into ticket_former (tenant_id, branch_id, ord, ticket_id, was)
     select $1, $2, * from unnest($3::bigint[], $4::text[], $5::text[])`,
    [
      ...[tenantId, branchId, scalars(former.map(({ ord }) => ord)), texts(former.map(({ ticketId }) => ticketId))],
      texts(former.map(({ ticket, row, bornOrd }) => JSON.stringify([ticket, { row, bornOrd }]))),
    ],
  )
}

/** Places that the fold can go back to, as far as these events add to them. */
export async function writeMarks(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  marks: FoldStep['marks'],
  lineAt: (ord: number) => readonly Stretch[],
): Promise<void> {
  if (marks.length === 0) return
  const of = [tenantId, branchId]
  const kept = marks.slice(-MARKS_MAX)
  const keeping = db.often(
    `insert into fold_mark (tenant_id, branch_id, ord, line, rest, tickets)
     select $1, $2, * from unnest($3::bigint[], $4::text[], $5::text[], $6::text[])`,
    [
      ...of,
      scalars(kept.map(({ ord }) => ord)),
      texts(kept.map(({ ord }) => packLine(lineAt(ord)))),
      texts(kept.map(packRest)),
      texts(kept.map(packTickets)),
    ],
  )
  const dropping = db.often(
    `delete from fold_mark where tenant_id = $1 and branch_id = $2 and ord < (
       select min(ord) from (select ord from fold_mark where tenant_id = $1 and branch_id = $2
         order by ord desc limit ${MARKS_MAX}) latest)`,
    of,
  )
  const forgetting = db.often(
    `delete from ticket_former where tenant_id = $1 and branch_id = $2 and ord <= (
       select min(ord) from fold_mark where tenant_id = $1 and branch_id = $2)`,
    of,
  )
  await settled([keeping, dropping, forgetting])
}

export async function writeSetAside(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  setAside: FoldStep['setAside'],
): Promise<void> {
  if (setAside.length === 0) return
  await db.query(
    `insert into set_aside (tenant_id, branch_id, epoch, seq, ord, ticket_id, type, reason, noted_at)
     select $1, $2, *, now() from unnest($3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[])
     on conflict do nothing`,
    [
      ...[tenantId, branchId, setAside.map(({ epoch }) => epoch), setAside.map(({ seq }) => seq)],
      ...[setAside.map(({ ord }) => ord), setAside.map(({ ticketId }) => plain(ticketId))],
      ...[setAside.map(({ type }) => plain(type)), setAside.map(({ reason }) => plain(reason))],
    ],
  )
}

const NAME_LENGTH_MAX = 200

/** What no table of Postgres takes is left out; the event itself is kept as it is. */
export const plain = (text: string): string => text.toWellFormed().replaceAll('\0', '').slice(0, NAME_LENGTH_MAX)

/** The latest of what was set aside that is told at once. */
const TOLD_MAX = 500

/** What staff of head office must look at: events that could not be read, and how many of a later version wait. */
export async function readSetAside(db: TenantDb, tenantId: string) {
  const events = await db.query<{
    branch_id: string
    epoch: string
    seq: string
    ticket_id: string
    type: string
    reason: string
    noted_at: Date
  }>(
    `select branch_id, epoch, seq, ticket_id, type, reason, noted_at from set_aside
     where tenant_id = $1 order by noted_at desc, branch_id, seq desc limit ${TOLD_MAX}`,
    [tenantId],
  )
  const folds = await db.query<{ branch_id: string; unknown: string }>(
    'select branch_id, unknown from branch_fold where tenant_id = $1 and trouble_ord is not null',
    [tenantId],
  )
  return {
    events: events.map(({ branch_id: branchId, epoch, seq, ticket_id: ticketId, type, reason, noted_at: notedAt }) => ({
      ...{ branchId, epoch, seq: Number(seq), ticketId: ticketId === '' ? null : ticketId, type, reason },
      notedAtMs: notedAt.getTime(),
    })),
    unread: folds.map(({ branch_id: branchId, unknown }) => ({
      branchId,
      ...(JSON.parse(unknown) as Pick<Trouble, 'types' | 'catalogues'>),
    })),
  }
}
