import type { Sqlite } from '#shared/disk/open.ts'
import type { CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import { type Cells, createCells } from '#shared/project/cells.ts'
import { isEmptyTally, sharesOf, sharesOfShift, type TicketRow } from '#shared/project/figures.ts'
import type { Shift } from '#shared/project/shifts.ts'
import { bucketGrain } from '#shared/project/spread.ts'
import { isBirth, isBornAgain, isTicketEvent, rowAfter, rowAsCarried, statesAlong } from '#shared/project/ticket-row.ts'
import { rawCells, TICKET_COLUMNS, ticketRowOf } from './figure-rows.ts'
import { createAdding, datesOf, monthKey, monthsUpTo, readCells, rolledBefore } from './rollup-cells.ts'
import { createShiftBook } from './shift-book.ts'

/** What a batch did, as the projections are told it. */
export interface RolledUp {
  /** As it was committed before. */
  readonly before: BranchState
  readonly state: BranchState
  readonly events: readonly LogEvent[]
  readonly tickets: ReadonlyMap<TicketId, Ticket>
  readonly shelf: CatalogueShelf
}

/**
 * The sums of the figures. The present day is not summed: its rows are few, and reports read them as they are. A date
 * is summed in the transaction that opens the next, and whatever changes its rows later (a service that goes on over
 * midnight, paper that is handed over late) changes the sums in the same transaction: the ticket's row is read before it
 * is replaced, its old shares are taken out and its new ones put in. So a commit costs what the tickets it touches
 * cost, however long history is, and at every commit a cell equals the sum of the shares of its date's rows.
 */
export interface Rollups {
  /** Inside the caller's transaction, before the rows are replaced. @returns each touched ticket's row as it is to be written */
  follow(batch: RolledUp): ReadonlyMap<TicketId, TicketRow>
  /** Inside the caller's transaction, once the rows are written: sums the dates that are over. */
  roll(events: readonly LogEvent[]): void
  /** Inside the caller's transaction: puts the cells of one date, or one month that is over, right. */
  mend(period: string): void
  /** Inside the caller's transaction: of a file whose sums and counters were not kept, the latest dates are summed. */
  catchUp(state: BranchState): void
}

/** So many dates are summed before a branch starts with a file that lacks them; older ones wait for the check. */
const CAUGHT_UP_DATES = 62

const MONTH_LENGTH = '2026-11'.length
const monthOf = (date: string): string => date.slice(0, MONTH_LENGTH)

export function createRollups(db: Sqlite): Rollups {
  const findRow = db.prepare(`select ${TICKET_COLUMNS} from ticket where ticket_id = ?`).raw()
  const add = createAdding(db)
  const builtUpTo = monthsUpTo(db)
  const monthsBetween = db
    .prepare('select distinct substr(period, 1, 7) from rollup where period > ? and period < ? order by 1')
    .pluck()
  const clear = db.prepare('delete from rollup where period = ?')
  const datesFrom = db
    .prepare(
      `select business_date from ticket where business_date >= ? and business_date < ?
       union select business_date from shift where business_date >= ? and business_date < ? order by 1 desc`,
    )
    .pluck()
  const putBound = db.prepare("insert or replace into meta (key, value) values ('rolled_before', ?)")
  const shifts = createShiftBook(db)
  const boundNow = rolledBefore(db)

  function apply(cells: Cells): void {
    const built = builtUpTo()
    for (const cell of cells.all()) {
      if (isEmptyTally(cell.tally)) continue
      add(cell)
      if (monthOf(cell.period) <= built) add({ ...cell, period: monthKey(monthOf(cell.period)) })
    }
  }

  function addShifts(cells: Cells, ended: readonly Shift[], bound: string): void {
    for (const shift of ended)
      if (shift.businessDate !== '' && shift.businessDate < bound)
        for (const share of sharesOfShift(shift)) cells.add(shift.businessDate, share)
  }

  function buildMonth(month: string): void {
    const sums = createCells(bucketGrain)
    for (const cell of readCells(db, datesOf(month))) sums.addTally({ ...cell, period: monthKey(month) })
    for (const cell of sums.all()) add(cell)
  }

  /** When a day opens, the months before its own are over. */
  function buildMonths(today: string): void {
    const built = builtUpTo()
    for (const month of monthsBetween.all(datesOf(built).to, monthOf(today)) as string[]) buildMonth(month)
  }

  /** Puts the sums of a date right, whatever they are. */
  function sum(date: string): void {
    const change = createCells(bucketGrain)
    for (const cell of rawCells(db, date, date, bucketGrain).all()) change.addTally(cell)
    for (const cell of readCells(db, { from: date, to: date })) change.addTally(cell, -1)
    apply(change)
  }

  /** What is touched by no event is carried: a new epoch takes it over. */
  function rowsIn({ before, state, events, tickets, shelf }: RolledUp, rowOf: (id: TicketId) => TicketRow | null) {
    const rows = new Map<TicketId, TicketRow>()
    const stateAt = statesAlong(before, events, state, shelf)
    for (const [index, event] of events.entries()) {
      if (!isTicketEvent(event)) continue
      const { ticketId } = event
      const ticket = tickets.get(ticketId)
      if (ticket === undefined) continue
      rows.set(ticketId, rowAfter(rows.get(ticketId) ?? rowOf(ticketId), event, ticket, stateAt(index)))
    }
    for (const [ticketId, ticket] of tickets)
      if (!rows.has(ticketId)) rows.set(ticketId, rowAsCarried(rowOf(ticketId), ticket, state))
    return { rows, stateAt }
  }

  return {
    follow(batch) {
      const { events } = batch
      const known = new Map<TicketId, TicketRow | null>()
      for (const event of events) if (isBirth(event) && !isBornAgain(event)) known.set(event.ticketId, null)
      const rowOf = (ticketId: TicketId): TicketRow | null => {
        const before = known.get(ticketId)
        if (before !== undefined) return before
        const values = findRow.get(ticketId)
        const row = values === undefined ? null : ticketRowOf(values)
        known.set(ticketId, row)
        return row
      }
      const bound = boundNow()
      const cells = createCells(bucketGrain)
      const { rows, stateAt } = rowsIn(batch, rowOf)
      for (const [ticketId, row] of rows) {
        const before = rowOf(ticketId)
        if (row.businessDate >= bound) continue
        if (before !== null) for (const share of sharesOf(before)) cells.add(before.businessDate, share, -1)
        for (const share of sharesOf(row)) cells.add(row.businessDate, share)
      }
      addShifts(
        cells,
        shifts.keep(events, (index) => stateAt(index).day?.date ?? ''),
        bound,
      )
      apply(cells)
      return rows
    },
    roll(events) {
      const opened = events.findLast((event) => event.type === 'DayOpened')
      if (opened === undefined) return
      const bound = boundNow()
      for (const date of datesFrom.all(bound || '0', opened.date, bound || '0', opened.date) as string[]) sum(date)
      putBound.run(opened.date)
      buildMonths(opened.date)
    },
    mend(period) {
      if (period.length !== MONTH_LENGTH) {
        if (period < boundNow()) sum(period)
        return
      }
      if (period > builtUpTo()) return
      clear.run(monthKey(period))
      buildMonth(period)
    },
    catchUp(state) {
      const today = state.day?.date ?? ''
      if (today > boundNow()) putBound.run(today)
      for (const date of (datesFrom.all('0', today, '0', today) as string[]).slice(0, CAUGHT_UP_DATES)) sum(date)
      const cells = createCells(bucketGrain)
      addShifts(cells, shifts.agree(state), boundNow())
      apply(cells)
    },
  }
}
