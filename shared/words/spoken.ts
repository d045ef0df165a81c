import type { Language } from '../domain/ids.ts'
import { spokenMinutes, spokenTime } from './spoken-time.ts'

const RANGE: Record<Language, string> = { fr: '$1 à $2', en: '$1 to $2', ar: '$1 إلى $2' }
/** A hyphen joins the parts of dates, codes and telephone numbers: it is no range. */
const WRITTEN_RANGE = /(\d)\s*[–—]\s*(\d)/g
const WRITTEN_TIME = /(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])/g
/** The number that counts the minutes is taken along: one minute is not said like two. */
const WRITTEN_MINUTES = /(?<!\d)(\d+)?(\s*)\bmin\b/g
const FOR_THE_EYE = /[·•…«»“”"⁦-⁩]/g

/** A sentence of the screen as a voice can read it. */
export function spokenText(text: string, language: Language): string {
  return text
    .replaceAll(FOR_THE_EYE, ' ')
    .replaceAll(WRITTEN_RANGE, RANGE[language])
    .replaceAll(WRITTEN_TIME, (_, hour: string, minute: string) => spokenTime(Number(hour), Number(minute), language))
    .replaceAll(WRITTEN_MINUTES, (_, count: string | undefined, space: string) =>
      count === undefined ? space + spokenMinutes(null, language) : spokenMinutes(Number(count), language),
    )
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[.,،])/g, '')
    .trim()
}

/** `A042` as it is called out: each letter and figure by itself. */
export const spelled = (number: string): string => [...number].join(', ')
