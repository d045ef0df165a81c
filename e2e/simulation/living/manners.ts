import type { Catalogue } from '../../../shared/domain/catalogue.ts'
import type { ServiceId, TicketId } from '../../../shared/domain/ids.ts'
import { type Manner, strangerManner } from '../../../shared/simulation/plan-day.ts'

/** More are not remembered: the oldest is served like a stranger. */
const MANNERS_MAX = 5_000

/** Who stands behind which ticket. */
export interface Manners {
  keep(ticketId: TicketId, manner: Manner): void
  /** The customer has left the branch without a word. */
  leave(ticketId: TicketId): void
  of(catalogue: Catalogue, ticketId: TicketId, serviceId: ServiceId): Manner
}

export function createManners(): Manners {
  const known = new Map<TicketId, Manner>()
  return {
    keep(ticketId, manner) {
      known.set(ticketId, manner)
      const [oldest] = known.keys()
      if (known.size > MANNERS_MAX && oldest !== undefined) known.delete(oldest)
    },
    leave(ticketId) {
      const manner = known.get(ticketId)
      if (manner !== undefined) known.set(ticketId, { ...manner, showsUp: false })
    },
    of: (catalogue, ticketId, serviceId) => known.get(ticketId) ?? strangerManner(catalogue, ticketId, serviceId),
  }
}
