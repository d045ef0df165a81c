import type { TicketId } from './ids.ts'
import type { LineRule } from './order-in-line.ts'

/**
 * Why this ticket was called and not the runner-up. `picked`: the agent chose it by hand. `reserved`: it was kept for
 * this counter or agent. `profile`, `queue-order`, `longest-wait`: the runner-up waits in another queue, and a rule of
 * the counter's work profile, the order of its queues, or the longest relative wait decided; by a work profile, it is
 * whom the counter would have called without one. The others are the queue's own rules. `only`: nobody else was there.
 */
export type CallRule = 'picked' | 'reserved' | 'profile' | 'queue-order' | 'longest-wait' | 'only' | LineRule

export interface CallReason {
  readonly rule: CallRule
  /** Who would have been called else; null when nobody would. */
  readonly runnerUp: TicketId | null
}
