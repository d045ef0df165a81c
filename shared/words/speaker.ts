import { createInstance } from 'i18next'
import { LANGUAGES, type Language } from '../domain/ids.ts'

/** Texts of one room or several, by language. */
export type Texts = Readonly<Record<Language, Readonly<Record<string, string>>>>

type WithoutPlural<Key> = Key extends `${infer Stem}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}` ? Stem : Key
/** What can be said with these texts, without its plural endings. */
export type KeyOf<Said extends Texts> = WithoutPlural<Extract<keyof Said['en'], string>>

export type TextDirection = 'ltr' | 'rtl'

/** One language's words, ready to be said. */
export interface Words<Key extends string> {
  readonly language: Language
  readonly direction: TextDirection
  /** @param values - what stands in the `{{places}}`; `count` chooses the plural form */
  readonly say: (key: Key, values?: Readonly<Record<string, string | number>>) => string
  /** The sentence for a refusal's `code`; a code nobody wrote a sentence for gets a general one. */
  readonly sayProblem: (code: string) => string
}

/** How each language calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { fr: 'Français', en: 'English', ar: 'العربية' }

export const directionOf = (language: Language): TextDirection => (language === 'ar' ? 'rtl' : 'ltr')

/** French sets a space before these; no line may begin with them. */
const withoutLooseEnds = (text: string): string =>
  text.replaceAll(/ (?=[?!:;»])/g, '\u00a0').replaceAll('« ', '«\u00a0')

const ISOLATE_START = '\u2068'
const ISOLATE_START_ARABIC = '\u2067'
const ISOLATE_END = '\u2069'

/** A browser looks for the first letter past what is isolated itself: what is made of such parts would be Latin to it. */
const startOf = (text: string): string =>
  /\p{L}/u.exec(text)?.[0].match(/\p{Script=Arabic}/u) ? ISOLATE_START_ARABIC : ISOLATE_START

/** A number or a time keeps its own direction inside an Arabic sentence. */
function isolated(values: Readonly<Record<string, string | number>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? `${startOf(value)}${value}${ISOLATE_END}` : value,
    ]),
  )
}

/** @param texts - with a sentence `problem.other` for what has none of its own */
export function createSpeaker<Said extends Texts>(texts: Said): (language: Language) => Words<KeyOf<Said>> {
  const textsOf = (language: Language): Readonly<Record<string, string>> =>
    language === 'fr'
      ? Object.fromEntries(Object.entries(texts.fr).map(([key, text]) => [key, withoutLooseEnds(text)]))
      : texts[language]
  const engine = createInstance()
  // Everything is already in memory, so the start is synchronous.
  void engine.init({
    lng: 'fr',
    fallbackLng: false,
    resources: Object.fromEntries(LANGUAGES.map((language) => [language, { translation: textsOf(language) }])),
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
  })

  function makeWords(language: Language): Words<KeyOf<Said>> {
    const translate = engine.getFixedT(language)
    const sayAny = (key: string, values: Readonly<Record<string, string | number>> = {}): string =>
      String(translate(key, language === 'ar' ? isolated(values) : { ...values }))
    const sayProblem = (code: string): string =>
      sayAny(`problem.${code}` in texts[language] ? `problem.${code}` : 'problem.other')
    return { language, direction: directionOf(language), say: sayAny, sayProblem }
  }

  const wordsByLanguage = { fr: makeWords('fr'), en: makeWords('en'), ar: makeWords('ar') }
  // The same object each time, so that screens need not be drawn anew.
  return (language) => wordsByLanguage[language]
}
