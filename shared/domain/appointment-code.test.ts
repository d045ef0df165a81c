import { expect, test } from 'vitest'
import { CODE_LENGTH, isClearCode, isCode, plainCode } from './appointment-code.ts'

test('a code is the same however it was typed or scanned', () => {
  for (const typed of ['RDV-4821', 'rdv 4821', ' RDV4821\n', 'rdv٤٨٢١', 'rdv۴۸۲۱', 'ＲＤＶ４８２１'])
    expect(plainCode(typed)).toBe('RDV4821')
})

test('what is too short or too long is no code', () => {
  expect(isCode(plainCode('abc'))).toBe(false)
  expect(isCode(plainCode('abcde'))).toBe(false)
  expect(isCode(plainCode('abcdef'))).toBe(true)
  expect(isCode(plainCode('9'.repeat(CODE_LENGTH.max)))).toBe(true)
  expect(isCode(plainCode('9'.repeat(1_000)))).toBe(false)
})

test('a branch takes no code with letters that are read as digits, and whoever types them means the digits', () => {
  for (const clear of ['RDV-4821', 'k7m 2q9', '000111']) expect(isClearCode(clear)).toBe(true)
  for (const unclear of ['RDV-48', 'KILO-77', 'LUNDI-8', '------']) expect(isClearCode(unclear)).toBe(false)
  expect(plainCode('rdv-io2l')).toBe('RDV1021')
})
