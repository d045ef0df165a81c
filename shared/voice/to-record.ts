import type { Catalogue } from '../domain/catalogue.ts'
import { wordsIn } from '../domain/catalogue.ts'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import type { PackState } from '../wire/voice.ts'
import { numberWord } from '../words/number-words.ts'
import { letterName, needsOwnClip, phraseText } from './call-pieces.ts'
import { AND_CLIP, type ClipId, clipsOf, counterClip, SCREEN_CLIP } from './voice-form.ts'

export const RECORD_GROUPS = ['words', 'numbers', 'letters', 'counters'] as const
export type RecordGroup = (typeof RECORD_GROUPS)[number]

/** One clip that somebody is to record. */
export interface ToRecord {
  readonly clipId: ClipId
  readonly group: RecordGroup
  /** What is written large: figures and letters themselves, words where there are any. Empty: the hint says it all. */
  readonly sign: string
  /** What is to be said, in the pack's language, or by its meaning in that of the page; empty where the sign is enough. */
  readonly say: string
  /** Of `say`. */
  readonly language: Language
  /** Already recorded: how long it is, and where it is heard. */
  readonly kept: { readonly hash: string; readonly ms: number } | null
  /** The branch's own tickets and counters need it: without it calls are not said by this voice. */
  readonly isNeeded: boolean
}

const isLanguage = (tag: string): tag is Language => (LANGUAGES as readonly string[]).includes(tag)

const WORDS: Record<Language, Readonly<Record<string, string>>> = {
  fr: { between: 'guichet', [AND_CLIP]: 'et' },
  en: { between: 'counter', [AND_CLIP]: 'and' },
  ar: { between: 'الشباك', [AND_CLIP]: 'و' },
}

const groupOf = (clipId: ClipId): RecordGroup =>
  clipId.startsWith('n-')
    ? 'numbers'
    : clipId.startsWith('letter-')
      ? 'letters'
      : clipId.startsWith('at-')
        ? 'counters'
        : 'words'

interface Saying {
  readonly language: Language
  /** The voice speaks it; otherwise it only explains. */
  readonly isSpoken: boolean
  readonly catalogue: Catalogue
}

function sayOf(clipId: ClipId, { language, isSpoken, catalogue }: Saying): Pick<ToRecord, 'sign' | 'say'> {
  const number = /^n-(\d+)$/.exec(clipId)?.[1]
  if (number !== undefined) return { sign: number, say: numberWord(Number(number), language) }
  const letter = /^letter-(.)$/.exec(clipId)?.[1]?.toUpperCase()
  if (letter !== undefined) return { sign: letter, say: language === 'ar' ? letterName(letter) : '' }
  const counter = catalogue.counters.find(({ id }) => counterClip(id) === clipId)
  if (counter !== undefined) return { sign: wordsIn(counter.name, language, catalogue.branch.defaultLanguage), say: '' }
  if (clipId === SCREEN_CLIP) return { sign: '', say: phraseText('screen', 'all', language, catalogue) ?? '' }
  return { sign: (isSpoken ? WORDS[language][clipId] : undefined) ?? '', say: '' }
}

/**
 * All that is to be recorded for a pack, in the order in which it is asked for: words and numbers first, for every call
 * needs them, then the letters of this branch's own tickets, then the others; counters that have no number last.
 * @param pageLanguage - a language that nobody wrote words for is asked for by their meaning in this one
 */
export function toRecord(pack: PackState, catalogue: Catalogue, pageLanguage: Language): readonly ToRecord[] {
  const isSpoken = isLanguage(pack.tag)
  const language = isLanguage(pack.tag) ? pack.tag : pageLanguage
  const used = new Set(catalogue.services.flatMap(({ prefix }) => [...prefix.toLowerCase()]))
  const counters = catalogue.counters.filter(({ id }) => needsOwnClip(id, catalogue)).map(({ id }) => counterClip(id))
  // Recorded on purpose, though the counter's number would do.
  const extra = pack.clips.map(({ clipId }) => clipId).filter((clipId) => clipId.startsWith('at-'))
  const clipIds = [...new Set([...clipsOf(pack.form), ...counters, ...extra])]
  const all = clipIds.map((clipId): ToRecord => {
    const group = groupOf(clipId)
    const kept = pack.clips.find((clip) => clip.clipId === clipId) ?? null
    const isNeeded =
      group === 'letters' ? used.has(clipId.slice(-1)) : group !== 'counters' || counters.includes(clipId)
    return { clipId, group, ...sayOf(clipId, { language, isSpoken, catalogue }), language, kept, isNeeded }
  })
  const place = ({ group, isNeeded }: ToRecord): number => RECORD_GROUPS.indexOf(group) * 2 + (isNeeded ? 0 : 1)
  return all.toSorted((a, b) => place(a) - place(b))
}

/** The next that is not recorded yet, from a place on and round again; null when all are. */
export function nextToRecord(list: readonly ToRecord[], after: ClipId | null): ToRecord | null {
  const from = list.findIndex(({ clipId }) => clipId === after) + 1
  return [...list.slice(from), ...list.slice(0, from)].find(({ kept }) => kept === null) ?? null
}

export interface RecordProgress {
  readonly doneCount: number
  readonly count: number
  /** Clips without which calls of this branch are not said by this voice. */
  readonly neededCount: number
}

export const progressOf = (list: readonly ToRecord[]): RecordProgress => ({
  doneCount: list.filter(({ kept }) => kept !== null).length,
  count: list.length,
  neededCount: list.filter(({ kept, isNeeded }) => kept === null && isNeeded).length,
})

/** A tag that no pack has and that can be one: small letters, two or three. */
export const isFreeTag = (tag: string, packs: readonly PackState[]): boolean =>
  /^[a-z]{2,3}$/.test(tag) && packs.every((pack) => pack.tag !== tag)
