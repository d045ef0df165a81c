import { expect, test } from 'vitest'
import { lastLeavesMs } from './last-leaves.ts'
import { learn } from './learn.ts'
import { type Day, type DayCounter, playOut, replayDay, VISITS_MAX } from './replay-day.ts'
import { firstInOrder } from './scene.ts'
import { freeCounter, laneOf, MINUTE_MS, NOW_MS, sceneOf, steadyBranch, TEN_MS } from './testing/hall.ts'

const HOUR_MS = 3_600_000
const SEED = 3

const open = (id: string, breaks: DayCounter['breaks'] = []): DayCounter => ({
  id,
  lanes: [0],
  opensMs: 8 * HOUR_MS,
  closesMs: 17 * HOUR_MS,
  breaks,
})

/** Ten people come at once at nine; each takes a minute. */
const crowd = (counters: readonly DayCounter[], patienceMs = Number.POSITIVE_INFINITY): Day => ({
  lanes: [laneOf('ordinary', 0)],
  visits: Array.from({ length: 10 }, (_, at) => ({
    id: `${at}`,
    lane: 0,
    joinedMs: 9 * HOUR_MS + at,
    takenMs: MINUTE_MS,
    patienceMs,
  })),
  counters,
})

test('a day replayed as it was, with a counter more and with a counter less', () => {
  const day = crowd([open('one'), open('two')])
  const target = 2 * MINUTE_MS
  const asItWas = replayDay(day, firstInOrder, null, target)
  const more = replayDay(day, firstInOrder, { type: 'counter-added', counter: open('three') }, target)
  const less = replayDay(day, firstInOrder, { type: 'counter-removed', ids: ['two'] }, target)
  expect(asItWas).toMatchObject({ servedCount: 10, leftCount: 0 })
  expect(asItWas.meanWaitMs / MINUTE_MS).toBeCloseTo(2, 2)
  expect(less.meanWaitMs / MINUTE_MS).toBeCloseTo(4.5, 2)
  expect(more.meanWaitMs).toBeLessThan(asItWas.meanWaitMs)
  expect(more.withinTargetShare).toBeGreaterThan(asItWas.withinTargetShare)
  expect(less.p90WaitMs / MINUTE_MS).toBeCloseTo(8, 1)
})

test('whom a counter less would not have reached still counts, with the wait up to the end', () => {
  const closesMs = 9 * HOUR_MS + 5 * MINUTE_MS
  const counters = ['one', 'two'].map((id) => ({ ...open(id), closesMs }))
  const day = crowd(counters)
  const asItWas = replayDay(day, firstInOrder, null, 2 * MINUTE_MS)
  const less = replayDay(day, firstInOrder, { type: 'counter-removed', ids: ['two'] }, 2 * MINUTE_MS, asItWas.calledIds)
  expect(asItWas).toMatchObject({ servedCount: 10, notCalledCount: 0 })
  expect(less).toMatchObject({ servedCount: 5, notCalledCount: 5 })
  expect(less.meanWaitMs).toBeGreaterThan(asItWas.meanWaitMs)
  expect(less.p90WaitMs).toBeGreaterThan(asItWas.p90WaitMs)
  expect(less.withinTargetShare).toBeLessThan(asItWas.withinTargetShare)
})

test('nobody is called on a break, before the opening or after the close, and who is there then goes home', () => {
  const lunch = [{ fromMs: 9 * HOUR_MS, toMs: 9 * HOUR_MS + 30 * MINUTE_MS }]
  const waits = playOut(crowd([open('one', lunch)]), firstInOrder).map(({ waitMs }) => waitMs)
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(30 * MINUTE_MS - 1)
  const short = playOut(crowd([{ ...open('one'), closesMs: 9 * HOUR_MS + 3 * MINUTE_MS }]), firstInOrder)
  expect(short).toHaveLength(10)
  expect(short.filter(({ counterId }) => counterId !== null)).toHaveLength(3)
})

test('whoever has had enough goes, and takes no counter', () => {
  const { servedCount, leftCount } = replayDay(crowd([open('one')], 3.5 * MINUTE_MS), firstInOrder, null, MINUTE_MS)
  expect(servedCount).toBe(4)
  expect(leftCount).toBe(6)
})

test('a day has so many visits at most, and an empty one has figures too', () => {
  const [visit] = crowd([]).visits
  const flood = { ...crowd([]), visits: Array.from({ length: VISITS_MAX + 1 }, () => visit).flatMap((it) => it ?? []) }
  expect(() => playOut(flood, firstInOrder)).toThrow(RangeError)
  expect(replayDay({ ...crowd([]), visits: [] }, firstInOrder, null, 0)).toMatchObject({
    meanWaitMs: 0,
    withinTargetShare: 1,
  })
})

test('if no more tickets are given, the last customer leaves when the line has been served', () => {
  const scene = sceneOf([laneOf('ordinary', 10)], [freeCounter('one', [0]), freeCounter('two', [0])])
  const last = lastLeavesMs(scene, steadyBranch(MINUTE_MS), firstInOrder, NOW_MS, SEED)
  expect(last).toEqual({ midMs: NOW_MS + 5 * MINUTE_MS, highMs: NOW_MS + 5 * MINUTE_MS })
})

test('who comes until the stop is served too; without a counter nobody can say', () => {
  const learned = steadyBranch(MINUTE_MS)
  for (let at = 0; at < 60; at++)
    learn(learned, { type: 'joined', laneId: 'ordinary', nowMs: NOW_MS - at * 60_000, dayMs: TEN_MS })
  const scene = sceneOf([laneOf('ordinary', 10)], [freeCounter('one', [0])])
  const now = lastLeavesMs(scene, learned, firstInOrder, NOW_MS, SEED)
  const later = lastLeavesMs(scene, learned, firstInOrder, NOW_MS + 20 * MINUTE_MS, SEED)
  expect(later?.midMs).toBeGreaterThan((now?.midMs ?? Number.NaN) + 5 * MINUTE_MS)
  expect(later?.highMs).toBeGreaterThanOrEqual(later?.midMs ?? Number.NaN)
  expect(lastLeavesMs(sceneOf([laneOf('ordinary', 1)], []), learned, firstInOrder, NOW_MS, SEED)).toBeNull()
})
