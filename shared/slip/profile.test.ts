import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeCodePage, encodeCodePage } from './code-pages.ts'
import { PROFILE_NAMES, profileFaults, profileNamed } from './profile.ts'

test('Every profile file is good and known by its name', () => {
  for (const name of PROFILE_NAMES) expect(profileNamed(name).name).toBe(name)
  const files = readdirSync(new URL('profiles', import.meta.url)).sort()
  expect(files).toEqual(PROFILE_NAMES.map((name) => `${name}.json`).sort())
})

test('A line of normal letters fills the printable width and no more', () => {
  for (const profile of PROFILE_NAMES.map(profileNamed)) {
    expect(profile.columnCount * 12).toBeLessThanOrEqual(profile.widthDots)
  }
})

test('A wrong profile is told by its fields', () => {
  const wrong = { ...profileNamed('paper-80'), widthDots: 577, codePages: [{ name: 'PC999', selector: 1 }] }
  expect(profileFaults(wrong)).toEqual(['widthDots', 'codePages'])
})

test('French is the same after a code page and back, and what a page lacks is said', () => {
  const text = 'Prélèvement à côté, çà et là : œuvre €'
  const bytes = encodeCodePage(text, 'WPC1252')
  expect(bytes?.map((byte) => decodeCodePage(byte, 'WPC1252')).join('')).toBe(text)
  expect(encodeCodePage('é', 'PC858')).toEqual([0x82])
  expect(encodeCodePage('œ', 'PC858')).toBeNull()
  expect(encodeCodePage('رقم', 'WPC1252')).toBeNull()
})
