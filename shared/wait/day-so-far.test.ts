import { expect, test } from 'vitest'
import { amadou, binta, cash, counter1, counter2 } from '../domain/testing/bank.ts'
import { openBranch, type Story } from '../domain/testing/story.ts'
import { turnSinceMs } from './branch-scene.ts'
import { daySoFar, inQueueOrder, meanTargetMs, oneCounter } from './day-so-far.ts'
import { replayDay } from './replay-day.ts'

const MINUTE = 60_000

/** Twelve come at once; one counter takes four minutes for each. */
function morning(): { story: Story; fromMs: number } {
  const story = openBranch(undefined, [[counter1, amadou]])
  const fromMs = story.clock.read().steadyMs
  for (let times = 0; times < 12; times += 1) story.takes(cash)
  for (let times = 0; times < 12; times += 1) {
    const ticketId = story.callsNext(counter1)
    story.acts('StartService', counter1, ticketId)
    story.clock.pass(4 * MINUTE)
    story.completes(counter1, ticketId)
  }
  return { story, fromMs }
}

test('the day played again as it was gives the waits that there were', () => {
  const { story, fromMs } = morning()
  const nowMs = story.clock.read().steadyMs
  const day = daySoFar(story.state(), [{ counterId: counter1, fromMs, toMs: null, breakMs: 0 }], nowMs)
  const figures = replayDay(day, inQueueOrder, null, meanTargetMs(story.state()))
  const waits = [...story.state().tickets.values()].map(({ facts }) => facts.waitMs ?? 0)
  expect(figures.servedCount).toBe(12)
  expect(figures.meanWaitMs).toBeCloseTo(waits.reduce((sum, waitMs) => sum + waitMs, 0) / 12, -1)
})

test('with one counter more half the wait is gone, with one less than one there is nothing to tell', () => {
  const { story, fromMs } = morning()
  const nowMs = story.clock.read().steadyMs
  const day = daySoFar(story.state(), [{ counterId: counter1, fromMs, toMs: null, breakMs: 0 }], nowMs)
  const asItWas = replayDay(day, inQueueOrder, null, 600_000)
  const more = replayDay(day, inQueueOrder, oneCounter(day, 'more'), 600_000)
  expect(more.meanWaitMs).toBeLessThan(0.55 * asItWas.meanWaitMs)
  expect(more.withinTargetShare).toBeGreaterThan(asItWas.withinTargetShare)
  expect(oneCounter(day, 'less')).toBeNull()
})

test('a counter less is the one that was open for the shortest time, and people wait longer', () => {
  const { story, fromMs } = morning()
  story.opens(counter2, binta)
  const nowMs = story.clock.read().steadyMs
  const times = [
    { counterId: counter1, fromMs, toMs: null, breakMs: 0 },
    { counterId: counter2, fromMs, toMs: fromMs + 20 * MINUTE, breakMs: 4 * MINUTE },
  ]
  const day = daySoFar(story.state(), times, nowMs)
  const change = oneCounter(day, 'less')
  expect(change).toEqual({ type: 'counter-removed', counterId: counter2 })
  const [asItWas, less] = [replayDay(day, inQueueOrder, null, 0), replayDay(day, inQueueOrder, change, 0)]
  expect(less.meanWaitMs).toBeGreaterThan(asItWas.meanWaitMs)
})

test('a no-show took the counter from the call on, however often it was called again', () => {
  const story = openBranch(undefined, [[counter1, amadou]])
  const fromMs = story.clock.read().steadyMs
  story.takes(cash)
  const ticketId = story.callsNext(counter1)
  story.clock.pass(3 * MINUTE)
  story.acts('RecallTicket', counter1, ticketId)
  story.clock.pass(MINUTE)
  expect(turnSinceMs(story.ticket(ticketId))).toBe(fromMs)
  story.acts('MarkNoShow', counter1, ticketId)
  const counters = [{ counterId: counter1, fromMs, toMs: null, breakMs: 0 }]
  const day = daySoFar(story.state(), counters, story.clock.read().steadyMs)
  expect(day.visits.map(({ takenMs }) => takenMs)).toEqual([4 * MINUTE])
})

test('whoever gave up gives up again, and training is not of the day', () => {
  const { story, fromMs } = morning()
  const ticketId = story.takes(cash)
  story.clock.pass(3 * MINUTE)
  story.acts('CancelTicket', counter1, ticketId)
  const nowMs = story.clock.read().steadyMs
  const day = daySoFar(story.state(), [{ counterId: counter1, fromMs, toMs: nowMs - 3 * MINUTE, breakMs: 0 }], nowMs)
  expect(replayDay(day, inQueueOrder, null, 0)).toMatchObject({ servedCount: 12, leftCount: 1 })
})
