import { expect, test } from 'vitest'
import { seededDice } from './dice.ts'
import { askFor, estimateJoiners, OUTCOMES_MIN, refresh } from './estimate.ts'
import { type Happening, learn } from './learn.ts'
import { emptyLearned, type Learned, learnedFrom, learnedOf, SERVICES_MAX } from './learned.ts'
import { measuredError } from './measured.ts'
import { drawPatience, emptyPatience, learnPatience, leavingRate } from './patience.ts'
import { firstInOrder } from './scene.ts'
import { freeCounter, joiner, laneOf, MINUTE_MS, NOW_MS, sceneOf, steadyBranch, TEN_MS } from './testing/hall.ts'

/** A morning of one branch: somebody joins, is told a wait, and waits as long as it pleases the dice. */
function liveOn(learned: Learned, count: number, seed: number): void {
  const dice = seededDice(seed)
  for (let at = 0; at < count; at++) {
    const scene = sceneOf([laneOf('ordinary', 1 + (at % 6))], [freeCounter('one', [0])])
    const ticketId = `ticket ${seed} ${at}`
    askFor(learned, scene, firstInOrder, joiner(0), ticketId, at)
    const waitMs = (1 + (at % 6)) * MINUTE_MS * (0.5 + dice())
    const nowMs = NOW_MS + waitMs
    learn(learned, { type: 'joined', laneId: 'ordinary', nowMs: NOW_MS, dayMs: TEN_MS })
    learn(learned, { type: 'called', counterId: 'one', ticketId, serviceId: 'cash', waitMs, nowMs, dayMs: TEN_MS })
    learn(learned, {
      type: 'finished',
      counterId: 'one',
      serviceId: 'cash',
      takenMs: MINUTE_MS * (0.5 + dice()),
      nowMs,
      dayMs: TEN_MS,
    })
  }
}

test('what a branch has learned survives JSON and goes on as if nothing had happened', () => {
  const one = steadyBranch(MINUTE_MS)
  liveOn(one, 200, 1)
  const other = JSON.parse(JSON.stringify(one)) as Learned
  expect(other).toEqual(one)
  liveOn(one, 50, 2)
  liveOn(other, 50, 2)
  expect(other).toEqual(one)
})

test('what a branch has learned does not grow with its past', () => {
  const learned = steadyBranch(MINUTE_MS)
  const size = (): number => JSON.stringify(learned).length
  liveOn(learned, 300, 1)
  const early = size()
  liveOn(learned, 3_000, 2)
  expect(size()).toBeLessThan(early * 1.5)
})

test('services, lanes and tickets without end fill what there is room for, and no more', () => {
  const learned = emptyLearned()
  for (let at = 0; at < 20_000; at++) {
    const when = { nowMs: NOW_MS + at, dayMs: TEN_MS }
    learn(learned, { type: 'joined', laneId: `lane ${at}`, ...when })
    learn(learned, { type: 'finished', counterId: 'one', serviceId: `service ${at}`, takenMs: MINUTE_MS, ...when })
    learn(learned, {
      type: 'called',
      counterId: 'one',
      ticketId: `${at}`,
      serviceId: `service ${at}`,
      waitMs: at,
      ...when,
    })
  }
  expect(Object.keys(learned.services)).toHaveLength(SERVICES_MAX)
  expect(JSON.stringify(learned).length).toBeLessThan(1_000_000)
})

test('nothing is told before enough waits have been seen through', () => {
  const learned = steadyBranch(MINUTE_MS)
  const scene = sceneOf([laneOf('ordinary', 2)], [freeCounter('one', [0])])
  const say = () => estimateJoiners(learned, scene, firstInOrder, [joiner(0)], 1)[0]
  liveOn(learned, OUTCOMES_MIN - 1, 1)
  expect(say()).toBeNull()
  liveOn(learned, 1, 2)
  expect(say()).toMatchObject({ lowMs: expect.any(Number), midMs: expect.any(Number), highMs: expect.any(Number) })
})

test('low is never above the middle, nor the middle above high, and no figure is below nothing', () => {
  const learned = steadyBranch(MINUTE_MS)
  liveOn(learned, 400, 1)
  for (let waiting = 0; waiting < 40; waiting++) {
    const scene = sceneOf([laneOf('ordinary', waiting)], [freeCounter('one', [0])])
    const [range] = estimateJoiners(learned, scene, firstInOrder, [joiner(0)], waiting)
    expect(range?.lowMs).toBeGreaterThanOrEqual(0)
    expect(range?.lowMs).toBeLessThanOrEqual(range?.midMs ?? Number.NaN)
    expect(range?.midMs).toBeLessThanOrEqual(range?.highMs ?? Number.NaN)
  }
})

test('asking teaches nothing: only what happened does', () => {
  const learned = steadyBranch(MINUTE_MS)
  liveOn(learned, 60, 1)
  const before = structuredClone(learned)
  const scene = sceneOf([laneOf('ordinary', 4)], [freeCounter('one', [0])])
  for (let seed = 0; seed < 20; seed++) estimateJoiners(learned, scene, firstInOrder, [joiner(0)], seed)
  expect(learned).toEqual(before)
})

test('a refresh speaks of everybody who waits, in the order of the line', () => {
  const learned = steadyBranch(MINUTE_MS)
  const scene = sceneOf([laneOf('ordinary', 5)], [freeCounter('one', [0])])
  for (let at = 0; at < 80; at++) {
    refresh(learned, scene, firstInOrder, [], at)
    for (const [place, { id }] of (scene.lanes[0]?.tickets ?? []).entries()) {
      const nowMs = NOW_MS + place * MINUTE_MS
      learn(learned, {
        type: 'called',
        counterId: 'one',
        ticketId: id,
        serviceId: 'cash',
        waitMs: MINUTE_MS,
        nowMs,
        dayMs: TEN_MS,
      })
    }
  }
  const mids = [...refresh(learned, scene, firstInOrder, [], 1).waiting.values()].map(({ midMs }) => midMs)
  expect(mids).toHaveLength(5)
  expect(mids).toEqual(mids.toSorted((a, b) => a - b))
  for (const [place, midMs] of mids.entries()) expect(Math.abs(midMs - place * MINUTE_MS)).toBeLessThan(MINUTE_MS / 2)
})

test('the branch counts its own error, of newcomers it told something', () => {
  const learned = steadyBranch(MINUTE_MS)
  expect(measuredError(learned.measured)).toBeNull()
  liveOn(learned, 2_000, 1)
  const own = measuredError(learned.measured)
  expect(own?.count).toBe(2_000 - OUTCOMES_MIN)
  expect(Math.abs(own?.biasMs ?? Number.NaN)).toBeLessThan(10_000)
  expect(own?.insideShare).toBeGreaterThan(0.75)
  expect(own?.insideShare).toBeLessThan(0.85)
})

test('impatience is seen through those who were called before they gave up', () => {
  const dice = seededDice(3)
  const patience = emptyPatience()
  const truePatienceMs = 300_000
  for (let at = 0; at < 6_000; at++) {
    const staysMs = -truePatienceMs * Math.log(1 - dice())
    const calledMs = -200_000 * Math.log(1 - dice())
    learnPatience(patience, Math.min(staysMs, calledMs), staysMs < calledMs)
  }
  for (const waitedMs of [10_000, 90_000, 200_000])
    expect(leavingRate(patience, waitedMs) * truePatienceMs).toBeCloseTo(1, 0.5)
  const draws = Array.from({ length: 4_000 }, () => drawPatience(patience, 60_000, dice))
  const within = draws.filter((moreMs) => moreMs < truePatienceMs).length / draws.length
  expect(within).toBeGreaterThan(0.55)
  expect(within).toBeLessThan(0.72)
})

test('a ticket that gives up teaches patience and no wait', () => {
  const learned = steadyBranch(MINUTE_MS)
  const scene = sceneOf([laneOf('ordinary', 3)], [freeCounter('one', [0])])
  askFor(learned, scene, firstInOrder, joiner(0), 'gone', 1)
  const left: Happening = {
    type: 'left',
    ticketId: 'gone',
    serviceId: 'cash',
    waitMs: 90_000,
    nowMs: NOW_MS,
    dayMs: TEN_MS,
  }
  learn(learned, left)
  expect(learned.asked).toEqual({})
  expect(learned.outcomeCount).toBe(0)
  expect(learned.patience.left.reduce((sum, value) => sum + value)).toBeGreaterThan(0.9)
})

test('ids that every object knows are ids like others', () => {
  const learned = steadyBranch(MINUTE_MS)
  for (const id of ['constructor', '__proto__', 'toString']) {
    const when = { nowMs: NOW_MS, dayMs: TEN_MS }
    learn(learned, { type: 'finished', serviceId: id, counterId: id, takenMs: MINUTE_MS, ...when })
    learn(learned, { type: 'called', ticketId: id, serviceId: id, counterId: id, waitMs: MINUTE_MS, ...when })
    expect(learnedOf(learned, id)?.pace.lastWaitMs).toBe(MINUTE_MS)
  }
  expect(learned.turns.values.every(Number.isFinite)).toBe(true)
  expect(JSON.parse(JSON.stringify(learned))).toEqual(learned)
})

test('a memory of another version, or one that is none, is a new one', () => {
  const learned = steadyBranch(MINUTE_MS)
  expect(learnedFrom(JSON.parse(JSON.stringify(learned)))).toEqual(learned)
  for (const kept of [null, 7, {}, { ...learned, version: 0 }, { version: learned.version }])
    expect(learnedFrom(kept)).toEqual(emptyLearned())
})
