import { expect, test } from 'vitest'
import { nextRow } from './walk-rows.ts'

test('the arrows go from row to row, from either end where no row has the focus, and stay at the ends', () => {
  expect([nextRow(-1, 3, 1), nextRow(-1, 3, -1), nextRow(0, 3, 1), nextRow(2, 3, 1), nextRow(0, 3, -1)]).toEqual([
    ...[0, 2, 1, 2, 0],
  ])
  expect(nextRow(-1, 0, 1)).toBe(-1)
})
