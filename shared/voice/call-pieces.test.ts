import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bank } from '../domain/testing/bank.ts'
import { callPieces, phraseText, screenPieces, type VoicePack, voicesFor } from './call-pieces.ts'
import { groupsOf, numberClips } from './spoken-number.ts'
import {
  CLIP_ID_PATTERN,
  clipsOf,
  counterClip,
  NUMERALS,
  PLAIN_FORM,
  VOICE_FORMS,
  type VoiceForm,
} from './voice-form.ts'

const catalogue = {
  ...bank,
  counters: bank.counters.map((counter, at) => ({
    ...counter,
    name: { fr: `Guichet ${at + 1}`, en: `Counter ${at + 1}`, ar: `الشباك ${at + 1}` },
  })),
}
const [first, , third] = catalogue.counters
if (first === undefined || third === undefined) throw new Error('The bank has three counters')

const packWith = (tag: string, form: VoiceForm, more: readonly string[] = []): VoicePack => ({
  tag,
  name: tag,
  form,
  clips: [...clipsOf(form), ...more].map((clipId) => ({ clipId, hash: `hash-of-${clipId}`, ms: 500 })),
})
const says = (number: string, counterId: string, tag: string, packs: readonly VoicePack[] = []): readonly string[] =>
  callPieces({ number, counterId }, tag, { packs }, catalogue).map((piece) => piece.says)

test('a synthetic voice is given the figures as its language groups them', () => {
  const text = (number: string) =>
    (['fr', 'en', 'ar'] as const).map((it) => phraseText('number', number, it, catalogue))
  expect(text('A042')).toEqual(['A 0 42', 'A 0 4 2', 'إيه 0 42'])
  expect(text('B142')).toEqual(['B 142', 'B 1 4 2', 'بي 142'])
  expect(text('AB007')).toEqual(['A B 0 0 7', 'A B 0 0 7', 'إيه بي 0 0 7'])
  expect(text('A10023')).toEqual(['A 1 0 0 23', 'A 1 0 0 2 3', 'إيه 1 0 0 23'])
  expect(text('A1001')).toEqual(['A 10 0 1', 'A 1 0 0 1', 'إيه 10 0 1'])
  expect(text('$(ls)')).toEqual([null, null, null])
  expect(says('A042', third.id, 'en')).toEqual(['A 0 4 2', 'Counter 3'])
})

test('recorded numbers are put together as people say them', () => {
  const said = (number: number, numerals: VoiceForm['numerals']) => numberClips(number, numerals).join(' ')
  expect([21, 42, 71, 75, 80, 81, 91, 99, 100, 142, 200, 371].map((it) => said(it, 'french'))).toEqual([
    ...['n-20 and n-1', 'n-40 n-2', 'n-60 and n-11', 'n-60 n-15', 'n-80', 'n-80 n-1', 'n-80 n-11', 'n-80 n-19'],
    ...['n-100', 'n-100 n-40 n-2', 'n-2 n-100', 'n-3 n-100 n-60 and n-11'],
  ])
  expect([7, 19, 20, 42, 104].map((it) => said(it, 'english'))).toEqual([
    ...['n-7', 'n-19', 'n-20', 'n-40 n-2', 'n-1 n-0 n-4'],
  ])
  expect([11, 42, 70, 200, 342].map((it) => said(it, 'arabic'))).toEqual([
    ...['n-11', 'n-2 and n-40', 'n-70', 'n-200', 'n-300 and n-2 and n-40'],
  ])
  expect(said(42, 'digits')).toBe('n-4 n-2')
})

test('a call in recorded clips stands in the order of its language', () => {
  const wolof: VoiceForm = { ...PLAIN_FORM, order: ['start', 'counter', 'between', 'number'] }
  expect(says('A042', third.id, 'wo', [packWith('wo', wolof)])).toEqual([
    ...['start', 'n-3', 'between', 'letter-a', 'n-0', 'n-4', 'n-2'],
  ])
  expect(says('A042', third.id, 'fr', [packWith('fr', VOICE_FORMS.fr)])).toEqual([
    ...['letter-a', 'n-0', 'n-40', 'n-2', 'between', 'n-3'],
  ])
  // A counter with a name of its own has a clip of its own.
  const own = counterClip(first.id)
  expect(says('A001', first.id, 'wo', [packWith('wo', PLAIN_FORM, [own])])).toEqual([
    ...['letter-a', 'n-0', 'n-0', 'n-1', own],
  ])
})

test('a pack that lacks a clip is not heard in part: the branch’s own voice says all of it, or the chime alone', () => {
  const holed = (tag: string): VoicePack => {
    const pack = packWith(tag, PLAIN_FORM)
    return { ...pack, clips: pack.clips.filter(({ clipId }) => clipId !== 'n-4') }
  }
  expect(says('A042', third.id, 'fr', [holed('fr')])).toEqual(['A 0 42', 'Guichet 3'])
  expect(says('A042', third.id, 'wo', [holed('wo')])).toEqual([])
  expect(screenPieces('wo', { packs: [holed('wo')] }, catalogue)).toHaveLength(1)
})

test('the ticket’s language comes first, and none is said twice', () => {
  expect(voicesFor('ar', ['fr', 'ar', 'wo'])).toEqual(['ar', 'fr', 'wo'])
})

test('every number can be said by every complete pack, and none loses a figure', () => {
  const number = fc.tuple(fc.stringMatching(/^[A-Z]{1,3}$/), fc.stringMatching(/^\d{3,5}$/))
  fc.assert(
    fc.property(number, fc.constantFrom(...NUMERALS), fc.boolean(), ([series, digits], numerals, isWhole) => {
      const form: VoiceForm = { order: ['number', 'counter'], grouping: isWhole ? 'whole' : 'digits', numerals }
      expect(groupsOf(digits, form.grouping).join('')).toBe(digits)
      expect(says(`${series}${digits}`, third.id, 'xx', [packWith('xx', form)]).length).toBeGreaterThan(
        digits.length / 3,
      )
    }),
  )
})

test('a pack has some sixty clips, each with a name that can be sent', () => {
  for (const form of [...Object.values(VOICE_FORMS), PLAIN_FORM]) {
    const clips = clipsOf(form)
    expect(clips.length).toBeGreaterThan(35)
    expect(clips.length).toBeLessThan(75)
    expect(new Set(clips).size).toBe(clips.length)
    for (const clip of [...clips, counterClip('counter-3')]) expect(clip).toMatch(new RegExp(CLIP_ID_PATTERN))
  }
})
