import { expect, test } from 'vitest'
import { COMMISSIONING_TEXTS, commissioningWords } from './commissioning.ts'
import { commissioningFindings } from './commissioning-findings.ts'
import { commissioningPlugs } from './commissioning-plugs.ts'

const places = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort()

test('every text of a commissioning says something in each language, and fills the same places', () => {
  for (const [name, texts] of Object.entries(COMMISSIONING_TEXTS)) {
    const [fr, en, ar] = texts
    for (const text of texts) expect(text.trim(), name).not.toBe('')
    expect([places(fr), places(ar)], name).toEqual([places(en), places(en)])
    // Lines that are not Arabic at all were forgotten.
    expect(/\p{Script=Arabic}|^SmartQueue/u.test(ar), name).toBe(true)
  }
})

test('a place that nobody fills stays empty', () => {
  expect(commissioningWords('en')('printerBlind')).toBe(
    'Printer : it says nothing of itself, its plug cannot be noticed',
  )
})

test('what is printed has no letter that the bundled fonts lack, and no figure in a bracket of an Arabic line', () => {
  for (const [name, [fr, en, ar]] of Object.entries({ ...commissioningFindings, ...commissioningPlugs })) {
    for (const text of [fr, en, ar]) expect(text, name).toMatch(/^[ -~\u00a0-\u017f\u0600-\u06ff–—‘’“”…]+$/u)
    // The drawing turns brackets round words, not round figures.
    expect(ar, name).not.toMatch(/\([^\p{L}]*\{\{(count|p\d+|\w*Seconds|seconds|\w*Ms|ms)\}\}/u)
  }
})
