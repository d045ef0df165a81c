import { expect, test } from 'vitest'
import { slipMoment, slipTextNames, slipWords } from './slip.ts'

test('Every text of the slip exists in French, English and Arabic', () => {
  expect(slipTextNames('en')).toEqual(slipTextNames('fr'))
  expect(slipTextNames('ar')).toEqual(slipTextNames('fr'))
  for (const language of ['fr', 'en', 'ar'] as const) {
    const words = slipWords(language)
    for (const name of slipTextNames(language)) expect(Object.keys(words)).toContain(name)
    for (const text of [words.copyNote, words.code, words.keep, words.offline, words.yourNumber]) {
      expect(text.length).toBeGreaterThan(3)
    }
  }
})

test('People ahead are counted as each language counts', () => {
  const { ahead: fr } = slipWords('fr')
  expect([0, 1, 2, 1_000_000].map(fr)).toEqual([
    'Personne avant vous',
    '1 personne avant vous',
    '2 personnes avant vous',
    '1000000 de personnes avant vous',
  ])
  const { ahead: en } = slipWords('en')
  expect([0, 1, 2].map(en)).toEqual(['Nobody ahead of you', '1 person ahead of you', '2 people ahead of you'])
  const { ahead: ar } = slipWords('ar')
  expect([0, 1, 2, 3, 10, 11, 99, 100, 103].map(ar)).toEqual([
    'لا أحد قبلك',
    'شخص واحد قبلك',
    'شخصان قبلك',
    '3 أشخاص قبلك',
    '10 أشخاص قبلك',
    '11 شخصًا قبلك',
    '99 شخصًا قبلك',
    '100 شخص قبلك',
    '103 أشخاص قبلك',
  ])
})

test('No text is left as its own name, and every plural form is written', () => {
  for (const language of ['fr', 'en', 'ar'] as const) {
    const { ahead, copy } = slipWords(language)
    for (let count = 0; count <= 200; count += 1) expect(ahead(count)).not.toBe('ahead')
    expect(copy(2)).toContain('2')
  }
})

test('A moment is written in the zone of the branch, the same on every machine', () => {
  const atMs = Date.UTC(2026, 10, 23, 23, 30)
  expect(slipMoment('fr', atMs, 'Africa/Dakar')).toBe('23 novembre 2026 à 23:30')
  expect(slipMoment('fr', atMs, 'Africa/Niamey')).toBe('24 novembre 2026 à 00:30')
  expect(slipMoment('ar', atMs, 'Africa/Nouakchott')).toBe('23 نوفمبر 2026 في 23:30')
})

test('Minutes of the wait are counted as each language counts, whatever their number', () => {
  for (const language of ['fr', 'en', 'ar'] as const) {
    const { waitUnder, waitAbout, waitBetween } = slipWords(language)
    for (let count = 1; count <= 200; count += 1)
      for (const said of [waitUnder(count), waitAbout(count), waitBetween(1, count)])
        expect(said).not.toMatch(/^wait|\{\{/)
  }
  const { waitUnder } = slipWords('ar')
  expect([5, 11, 100].map(waitUnder)).toEqual([
    'الانتظار: أقل من 5\u00a0دقائق',
    'الانتظار: أقل من 11\u00a0دقيقة',
    'الانتظار: أقل من 100\u00a0دقيقة',
  ])
})
