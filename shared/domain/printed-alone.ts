import type { BusinessDate, Series, TicketNumber } from './ids.ts'
import { parseBlockNumber } from './numbering.ts'
import type { BranchState } from './state.ts'
import { isLiving } from './ticket.ts'

/**
 * How far a kiosk's block is known to have come on one date, by the papers that were handed over. What somebody typed
 * says nothing of it: a slip of the finger would use the block up.
 * @returns 0 when none of that date is known
 */
export function printedOrdinal(state: BranchState, series: Series, slot: number, date: BusinessDate): number {
  let highest = 0
  for (const { facts } of state.tickets.values()) {
    if (facts.businessDate !== date || facts.channel !== 'kiosk') continue
    const block = parseBlockNumber(facts.number)
    if (block !== null && block.slot === slot && block.series === series) highest = Math.max(highest, block.ordinal)
  }
  return highest
}

/** A typed number further above what its kiosk is known to have printed is asked about: more likely a finger slipped. */
const AHEAD_MAX = 20

/** Whether a typed number lies so far above that staff are asked whether they mean it. */
export function isFarAhead(state: BranchState, number: TicketNumber, date: BusinessDate): boolean {
  const block = parseBlockNumber(number)
  return block !== null && block.ordinal > printedOrdinal(state, block.series, block.slot, date) + AHEAD_MAX
}

/**
 * Whether somebody has this number already, by paper or by what staff typed: on that date, or on an earlier one that
 * goes on for her, because her queue runs through the night.
 */
export function isNumberHeld(state: BranchState, number: TicketNumber, date: BusinessDate): boolean {
  const ticketId = state.ticketByNumber.get(number)
  const holder = ticketId === undefined ? undefined : state.tickets.get(ticketId)
  return holder !== undefined && (holder.facts.businessDate >= date || isLiving(holder))
}
