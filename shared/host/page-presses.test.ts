import { expect, test } from 'vitest'
import { createPagePresses } from './page-presses.ts'

test('what is pressed outside is told to one page: the whole desk opened last, else the bar, else nobody', () => {
  const presses = createPagePresses()
  const told: string[] = []
  const open = (name: string, face: 'whole' | 'bar') => presses.opened(face, (text) => told.push(`${name} ${text}`))
  expect(presses.press('primary')).toBe(false)
  open('bar', 'bar')
  presses.press('recall')
  const first = open('first', 'whole')
  const second = open('second', 'whole')
  open('late bar', 'bar')
  expect(presses.press('primary')).toBe(true)
  second()
  presses.press('hold')
  first()
  presses.press('primary')
  expect(told).toEqual([
    'bar {"type":"press","act":"recall"}',
    'second {"type":"press","act":"primary"}',
    'first {"type":"press","act":"hold"}',
    'late bar {"type":"press","act":"primary"}',
  ])
})
