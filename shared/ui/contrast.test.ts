import { expect, test } from 'vitest'
import { contrastRatio, correctAccent } from './contrast.ts'

const PAPER = '#f6f1e7'
const NIGHT = '#14110c'

test('black on white is the largest contrast, a colour on itself the smallest', () => {
  expect(contrastRatio('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrastRatio('#7a1f5c', '#7a1f5c')).toBeCloseTo(1)
})

test('an accent that is clear enough stays as the tenant chose it', () => {
  expect(correctAccent('#14604f', PAPER)).toEqual({ fill: '#14604f', text: '#14604f', onFill: '#ffffff' })
})

test('whatever accent a tenant chooses, words and shapes stand out on paper and at night', () => {
  const levels = ['00', '33', '66', '99', 'cc', 'ff']
  for (const red of levels)
    for (const green of levels)
      for (const blue of levels)
        for (const ground of [PAPER, NIGHT]) {
          const colours = correctAccent(`#${red}${green}${blue}`, ground)
          expect(contrastRatio(colours.fill, ground)).toBeGreaterThanOrEqual(3)
          expect(contrastRatio(colours.text, ground)).toBeGreaterThanOrEqual(4.5)
          expect(contrastRatio(colours.onFill, colours.fill)).toBeGreaterThanOrEqual(4.5)
        }
})

test('a colour that is not a colour is refused', () => {
  expect(() => correctAccent('green', PAPER)).toThrow('#rrggbb')
})
