import type { Sqlite } from '#shared/disk/open.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { agreeWith, keepShifts, SHIFT_EVENTS, type Shift, type ShiftBook, standing } from '#shared/project/shifts.ts'
import { openShifts } from './figure-rows.ts'

/** Keeps the rows of counter time. */
export interface ShiftStore {
  /**
   * Inside the caller's transaction.
   * @param dateAt - the business date just after the event of that place in the batch
   * @returns the shifts that have ended with this batch
   */
  keep(events: readonly LogEvent[], dateAt: (index: number) => string): readonly Shift[]
  /** Makes the rows agree with who is at a counter, in a file whose counters were not followed. */
  agree(state: BranchState): readonly Shift[]
}

export function createShiftBook(db: Sqlite): ShiftStore {
  const readOpen = openShifts(db)
  const insert = db.prepare(
    `insert into shift (business_date, counter_id, agent_id, is_training, since_steady_ms, break_since_steady_ms, serving_ticket_id,
       serving_since_steady_ms, signed_in_ms, break_ms, serving_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare(
    `update shift set break_since_steady_ms = ?, serving_ticket_id = ?, serving_since_steady_ms = ?, signed_in_ms = ?,
       break_ms = ?, serving_ms = ? where shift_id = ?`,
  )

  function write(shift: Shift): void {
    const { shiftId, businessDate, counterId, agentId, isTraining, sinceSteadyMs, breakSinceSteadyMs, serving } = shift
    const { signedInMs, breakMs, servingMs } = shift
    const now = [breakSinceSteadyMs, serving?.ticketId ?? null, serving?.sinceSteadyMs ?? null, signedInMs]
    if (shiftId === null)
      insert.run(businessDate, counterId, agentId, isTraining ? 1 : 0, sinceSteadyMs, ...now, breakMs, servingMs)
    else update.run(...now, breakMs, servingMs, shiftId)
  }

  function settle(rows: readonly Shift[], book: ShiftBook): readonly Shift[] {
    for (const shift of [...book.ended, ...book.openByCounter.values()]) if (!rows.includes(shift)) write(shift)
    return book.ended
  }

  const bookOf = (rows: readonly Shift[]): ShiftBook => ({
    openByCounter: new Map(rows.map((shift) => [shift.counterId, shift])),
    ended: [],
  })

  return {
    keep(events, dateAt) {
      if (!events.some(({ type }) => SHIFT_EVENTS.has(type))) return []
      const rows = readOpen()
      const book = events.reduce((before, event, index) => keepShifts(before, event, dateAt(index)), bookOf(rows))
      return settle(rows, book)
    },
    agree(state) {
      const rows = readOpen()
      return settle(
        rows,
        agreeWith(bookOf(rows), standing(state.openCounters), state.day?.date ?? '', state.now.steadyMs),
      )
    },
  }
}
