import type { Language } from '../domain/ids.ts'

/** Latin digits everywhere: the same as on the paper and on the lobby screen. */
const LOCALES: Record<Language, string> = { fr: 'fr-FR-u-nu-latn', en: 'en-GB-u-nu-latn', ar: 'ar-u-nu-latn' }
const SECOND_MS = 1_000

const PARTS = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  date: { weekday: 'long', day: 'numeric', month: 'long' },
  weekday: { weekday: 'long' },
} as const

const known = new Map<string, Intl.DateTimeFormat>()

function formatter(language: Language, timezone: string, kind: 'time' | 'date' | 'weekday'): Intl.DateTimeFormat {
  const name = `${language} ${timezone} ${kind}`
  const before = known.get(name)
  if (before !== undefined) return before
  const made = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: timezone,
    ...PARTS[kind],
  })
  known.set(name, made)
  return made
}

/** `10:42`, in the branch's zone. */
export const formatTime = (atMs: number, language: Language, timezone: string): string =>
  formatter(language, timezone, 'time').format(atMs)

/** `lundi 23 novembre`, in the branch's zone. */
export const formatDay = (atMs: number, language: Language, timezone: string): string =>
  formatter(language, timezone, 'date').format(atMs)

/** `lundi`, in the branch's zone. */
export const formatWeekday = (atMs: number, language: Language, timezone: string): string =>
  formatter(language, timezone, 'weekday').format(atMs)

/** A running timer: `4:05`, from an hour on `1:04:05`. Negative counts as nothing. */
export function formatTimer(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / SECOND_MS))
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** A measured time, to the nearest second: a report on a page, on paper and as a table says the same. */
export const formatDuration = (durationMs: number): string =>
  formatTimer(Math.round(durationMs / SECOND_MS) * SECOND_MS)
