import { expect, test } from 'vitest'
import { isAccident, isDoubleTouch, padKeyOf } from './pad-keys.ts'

const stroke = (key: string, atMs: number) => ({ key, atMs })

test('four plain keys, or the function keys a pad is programmed to, mean the same', () => {
  for (const [plain, programmed] of [
    ['ArrowUp', 'F13'],
    ['ArrowDown', 'F14'],
    ['Enter', 'F15'],
    ['Escape', 'F16'],
    ['AudioVolumeUp', 'F18'],
    ['AudioVolumeDown', 'F19'],
  ] as const)
    expect(padKeyOf(plain)).toBe(padKeyOf(programmed))
  expect(padKeyOf('KeyA')).toBeNull()
})

test('a trembling hand presses once: the same act again within half a second is none, going on is', () => {
  expect(isAccident(stroke('Enter', 1_000), stroke('Enter', 1_499))).toBe(true)
  expect(isAccident(stroke('Enter', 1_000), stroke('Enter', 1_500))).toBe(false)
  expect(isAccident(stroke('Escape', 1_000), stroke('Enter', 1_100))).toBe(false)
  expect(isAccident(stroke('ArrowDown', 1_000), stroke('ArrowDown', 1_050))).toBe(false)
  expect(isAccident(null, stroke('Enter', 0))).toBe(false)
})

test('the Enter of a scanner ends what it read and selects nothing; that of a hand does', () => {
  expect(isAccident(stroke('Digit7', 1_000), stroke('Enter', 1_012))).toBe(true)
  expect(isAccident(stroke('Digit7', 1_000), stroke('Enter', 1_300))).toBe(false)
  expect(isAccident(stroke('Tab', 1_000), stroke('Enter', 1_012))).toBe(false)
})

test('a hand that trembles touches once: the same place again within half a second is none, another key is', () => {
  const touch = (x: number, y: number, atMs: number) => ({ x, y, atMs })
  expect(isDoubleTouch(touch(500, 900, 1_000), touch(510, 915, 1_499))).toBe(true)
  expect(isDoubleTouch(touch(500, 900, 1_000), touch(500, 900, 1_500))).toBe(false)
  expect(isDoubleTouch(touch(500, 900, 1_000), touch(600, 900, 1_050))).toBe(false)
  expect(isDoubleTouch(null, touch(0, 0, 0))).toBe(false)
})
