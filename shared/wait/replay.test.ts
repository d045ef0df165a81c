import { expect, test } from 'vitest'
import { learn } from './learn.ts'
import { emptyLearned } from './learned.ts'
import { replay, turnsMax, WAITING_MAX } from './replay.ts'
import { firstInOrder, type Rules } from './scene.ts'
import { freeCounter, joiner, laneOf, MINUTE_MS, NOW_MS, sceneOf, steadyBranch, TEN_MS } from './testing/hall.ts'

const SEED = 7

test('one counter that always takes a minute serves the fourth in line after three minutes, in every draw', () => {
  const scene = sceneOf([laneOf('ordinary', 3)], [freeCounter('one', [0])])
  const [place] = replay(scene, steadyBranch(MINUTE_MS), firstInOrder, [joiner(0)], SEED)
  expect(new Set(place?.waitsMs)).toEqual(new Set([3 * MINUTE_MS]))
  expect(place).toMatchObject({ meanMs: 3 * MINUTE_MS, aheadCount: 3, aheadSameCount: 3 })
})

test('two counters halve the wait, and each waiting ticket has its own', () => {
  const scene = sceneOf([laneOf('ordinary', 4)], [freeCounter('one', [0]), freeCounter('two', [0])])
  const places = (scene.lanes[0]?.tickets ?? []).map(({ id, ...times }) => ({ lane: 0, ticketId: id, ...times }))
  const waits = replay(scene, steadyBranch(MINUTE_MS), firstInOrder, [...places, joiner(0)], SEED)
  expect(waits.map((place) => place?.meanMs)).toEqual([0, 0, MINUTE_MS, MINUTE_MS, 2 * MINUTE_MS])
})

test('a counter that serves somebody is free when the rest of the service is over', () => {
  const busy = { ...freeCounter('one', [0]), busy: { serviceId: 'cash', sinceMs: NOW_MS - 20_000 } }
  const scene = sceneOf([laneOf('ordinary', 1)], [busy])
  const [place] = replay(scene, steadyBranch(MINUTE_MS), firstInOrder, [joiner(0)], SEED)
  expect(place?.meanMs).toBe(100_000)
})

test('whoever has priority goes before all who have none', () => {
  const privilegeMs = 12 * 3_600_000
  const scene = sceneOf([laneOf('ordinary', 5), laneOf('priority', 1, privilegeMs)], [freeCounter('one', [0, 1])])
  const asked = [joiner(0), joiner(1, privilegeMs)]
  const [ordinary, priority] = replay(scene, steadyBranch(MINUTE_MS), firstInOrder, asked, SEED)
  expect(priority?.meanMs).toBe(MINUTE_MS)
  expect(ordinary?.meanMs).toBe(6 * MINUTE_MS)
})

test('a counter serves its own lanes alone', () => {
  const scene = sceneOf([laneOf('left', 6), laneOf('right', 2)], [freeCounter('one', [0]), freeCounter('two', [1])])
  const [, right] = replay(scene, steadyBranch(MINUTE_MS), firstInOrder, [joiner(0), joiner(1)], SEED)
  expect(right).toMatchObject({ meanMs: 2 * MINUTE_MS, aheadCount: 2 })
})

test('an agent on a break calls nobody until the rest of a break is over', () => {
  const learned = steadyBranch(MINUTE_MS)
  for (let at = 0; at < 10; at++)
    learn(learned, { type: 'break-ended', counterId: 'one', breakMs: 20 * MINUTE_MS, nowMs: NOW_MS, dayMs: TEN_MS })
  const away = { ...freeCounter('one', [0]), breakSinceMs: NOW_MS - 5 * MINUTE_MS }
  const [place] = replay(sceneOf([laneOf('ordinary', 2)], [away]), learned, firstInOrder, [joiner(0)], SEED)
  expect(place?.meanMs).toBe(17 * MINUTE_MS)
})

test('people ahead who give up shorten the wait', () => {
  const scene = sceneOf([laneOf('ordinary', 30)], [freeCounter('one', [0])])
  const patient = steadyBranch(MINUTE_MS)
  const impatient = steadyBranch(MINUTE_MS)
  impatient.patience.left.fill(1)
  const mean = (learned: typeof patient): number =>
    replay(scene, learned, firstInOrder, [joiner(0)], SEED)[0]?.meanMs ?? Number.NaN
  expect(mean(patient)).toBe(30 * MINUTE_MS)
  expect(mean(impatient)).toBeLessThan(20 * MINUTE_MS)
})

test('fewer agents at this hour of earlier days make a longer wait', () => {
  const scene = {
    ...sceneOf(
      [laneOf('ordinary', 40)],
      [0, 1, 2, 3].map((at) => freeCounter(`${at}`, [0])),
    ),
    dayMs: TEN_MS - MINUTE_MS,
  }
  const learned = steadyBranch(5 * MINUTE_MS)
  const before = replay(scene, learned, firstInOrder, [joiner(0)], SEED)[0]?.meanMs ?? 0
  for (let day = 0; day < 4; day++) {
    for (const [dayMs, openCount] of [
      [TEN_MS - 2 * MINUTE_MS, 4],
      [TEN_MS, 2],
      [TEN_MS + 31 * MINUTE_MS, 2],
    ] as const)
      learn(learned, { type: 'looked', openCount, nowMs: NOW_MS, dayMs })
    learn(learned, { type: 'day-ended', nowMs: NOW_MS, dayMs: 0 })
  }
  expect(replay(scene, learned, firstInOrder, [joiner(0)], SEED)[0]?.meanMs).toBeGreaterThan(before * 1.1)
})

test('nothing is said where nobody serves, where the queue is paused, where too many wait, or before anything is known', () => {
  const learned = steadyBranch(MINUTE_MS)
  const said = (scene: ReturnType<typeof sceneOf>, by = learned) => replay(scene, by, firstInOrder, [joiner(0)], SEED)
  const one = freeCounter('one', [0])
  expect(said(sceneOf([laneOf('ordinary', 2)], []))).toEqual([null])
  expect(said(sceneOf([laneOf('ordinary', 2), laneOf('other', 0)], [freeCounter('one', [1])]))).toEqual([null])
  expect(said(sceneOf([{ ...laneOf('ordinary', 2), isPaused: true }], [one]))).toEqual([null])
  expect(said(sceneOf([laneOf('ordinary', WAITING_MAX + 1)], [one]))).toEqual([null])
  expect(said(sceneOf([laneOf('ordinary', 2)], [one]), emptyLearned())).toEqual([null])
})

test('a place in another lane is answered although one cannot be', () => {
  const scene = sceneOf([laneOf('served', 2), laneOf('orphaned', 2)], [freeCounter('one', [0])])
  const [served, orphaned] = replay(scene, steadyBranch(MINUTE_MS), firstInOrder, [joiner(0), joiner(1)], SEED)
  expect(served?.meanMs).toBe(2 * MINUTE_MS)
  expect(orphaned).toBeNull()
})

test('the same seed gives the same answer, another seed another', () => {
  const learned = steadyBranch(MINUTE_MS)
  for (const takenMs of [20_000, 90_000, 300_000, 40_000])
    for (let at = 0; at < 5; at++)
      learn(learned, { type: 'finished', counterId: 'one', serviceId: 'cash', takenMs, nowMs: NOW_MS, dayMs: TEN_MS })
  const scene = sceneOf([laneOf('ordinary', 20)], [freeCounter('one', [0]), freeCounter('two', [0])])
  const say = (seed: number) => replay(scene, learned, firstInOrder, [joiner(0)], seed)
  expect(say(1)).toEqual(say(1))
  expect(say(1)).not.toEqual(say(2))
})

test('a refresh takes a bounded number of turns, however many wait and however many come', () => {
  const learned = steadyBranch(MINUTE_MS)
  const privilegeMs = 12 * 3_600_000
  // A flood with priority: an ordinary ticket would never be reached.
  for (let at = 0; at < 2_000; at++)
    learn(learned, { type: 'joined', laneId: 'priority', nowMs: NOW_MS - at, dayMs: TEN_MS })
  let turns = 0
  const counting: Rules = (...scene) => {
    turns += 1
    return firstInOrder(...scene)
  }
  const scene = sceneOf([laneOf('ordinary', 500), laneOf('priority', 500, privilegeMs)], [freeCounter('one', [0, 1])])
  expect(replay(scene, learned, counting, [joiner(0)], SEED)).toEqual([null])
  expect(turns).toBeLessThanOrEqual(turnsMax(1_001))
  expect(turnsMax(WAITING_MAX)).toBeLessThan(30_000)
})
