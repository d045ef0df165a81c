import type { Ticket } from '#shared/domain/ticket.ts'
import { createCells } from '#shared/project/cells.ts'
import { sharesOf, sharesOfShift } from '#shared/project/figures.ts'
import { bucketGrain } from '#shared/project/spread.ts'
import { type Folded, type KeptRow, nothingFolded } from '../fold/folded.ts'
import type { Stretch } from '../fold/line.ts'
import { readLibrary } from './catalogue-rows.ts'
import type { TenantDb } from './database.ts'
import { cataloguesIn, MARKS_MAX, unpackLine, unpackRest, unpackTickets } from './fold-rows.ts'
import type { BranchIdentity } from './inbox.ts'
import { addToRollups } from './rollup-rows.ts'
import { readShifts } from './shift-rows.ts'
import { readDates, writeTickets } from './ticket-rows.ts'

/** A place along a line, and what the log tells up to there. */
export interface Place {
  readonly folded: Folded
  readonly line: readonly Stretch[]
}

/** Rows that one statement takes away; more of them would meet the limit of its time. */
const ROWS_MAX = 20_000
/** Dates that are summed from their rows at a time. */
const DATES_MAX = 31

interface Mark {
  readonly ord: string
  readonly line: string
  readonly rest: string
  readonly tickets: string
}

/** The last place up to one along the line that a fold can begin again from; null: none is kept, and it is the first. */
async function markBefore(db: TenantDb, { tenantId, branchId }: BranchIdentity, ord: number): Promise<Mark | null> {
  const [mark] = await db.query<Mark & Record<string, unknown>>(
    `select ord, line, rest, tickets from fold_mark
     where tenant_id = $1 and branch_id = $2 and ord <= $3 order by ord desc limit 1`,
    [tenantId, branchId, ord],
  )
  return mark ?? null
}

async function removeAfter(db: TenantDb, of: readonly unknown[]): Promise<void> {
  for (let isMore = true; isMore; ) {
    const gone = await db.query(
      `delete from ticket where (tenant_id, branch_id, ticket_id) in (
         select tenant_id, branch_id, ticket_id from ticket
         where tenant_id = $1 and branch_id = $2 and born_ord > $3 limit ${ROWS_MAX}) returning ticket_id`,
      of,
    )
    isMore = gone.length === ROWS_MAX
  }
  for (const table of ['shift', 'set_aside', 'fold_mark', 'ticket_former'])
    await db.query(`delete from ${table} where tenant_id = $1 and branch_id = $2 and ord > $3`, [...of])
}

/**
 * Dates of what came after a place. Of a ticket that was there before and has changed since, what it was is kept, and its
 * date with it.
 */
async function datesAfter(db: TenantDb, of: readonly unknown[]): Promise<readonly string[]> {
  const rows = await db.query<{ business_date: string }>(
    `select business_date from ticket where tenant_id = $1 and branch_id = $2 and born_ord > $3
     union select business_date from shift where tenant_id = $1 and branch_id = $2 and ord > $3`,
    of,
  )
  return rows.map(({ business_date: date }) => date)
}

/** Of tickets of earlier days that changed after a place, what they were at it. */
async function formerAfter(db: TenantDb, of: readonly unknown[]): Promise<readonly (readonly [Ticket, KeptRow])[]> {
  const rows = await db.query<{ was: string }>(
    `select distinct on (ticket_id) was from ticket_former
     where tenant_id = $1 and branch_id = $2 and ord > $3 order by ticket_id, ord`,
    of,
  )
  return rows.map(({ was }) => JSON.parse(was) as [Ticket, KeptRow])
}

/** Sums some dates anew, from their rows. In their order: what ends the same gathered months waits, and not both ways. */
export async function sumDates(db: TenantDb, branch: BranchIdentity, dates: readonly string[]): Promise<void> {
  const inOrder = dates.toSorted()
  for (let at = 0; at < inOrder.length; at += DATES_MAX) {
    const some = inOrder.slice(at, at + DATES_MAX)
    await db.query('delete from rollup where tenant_id = $1 and branch_id = $2 and business_date = any($3)', [
      ...[branch.tenantId, branch.branchId, some],
    ])
    const cells = createCells(bucketGrain)
    for (const { row } of await readDates(db, branch, some))
      for (const share of sharesOf(row)) cells.add(row.businessDate, share)
    for (const shift of await readShifts(db, branch, some))
      for (const share of sharesOfShift(shift)) cells.add(shift.businessDate, share)
    await addToRollups(db, branch, cells)
  }
}

/**
 * Undoes what was read after a place along the line, and as far before it as the last mark. The events stay: they are
 * read again from there, in bounded steps.
 */
export async function goBack(db: TenantDb, branch: BranchIdentity, toOrd: number): Promise<Place> {
  const mark = await markBefore(db, branch, toOrd)
  const ord = Number(mark?.ord ?? 0)
  const of = [branch.tenantId, branch.branchId, ord]
  const dates = new Set(await datesAfter(db, of))
  const former = await formerAfter(db, of)
  const living = mark === null ? [] : unpackTickets(mark.tickets)
  await removeAfter(db, of)
  const restored = [...former, ...living].map(([ticket, kept]) => ({
    ...kept,
    ...{ ticket, changedOrd: ord, isSetAside: false },
  }))
  await writeTickets(db, branch, restored)
  for (const { row } of restored) dates.add(row.businessDate)
  dates.delete('')
  await sumDates(db, branch, [...dates])
  return mark === null ? BEGINNING : placeOf(db, branch, mark)
}

const BEGINNING: Place = { folded: nothingFolded(), line: [] }

async function placeOf(db: TenantDb, branch: BranchIdentity, mark: Mark): Promise<Place> {
  const ord = Number(mark.ord)
  const library = await readLibrary(db, branch, cataloguesIn(mark.rest))
  const folded = unpackRest(mark.rest, ord, unpackTickets(mark.tickets), library)
  return { folded: { ...folded, sinceOrd: ord }, line: unpackLine(mark.line) }
}

/**
 * A place before anything of a business date, to read its day again from; nothing is undone.
 * @returns null: none is kept
 */
export async function placeBefore(db: TenantDb, branch: BranchIdentity, date: string): Promise<Place | null> {
  const marks = await db.query<{ ord: string; date: string | null }>(
    `select ord, rest::json #>> '{rest,day,date}' as date from fold_mark
     where tenant_id = $1 and branch_id = $2 order by ord`,
    [branch.tenantId, branch.branchId],
  )
  const first = marks.findIndex((mark) => mark.date !== null && mark.date >= date)
  if (first < 0 || marks[first]?.date !== date) return null
  // The first that is kept is the first there was only where no more are kept than there may be.
  if (first === 0) return marks.length < MARKS_MAX ? BEGINNING : null
  const mark = await markBefore(db, branch, Number(marks[first - 1]?.ord))
  return mark === null ? null : placeOf(db, branch, mark)
}
