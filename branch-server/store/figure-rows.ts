import type { Sqlite } from '#shared/disk/open.ts'
import { type Cells, createCells } from '#shared/project/cells.ts'
import { DIMENSIONS, type Dimension, sharesOf, sharesOfShift, type TicketRow } from '#shared/project/figures.ts'
import { type Ending, unpackPasses } from '#shared/project/passes.ts'
import type { Shift } from '#shared/project/shifts.ts'
import type { Grain } from '#shared/project/spread.ts'

export const TICKET_COLUMNS = `business_date, service_id, status, wait_ms, to_service_ms, service_ms, issued_hour,
  target_ms, ending, is_training, passes`

type TicketValues = readonly [
  string,
  string,
  string,
  number | null,
  number | null,
  number,
  number | null,
  number | null,
  Ending | null,
  0 | 1,
  string | null,
]

/** @param values - TICKET_COLUMNS, read raw */
export function ticketRowOf(values: unknown): TicketRow {
  const [
    businessDate,
    serviceId,
    status,
    waitMs,
    toServiceMs,
    serviceMs,
    issuedHour,
    targetMs,
    ending,
    isTraining,
    text,
  ] = values as TicketValues
  return {
    ...{ businessDate, serviceId, status, waitMs, toServiceMs, serviceMs, issuedHour, targetMs, ending },
    isTraining: isTraining === 1,
    passes: unpackPasses(text),
  }
}

const SHIFT_COLUMNS = `shift_id as shiftId, business_date as businessDate, counter_id as counterId, agent_id as agentId,
  is_training as isTraining,
  since_steady_ms as sinceSteadyMs, break_since_steady_ms as breakSinceSteadyMs, serving_ticket_id as servingTicketId,
  serving_since_steady_ms as servingSinceSteadyMs, signed_in_ms as signedInMs, break_ms as breakMs,
  serving_ms as servingMs`

function shiftOf(row: unknown): Shift {
  const { servingTicketId, servingSinceSteadyMs, isTraining, ...same } = row as Omit<
    Shift,
    'serving' | 'isTraining'
  > & {
    isTraining: 0 | 1
    servingTicketId: string | null
    servingSinceSteadyMs: number
  }
  const serving = servingTicketId === null ? null : { ticketId: servingTicketId, sinceSteadyMs: servingSinceSteadyMs }
  return { ...same, serving, isTraining: isTraining === 1 }
}

/** Shifts that still go on, wherever they began. */
export function openShifts(db: Sqlite): () => readonly Shift[] {
  const select = db.prepare(`select ${SHIFT_COLUMNS} from shift where signed_in_ms is null`)
  return () => select.all().map(shiftOf)
}

/** Every shift of a business date, those that go on among them. */
export function shiftsOn(db: Sqlite): (date: string) => readonly Shift[] {
  const select = db.prepare(`select ${SHIFT_COLUMNS} from shift where business_date = ?`)
  return (date) => select.all(date).map(shiftOf)
}

/** The raw rows of some dates, added up by the grain that is asked for: at least these dimensions. Ended shifts only. */
export function rawCells(
  db: Sqlite,
  from: string,
  to: string,
  grain: Grain,
  dimensions: readonly Dimension[] = DIMENSIONS,
): Cells {
  const cells = createCells(grain)
  const tickets = db.prepare(`select ${TICKET_COLUMNS} from ticket where business_date between ? and ?`).raw()
  for (const values of tickets.iterate(from, to)) {
    const row = ticketRowOf(values)
    for (const share of sharesOf(row, dimensions)) cells.add(row.businessDate, share)
  }
  const shifts = db.prepare(
    `select ${SHIFT_COLUMNS} from shift
     where signed_in_ms is not null and business_date between ? and ?`,
  )
  for (const values of shifts.iterate(from, to)) {
    const shift = shiftOf(values)
    for (const share of sharesOfShift(shift)) cells.add(shift.businessDate, share)
  }
  return cells
}
