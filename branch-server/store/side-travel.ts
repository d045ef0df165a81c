import type { Sqlite } from '#shared/disk/open.ts'
import type { TicketId } from '#shared/domain/ids.ts'

/** One visit with something beside the log, and the change of it that is meant. */
export interface SideVisit {
  readonly ticketId: TicketId
  readonly version: number
}

/** What of the side tables the cloud knows. */
export interface SideTravel {
  /** Changes that the cloud was not told, in the order of their names. */
  untold(max: number): readonly SideVisit[]
  /** Visits of which something is here, in the order of their names. @param after - '' begins */
  held(after: string, max: number): readonly SideVisit[]
  /** Inside the caller's transaction, before it is sent: from now on the cloud may hold something of it. */
  goOut(ticketIds: readonly TicketId[]): void
  /** Inside the caller's transaction: the cloud has taken these changes in. */
  told(changes: readonly SideVisit[]): void
  /** Inside the caller's transaction: the cloud lacks what it was told of these. */
  tellAgain(ticketIds: readonly TicketId[]): void
  /** Inside the caller's transaction, once nothing is left here: the cloud is told so, whether anything was here or not. */
  tellErased(ticketId: TicketId): void
}

export function createSideTravel(db: Sqlite): SideTravel {
  const untold = db.prepare<[number], SideVisit>(
    `select ticket_id as ticketId, version from side_travel where told_version <> version order by ticket_id limit ?`,
  )
  const held = db.prepare<[string, number], SideVisit>(
    `select ticket_id as ticketId, version from side_travel where ticket_id > ? and (
       exists (select 1 from note n where n.ticket_id = side_travel.ticket_id)
       or exists (select 1 from customer_details d where d.ticket_id = side_travel.ticket_id))
     order by ticket_id limit ?`,
  )
  const goOut = db.prepare('update side_travel set is_out = 1 where ticket_id = ?')
  const forget = db.prepare('update side_travel set told_version = 0 where ticket_id = ?')
  const told = db.prepare('update side_travel set told_version = ? where ticket_id = ?')
  const drop = db.prepare(
    `delete from side_travel where ticket_id = ? and version = ?
       and not exists (select 1 from note n where n.ticket_id = side_travel.ticket_id)
       and not exists (select 1 from customer_details d where d.ticket_id = side_travel.ticket_id)`,
  )
  const ensure = db.prepare(
    `insert into side_travel (ticket_id, version, is_out) values (?, (select version + 1 from side_travel_floor), 1)
     on conflict (ticket_id) do update set version = version + 1, is_out = 1`,
  )
  return {
    untold: (max) => untold.all(max),
    held: (after, max) => held.all(after, max),
    goOut(ticketIds) {
      for (const ticketId of ticketIds) goOut.run(ticketId)
    },
    told(changes) {
      for (const { ticketId, version } of changes) {
        told.run(version, ticketId)
        // Nothing is here and nothing is there: nobody needs to know that anything was.
        drop.run(ticketId, version)
      }
    },
    tellAgain(ticketIds) {
      for (const ticketId of ticketIds) forget.run(ticketId)
    },
    tellErased: (ticketId) => void ensure.run(ticketId),
  }
}
