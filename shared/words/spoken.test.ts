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
  expect(spokenText('Opens at \u206814:00\u2069', 'en')).toBe("Opens at 14 o'clock")
  expect(spokenText('الانتظار المتوقع: \u2068من 10 إلى 20 دقيقة\u2069.', 'ar')).toBe(
    'الانتظار المتوقع: من 10 إلى 20 دقيقة.',
  )
  expect(spokenText('Administration, minimum', 'en')).toBe('Administration, minimum')
})
