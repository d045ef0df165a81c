import { expect, test } from 'vitest'
import type { DeviceId } from '#shared/domain/ids.ts'
import { createInstanceBook } from './instance-book.ts'

const deviceId = 'kiosk' as DeviceId
const claimed = { deviceId, name: 'Entrance' }
const [FIRST, SECOND] = ['first', 'second']

function openBook() {
  let nowMs = 0
  const said: string[] = []
  const note = (_: object, text: string): void => void said.push(text)
  const log = { info: note, warn: note, error: note } as unknown as Parameters<typeof createInstanceBook>[1]
  const book = createInstanceBook(() => nowMs, log)
  return { book, said, pass: (ms: number) => (nowMs += ms) }
}

test('whoever was cut off without a word is let in again once it is not heard any more, and never taken for two', () => {
  const { book, said, pass } = openBook()
  expect(book.arrive(claimed, FIRST)).toBe('welcome')
  book.enter(deviceId, FIRST)
  pass(3_000)
  // The power was away for a moment: the old line still hangs.
  expect(book.arrive(claimed, SECOND)).toBe('wait')
  pass(5_000)
  expect(book.arrive(claimed, SECOND)).toBe('wait')
  pass(6_000)
  expect(book.arrive(claimed, SECOND)).toBe('welcome')
  expect([book.twins(), said]).toEqual([[], []])
})

test('two that are both heard are two: the first one stays, the second is refused and told of until it is gone', () => {
  const { book, said, pass } = openBook()
  book.arrive(claimed, FIRST)
  book.enter(deviceId, FIRST)
  expect(book.arrive(claimed, SECOND)).toBe('wait')
  pass(4_000)
  book.heard(deviceId, FIRST)
  expect(book.arrive(claimed, SECOND)).toBe('twin')
  expect(book.arrive(claimed, FIRST)).toBe('welcome')
  expect(book.twins()).toEqual([deviceId])
  expect(said.length).toBe(1)
  pass(11 * 60_000)
  expect(book.twins()).toEqual([])
})

test('after a restart of the branch the one that was refused before waits for the other, but not for ever', () => {
  const both = openBook()
  expect(both.book.arrive(claimed, SECOND, true)).toBe('wait')
  expect(both.book.arrive(claimed, FIRST)).toBe('welcome')
  const alone = openBook()
  expect(alone.book.arrive(claimed, SECOND, true)).toBe('wait')
  alone.pass(61_000)
  expect(alone.book.arrive(claimed, SECOND, true)).toBe('welcome')
})

test('a line that was closed frees the place at once', () => {
  const { book } = openBook()
  book.arrive(claimed, FIRST)
  book.enter(deviceId, FIRST)
  book.leave(deviceId, FIRST)
  expect(book.arrive(claimed, SECOND)).toBe('welcome')
})
