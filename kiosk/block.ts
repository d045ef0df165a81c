import type { BusinessDate, Series } from '#shared/domain/ids.ts'
import { BLOCK_ORDINAL_MAX, EPOCH_JUMP, formatBlockNumber, parseBlockNumber } from '#shared/domain/numbering.ts'
import { type BranchState, findQueue, findService } from '#shared/domain/state.ts'
import { isLiving } from '#shared/domain/ticket.ts'
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

/** The highest ordinal of this kiosk's slot that the branch has told it of. */
function toldOrdinal(state: BranchState, slot: number, series: Series, date: BusinessDate): number {
  let highest = 0
  for (const { facts } of state.tickets.values()) {
    if (facts.businessDate !== date) continue
    const block = parseBlockNumber(facts.number)
    if (block !== null && block.slot === slot && block.series === series) highest = Math.max(highest, block.ordinal)
  }
  return highest
}

export interface BlockParts {
  readonly kept: KioskStore
  readonly noted: FeedStore
  readonly state: BranchState
  readonly slot: number
}

/** Somebody who has this number of an earlier day may still be called by it: a queue that runs through the night. */
function isAlive({ kept, state }: BlockParts, number: string): boolean {
  const ticketId = state.ticketByNumber.get(number as Parameters<typeof state.ticketByNumber.get>[0])
  const ticket = ticketId === undefined ? undefined : state.tickets.get(ticketId)
  if (ticket !== undefined && isLiving(ticket)) return true
  const paper = kept.awaiting(number)
  const service = paper === null ? undefined : findService(state, paper.serviceId as Parameters<typeof findService>[1])
  return service !== undefined && findQueue(state, service.queueId)?.overnight === true
}

/**
 * The next ordinal of this kiosk's block, 1 to 999 on each business date. It is above every number that anything here
 * speaks of: the kiosk's own file, the note in the other one, the tickets the branch told of. When its own file was
 * lost or damaged, it jumps once for the papers that none of them knows.
 * @returns null when the block is used up
 */
export function nextInBlock(parts: BlockParts, series: Series, date: BusinessDate): number | null {
  const { kept, noted, state, slot } = parts
  const known = Math.max(
    kept.lastOrdinal(series, date),
    Number(noted.meta(noteKey(series, date)) ?? 0),
    toldOrdinal(state, slot, series, date),
  )
  const isUnsure = kept.lostOn(date) === date && kept.floor(series, date) === null
  if (isUnsure) kept.setFloor(series, date, known + EPOCH_JUMP)
  const above = Math.max(known, kept.floor(series, date) ?? 0)
  for (let ordinal = above + 1; ordinal <= BLOCK_ORDINAL_MAX; ordinal += 1)
    if (!isAlive(parts, formatBlockNumber(series, slot, ordinal))) return ordinal
  return null
}
