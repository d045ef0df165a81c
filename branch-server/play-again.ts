import { daySoFar, inQueueOrder, meanTargetMs, oneCounter } from '#shared/wait/day-so-far.ts'
import { type DayFigures, replayDay } from '#shared/wait/replay-day.ts'
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
  const times = store
    .shiftsOn(state.day.date)
    .filter(({ isTraining }) => !isTraining)
    .map(({ counterId, sinceSteadyMs, signedInMs, breakMs }) => {
      const toMs = signedInMs === null ? null : sinceSteadyMs + signedInMs
      return { counterId, fromMs: sinceSteadyMs, toMs, breakMs }
    })
  const day = daySoFar(state, times, nowMs)
  const changed = oneCounter(day, change)
  if (changed === null || day.visits.length === 0) return null
  const targetMs = meanTargetMs(state)
  return {
    asItWas: replayDay(day, inQueueOrder, null, targetMs),
    changed: replayDay(day, inQueueOrder, changed, targetMs),
  }
}
