import { createContext, useContext } from 'react'
import type { Words as CatalogueWords } from '#shared/domain/catalogue.ts'
import type { Language } from '#shared/domain/ids.ts'
import { createDashboardWords, type DashboardWords } from '#shared/words/dashboard-words.ts'
import type { Session } from './session.ts'

/** What every part of the dashboard may ask: who is here, and in which words she reads. */
interface Here {
  readonly session: Session
  /** The page's own clock: it only goes on. */
  readonly steadyMs: () => number
  readonly language: Language
  readonly setLanguage: (language: Language) => void
  readonly isDark: boolean
  readonly setDark: (isDark: boolean) => void
}

const HereContext = createContext<Here | null>(null)
export const HereProvider = HereContext.Provider

export function useHere(): Here {
  const here = useContext(HereContext)
  if (here === null) throw new Error('Nobody has signed in')
  return here
}

export const useSession = (): Session => useHere().session
export const useWords = (): DashboardWords => createDashboardWords(useHere().language)

/** Whether she may change what branches run on. */
export const useMayChange = (): boolean => useSession().scopes.includes('manage:settings')

/** Whether she may have something done at a branch, and say that she knows of an alert. */
export const useMayManage = (): boolean => useSession().scopes.includes('manage:queue')

/** A text of a catalogue in her language, else in whichever there is. */
export function readWords(words: CatalogueWords | string | undefined | null, language: Language): string {
  if (words === undefined || words === null) return ''
  if (typeof words === 'string') return words
  return words[language] ?? Object.values(words).find((it) => it !== undefined && it !== '') ?? ''
}
