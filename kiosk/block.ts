import type { BusinessDate, Series, ServiceId, TicketNumber } from '#shared/domain/ids.ts'
import { BLOCK_ORDINAL_MAX, EPOCH_JUMP, formatBlockNumber } from '#shared/domain/numbering.ts'
import { isNumberHeld, printedOrdinal } from '#shared/domain/printed-alone.ts'
import { type BranchState, findQueue, findService } from '#shared/domain/state.ts'
import type { FeedStore } from '#shared/host/feed-store.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import type { KioskStore, OfflineTicket } from './kiosk-store.ts'

/** Every so many numbers one is noted in a second file as well; fewer than are jumped when the first is lost. */
const NOTED_EACH = EPOCH_JUMP / 2

const noteKey = (series: Series, date: BusinessDate): string => `block ${series} ${date}`

/** Notes now and then how far the block has come, beside what the kiosk's own file says. */
export function noteOrdinal(noted: FeedStore, { series, ordinal, paper }: OfflineTicket, log: HostLog): void {
  if (ordinal % NOTED_EACH !== 0) return
  try {
    noted.setMeta(noteKey(series, paper.businessDate as BusinessDate), String(ordinal))
  } catch (error) {
    log.warn({ err: error }, 'how far the block has come could not be noted a second time')
  }
}

export interface BlockParts {
  readonly kept: KioskStore
  readonly noted: Pick<FeedStore, 'meta'>
  readonly state: BranchState
  readonly slot: number
}

/** Somebody has this number, or a paper of an earlier day that goes on for its customer, through the night. */
function isTaken({ kept, state }: BlockParts, number: TicketNumber, date: BusinessDate): boolean {
  if (isNumberHeld(state, number, date)) return true
  const paper = kept.awaiting(number)
  const service = paper === null ? undefined : findService(state, paper.serviceId as ServiceId)
  return service !== undefined && findQueue(state, service.queueId)?.overnight === true
}

/**
 * The next ordinal of this kiosk's block, 1 to 999 on each business date. It is above every number that this kiosk is
 * known to have printed, by its own file, by the note in the other one, by the papers the branch took over from it; what
 * staff typed is left out by itself, and the numbers below it are given all the same. When its own file was lost or
 * damaged, it jumps once for the papers that none of them knows.
 * @returns null when the block is used up
 */
export function nextInBlock(parts: BlockParts, series: Series, date: BusinessDate): number | null {
  const { kept, noted, state, slot } = parts
  const known = Math.max(
    kept.lastOrdinal(series, date),
    Number(noted.meta(noteKey(series, date)) ?? 0),
    printedOrdinal(state, series, slot, date),
  )
  const isUnsure = kept.lostOn(date) === date && kept.floor(series, date) === null
  if (isUnsure) kept.setFloor(series, date, known + EPOCH_JUMP)
  const above = Math.max(known, kept.floor(series, date) ?? 0)
  for (let ordinal = above + 1; ordinal <= BLOCK_ORDINAL_MAX; ordinal += 1)
    if (!isTaken(parts, formatBlockNumber(series, slot, ordinal), date)) return ordinal
  return null
}
