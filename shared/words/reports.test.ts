import { expect, test } from 'vitest'
import { LANGUAGES } from '../domain/ids.ts'
import { REPORT_TEXTS, reportDate, reportNumber, reportWords } from './reports.ts'

const places = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort()

test('every text of a report says something in each language, and fills the same places', () => {
  for (const language of LANGUAGES)
    for (const [name, text] of Object.entries(REPORT_TEXTS[language])) {
      expect(text.trim(), `${language} ${name}`).not.toBe('')
      expect(places(text), `${language} ${name}`).toEqual(places(REPORT_TEXTS.en[name as keyof typeof REPORT_TEXTS.en]))
    }
})

test('a report names its day as people of that language write it', () => {
  expect(reportDate('2026-11-23', 'fr')).toBe('lundi 23 novembre 2026')
  expect(reportDate('2026-11-23', 'en')).toBe('Monday, 23 November 2026')
  expect(reportDate('2026-11-23', 'ar')).toContain('23 نوفمبر 2026')
  expect(reportWords('fr')('page', { page: 1, pages: 2 })).toBe('Page 1 sur 2')
  expect([reportNumber(4.5, 'fr'), reportNumber(4.5, 'en')]).toEqual(['4,5', '4.5'])
})
