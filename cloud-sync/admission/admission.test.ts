import { expect, test } from 'vitest'
import { createInOrder } from './in-order.ts'
import { createPlaces } from './places.ts'
import { createTurns } from './turns.ts'
import { createWaitingRoom } from './waiting-room.ts'

const LIMITS = { placesMax: 2, lingerMs: 1_000, turnMs: 10_000 }

test('a branch keeps its place while it has more, and gives it to another once it has not', () => {
  const places = createPlaces(LIMITS)
  expect([places.enter('a', 0), places.enter('b', 0), places.enter('c', 0)]).toEqual([true, true, false])
  places.leave('a', 500, true)
  expect([places.enter('c', 600), places.enter('a', 600)]).toEqual([false, true])
  places.leave('a', 900, false)
  expect(places.enter('c', 900)).toBe(true)
})

test('whoever is silent loses its place, and however much somebody has, it is another’s turn in the end', () => {
  const places = createPlaces(LIMITS)
  places.enter('a', 0)
  places.enter('b', 0)
  places.leave('b', 100, true)
  expect(places.enter('c', 1_050)).toBe(false)
  expect(places.enter('c', 1_101)).toBe(true)
  // Its upload is under way: nobody takes its place.
  expect(places.enter('d', 9_999)).toBe(false)
  places.leave('a', 10_001, true)
  expect(places.enter('d', 10_002)).toBe(true)
})

test('an upload whose end nobody saw does not hold a place for ever', () => {
  const places = createPlaces({ ...LIMITS, placesMax: 1 })
  places.enter('a', 0)
  expect(places.hasRoom('b', 60_000)).toBe(false)
  expect(places.hasRoom('b', 600_000)).toBe(true)
})

test('the more wait, the later each is told to come again, and whoever does not come is not counted', () => {
  const room = createWaitingRoom({ againPerSecond: 10, againSecondsMin: 2, againSecondsMax: 60 })
  expect(room.turnAway('first', 0)).toBe(2)
  for (let each = 0; each < 299; each += 1) room.turnAway(`branch ${each}`, 0)
  expect(room.turnAway('first', 0)).toBe(30)
  room.letIn('first')
  expect(room.count(0)).toBe(299)
  for (let each = 299; each < 2_000; each += 1) room.turnAway(`branch ${each}`, 0)
  expect(room.turnAway('first', 0)).toBe(60)
  expect(room.turnAway('first', 121_000)).toBe(2)
})

test('so many work at once, and the others in the order in which they came', async () => {
  const turns = createTurns(2)
  const begun: number[] = []
  const all = [1, 2, 3, 4].map((each) => turns.take().then(() => void begun.push(each)))
  await Promise.all(all.slice(0, 2))
  expect(begun).toEqual([1, 2])
  turns.give()
  await all[2]
  expect(begun).toEqual([1, 2, 3])
  turns.give()
  await all[3]
  expect(begun).toEqual([1, 2, 3, 4])
})

test('of one branch one works, one more is inside behind it, and a third does not come in', async () => {
  const inOrder = createInOrder()
  const [first, second] = [inOrder.enter('one'), inOrder.enter('one')]
  expect([inOrder.enter('one'), inOrder.enter('other')?.before]).toEqual([null, null])
  expect([first?.before, second?.before?.isOver]).toEqual([null, first?.isOver])
  // The line of the one behind has broken: whoever comes next is behind the first all the same.
  second?.leave()
  const third = inOrder.enter('one')
  expect(third?.before?.isOver).toBe(first?.isOver)
  let hasBegun = false
  void third?.before?.hasBegun.then(() => {
    hasBegun = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(hasBegun).toBe(false)
  first?.begin()
  await third?.before?.hasBegun
  first?.leave()
  await third?.before?.isOver
  expect(inOrder.enter('one')?.before?.isOver).toBe(third?.isOver)
})

test('whoever is behind somebody holds nothing of those who were before that one', () => {
  const inOrder = createInOrder()
  inOrder.enter('one')
  expect(inOrder.enter('one')?.before).not.toHaveProperty('before')
})
