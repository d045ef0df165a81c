import { expect, test } from 'vitest'
import { bank } from '../domain/testing/bank.ts'
import type { PackState } from '../wire/voice.ts'
import { callPieces, furtherVoices } from './call-pieces.ts'
import { isFreeTag, nextToRecord, progressOf, type ToRecord, toRecord } from './to-record.ts'
import { clipsOf, PLAIN_FORM, VOICE_FORMS } from './voice-form.ts'

const pack = (more: Partial<PackState> = {}): PackState => ({
  ...{ tag: 'fr', name: 'Français', form: VOICE_FORMS.fr, clips: [], missing: [], isPublished: false },
  ...more,
})
const clip = (clipId: string) => ({ clipId, hash: 'a'.repeat(64), ms: 500 })
const find = (list: readonly ToRecord[], clipId: string) => list.find((it) => it.clipId === clipId)

test('all that a voice needs is asked for once, in an order in which calls are heard soon', () => {
  const list = toRecord(pack(), bank, 'en')
  expect(list.map(({ clipId }) => clipId).toSorted()).toEqual([...clipsOf(VOICE_FORMS.fr)].toSorted())
  expect(list.map(({ group }) => group).filter((group, at, all) => group !== all[at - 1])).toEqual([
    'words',
    'numbers',
    'letters',
  ])
  // The letters of the branch's own tickets come before all others.
  const letters = list.filter(({ group }) => group === 'letters').map(({ isNeeded }) => isNeeded)
  expect(letters).toEqual(letters.toSorted((a, b) => Number(b) - Number(a)))
  expect(letters[0]).toBe(true)
})

test('what is to be said is written in the language of the voice, or by its meaning in that of the page', () => {
  const french = toRecord(pack(), bank, 'en')
  expect(find(french, 'n-17')).toMatchObject({ sign: '17', say: 'dix-sept', language: 'fr' })
  expect(find(french, 'between')).toMatchObject({ sign: 'guichet', say: '' })
  const wolof = toRecord(pack({ tag: 'wo', name: 'Wolof', form: PLAIN_FORM }), bank, 'ar')
  expect(find(wolof, 'n-7')).toMatchObject({ sign: '7', say: 'سبعة', language: 'ar' })
  expect(find(wolof, 'screen')?.say).toContain('الشاشة')
  for (const language of ['fr', 'en', 'ar'] as const)
    for (const it of toRecord(pack({ tag: language, form: VOICE_FORMS[language] }), bank, language))
      expect([it.clipId, it.sign + it.say]).not.toEqual([it.clipId, ''])
})

test('who comes back goes on where she was, and round again until all is said', () => {
  const list = toRecord(pack({ clips: [clip('between'), clip('n-3')] }), bank, 'fr')
  expect(progressOf(list)).toMatchObject({ doneCount: 2, count: list.length })
  expect(nextToRecord(list, null)?.clipId).not.toBe('between')
  expect(nextToRecord(list, 'n-2')?.clipId).toBe('n-4')
  expect(nextToRecord(list, list.at(-1)?.clipId ?? '')?.clipId).toBe(nextToRecord(list, null)?.clipId)
  const whole = toRecord(pack({ clips: clipsOf(VOICE_FORMS.fr).map(clip) }), bank, 'fr')
  expect(nextToRecord(whole, null)).toBeNull()
  expect(progressOf(whole).neededCount).toBe(0)
})

test('a counter without a number is asked for by its name', () => {
  const [first, ...others] = bank.counters
  const name = { fr: 'Accueil', en: 'Reception', ar: 'الاستقبال' }
  const catalogue = { ...bank, counters: first === undefined ? [] : [{ ...first, name }, ...others] }
  const own = find(toRecord(pack({ tag: 'wo', form: PLAIN_FORM }), catalogue, 'en'), `at-${first?.id}`)
  expect(own).toMatchObject({ group: 'counters', sign: 'Reception', isNeeded: true })
})

test('once all that is needed is recorded, every call of the branch is said by recorded clips', () => {
  const bare = pack({ tag: 'wo', form: PLAIN_FORM })
  const needed = toRecord(bare, bank, 'fr').filter(({ isNeeded }) => isNeeded)
  const full = { ...bare, clips: needed.map(({ clipId }) => clip(clipId)) }
  for (const { prefix } of bank.services)
    for (const { id } of bank.counters)
      expect(callPieces({ number: `${prefix}907`, counterId: id }, 'wo', { packs: [full] }, bank)).not.toEqual([])
})

test('a language of its own is spoken once it is published, also where no catalogue names it', () => {
  const packs = [pack(), pack({ tag: 'wo' }), pack({ tag: 'dyu' })]
  expect(furtherVoices(['dyu'], { packs })).toEqual(['dyu', 'wo'])
})

test('a new voice has a tag of its own', () => {
  expect(['wo', 'dyu', 'fr', 'WO', 'w', 'wolo', ''].map((tag) => isFreeTag(tag, [pack()]))).toEqual([
    ...[true, true, false, false, false, false, false],
  ])
})
