import type { Language } from '../domain/ids.ts'

/**
 * How a language says a call, as data: what comes in which order, and how its numbers are made of clips.
 * A recorded pack brings a form of its own, so that any language can be spoken.
 */
export interface VoiceForm {
  /** Clips of words stand by their place: what is said first, between number and counter, and at the end. */
  readonly order: readonly VoicePart[]
  /** `digits`: each figure of a ticket's number by itself; `whole`: leading zeros one by one, then the number. */
  readonly grouping: (typeof GROUPINGS)[number]
  /** How a number of several figures is made of clips. */
  readonly numerals: (typeof NUMERALS)[number]
}

export const VOICE_PARTS = ['start', 'number', 'between', 'counter', 'end'] as const
export type VoicePart = (typeof VOICE_PARTS)[number]
export const GROUPINGS = ['digits', 'whole'] as const
/** `digits` fits every language: it needs ten numbers and no rule. */
export const NUMERALS = ['digits', 'english', 'french', 'arabic'] as const

/** The name of a clip within a pack: `letter-a`, `n-42`, `between`, `at-counter-3`. */
export type ClipId = string

export const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'] as const
const upTo = (most: number): readonly number[] => Array.from({ length: most + 1 }, (_, at) => at)
const TENS = [20, 30, 40, 50, 60, 70, 80, 90] as const
const HUNDREDS = [100, 200, 300, 400, 500, 600, 700, 800, 900] as const

export const letterClip = (letter: string): ClipId => `letter-${letter.toLowerCase()}`
export const numberClip = (number: number): ClipId => `n-${number}`
/** Between parts of one number: `et`, `و`. */
export const AND_CLIP: ClipId = 'and'
/** Asks everybody to look at the screen: said where more was called than can be said. */
export const SCREEN_CLIP: ClipId = 'screen'
/** A counter's own clip, where one was recorded: `at-counter-3` says all of it, word and number. */
export const counterClip = (counterId: string): ClipId => `at-${counterId}`

/** A clip's id as it may be sent. */
export const CLIP_ID_PATTERN =
  '^(letter-[a-z]|n-(1?\\d|[2-9]0|[1-9]00)|and|start|between|end|screen|at-[A-Za-z0-9][A-Za-z0-9._-]{0,63})$'

const NUMBERS_OF: Record<VoiceForm['numerals'], readonly number[]> = {
  digits: upTo(9),
  english: [...upTo(19), ...TENS],
  french: [...upTo(19), ...TENS.filter((it) => it !== 70 && it !== 90), 100],
  arabic: [...upTo(19), ...TENS, ...HUNDREDS],
}

/** What must be recorded so that every call can be said: some sixty clips. Clips of single counters come beside them. */
export function clipsOf({ order, numerals }: VoiceForm): readonly ClipId[] {
  const words = order.filter((part) => part === 'start' || part === 'between' || part === 'end')
  const needsAnd = numerals === 'french' || numerals === 'arabic'
  return [
    ...LETTERS.map(letterClip),
    ...NUMBERS_OF[numerals].map(numberClip),
    ...(needsAnd ? [AND_CLIP] : []),
    ...words,
    SCREEN_CLIP,
  ]
}

/** The product's own forms: what a pack of one of these languages begins with. */
export const VOICE_FORMS: Record<Language, VoiceForm> = {
  fr: { order: ['number', 'between', 'counter'], grouping: 'whole', numerals: 'french' },
  en: { order: ['number', 'between', 'counter'], grouping: 'digits', numerals: 'english' },
  ar: { order: ['number', 'between', 'counter'], grouping: 'whole', numerals: 'arabic' },
}

/** A language nobody wrote rules for: every figure by itself. */
export const PLAIN_FORM: VoiceForm = { order: ['number', 'between', 'counter'], grouping: 'digits', numerals: 'digits' }
