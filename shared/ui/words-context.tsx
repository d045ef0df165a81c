import { createContext, type ReactNode, useContext, useEffect } from 'react'
import type { Words } from '../domain/catalogue.ts'
import { wordsIn } from '../domain/catalogue.ts'
import type { Language } from '../domain/ids.ts'
import { createWords, type FaceWords } from '../words/create-words.ts'

interface Voice extends FaceWords {
  /** A text of the catalogue in this language, else in the branch's own. */
  readonly read: (words: Words) => string
}

const WordsContext = createContext<Voice>({ ...createWords('fr'), read: (words) => wordsIn(words, 'fr', 'fr') })

interface WordsProviderProps {
  readonly language: Language
  readonly defaultLanguage: Language
  readonly children: ReactNode
}

/** Everything inside speaks one language; the whole page takes its direction from it. */
export function WordsProvider({ language, defaultLanguage, children }: WordsProviderProps) {
  const words = createWords(language)
  useEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = words.direction
  }, [language, words.direction])
  const read = (text: Words): string => wordsIn(text, language, defaultLanguage)
  return <WordsContext value={{ ...words, read }}>{children}</WordsContext>
}

export const useWords = (): Voice => useContext(WordsContext)
