import type { Sqlite } from '#shared/disk/open.ts'
import { forgetLog, wiping } from '#shared/disk/wiping.ts'
import type { BusinessDate } from '#shared/domain/ids.ts'
import type { DetailsBody } from '#shared/wire/customer-details.ts'
import type { PrintedAloneBody } from '#shared/wire/requests.ts'

/** What customers said of themselves, for papers that the branch does not have yet. */
export interface KeptDetails {
  /** Inside the caller's transaction. */
  put(ticketId: string, details: DetailsBody): void
  /** The paper with what its customer said, if she said anything. */
  complete(paper: PrintedAloneBody): PrintedAloneBody
  /** Inside the caller's transaction. @returns whether there was anything to erase */
  erase(ticketId: string): boolean
  /**
   * Erases what was said on papers of days before this one, and on papers that are not there: none of it stays in any
   * file. In a transaction of its own.
   */
  forgetBefore(date: BusinessDate): void
  /** After that transaction: what was erased does not stay in the log of the file either. */
  forget(): void
}

export function keepDetails(db: Sqlite): KeptDetails {
  const insert = db.prepare('insert into customer_details (ticket_id, body) values (?, ?)')
  const get = db.prepare<[string], string>('select body from customer_details where ticket_id = ?').pluck()
  const remove = db.prepare('delete from customer_details where ticket_id = ?')
  const removeBefore = db.prepare(
    `delete from customer_details where ticket_id not in
       (select ticket_id from offline_ticket where outcome is null and business_date >= ?)`,
  )
  return {
    put: (ticketId, details) => void insert.run(ticketId, JSON.stringify(details)),
    complete(paper) {
      const body = get.get(paper.ticketId) as string | undefined
      return body === undefined ? paper : { ...paper, details: JSON.parse(body) as DetailsBody }
    },
    erase: (ticketId) => get.get(ticketId) !== undefined && wiping(db, () => remove.run(ticketId).changes > 0),
    forgetBefore(date) {
      if (wiping(db, () => removeBefore.run(date).changes > 0)) forgetLog(db)
    },
    forget: () => forgetLog(db),
  }
}
