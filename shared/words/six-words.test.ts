import { expect, test } from 'vitest'
import { sixWords } from './six-words.ts'

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => values[at] ?? 0)

test('a fingerprint is always the same six words', () => {
  expect(sixWords(bytes())).toEqual(['abandon', 'abandon', 'abandon', 'abandon', 'abandon', 'abandon'])
  expect(sixWords(bytes(255, 255, 255, 255, 255, 255, 255, 255, 255))).toEqual([
    'zoo',
    'zoo',
    'zoo',
    'zoo',
    'zoo',
    'zoo',
  ])
})

test('each of the first 66 bits changes the words', () => {
  const told = new Set(
    Array.from({ length: 66 }, (_, bit) => {
      const one = bytes()
      one[Math.floor(bit / 8)] = 0x80 >> (bit % 8)
      return sixWords(one).join(' ')
    }),
  )
  expect(told.size).toBe(66)
  expect(told).not.toContain(sixWords(bytes()).join(' '))
})

test('what is too short for six words is no fingerprint', () => {
  expect(() => sixWords(new Uint8Array(4))).toThrow('too short')
})
