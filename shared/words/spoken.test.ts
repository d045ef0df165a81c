import { expect, test } from 'vitest'
import { spelled, spokenText } from './spoken.ts'

test('a number is said letter by letter and figure by figure', () => {
  expect(spelled('A042')).toBe('A, 0, 4, 2')
})

test('what is written short is said whole, in each language', () => {
  expect(spokenText('2 personnes attendent · environ 10 à 20 min', 'fr')).toBe(
    '2 personnes attendent environ 10 à 20 minutes',
  )
  expect(spokenText('Expected wait: about 10–20 min.', 'en')).toBe('Expected wait: about 10 to 20 minutes.')
  expect(spokenText('Ouvre à 14:00, ferme à 16:30', 'fr')).toBe('Ouvre à 14 heures, ferme à 16 heures 30')
  expect(spokenText('Opens at \u206814:00\u2069', 'en')).toBe('Opens at 2 p.m.')
  expect(spokenText('الانتظار المتوقع: \u2068من 10 إلى 20 دقيقة\u2069.', 'ar')).toBe(
    'الانتظار المتوقع: من 10 إلى 20 دقيقة.',
  )
  expect(spokenText('Administration, minimum', 'en')).toBe('Administration, minimum')
})

test('times are said as people say them', () => {
  const said = (language: 'fr' | 'en' | 'ar', ...times: readonly string[]) =>
    times.map((time) => spokenText(time, language))
  expect(said('fr', '00:00', '01:00', '1:00', '09:05', '12:00', '21:01', '21:21')).toEqual([
    ...['zéro heure', 'une heure', 'une heure', '9 heures 5', '12 heures', 'vingt et une heures une'],
    'vingt et une heures vingt et une',
  ])
  expect(said('en', '00:00', '01:00', '09:05', '12:00', '12:30', '14:45')).toEqual([
    ...['midnight', '1 a.m.', '9 oh 5 a.m.', 'noon', '12 30 p.m.', '2 45 p.m.'],
  ])
  expect(said('ar', '01:00', '09:05', '12:00', '14:30', '16:02', '21:01')).toEqual([
    ...['الواحدة صباحًا', 'التاسعة و5 دقائق صباحًا', 'الثانية عشرة ظهرًا', 'الثانية و30 دقيقة ظهرًا'],
    ...['الرابعة ودقيقتان عصرًا', 'التاسعة ودقيقة مساءً'],
  ])
  // No times of day.
  expect(said('en', '25:00', '12:60', '1:2', '10:00:00')).toEqual(['25:00', '12:60', '1:2', '10:00:00'])
})

test('one minute is not said like two', () => {
  expect(spokenText('1 min', 'fr')).toBe('une minute')
  expect(spokenText('environ 21 min', 'fr')).toBe('environ vingt et une minutes')
  expect(spokenText('about 1 min.', 'en')).toBe('about 1 minute.')
  expect(spokenText('0 min', 'en')).toBe('0 minutes')
})

test('a range is said in every language, and a hyphen is none', () => {
  expect(spokenText('10–20', 'ar')).toBe('10 إلى 20')
  expect(spokenText('3 — 5', 'fr')).toBe('3 à 5')
  for (const language of ['fr', 'en', 'ar'] as const)
    for (const text of ['2026-11-23', '77-123-45', 'RDV 4-821']) expect(spokenText(text, language)).toBe(text)
})
