import { expect, test } from 'vitest'
import { CODE_LENGTH, isCode, plainCode } from './appointment-code.ts'

test('a code is the same however it was typed or scanned', () => {
  for (const typed of ['RDV-4821', 'rdv 4821', ' RDV4821\n', 'rdv٤٨٢١', 'rdv۴۸۲۱', 'ＲＤＶ４８２１'])
    expect(plainCode(typed)).toBe('RDV4821')
})

test('what is too short or too long is no code', () => {
  expect(isCode(plainCode('abc'))).toBe(false)
  expect(isCode(plainCode('abcd'))).toBe(true)
  expect(isCode(plainCode('9'.repeat(CODE_LENGTH.max)))).toBe(true)
  expect(isCode(plainCode('9'.repeat(1_000)))).toBe(false)
})
