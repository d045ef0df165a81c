import { createInstance } from 'i18next'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { access } from './access.ts'
import { caller } from './caller.ts'
import { common } from './common.ts'
import { counter } from './counter.ts'
import { desk } from './desk.ts'
import { deskWindow } from './desk-window.ts'
import { display } from './display.ts'
import { doorProblems } from './door-problems.ts'
import { floor } from './floor.ts'
import { kiosk } from './kiosk.ts'
import { lobbyMedia } from './lobby-media.ts'
import { manager } from './manager.ts'
import { onPaper } from './on-paper.ts'
import { people } from './people.ts'
import { printer } from './printer.ts'
import { problems } from './problems.ts'
import { recording } from './recording.ts'
import { staff } from './staff.ts'
import { typing } from './typing.ts'

/** Every text of the faces, by language. */
export const TEXTS = {
  fr: {
    ...common.fr,
    ...kiosk.fr,
    ...typing.fr,
    ...access.fr,
    ...display.fr,
    ...caller.fr,
    ...counter.fr,
    ...desk.fr,
    ...deskWindow.fr,
    ...manager.fr,
    ...floor.fr,
    ...recording.fr,
    ...lobbyMedia.fr,
    ...printer.fr,
    ...staff.fr,
    ...onPaper.fr,
    ...people.fr,
    ...problems.fr,
    ...doorProblems.fr,
  },
  en: {
    ...common.en,
    ...kiosk.en,
    ...typing.en,
    ...access.en,
    ...display.en,
    ...caller.en,
    ...counter.en,
    ...desk.en,
    ...deskWindow.en,
    ...manager.en,
    ...floor.en,
    ...recording.en,
    ...lobbyMedia.en,
    ...printer.en,
    ...staff.en,
    ...onPaper.en,
    ...people.en,
    ...problems.en,
    ...doorProblems.en,
  },
  ar: {
    ...common.ar,
    ...kiosk.ar,
    ...typing.ar,
    ...access.ar,
    ...display.ar,
    ...caller.ar,
    ...counter.ar,
    ...desk.ar,
    ...deskWindow.ar,
    ...manager.ar,
    ...floor.ar,
    ...recording.ar,
    ...lobbyMedia.ar,
    ...printer.ar,
    ...staff.ar,
    ...onPaper.ar,
    ...people.ar,
    ...problems.ar,
    ...doorProblems.ar,
  },
} as const satisfies Record<Language, Record<string, string>>

type TextKey = keyof (typeof TEXTS)['en']
type WithoutPlural<Key> = Key extends `${infer Stem}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}` ? Stem : Key
/** What can be said, without its plural endings. */
export type WordKey = WithoutPlural<TextKey>

export type TextDirection = 'ltr' | 'rtl'

/** One language's words, ready to be said. */
export interface FaceWords {
  readonly language: Language
  readonly direction: TextDirection
  /** @param values - what stands in the `{{places}}`; `count` chooses the plural form */
  readonly say: (key: WordKey, values?: Readonly<Record<string, string | number>>) => string
  /** The sentence for a refusal's `code`; a code nobody wrote a sentence for gets a general one. */
  readonly sayProblem: (code: string) => string
}

/** How each language calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { fr: 'Français', en: 'English', ar: 'العربية' }

export const directionOf = (language: Language): TextDirection => (language === 'ar' ? 'rtl' : 'ltr')

/** French sets a space before these; no line may begin with them. */
const withoutLooseEnds = (text: string): string =>
  text.replaceAll(/ (?=[?!:;»])/g, '\u00a0').replaceAll('« ', '«\u00a0')

const textsOf = (language: Language): Record<string, string> =>
  language === 'fr'
    ? Object.fromEntries(Object.entries(TEXTS.fr).map(([key, text]) => [key, withoutLooseEnds(text)]))
    : TEXTS[language]

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

const ISOLATE_START = '\u2068'
const ISOLATE_END = '\u2069'

/** A number or a time keeps its own direction inside an Arabic sentence. */
function isolated(values: Readonly<Record<string, string | number>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? `${ISOLATE_START}${value}${ISOLATE_END}` : value,
    ]),
  )
}

function makeWords(language: Language): FaceWords {
  const translate = engine.getFixedT(language)
  const say: FaceWords['say'] = (key, values = {}) =>
    String(translate(key, language === 'ar' ? isolated(values) : { ...values }))
  const sayProblem = (code: string): string => {
    const key = `problem.${code}`
    return key in TEXTS[language] ? String(translate(key)) : say('problem.other')
  }
  return { language, direction: directionOf(language), say, sayProblem }
}

const wordsByLanguage: Record<Language, FaceWords> = {
  fr: makeWords('fr'),
  en: makeWords('en'),
  ar: makeWords('ar'),
}

/** The words of one language; the same object each time, so that screens need not be drawn anew. */
export const createWords = (language: Language): FaceWords => wordsByLanguage[language]
