import { expect, test } from 'vitest'
import { createPairings, type TakenPairing } from '../../branch-server/access/pairings.ts'
import { throwDice } from '../../branch-server/testing/dice.ts'
import { guessCodes } from './guesses.ts'

test('a million guesses from fifty addresses pair nothing, and an installer beside them is not held up', () => {
  const figures = guessCodes(1_000_000, throwDice(20_261_128))
  expect(figures).toMatchObject({ guesses: 1_000_000, pairedCount: 0, hinderedCount: 0 })
  expect(figures.installedCount).toBeGreaterThan(30)
  // Whoever is told to wait has tried no code.
  expect(figures.triedCount).toBeLessThan(figures.guesses / 4)
  console.info(JSON.stringify(figures))
})

test('whoever has read the open part of a code over a shoulder has five tries of a hundred million', () => {
  const pairings = createPairings(() => 0)
  // Each from an address of its own: what holds is the code itself.
  let address = 0
  function take(tried: string): TakenPairing | null {
    address += 1
    const claimed = pairings.claim(`192.168.1.${address}`, (it) => it(tried))
    return 'answer' in claimed ? claimed.answer : null
  }
  const { code = '' } = pairings.make({ kind: 'kiosk', name: 'a kiosk' }) ?? {}
  const [name = '', left = '', right = ''] = code.split('-')
  const secret = Number(left + right)
  const guess = (offset: number): string => `${name}-${String((secret + offset) % 100_000_000).padStart(8, '0')}`
  for (const offset of [1, 2, 3, 4]) expect(take(guess(offset))).toBeNull()
  expect(take(guess(0))).toMatchObject({ kind: 'kiosk' })
  const second = pairings.make({ kind: 'kiosk', name: 'a kiosk' })?.code ?? ''
  for (const wrong of ['0000-0000', '0000-0001', '0000-0002', '0000-0003', '0000-0004', '0000-0005'])
    expect(take(`${second.slice(0, 3)}-${wrong}`)).toBeNull()
  expect(take(second)).toBeNull()
})
