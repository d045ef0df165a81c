import type { Sqlite } from '#shared/disk/open.ts'
import type { TicketId } from '#shared/domain/ids.ts'

/** One visit whose side data has changed since the cloud was told. */
export interface Untold {
  readonly ticketId: TicketId
  readonly version: number
}

/** What of the side tables the cloud knows. */
export interface SideTravel {
  /** In the order of their names. */
  untold(max: number): readonly Untold[]
  /** Visits with something beside the log, in the order of their names. @param after - '' begins */
  held(after: string, max: number): readonly TicketId[]
  /** Inside the caller's transaction, before it is sent: from now on the cloud may hold something of it. */
  goOut(ticketIds: readonly TicketId[]): void
  /** Inside the caller's transaction: the cloud has taken these changes in. */
  told(changes: readonly Untold[]): void
  /** Inside the caller's transaction, once nothing is left here: the cloud is told so, whether anything was here or not. */
  tellErased(ticketId: TicketId): void
}

export function createSideTravel(db: Sqlite): SideTravel {
  const untold = db.prepare<[number], Untold>(
    `select ticket_id as ticketId, version from side_travel where told_version <> version order by ticket_id limit ?`,
  )
  const held = db
    .prepare<[string, number], TicketId>(
      `select ticket_id from side_travel where ticket_id > ? and (
         exists (select 1 from note n where n.ticket_id = side_travel.ticket_id)
         or exists (select 1 from customer_details d where d.ticket_id = side_travel.ticket_id))
       order by ticket_id limit ?`,
    )
    .pluck()
  const goOut = db.prepare('update side_travel set is_out = 1 where ticket_id = ?')
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
    held: (after, max) => held.all(after, max) as TicketId[],
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
    tellErased: (ticketId) => void ensure.run(ticketId),
  }
}
