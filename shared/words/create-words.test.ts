import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { COMMISSIONING_TEXTS } from './commissioning.ts'
import { createWords, TEXTS } from './create-words.ts'
import { formatDuration, formatTime, formatTimer } from './format.ts'
import { reportWords } from './reports.ts'

const PLURAL = /_(zero|one|two|few|many|other)$/
const ROOT = join(import.meta.dirname, '../..')
const FACES = ['shared/ui', 'kiosk', 'display', 'caller']

const textsOf = (language: Language): Readonly<Record<string, string>> => TEXTS[language]
const stem = (key: string): string => key.replace(PLURAL, '')
const stems = (language: Language): string[] => [...new Set(Object.keys(textsOf(language)).map(stem))].sort()
const places = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort()

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /(?<!\.test)\.tsx?$/.test(entry.name) ? [path] : []
  })
}

const code = FACES.flatMap(sources)
  .map((path) => readFileSync(join(ROOT, path), 'utf8'))
  .join('\n')

test('every text exists in French, English and Arabic', () => {
  expect(stems('fr')).toEqual(stems('en'))
  expect(stems('ar')).toEqual(stems('en'))
  for (const language of LANGUAGES)
    for (const [key, text] of Object.entries(textsOf(language))) expect(text.trim(), key).not.toBe('')
})

test('a text that counts has every plural form of its language', () => {
  for (const language of LANGUAGES) {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const counting = new Set(
      Object.keys(textsOf(language))
        .filter((key) => PLURAL.test(key))
        .map(stem),
    )
    for (const key of counting)
      for (const category of needed) expect(Object.keys(textsOf(language)), language).toContain(`${key}_${category}`)
  }
})

test('every language fills the same places', () => {
  for (const key of Object.keys(textsOf('en')).filter((candidate) => !PLURAL.test(candidate)))
    for (const language of LANGUAGES)
      expect(places(textsOf(language)[key] ?? ''), `${language} ${key}`).toEqual(places(textsOf('en')[key] ?? ''))
})

test('no text lies unused', () => {
  // A text that is said but not written does not compile.
  for (const key of stems('en').filter((candidate) => !candidate.startsWith('problem.')))
    expect(code.includes(`'${key}'`), `nobody says ${key}`).toBe(true)
})

test('counting follows each language', () => {
  const say = (language: Language, count: number): string => createWords(language).say('common.peopleWait', { count })
  expect([0, 1, 2].map((count) => say('fr', count))).toEqual([
    'Personne n’attend',
    '1 personne attend',
    '2 personnes attendent',
  ])
  expect([1, 2, 3, 11, 100].map((count) => say('ar', count))).toEqual([
    'شخص واحد ينتظر',
    'شخصان ينتظران',
    '3 أشخاص ينتظرون',
    '11 شخصًا ينتظرون',
    '100 شخص ينتظرون',
  ])
})

test('a number keeps its own direction inside an Arabic sentence', () => {
  expect(createWords('ar').say('caller.transferTitle', { number: 'A042' })).toBe('تحويل \u2068A042\u2069')
})

test('a problem nobody wrote a sentence for still gets a polite one', () => {
  expect(createWords('en').sayProblem('QueueEmpty')).toBe('Nobody is waiting for this counter.')
  expect(createWords('en').sayProblem('SomethingNew')).toBe('That did not work. Please try again in a moment.')
})

test('times stand in the branch’s zone and in the digits of the paper', () => {
  const atMs = Date.UTC(2026, 10, 23, 10, 42)
  expect(LANGUAGES.map((language) => formatTime(atMs, language, 'Africa/Lagos'))).toEqual(['11:42', '11:42', '11:42'])
  expect([0, 65_000, 3_845_000].map(formatTimer)).toEqual(['0:00', '1:05', '1:04:05'])
  // As the same figure stands in a table of whole seconds.
  expect([32_400, 32_680, 59_700].map(formatDuration)).toEqual(['0:32', '0:33', '1:00'])
})

test('a queue, a target and who was served have one name in Arabic, on the manager’s page and in her report', () => {
  const say = reportWords('ar')
  const page = TEXTS.ar
  expect([say('queue'), say('sla'), say('completed'), say('noShow')]).toEqual([
    ...[page['manager.by.queues'], page['manager.onTarget'], page['manager.completed'], page['manager.noShow']],
  ])
})

test('a kiosk has one name in Arabic, on the screens and in the commissioning', () => {
  const said = [
    ...Object.entries(TEXTS.fr).map(([key, fr]) => [fr, (TEXTS.ar as Record<string, string>)[key] ?? ''] as const),
    ...Object.values(COMMISSIONING_TEXTS).map(([fr, , ar]) => [fr, ar] as const),
  ]
  const ofKiosks = said.filter(([fr]) => /\bbornes?\b/i.test(fr))
  expect(ofKiosks.length).toBeGreaterThan(20)
  expect(ofKiosks.filter(([, ar]) => !/كشك|أكشاك/.test(ar))).toEqual([])
})
