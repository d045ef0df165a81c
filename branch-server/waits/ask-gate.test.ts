import { expect, test } from 'vitest'
import { ASKED_AT_ONCE_MAX, createAskGate, FLOOD_ASKED_MIN } from './ask-gate.ts'

/** @returns for how many of those who ask before the next look there is time */
const heard = (gate: ReturnType<typeof createAskGate>, count: number): number => {
  const answers = Array.from({ length: count }, () => gate.mayAsk())
  gate.look()
  return answers.filter(Boolean).length
}

test('the first few between two looks are reckoned for, also in a rush', () => {
  const gate = createAskGate()
  expect(heard(gate, 2)).toBe(2)
  for (let looks = 0; looks < 3; looks += 1) expect(heard(gate, FLOOD_ASKED_MIN)).toBe(ASKED_AT_ONCE_MAX)
})

test('in a flood nobody is, until fewer come', () => {
  const gate = createAskGate()
  expect(heard(gate, FLOOD_ASKED_MIN + 1)).toBe(ASKED_AT_ONCE_MAX)
  expect(heard(gate, 400)).toBe(0)
  expect(heard(gate, 3)).toBe(0)
  expect(heard(gate, 3)).toBe(3)
})
