import { expect, test } from 'vitest'
import { createWords } from '#shared/words/create-words.ts'
import { readCloudTrouble } from './cloud-trouble.ts'

test('staff are told what needs a person of the line to head office, and of nothing else', () => {
  const trouble = (state: string) => readCloudTrouble({ status: 'ok', cloud: { state, behind: 3 } })
  expect([trouble('forked'), trouble('refused')]).toEqual(['forked', 'refused'])
  for (const calm of ['up to date', 'catching up', 'away']) expect(trouble(calm)).toBe('none')
  expect(readCloudTrouble({ status: 'ok' })).toBe('none')
  const doubted = (audit: readonly string[]) =>
    readCloudTrouble({ status: 'ok', cloud: { state: 'up to date', audit } })
  expect([doubted(['AuditCutBack']), doubted([])]).toEqual(['audit', 'none'])
  for (const noAnswer of [null, 'no', [], {}]) expect(readCloudTrouble(noAnswer)).toBeNull()
})

test('in each language they are told whom to tell', () => {
  const whom = { fr: 'installateur', en: 'installer', ar: 'المركّب' }
  for (const language of ['fr', 'en', 'ar'] as const)
    for (const key of ['cloud.forked', 'cloud.refused', 'cloud.audit'] as const)
      expect(createWords(language).say(key)).toContain(whom[language])
})
