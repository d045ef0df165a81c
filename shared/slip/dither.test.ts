import { expect, test } from 'vitest'
import { ditherGrey } from './dither.ts'

const blackShare = (dots: Uint8Array): number => dots.reduce((sum, dot) => sum + dot, 0) / dots.length

test('a grey field becomes as many black dots as it is dark, wherever one looks', () => {
  for (const grey of [32, 96, 160, 224]) {
    const dots = ditherGrey(new Uint8Array(64 * 64).fill(grey), 64)
    expect(blackShare(dots)).toBeCloseTo(1 - grey / 255, 1)
    expect(blackShare(dots.subarray(0, 64 * 16))).toBeCloseTo(1 - grey / 255, 1)
  }
})

test('what is black or white already stays as it is, to the edge', () => {
  const drawing = Uint8Array.from({ length: 400 }, (_, index) => ((index * 7) % 3 === 0 ? 0 : 255))
  expect([...ditherGrey(drawing, 20)]).toEqual([...drawing].map((grey) => (grey === 0 ? 1 : 0)))
})

test('darkness does not run round from one edge of the picture to the other', () => {
  const half = Uint8Array.from({ length: 40 * 40 }, (_, index) => (index % 40 < 20 ? 120 : 255))
  const dots = ditherGrey(half, 40)
  const right = dots.filter((_, index) => index % 40 >= 22)
  expect(blackShare(right)).toBe(0)
})
