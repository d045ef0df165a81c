import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { DASHBOARD_TEXTS } from './dashboard-words.ts'

const PLURAL = /_(zero|one|two|few|many|other)$/
const FOLDER = join(import.meta.dirname, '../../cloud-sync/dashboard')
const textsOf = (language: Language): Readonly<Record<string, string>> => DASHBOARD_TEXTS[language]
const stem = (key: string): string => key.replace(PLURAL, '')
const stems = (language: Language): readonly string[] => [...new Set(Object.keys(textsOf(language)).map(stem))].sort()
const places = (text = ''): readonly string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort()

test('every text of the dashboard exists in each language, with the same places and every plural form', () => {
  for (const language of LANGUAGES) {
    expect(stems(language)).toEqual(stems('en'))
    const texts = textsOf(language)
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const [key, text] of Object.entries(texts)) {
      expect(text.trim(), key).not.toBe('')
      if (PLURAL.test(key))
        for (const category of categories) expect(texts).toHaveProperty([`${stem(key)}_${category}`])
      else expect([language, key, places(text)]).toEqual([language, key, places(textsOf('en')[key])])
    }
  }
})

test('no text of the dashboard lies unused', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
  const paths = [...files.map((name) => join(FOLDER, name)), join(import.meta.dirname, 'say-alert.ts')]
  const code = paths.map((path) => readFileSync(path, 'utf8')).join('\n')
  const unsaid = stems('en').filter((key) => !key.startsWith('problem.') && !code.includes(`'${key}'`))
  expect(unsaid).toEqual([])
})
