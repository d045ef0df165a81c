import { expect, test } from 'vitest'
import type { Trouble } from './folded.ts'
import { placeToBegin } from './place-to-begin.ts'

const line = [{ epoch: 'first', upTo: 90 }]
const trouble = (of: Partial<Trouble>): Trouble => ({ ord: 40, types: {}, catalogues: [], ...of })
const begin = (of: Partial<Trouble>, name: string, before = '8.20.2', hasNewCatalogue = false): number =>
  placeToBegin(
    { reading: before, ord: 90, line, trouble: trouble(of) },
    line,
    { name, knows: () => true },
    hasNewCatalogue,
  )

test('what is poison is not read again at each release', () => {
  expect(begin({}, '8.21.2')).toBe(90)
})

test('what was not known is read by the next that may know it, and what can be mended by what mends it', () => {
  expect(begin({ types: { TicketBlessed: 3 } }, '8.21.2')).toBe(39)
  expect(begin({}, '8.20.3')).toBe(39)
  expect(begin({ types: { TicketBlessed: 3 } }, '8.20.2')).toBe(90)
})

test('a catalogue that comes leads back to where the first was missed', () => {
  expect(begin({ catalogues: ['ab'] }, '8.20.2', '8.20.2', true)).toBe(39)
  expect(begin({}, '8.20.2', '8.20.2', true)).toBe(90)
})

test('what an earlier fold made is made anew from the beginning, trouble or not', () => {
  expect(begin({ ord: null }, '9.20.2')).toBe(0)
})

test('a log that went another way is read from where the ways part', () => {
  const read = { reading: '8.20.2', ord: 90, line, trouble: trouble({ ord: null }) }
  const other = [
    { epoch: 'first', upTo: 70 },
    { epoch: 'second', upTo: 5 },
  ]
  expect(placeToBegin(read, other, { name: '8.20.2', knows: () => true }, false)).toBe(70)
})
