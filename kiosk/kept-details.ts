import type { Sqlite } from '#shared/disk/open.ts'
import type { SideBox } from '#shared/disk/side-box.ts'
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
  /** Seals what a version before, or a damaged file of it, has left in the open. */
  sealOld(): void
  /** After that transaction: what was erased does not stay in the log of the file either. */
  forget(): void
}

const ownerOf = (ticketId: string): string => `details ${ticketId}`

/** What a version before has left in the open is sealed, and gone from the file. */
function sealOld(db: Sqlite, put: (ticketId: string, details: unknown) => void): void {
  const rows = db.prepare<[], { id: string; body: string }>('select ticket_id as id, body from customer_details').all()
  if (rows.length === 0) return
  const move = db.transaction(() => {
    for (const { id, body } of rows) put(id, JSON.parse(body))
    db.exec('delete from customer_details')
  })
  wiping(db, () => move.immediate())
  forgetLog(db)
}

export function keepDetails(db: Sqlite, box: SideBox): KeptDetails {
  const insert = db.prepare('insert or replace into sealed_details (ticket_id, sealed) values (?, ?)')
  const get = db.prepare<[string], Buffer>('select sealed from sealed_details where ticket_id = ?').pluck()
  const remove = db.prepare('delete from sealed_details where ticket_id = ?')
  const removeBefore = db.prepare(
    `delete from sealed_details where ticket_id not in
       (select ticket_id from offline_ticket where outcome is null and business_date >= ?)`,
  )
  const put = (ticketId: string, details: unknown): void =>
    void insert.run(ticketId, box.seal(ownerOf(ticketId), details))
  return {
    put,
    sealOld: () => sealOld(db, put),
    complete(paper) {
      const sealed = get.get(paper.ticketId)
      const details = sealed === undefined ? null : (box.open(ownerOf(paper.ticketId), sealed) as DetailsBody | null)
      return details === null ? paper : { ...paper, details }
    },
    erase: (ticketId) => get.get(ticketId) !== undefined && wiping(db, () => remove.run(ticketId).changes > 0),
    forgetBefore(date) {
      if (wiping(db, () => removeBefore.run(date).changes > 0)) forgetLog(db)
    },
    forget: () => forgetLog(db),
  }
}
