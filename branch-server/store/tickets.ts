import type { Sqlite } from '#shared/disk/open.ts'
import type { BusinessDate, TicketId, TicketNumber } from '#shared/domain/ids.ts'
import type { Ticket } from '#shared/domain/ticket.ts'

/** Whatever is entered later is of this many earlier dates on which there were tickets, at most. */
const EARLIER_DATES_MAX = 2

/** Tickets of any day, as their last event left them. */
export interface TicketStore {
  find(ticketId: TicketId): Ticket | null
  /** Whoever has the number of that date, living or not. */
  holderOf(date: BusinessDate, number: TicketNumber): Ticket | null
  /** Whether more dates with tickets than are entered for lie between one and today. */
  isLongPast(date: BusinessDate, today: BusinessDate): boolean
}

export function createTicketStore(db: Sqlite): TicketStore {
  const byId = db.prepare('select body from ticket where ticket_id = ?').pluck()
  const byNumber = db
    .prepare(
      `select body from ticket where business_date = ? and number = ?
       and ltrim(number, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') = ltrim(?, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')`,
    )
    .pluck()
  const datesBetween = db
    .prepare(
      `select count(*) from (select distinct business_date from ticket
       where business_date >= ? and business_date < ? limit ${EARLIER_DATES_MAX + 1})`,
    )
    .pluck()
  const parse = (body: unknown): Ticket | null => (typeof body === 'string' ? (JSON.parse(body) as Ticket) : null)
  return {
    find: (ticketId) => parse(byId.get(ticketId)),
    isLongPast: (date, today) => Number(datesBetween.get(date, today)) > EARLIER_DATES_MAX,
    holderOf: (date, number) => parse(byNumber.get(date, number, number)),
  }
}
