import type { EpochMs, Language, TicketId } from '#shared/domain/ids.ts'
import { openSide, type SideData, unseal } from '#shared/network/sealed-side.ts'
import type { Store } from '../store/store.ts'
import type { Role } from '../sync/role-courier.ts'
import type { Ask } from './cloud-place.ts'

/** What the cloud gives back beside the log. */
export interface Beside {
  readonly role: Role | null
  readonly visits: readonly (readonly [TicketId, SideData])[]
  /** The last message of head office of which the box before said what became of it. */
  readonly inboxNumber: number
}

const bytes = (text: unknown): Buffer => Buffer.from(String(text), 'base64url')

async function bringVisits(ask: Ask): Promise<Beside['visits']> {
  const visits: (readonly [TicketId, SideData])[] = []
  for (let after = ''; ; ) {
    const page = ((await ask('/side', { after }))?.['visits'] ?? []) as readonly Record<string, string>[]
    for (const { ticketId = '', key, sealed } of page)
      visits.push([ticketId as TicketId, openSide(ticketId, bytes(key), bytes(sealed))])
    after = page.at(-1)?.['ticketId'] ?? ''
    if (after === '') return visits
  }
}

/** @throws RestoreError when the cloud cannot be reached */
export async function bringBeside(ask: Ask, branchId: string): Promise<Beside> {
  const sealed = await ask('/role', {})
  const role = sealed === null ? null : (unseal(branchId, bytes(sealed['key']), bytes(sealed['sealed'])) as Role)
  const inboxNumber = Number((await ask('', {}))?.['inboxNumber'] ?? 0)
  return { role, inboxNumber, visits: await bringVisits(ask) }
}

/** Notes and what customers said of themselves, of the visits that the log knows; and where head office's messages go on. */
export const putBeside =
  (cloudBranchId: string, { visits, inboxNumber }: Beside) =>
  ({ notes, details, cloud, tickets }: Store): void => {
    for (const [ticketId, { note, details: said }] of visits) {
      // Of a visit whose events were lost nobody could find it any more, to erase it either.
      if (tickets.find(ticketId) === null) continue
      if (note !== null) notes.put(ticketId, note.text, note.atMs as EpochMs)
      if (said === null) continue
      const { name, phone, consentedAtMs, consentVersion: version, consentLanguage } = said
      const consent = { version, language: consentLanguage as Language }
      details.put(ticketId, { name, phone, consentedAtMs: consentedAtMs as EpochMs, consent })
    }
    cloud.move('inbox', cloudBranchId, inboxNumber)
  }
