import { expect, test } from 'vitest'
import { wordsFromLeft } from './draw-text.ts'

test('Arabic words stand from the right; Latin ones among them keep their own order, and so do their numbers', () => {
  expect(wordsFromLeft('تقرير من 1 إلى 2', 'rtl')).toEqual(['2', 'إلى', '1', 'من', 'تقرير'])
  expect(wordsFromLeft('شباك Agence Dakar 3 اليوم', 'rtl')).toEqual(['اليوم', 'Agence', 'Dakar', '3', 'شباك'])
  const branch = 'فرع Plateau — Banque du Fleuve'
  expect(wordsFromLeft(branch, 'rtl')).toEqual(['Plateau', '—', 'Banque', 'du', 'Fleuve', 'فرع'])
  expect(wordsFromLeft('Plateau — اليوم', 'rtl')).toEqual(['اليوم', '—', 'Plateau'])
})

test('an Arabic name in a French line is read from the right, and the line goes on from the left', () => {
  expect(wordsFromLeft('Agent خديجة بنت أحمد au guichet', 'ltr')).toEqual([
    ...['Agent', 'أحمد', 'بنت', 'خديجة', 'au', 'guichet'],
  ])
})
