import type { Sqlite } from '#shared/disk/open.ts'
import type { SideBox } from '#shared/disk/side-box.ts'
import { wiping } from '#shared/disk/wiping.ts'
import type { CustomerDetails } from '#shared/domain/customer-details.ts'
import type { EpochMs, Language, TicketId } from '#shared/domain/ids.ts'

/** Details as they are kept: with the time at which the customer agreed. */
export interface KeptDetails extends CustomerDetails {
  readonly consentedAtMs: EpochMs
}

/** Names and phones are not part of the log: they are erased here, and then they are gone. */
export interface DetailsStore {
  find(ticketId: TicketId): KeptDetails | null
  /** Inside the caller's transaction. */
  put(ticketId: TicketId, details: KeptDetails): void
  /** Inside the caller's transaction. */
  erase(ticketId: TicketId): void
  /** Inside the caller's transaction: erases those of whoever is not served any more. */
  eraseAllBut(isStillHere: (ticketId: TicketId) => boolean): void
}

/** What of it names her: sealed as one. */
type Said = Pick<CustomerDetails, 'name' | 'phone'>

interface Row {
  readonly sealed: Buffer
  readonly consentedAtMs: EpochMs
  readonly version: number
  readonly language: Language
}

export const detailsOwner = (ticketId: string): string => `details ${ticketId}`

/** @param onErased - something stands in the write-ahead log alone now, and is to go from there, too */
export function createDetailsStore(db: Sqlite, box: SideBox, onErased: () => void): DetailsStore {
  const get = db.prepare<[TicketId], Row>(
    `select sealed, consented_at_ms as consentedAtMs, consent_version as version, consent_language as language
     from customer_details where ticket_id = ?`,
  )
  const insert = db.prepare(
    `insert or replace into customer_details
       (ticket_id, sealed, consented_at_ms, consent_version, consent_language) values (?, ?, ?, ?, ?)`,
  )
  const remove = db.prepare('delete from customer_details where ticket_id = ?')
  const all = db.prepare<[], TicketId>('select ticket_id from customer_details').pluck()
  return {
    find(ticketId) {
      const row = get.get(ticketId)
      const said = row === undefined ? null : (box.open(detailsOwner(ticketId), row.sealed) as Said | null)
      if (row === undefined || said === null) return null
      const { consentedAtMs, version, language } = row
      return { ...said, consentedAtMs, consent: { version, language } }
    },
    put: (ticketId, { name, phone, consentedAtMs, consent: { version, language } }) =>
      void insert.run(
        ...[
          ticketId,
          box.seal(detailsOwner(ticketId), { name, phone } satisfies Said),
          consentedAtMs,
          version,
          language,
        ],
      ),
    erase(ticketId) {
      if (wiping(db, () => remove.run(ticketId)).changes > 0) onErased()
    },
    eraseAllBut(isStillHere) {
      const gone = (all.all() as TicketId[]).filter((ticketId) => !isStillHere(ticketId))
      if (gone.length === 0) return
      wiping(db, () => {
        for (const ticketId of gone) remove.run(ticketId)
      })
      onErased()
    },
  }
}
