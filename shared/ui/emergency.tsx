import type { Words } from '../domain/catalogue.ts'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { directionOf } from '../words/speaker.ts'
import { Icon } from './icons.tsx'

interface EmergencyProps {
  readonly text: Words
  readonly languages: readonly Language[]
}

/** Letters beside which the type gets smaller, so that every language stays on the screen. */
const LENGTHS = [
  [90, 'short'],
  [140, 'middle'],
] as const

/** Nothing else is on the screen: what to do, in every language of the branch. Calm: it neither moves nor blinks. */
export function Emergency({ text, languages }: EmergencyProps) {
  const texts = LANGUAGES.flatMap((language) => {
    const words = text[language]
    return languages.includes(language) && words !== undefined ? [{ language, words }] : []
  })
  const shown = texts.length > 0 ? texts : Object.values(text).map((words) => ({ language: undefined, words }))
  const longest = Math.max(0, ...shown.map(({ words }) => words.length))
  const length = LENGTHS.find(([most]) => longest <= most)?.[1] ?? 'long'
  return (
    <section className="emergency" data-length={length}>
      <Icon name="octagon" />
      <div className="emergency-texts" role="alert">
        {shown.map(({ language, words }) => (
          <p key={words} lang={language} dir={language === undefined ? 'auto' : directionOf(language)}>
            {words}
          </p>
        ))}
      </div>
    </section>
  )
}
