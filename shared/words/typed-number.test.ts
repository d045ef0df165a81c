import { expect, test } from 'vitest'
import { plainNumber } from './typed-number.ts'

test('a number is typed in the digits of any keyboard, in small letters, with spaces, or copied with signs of direction', () => {
  expect(['A٠٠٥', 'a ٠٠٥', '\u200fA\u200e١٠٠١', 'b۱۹۹۹', ' c2003 '].map(plainNumber)).toEqual([
    'A005',
    'A005',
    'A1001',
    'B1999',
    'C2003',
  ])
})
