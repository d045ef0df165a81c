import type { Sqlite } from '#shared/disk/open.ts'
import type { EpochMs, ServiceId, TicketId } from '#shared/domain/ids.ts'

/** One that nobody came to is forgotten a day after its time. */
const MISSED_KEPT_MS = 24 * 3_600_000

export interface Appointment {
  /** As it is compared. */
  readonly code: string
  readonly serviceId: ServiceId
  readonly bookedAtMs: EpochMs
  /** null until the customer has come. */
  readonly ticketId: TicketId | null
}

export interface AppointmentStore {
  find(code: string): Appointment | null
  /** Inside the caller's transaction: these take the place of all whose customers have not come. */
  replace(appointments: readonly Omit<Appointment, 'ticketId'>[]): void
  /** Inside the caller's transaction. */
  noteTicket(code: string, ticketId: TicketId): void
  /** Inside the caller's transaction: her ticket was withdrawn, and she has not come yet. */
  freeOf(ticketId: TicketId): void
  /** Inside the caller's transaction. */
  eraseOld(nowMs: EpochMs): void
}

export function createAppointmentStore(db: Sqlite): AppointmentStore {
  const get = db.prepare<[string], Appointment>(
    `select code, service_id as serviceId, booked_at_ms as bookedAtMs, ticket_id as ticketId
     from appointment where code = ?`,
  )
  const clear = db.prepare('delete from appointment where ticket_id is null')
  const insert = db.prepare('insert or ignore into appointment (code, service_id, booked_at_ms) values (?, ?, ?)')
  const note = db.prepare('update appointment set ticket_id = ? where code = ?')
  const free = db.prepare('update appointment set ticket_id = null where ticket_id = ?')
  const prune = db.prepare('delete from appointment where booked_at_ms < ?')
  return {
    find: (code) => get.get(code) ?? null,
    replace(appointments) {
      clear.run()
      for (const { code, serviceId, bookedAtMs } of appointments) insert.run(code, serviceId, bookedAtMs)
    },
    freeOf: (ticketId) => void free.run(ticketId),
    noteTicket: (code, ticketId) => void note.run(ticketId, code),
    eraseOld: (nowMs) => void prune.run(nowMs - MISSED_KEPT_MS),
  }
}
