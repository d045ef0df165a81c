import type { Sqlite } from '#shared/disk/open.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import type { TicketLogEvent } from '#shared/domain/evolve-ticket.ts'
import type { ServiceId, TicketId } from '#shared/domain/ids.ts'
import { type BranchState, findService } from '#shared/domain/state.ts'
import type { Ticket, TicketFacts } from '#shared/domain/ticket.ts'
import { isEmptyTally, sharesOf, sharesOfShift, type TicketRow } from '#shared/project/figures.ts'
import { followTicket, type Ground, NO_WAY, type Pass, type Way } from '#shared/project/passes.ts'
import type { Shift } from '#shared/project/shifts.ts'
import { bucketGrain } from '#shared/project/spread.ts'
import { type Cells, createCells, rawCells, TICKET_COLUMNS, ticketRowOf } from './figure-rows.ts'
import { hourAt } from './hour-at.ts'
import { createAdding, datesOf, monthKey, monthsUpTo, readCells, rolledBefore } from './rollup-cells.ts'
import { createShiftBook } from './shift-book.ts'

/** What a batch did, as the projections are told it. */
export interface RolledUp {
  readonly state: BranchState
  readonly events: readonly LogEvent[]
  readonly tickets: ReadonlyMap<TicketId, Ticket>
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

const isTicketEvent = (event: LogEvent): event is TicketLogEvent => 'ticketId' in event

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

  function waysIn({ state, events, tickets }: RolledUp, rowOf: (id: TicketId) => TicketRow | null): Map<TicketId, Way> {
    const ways = new Map<TicketId, Way>()
    for (const event of events) {
      if (!isTicketEvent(event)) continue
      const { ticketId } = event
      const ticket = tickets.get(ticketId)
      if (ticket === undefined) continue
      const way = ways.get(ticketId) ?? (isBirth(event) ? NO_WAY : (rowOf(ticketId) ?? NO_WAY))
      ways.set(ticketId, followTicket(way, event, groundOf(state, ticket)))
    }
    return ways
  }

  return {
    follow(batch) {
      const { state, events, tickets } = batch
      const known = new Map<TicketId, TicketRow | null>()
      for (const event of events) if (isBirth(event)) known.set(event.ticketId, null)
      const rowOf = (ticketId: TicketId): TicketRow | null => {
        const before = known.get(ticketId)
        if (before !== undefined) return before
        const values = findRow.get(ticketId)
        const row = values === undefined ? null : ticketRowOf(values)
        known.set(ticketId, row)
        return row
      }
      const ways = waysIn(batch, rowOf)
      const bound = boundNow()
      const rows = new Map<TicketId, TicketRow>()
      const cells = createCells(bucketGrain)
      for (const [ticketId, ticket] of tickets) {
        const before = rowOf(ticketId)
        const row = rowFor(state, ticket, before, ways.get(ticketId) ?? before ?? wayOf(ticket))
        rows.set(ticketId, row)
        if (row.businessDate >= bound) continue
        if (before !== null) for (const share of sharesOf(before)) cells.add(before.businessDate, share, -1)
        for (const share of sharesOf(row)) cells.add(row.businessDate, share)
      }
      addShifts(cells, shifts.keep(state, events), bound)
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

const isBirth = (event: LogEvent): event is TicketLogEvent & { type: 'TicketIssued' | 'TicketAdopted' } =>
  event.type === 'TicketIssued' || event.type === 'TicketAdopted'

const issuedFor = ({ legs, serviceId }: TicketFacts): ServiceId => legs?.[0]?.serviceId ?? serviceId

function groundOf(state: BranchState, { facts }: Ticket): Ground {
  const { waitMs, arrivedSteadyMs, queueId } = facts
  return {
    queueId,
    // Who came when nobody looked (a paper typed in by hand) has no wait, and so no arrival.
    arrivedSteadyMs: (waitMs ?? null) === null ? null : arrivedSteadyMs,
    targetMsOf(serviceId) {
      const service = findService(state, (serviceId ?? issuedFor(facts)) as ServiceId)
      return service === undefined ? null : service.slaSeconds * 1_000
    },
  }
}

/** Of a ticket whose row and way are lost, as far as its last state tells it. */
function wayOf({ facts, phase }: Ticket): Way {
  const { queueId, serviceMs } = facts
  const { counterId, agentId } = 'counterId' in phase ? phase : { counterId: null, agentId: null }
  const ends = { completed: 'completed', no_show: 'no_show', cancelled: 'cancelled' } as const
  const end: Pass['end'] = phase.status in ends ? ends[phase.status as keyof typeof ends] : 'open'
  const waitMs = facts.waitMs ?? null
  const pass = {
    serviceId: null,
    queueId,
    counterId,
    agentId,
    waitMs,
    targetMs: null,
    toServiceMs: null,
    serviceMs,
    end,
  }
  return { ...NO_WAY, passes: [{ ...pass, isEntry: true }] }
}

/** What was noted once stays: the catalogue and the zone may change later, and the sums must not notice. */
function rowFor(state: BranchState, { facts, phase }: Ticket, before: TicketRow | null, way: Way): TicketRow {
  const timezone = state.catalogue?.body.branch.timezone
  const earlierMs = (facts.legs ?? []).reduce((sum, { serviceMs }) => sum + serviceMs, 0)
  return {
    businessDate: before?.businessDate ?? facts.businessDate,
    serviceId: before?.serviceId ?? issuedFor(facts),
    status: phase.status,
    waitMs: before?.waitMs ?? facts.waitMs ?? null,
    toServiceMs: way.toServiceMs,
    serviceMs: earlierMs + facts.serviceMs,
    issuedHour: before?.issuedHour ?? (timezone === undefined ? null : hourAt(facts.issuedAtMs, timezone)),
    targetMs: before?.targetMs ?? way.passes.find(({ targetMs }) => targetMs !== null)?.targetMs ?? null,
    ending: way.ending,
    isTraining: facts.isTraining ?? false,
    passes: way.passes,
  }
}
