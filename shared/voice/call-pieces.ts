import type { Catalogue } from '../domain/catalogue.ts'
import { wordsIn } from '../domain/catalogue.ts'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { groupsOf, numberClips } from './spoken-number.ts'
import { type ClipId, counterClip, letterClip, SCREEN_CLIP, VOICE_FORMS, type VoiceForm } from './voice-form.ts'

/** A voice by its tag: one of the product's languages, or that of a recorded pack, as `wo`. */
export type VoiceTag = string

/** One recorded clip as a branch tells of it. */
export interface RecordedClip {
  readonly clipId: ClipId
  /** SHA-256 of its file, its name wherever it is kept. */
  readonly hash: string
  readonly ms: number
}

export interface VoicePack {
  readonly tag: VoiceTag
  /** What its language calls itself. */
  readonly name: string
  readonly form: VoiceForm
  readonly clips: readonly RecordedClip[]
}

/** What can be said now: the packs, and whether the branch makes phrases itself. */
export interface VoiceStock {
  readonly packs: readonly VoicePack[]
}

/** What is said of a call. */
export interface CallWords {
  readonly number: string
  readonly counterId: string
}

/** One sound: where the display's host has it, and what is in it, for people who look for a fault. */
export interface Piece {
  /** Below the host's and the branch's `/v1/voice/`. */
  readonly path: string
  readonly says: string
}

export const PHRASE_KINDS = ['number', 'counter', 'screen'] as const
export type PhraseKind = (typeof PHRASE_KINDS)[number]

const isLanguage = (tag: VoiceTag): tag is Language => (LANGUAGES as readonly string[]).includes(tag)

/** The letters as their names are said where people read them on paper in Latin script. */
const LETTERS_AR: Readonly<Record<string, string>> = {
  ...{ A: 'إيه', B: 'بي', C: 'سي', D: 'دي', E: 'إي', F: 'إف', G: 'جي', H: 'إتش', I: 'آي', J: 'جيه', K: 'كيه', L: 'إل' },
  ...{ M: 'إم', N: 'إن', O: 'أو', P: 'بي', Q: 'كيو', R: 'آر', S: 'إس', T: 'تي', U: 'يو', V: 'في', W: 'دبليو' },
  ...{ X: 'إكس', Y: 'واي', Z: 'زد' },
}

/** What a letter is called where tickets are read out in Arabic. */
export const letterName = (letter: string): string => LETTERS_AR[letter] ?? letter

const SCREEN_TEXT: Record<Language, string> = {
  fr: 'Autres appels : merci de regarder l’écran.',
  en: 'More calls: please look at the screen.',
  ar: 'نداءات أخرى: يرجى النظر إلى الشاشة.',
}

function splitNumber(number: string): { readonly letters: readonly string[]; readonly digits: string } {
  const [, letters = '', digits = ''] = /^(\D*)(\d*)$/.exec(number) ?? []
  return { letters: [...letters], digits }
}

/** A ticket's number as a synthetic voice is given it: it says figures itself, as its language does. */
function numberText(number: string, language: Language): string {
  const { letters, digits } = splitNumber(number)
  const named = language === 'ar' ? letters.map(letterName) : letters
  return [...named, ...groupsOf(digits, VOICE_FORMS[language].grouping)].join(' ')
}

/**
 * The text of a phrase. Display and branch each make it of their own catalogue, so that none speaks an old counter's name.
 * @param value - a ticket's number or a counter's id
 * @returns null when there is no such thing
 */
export function phraseText(kind: PhraseKind, value: string, language: Language, catalogue: Catalogue): string | null {
  if (kind === 'screen') return SCREEN_TEXT[language]
  if (kind === 'number') return /^[A-Z]{1,4}\d{3,5}$/.test(value) ? numberText(value, language) : null
  const counter = catalogue.counters.find(({ id }) => id === value)
  return counter === undefined ? null : wordsIn(counter.name, language, catalogue.branch.defaultLanguage)
}

export const phrasePath = (language: Language, kind: PhraseKind, value: string, text: string): string =>
  `phrases/${language}/${kind}/${encodeURIComponent(value)}?text=${encodeURIComponent(text)}`

function phrase(kind: PhraseKind, value: string, language: Language, catalogue: Catalogue): readonly Piece[] {
  const text = phraseText(kind, value, language, catalogue)
  return text === null ? [] : [{ path: phrasePath(language, kind, value, text), says: text }]
}

/** A counter as it is known by: the number in its name, whatever the language. */
function counterNumber(counterId: string, { counters }: Catalogue): number | null {
  const names = Object.values(counters.find(({ id }) => id === counterId)?.name ?? {})
  const found = names.map((name) => /(?<!\d)\d{1,3}(?!\d)/.exec(name)?.[0]).find((digits) => digits !== undefined)
  return found === undefined ? null : Number(found)
}

function counterClips(pack: VoicePack, counterId: string, catalogue: Catalogue): readonly ClipId[] | null {
  const own = counterClip(counterId)
  if (pack.clips.some(({ clipId }) => clipId === own)) return [own]
  const number = counterNumber(counterId, catalogue)
  return number === null ? null : numberClips(number, pack.form.numerals)
}

/** @returns null when the pack lacks a clip for it */
function recorded(pack: VoicePack, clipIds: readonly ClipId[]): readonly Piece[] | null {
  const byId = new Map(pack.clips.map((clip) => [clip.clipId, clip]))
  const pieces = clipIds.map((clipId) => {
    const clip = byId.get(clipId)
    return clip === undefined ? null : { path: `clips/${clip.hash}`, says: clipId }
  })
  return pieces.every((piece) => piece !== null) ? pieces : null
}

function recordedCall(pack: VoicePack, call: CallWords, catalogue: Catalogue): readonly Piece[] | null {
  const { letters, digits } = splitNumber(call.number)
  const { order, grouping, numerals } = pack.form
  const counter = counterClips(pack, call.counterId, catalogue)
  if (counter === null) return null
  const hasOwnClip = counter[0] === counterClip(call.counterId)
  const clipIds = order.flatMap((part): readonly ClipId[] => {
    if (part === 'number')
      return [
        ...letters.map(letterClip),
        ...groupsOf(digits, grouping).flatMap((group) => numberClips(Number(group), numerals)),
      ]
    if (part === 'counter') return counter
    // A counter's own clip says the word for it too.
    return part === 'between' && hasOwnClip ? [] : [part]
  })
  return recorded(pack, clipIds)
}

/** @returns whether a pack cannot say this counter by its number: it needs a clip of its own */
export const needsOwnClip = (counterId: string, catalogue: Catalogue): boolean =>
  counterNumber(counterId, catalogue) === null

const packOf = ({ packs }: VoiceStock, tag: VoiceTag): VoicePack | undefined => packs.find((pack) => pack.tag === tag)

/**
 * What is played for a call in one voice: recorded clips where a pack has them all, else phrases made by the branch.
 * @returns none when this voice cannot say it: the chime is all there is
 */
export function callPieces(call: CallWords, tag: VoiceTag, stock: VoiceStock, catalogue: Catalogue): readonly Piece[] {
  const pack = packOf(stock, tag)
  const clips = pack === undefined ? null : recordedCall(pack, call, catalogue)
  if (clips !== null) return clips
  if (!isLanguage(tag)) return []
  return [...phrase('number', call.number, tag, catalogue), ...phrase('counter', call.counterId, tag, catalogue)]
}

/** Asks everybody to look at the screen. */
export function screenPieces(tag: VoiceTag, stock: VoiceStock, catalogue: Catalogue): readonly Piece[] {
  const pack = packOf(stock, tag)
  const clips = pack === undefined ? null : recorded(pack, [SCREEN_CLIP])
  if (clips !== null) return clips
  return isLanguage(tag) ? phrase('screen', 'all', tag, catalogue) : []
}

/** A call that is said in many languages is never over. */
const PUBLISHED_MAX = 3

/** Further voices of a branch: those that its catalogue names, then recorded ones of other languages that were published. */
export const furtherVoices = (named: readonly VoiceTag[], { packs }: VoiceStock): readonly VoiceTag[] => [
  ...named,
  ...packs
    .map(({ tag }) => tag)
    .filter((tag) => !isLanguage(tag) && !named.includes(tag))
    .slice(0, PUBLISHED_MAX),
]

/** In which voices a ticket is called: its own language, then the branch's further ones. */
export const voicesFor = (language: Language, furtherLanguages: readonly VoiceTag[]): readonly VoiceTag[] => [
  language,
  ...furtherLanguages.filter((tag) => tag !== language),
]
