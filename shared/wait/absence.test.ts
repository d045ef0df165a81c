import { expect, test } from 'vitest'
import { isLost } from './absence.ts'
import { seededDice } from './dice.ts'
import { lastLeavesMs } from './last-leaves.ts'
import { learn } from './learn.ts'
import type { Learned } from './learned.ts'
import { drawRemaining, isBeyondAll } from './remaining.ts'
import { replay } from './replay.ts'
import { firstInOrder, type Scene, type SceneCounter } from './scene.ts'
import { freeCounter, joiner, laneOf, MINUTE_MS, NOW_MS, sceneOf, steadyBranch, TEN_MS } from './testing/hall.ts'

const SEED = 5

/** Prompt agents so far: whoever waited was called within seconds. */
function promptBranch(): Learned {
  const learned = steadyBranch(MINUTE_MS)
  for (let at = 0; at < 30; at++) {
    const when = { nowMs: NOW_MS - 40 * MINUTE_MS, dayMs: TEN_MS }
    learn(learned, { type: 'finished', counterId: 'one', serviceId: 'cash', takenMs: MINUTE_MS, ...when })
    const called = { ...when, nowMs: when.nowMs + (at % 10) * 1_000 }
    learn(learned, { type: 'called', counterId: 'one', ticketId: '', serviceId: 'cash', waitMs: MINUTE_MS, ...called })
  }
  return learned
}

/** Three wait, since the last three minutes and on; a counter is free since it last served somebody. */
function idleSince(idleMs: number): { learned: Learned; scene: Scene } {
  const learned = promptBranch()
  const nowMs = NOW_MS - idleMs
  learn(learned, { type: 'finished', counterId: 'one', serviceId: 'cash', takenMs: MINUTE_MS, nowMs, dayMs: TEN_MS })
  return { learned, scene: sceneOf([laneOf('ordinary', 20)], [freeCounter('one', [0])]) }
}

const said = ({ learned, scene }: ReturnType<typeof idleSince>) =>
  replay(scene, learned, firstInOrder, [joiner(0)], SEED)[0]

test('a counter that has just become free is taken at its word', () => {
  expect(said(idleSince(0))?.meanMs).toBeLessThan(22 * MINUTE_MS)
})

test('the longer a free counter leaves people waiting, the longer and the less certain the wait', () => {
  const waits = [0, 1, 2, 4].map((minutes) => said(idleSince(minutes * MINUTE_MS)))
  const means = waits.map((place) => place?.meanMs ?? Number.NaN)
  expect(means).toEqual(means.toSorted((a, b) => a - b))
  const spreads = waits.map((place) => (place?.waitsMs[21] ?? Number.NaN) - (place?.waitsMs[2] ?? Number.NaN))
  expect(spreads[3]).toBeGreaterThan(2 * (spreads[0] ?? Number.NaN))
  expect(spreads[3]).toBeGreaterThan(3 * MINUTE_MS)
})

test('a counter that has called nobody for much longer than ever is no counter: nothing is said', () => {
  const lost = idleSince(10 * MINUTE_MS)
  expect(said(lost)).toBeNull()
  expect(lastLeavesMs(lost.scene, lost.learned, firstInOrder, NOW_MS, SEED)).toBeNull()
  // Another one calls: with two the wait would be ten minutes.
  const two = { ...lost.scene, counters: [...lost.scene.counters, freeCounter('two', [0])] }
  expect(said({ ...lost, scene: two })?.meanMs).toBeGreaterThan(12 * MINUTE_MS)
})

test('nobody waits for it: a counter may be free all day and is there all the same', () => {
  const { learned } = idleSince(30 * MINUTE_MS)
  const scene = sceneOf([laneOf('ordinary', 0)], [freeCounter('one', [0])])
  expect(replay(scene, learned, firstInOrder, [joiner(0)], SEED)[0]?.meanMs).toBe(0)
  const paused = sceneOf(
    [laneOf('ordinary', 0), { ...laneOf('other', 9), isPaused: true }],
    [freeCounter('one', [0, 1])],
  )
  expect(replay(paused, learned, firstInOrder, [joiner(0)], SEED)[0]?.meanMs).toBe(0)
})

test('a customer who is called or served far beyond all others, and a break without end, promise nothing either', () => {
  const learned = promptBranch()
  for (let at = 0; at < 10; at++)
    learn(learned, { type: 'break-ended', counterId: 'two', breakMs: 20 * MINUTE_MS, nowMs: NOW_MS, dayMs: TEN_MS })
  const lostWith = (counter: Partial<SceneCounter>): boolean => {
    const scene = sceneOf([laneOf('ordinary', 2)], [{ ...freeCounter('one', [0]), ...counter }])
    return scene.counters.every((each) => isLost(scene, learned, each))
  }
  const served = (minutes: number) => ({ busy: { serviceId: 'cash', sinceMs: NOW_MS - minutes * MINUTE_MS } })
  expect([lostWith(served(20)), lostWith(served(40))]).toEqual([false, true])
  const away = (minutes: number) => ({ breakSinceMs: NOW_MS - minutes * MINUTE_MS })
  expect([lostWith(away(50)), lostWith(away(90))]).toEqual([false, true])
})

test('what is left of something is drawn from what lasted longer, and beyond all of it lasts about as long again', () => {
  const dice = seededDice(SEED)
  const values = [1, 2, 3, 10, 11, 12]
  const known = Array.from({ length: 300 }, () => drawRemaining(values, 4, 5, dice))
  expect(new Set(known)).toEqual(new Set([6, 7, 8]))
  const medianAfter = (passed: number): number =>
    Array.from({ length: 2_001 }, () => drawRemaining(values, passed, 5, dice)).toSorted((a, b) => a - b)[1_000] ?? 0
  expect(medianAfter(20) / 25).toBeCloseTo(Math.SQRT2 - 1, 1)
  expect(medianAfter(200)).toBeGreaterThan(6 * medianAfter(20))
  expect([isBeyondAll(values, 23, 5), isBeyondAll(values, 25, 5), isBeyondAll(values, 25, 30)]).toEqual([
    false,
    true,
    false,
  ])
})
