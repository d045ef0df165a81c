import { expect, test } from 'vitest'
import { readRights } from './rights.ts'

const DAY_MS = 24 * 3_600_000

test('how old a branch’s rights are is good until ten days before the end, then near it, then over', () => {
  const at = (daysLeft: number) => readRights({ asOfMs: 5, ageMs: 0, leftMs: daysLeft * DAY_MS })
  expect(at(30)).toEqual({ state: 'good', asOfMs: 5, daysLeft: 30 })
  expect(at(10)).toEqual({ state: 'near', asOfMs: 5, daysLeft: 10 })
  expect(at(0.1)).toEqual({ state: 'near', asOfMs: 5, daysLeft: 1 })
  expect(at(0)).toEqual({ state: 'over', asOfMs: 5, daysLeft: 0 })
})

test('a branch of its own has no such age, and what is no answer says nothing', () => {
  expect(readRights({ asOfMs: null, ageMs: 0, leftMs: null })).toEqual({ state: 'own' })
  for (const json of [null, 'x', [], { asOfMs: 1 }, { asOfMs: 'x', leftMs: 1 }]) expect(readRights(json)).toBeNull()
})
