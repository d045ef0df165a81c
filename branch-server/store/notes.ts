import type { Sqlite } from '#shared/disk/open.ts'
import type { SideBox } from '#shared/disk/side-box.ts'
import { wiping } from '#shared/disk/wiping.ts'
import type { EpochMs, TicketId } from '#shared/domain/ids.ts'

/** How long a note is kept when nobody erases it before. */
const NOTE_KEPT_MS = 30 * 24 * 3_600_000
/** Old notes erased with each day that opens: more than a day brings, so that none outlives its time for long. */
const ERASED_PER_DAY_MAX = 10_000

export interface Note {
  readonly text: string
  readonly atMs: EpochMs
}

/** Notes are not part of the log: they are erased here, and then they are gone. */
export interface NoteStore {
  find(ticketId: TicketId): Note | null
  /** Inside the caller's transaction; a later note takes the place of the one before. */
  put(ticketId: TicketId, text: string, atMs: EpochMs): void
  /** Inside the caller's transaction. */
  erase(ticketId: TicketId): void
  /** Inside the caller's transaction: erases those whose time is over. */
  eraseOld(nowMs: EpochMs): void
}

export const noteOwner = (ticketId: string): string => `note ${ticketId}`

/** @param onErased - something stands in the write-ahead log alone now, and is to go from there, too */
export function createNoteStore(db: Sqlite, box: SideBox, onErased: () => void): NoteStore {
  const get = db.prepare<[TicketId], { sealed: Buffer; atMs: EpochMs }>(
    'select sealed, at_ms as atMs from note where ticket_id = ?',
  )
  const insert = db.prepare("insert or replace into note (ticket_id, text, sealed, at_ms) values (?, '', ?, ?)")
  const remove = db.prepare('delete from note where ticket_id = ?')
  const prune = db.prepare(
    `delete from note where ticket_id in (select ticket_id from note where at_ms < ? order by at_ms limit ${ERASED_PER_DAY_MAX})`,
  )
  function erasing(work: () => { readonly changes: number }): void {
    if (wiping(db, work).changes > 0) onErased()
  }
  return {
    find(ticketId) {
      const row = get.get(ticketId)
      const text = row === undefined ? null : (box.open(noteOwner(ticketId), row.sealed) as string | null)
      return row === undefined || text === null ? null : { text, atMs: row.atMs }
    },
    put(ticketId, text, atMs) {
      const isAnother = get.get(ticketId) !== undefined
      wiping(db, () => insert.run(ticketId, box.seal(noteOwner(ticketId), text), atMs))
      if (isAnother) onErased()
    },
    erase: (ticketId) => erasing(() => remove.run(ticketId)),
    eraseOld: (nowMs) => erasing(() => prune.run(nowMs - NOTE_KEPT_MS)),
  }
}
