import { expect, test } from 'vitest'
import { dateIn, pathOf, readQuestion, writeQuestion } from './question.ts'

const TODAY = '2026-11-28'
const read = (query: string) => readQuestion('wait-times', new URLSearchParams(query), TODAY)

test('a bare address asks for the four weeks up to yesterday, of all branches', () => {
  const plain = { from: '2026-10-31', to: '2026-11-27', branch: null, comparison: 'none', of: null }
  expect(read('')).toEqual({ report: 'wait-times', ...plain })
  // What somebody cut short or wrote by hand is no date.
  expect(read('from=2026-11-31x&to=2026-11-27')).toMatchObject({ from: '2026-10-31' })
  expect(readQuestion('nothing', new URLSearchParams(), TODAY)).toBeNull()
})

test('whoever is given an address asks the same', () => {
  const query = 'from=2026-11-02&to=2026-11-08&branch=b-1&compare=year&service=cash'
  const question = read(query)
  expect(question && writeQuestion(question).toString()).toBe(query)
})

test('a period is compared with the days just before, or with those of the same weekdays a year ago', () => {
  const before = read('from=2026-11-02&to=2026-11-08&compare=before')
  expect(before && pathOf(before)).toContain('compareFrom=2026-10-26')
  const year = read('from=2026-11-02&to=2026-11-08&compare=year')
  expect(year && pathOf(year, { format: 'pdf' })).toContain('compareFrom=2025-11-03&format=pdf')
})

test('today is a date of the branch’s own zone', () => {
  const atMs = Date.parse('2026-11-27T23:30:00Z')
  expect([dateIn(atMs, 'Africa/Dakar'), dateIn(atMs, 'Europe/Paris')]).toEqual(['2026-11-27', TODAY])
})
