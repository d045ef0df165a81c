import { expect, test } from 'vitest'
import { isFound } from './search.ts'

test('nothing typed finds everything', () => {
  expect(isFound('Caisses', '')).toBe(true)
})

test('case and accents are left out by people in a hurry', () => {
  expect(isFound('Retrait et dépôt', 'DEPOT')).toBe(true)
  expect(isFound('Réglé done', 'reg')).toBe(true)
  expect(isFound('Réglé done', 'don')).toBe(true)
})

test('every word typed must begin a word of the text', () => {
  expect(isFound('Awa Ndiaye Guichet 3', 'awa 3')).toBe(true)
  expect(isFound('Awa Ndiaye Guichet 3', 'awa 4')).toBe(false)
  expect(isFound('Awa Ndiaye', 'diaye')).toBe(false)
})

test('Arabic is found without its marks, its hamza and its article', () => {
  expect(isFound('الاستشارة والقروض', 'استشاره')).toBe(true)
  expect(isFound('إيداع وسحب', 'ايداع')).toBe(true)
})
