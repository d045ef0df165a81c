import type { StoredEvent } from '#shared/domain/events.ts'
import type { AgentId, CounterId, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { type DayNotes, daySoFar, meanTargetMs, oneCounter } from '#shared/wait/day-so-far.ts'
import { type DayFigures, replayDay } from '#shared/wait/replay-day.ts'
import { LOG_PAGE_MAX } from '../store/event-log.ts'
import type { Store } from '../store/store.ts'
import type { Branch } from './execute.ts'

/** Above this a day is no branch's, and would keep customers waiting while it is played. */
const PLAYED_TICKETS_MAX = 4_000

export interface PlayedAgain {
  readonly asItWas: DayFigures
  readonly changed: DayFigures
}

/** The day so far, played again as it was and with one counter more or less; null when there is nothing to tell. */
export function playAgain({ state, store }: Branch, nowMs: number, change: 'more' | 'less'): PlayedAgain | null {
  if (state.day === null || state.tickets.size > PLAYED_TICKETS_MAX) return null
  const times = store.shiftsOn(state.day.date).flatMap((shift) => {
    const { counterId, agentId, sinceSteadyMs: fromMs, signedInMs, isTraining } = shift
    const toMs = signedInMs === null ? null : fromMs + signedInMs
    return isTraining ? [] : [{ counterId: counterId as CounterId, agentId: agentId as AgentId, fromMs, toMs }]
  })
  const { day, rules } = daySoFar(state, times, notesOf(state, store, nowMs), nowMs)
  const changed = oneCounter(day, change)
  if (changed === null || day.visits.length === 0) return null
  const targetMs = meanTargetMs(state)
  const asItWas = replayDay(day, rules, null, targetMs)
  return { asItWas, changed: replayDay(day, rules, changed, targetMs, asItWas.calledIds) }
}

/** More of a day's log is not looked through: breaks before that are forgotten. */
const PAGES_MAX = 80
const TOLD = [
  '"BreakEnded"',
  '"TicketCalled"',
  '"TicketResumed"',
  '"TicketCancelled"',
  '"TicketRecorded"',
  '"DayOpened"',
] as const

/** Backwards through the log to the opening of the day. */
function notesOf({ epoch, seq, openCounters }: BranchState, { log }: Store, nowMs: number): DayNotes {
  const breaks: DayNotes['breaks'][number][] = []
  const calls: DayNotes['calls'][number][] = []
  const notGivenUp = new Set<TicketId>()
  for (const [counterId, { onBreak }] of openCounters)
    if (onBreak !== null) breaks.push({ counterId, fromMs: onBreak.sinceSteadyMs, toMs: nowMs })
  for (let page = 1; epoch !== null && page <= PAGES_MAX; page += 1) {
    const from = Math.max(0, seq - page * LOG_PAGE_MAX)
    let isFirst = from === 0
    // The last page of all is cut where the one before it began.
    for (const frame of log.after(epoch, from).filter((it) => it.seq <= seq - (page - 1) * LOG_PAGE_MAX)) {
      if (!TOLD.some((type) => frame.body.includes(type))) continue
      const event = JSON.parse(frame.body) as StoredEvent
      if (event.type === 'DayOpened') isFirst = true
      if (event.type === 'BreakEnded')
        breaks.push({ counterId: event.counterId, fromMs: event.steadyMs - event.breakMs, toMs: event.steadyMs })
      if (event.type === 'TicketCalled' || event.type === 'TicketResumed')
        calls.push({ counterId: event.counterId, atMs: event.steadyMs })
      if (event.type === 'TicketCancelled' && event.reason !== 'customer' && event.reason !== 'staff')
        notGivenUp.add(event.ticketId)
      // When somebody left is known to whoever wrote it down, at best.
      if (event.type === 'TicketRecorded') notGivenUp.add(event.ticketId)
    }
    if (isFirst) break
  }
  return { breaks, calls, notGivenUp }
}
