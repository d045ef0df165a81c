import type { Sqlite } from '#shared/disk/open.ts'
import type { BusinessDate, TicketId, TicketNumber } from '#shared/domain/ids.ts'
import type { Ticket } from '#shared/domain/ticket.ts'

/** Tickets of any day, as their last event left them. */
export interface TicketStore {
  find(ticketId: TicketId): Ticket | null
  /** Whoever has the number of that date, living or not. */
  holderOf(date: BusinessDate, number: TicketNumber): Ticket | null
}

export function createTicketStore(db: Sqlite): TicketStore {
  const byId = db.prepare('select body from ticket where ticket_id = ?').pluck()
  const byNumber = db
    .prepare(
      `select body from ticket where business_date = ? and number = ?
       and ltrim(number, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') = ltrim(?, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')`,
    )
    .pluck()
  const parse = (body: unknown): Ticket | null => (typeof body === 'string' ? (JSON.parse(body) as Ticket) : null)
  return {
    find: (ticketId) => parse(byId.get(ticketId)),
    holderOf: (date, number) => parse(byNumber.get(date, number, number)),
  }
}
