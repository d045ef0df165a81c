import { expect, test } from 'vitest'
import { createPace, waitSeconds } from './pace.ts'

const limits = { max: 3, windowMs: 10_000, askersMax: 2 }

test('each may ask so often in a window, and is told how long to wait; nobody waits for another', () => {
  let nowMs = 5_000
  const pace = createPace(limits, () => nowMs)
  expect([1, 2, 3].map(() => pace.take('a'))).toEqual([0, 0, 0])
  nowMs += 4_000
  expect([pace.take('a'), pace.waitMs('a'), pace.take('b'), pace.waitMs('b')]).toEqual([6_000, 6_000, 0, 0])
  nowMs += 6_000
  expect([pace.waitMs('a'), pace.take('a')]).toEqual([0, 0])
})

test('what is given back is not counted', () => {
  const pace = createPace({ ...limits, max: 1 }, () => 0)
  pace.giveBack('a')
  expect([pace.take('a'), pace.take('a')]).toEqual([0, 10_000])
  pace.giveBack('a')
  expect([pace.take('a'), pace.take('a')]).toEqual([0, 10_000])
})

test('a clock that is set back holds nobody for longer than a window', () => {
  let nowMs = 1_000_000
  const pace = createPace(limits, () => nowMs)
  for (const _ of [1, 2, 3, 4]) pace.take('a')
  nowMs = 10
  expect(pace.take('a')).toBe(0)
})

test('however many ask, so many are counted', () => {
  const pace = createPace({ ...limits, max: 1 }, () => 0)
  expect(['a', 'b', 'c'].map((who) => pace.take(who))).toEqual([0, 0, 0])
  // The first is forgotten for the third; the second is not.
  expect([pace.waitMs('a'), pace.waitMs('b'), pace.waitMs('c')]).toEqual([0, 10_000, 10_000])
})

test('who is told to wait waits a second at least', () => {
  expect([1, 1_000, 1_001].map(waitSeconds)).toEqual([1, 1, 2])
})
