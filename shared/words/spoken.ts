import type { Language } from '../domain/ids.ts'

/** What is written short, or for the eye alone, as it is said. The first that fits is taken, in order. */
const SAID: Record<Language, readonly (readonly [written: RegExp, said: string])[]> = {
  fr: [
    [/\bmin\b/g, 'minutes'],
    [/(\d)\s*[–—-]\s*(\d)/g, '$1 à $2'],
    [/(\d{1,2}):00\b/g, '$1 heures'],
    [/(\d{1,2}):(\d{2})\b/g, '$1 heures $2'],
  ],
  en: [
    [/\bmin\b/g, 'minutes'],
    [/(\d)\s*[–—-]\s*(\d)/g, '$1 to $2'],
    [/(\d{1,2}):00\b/g, "$1 o'clock"],
  ],
  ar: [[/(\d{1,2}):00\b/g, '$1']],
}

const FOR_THE_EYE = /[·•…«»“”"⁦-⁩]/g

/** A sentence of the screen as a voice can read it. */
export function spokenText(text: string, language: Language): string {
  const said = SAID[language].reduce((before, [written, spoken]) => before.replaceAll(written, spoken), text)
  return said
    .replaceAll(FOR_THE_EYE, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[.,،])/g, '')
    .trim()
}

/** `A042` as it is called out: each letter and figure by itself. */
export const spelled = (number: string): string => [...number].join(', ')
