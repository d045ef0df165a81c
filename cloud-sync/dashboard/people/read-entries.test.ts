import { expect, test } from 'vitest'
import { readEntries } from './read-entries.ts'

const linesOf = (count: number): string =>
  Array.from({ length: count }, (_, at) => `${JSON.stringify({ seq: at + 1 })}\n`).join('')

test('of a long chain the newest entries are shown, and how many there are is known', () => {
  const { entries, count } = readEntries(linesOf(5_003))
  expect([count, entries.length, entries[0]?.seq, entries.at(-1)?.seq]).toEqual([5_003, 5_000, 5_003, 4])
  expect(readEntries(linesOf(2))).toEqual({ count: 2, entries: [{ seq: 2 }, { seq: 1 }] })
  expect(readEntries('')).toEqual({ count: 0, entries: [] })
})
