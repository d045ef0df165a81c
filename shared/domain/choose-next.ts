import type { Counter } from './catalogue.ts'
import type { TicketId } from './ids.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { type BranchState, lineOf, queueIdsOf, queueMode } from './state.ts'

/**
 * Whom a counter calls next: the head of its first queue, in the counter's order, in which somebody waits.
 * Skills, appointments, aging and work profiles join here.
 * @returns QueueIsPaused when people wait, but only in paused queues; QueueEmpty when nobody does
 */
export function chooseNext(state: BranchState, counter: Counter): Result<TicketId, Refusal> {
  const busy = queueIdsOf(state, counter).filter((queueId) => lineOf(state, queueId).length > 0)
  for (const queueId of busy) {
    const head = lineOf(state, queueId)[0]
    if (head !== undefined && !queueMode(state, queueId).isPaused) return ok(head.ticketId)
  }
  const [paused] = busy
  return paused === undefined ? no('QueueEmpty', counter.id) : no('QueueIsPaused', paused)
}
