import type { Language } from '#shared/domain/ids.ts'
import { formatDuration } from '#shared/words/format.ts'
import type { FigureUnit } from './figure-specs.ts'

/** Latin digits, as on paper and on the lobby's screen. */
const localeOf = (language: Language): string => `${language === 'en' ? 'en-GB' : language}-u-nu-latn`

export const sayCount = (count: number, language: Language, digits = 0): string =>
  new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: digits }).format(count)

/** @param share - of 1 */
export const sayShare = (share: number, language: Language): string =>
  new Intl.NumberFormat(localeOf(language), { style: 'percent', maximumFractionDigits: 1 }).format(share)

/** With its sign: a change. @param share - of 1 */
export const sayChange = (share: number, language: Language): string =>
  new Intl.NumberFormat(localeOf(language), {
    ...{ style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' },
  }).format(share)

/** A business date, as people say it. */
export const sayDate = (date: string, language: Language): string =>
  new Intl.DateTimeFormat(localeOf(language), { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(
    Date.parse(date),
  )

/** A Monday, in UTC: days of the week are named by it. */
const MONDAY_MS = 4 * 86_400_000
const DAY_MS = 86_400_000

/** In a few letters where it heads a column. @param weekday - 1 Monday … 7 Sunday */
export const sayWeekday = (weekday: number, language: Language, length: 'long' | 'short' = 'short'): string =>
  new Intl.DateTimeFormat(localeOf(language), { timeZone: 'UTC', weekday: length }).format(
    MONDAY_MS + (weekday - 1) * DAY_MS,
  )

/** @returns null: there is nothing to say */
export function sayFigure(value: number | null, unit: FigureUnit, language: Language): string | null {
  if (value === null) return null
  if (unit === 'count') return sayCount(value, language)
  return unit === 'share' ? sayShare(value, language) : formatDuration(value)
}
