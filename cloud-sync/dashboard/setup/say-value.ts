import type { Words } from '#shared/domain/catalogue.ts'
import { LANGUAGES } from '#shared/domain/ids.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { readWords, useHere, useWords } from '../here.tsx'

const LENGTH_MAX = 60

const cut = (text: string): string => (text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text)

/** A value of the catalogue as people read it. */
export function useSayValue(): (value: unknown) => string {
  const { language } = useHere()
  const { say } = useWords()
  const sayValue = (value: unknown): string => {
    if (value === undefined || value === null || value === '') return say('dash.none')
    if (value === true) return say('dash.yes')
    if (value === false) return say('dash.no')
    const spoken = LANGUAGES.find((it) => it === value)
    if (spoken !== undefined) return LANGUAGE_NAMES[spoken]
    if (Array.isArray(value)) return value.length === 0 ? say('dash.none') : cut(value.map(sayValue).join(', '))
    if (typeof value !== 'object') return cut(String(value))
    const { opens, closes, name } = value as Readonly<Record<string, unknown>>
    if (typeof opens === 'string') return `${opens}–${String(closes)}`
    if (name !== undefined) return sayValue(name)
    const text = readWords(value as Words, language)
    return typeof text === 'string' ? cut(text) : cut(Object.values(value).map(sayValue).join(', '))
  }
  return sayValue
}
