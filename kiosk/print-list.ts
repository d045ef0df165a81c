import type { TicketId } from '#shared/domain/ids.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { waitingListSheets } from '#shared/slip/waiting-list.ts'
import type { PrintQueue } from './print-queue.ts'

/** What the sheets of a list have in common in the journal: they are no ticket's. */
const listId = (epoch: string, seq: number, page: number): TicketId =>
  `waiting-list-${epoch}-${seq}-${page}` as TicketId

/**
 * Whoever asked for the list has long gone on without it: paper that comes by itself, and tells of another time, would be
 * taken for true.
 */
const LIST_LIVES_MS = 300_000

/**
 * Prints the waiting list when the branch asks this kiosk for it: from the state that this host has folded itself, so
 * that nothing more is needed of a server whose battery runs out. A list that is asked for too long ago is not printed;
 * the journal says so, and staff print it from there if they want it.
 */
export function printListsAsked(
  host: Pick<DeviceHost, 'pairing' | 'now' | 'onNews'> & { readonly store: Pick<DeviceHost['store'], 'seen'> },
  queue: Pick<PrintQueue, 'printSheet'>,
  wallMs: () => number,
  log: HostLog,
): () => void {
  return host.onNews((news) => {
    if (news.type !== 'event' || news.event.type !== 'WaitingListAsked') return
    const { kioskId, epoch, seq, steadyMs } = news.event
    const state = host.store.seen()?.state
    if (state === undefined || kioskId !== host.pairing()?.deviceId) return
    const agoMs = (host.now()?.steadyMs ?? steadyMs) - steadyMs
    const isTooLate = agoMs > LIST_LIVES_MS
    if (isTooLate) log.warn({ agoMs }, 'the waiting list was asked for too long ago: it is not printed')
    try {
      for (const sheet of waitingListSheets(state))
        queue.printSheet(listId(epoch, seq, sheet.page), sheet, Math.floor(wallMs()), isTooLate)
    } catch (error) {
      log.error({ err: error }, 'the waiting list could not be printed')
    }
  })
}
