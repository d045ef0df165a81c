import { Button, createTheme, DirectionProvider, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { Router } from 'wouter'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import { createDashboardWords } from '#shared/words/dashboard-words.ts'
import { RefusedError } from './ask.ts'
import { HereProvider } from './here.tsx'
import type { Session } from './session.ts'
import { Shell } from './shell.tsx'

const LANGUAGE_PLACE = 'smartqueue.language'
const DARK_PLACE = 'smartqueue.dark'
const RETRIES_MAX = 2

const theme = createTheme({ fontFamily: 'var(--font)', defaultRadius: 'md', cursorType: 'pointer' })
const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What was refused is refused again; a line that is cut may be back.
      retry: (count, error) =>
        count < RETRIES_MAX && (!(error instanceof RefusedError) || error.code === 'Unreachable'),
    },
  },
})

const firstLanguage = (): Language => {
  const wishes = [localStorage.getItem(LANGUAGE_PLACE) ?? '', ...navigator.languages]
  return wishes.map((it) => LANGUAGES.find((one) => it.startsWith(one))).find((it) => it !== undefined) ?? 'fr'
}
const firstDark = (): boolean =>
  (localStorage.getItem(DARK_PLACE) ?? String(matchMedia('(prefers-color-scheme: dark)').matches)) === 'true'

/** The page takes language, direction and dress from what she chose. */
function usePageDress(language: Language, isDark: boolean): void {
  useEffect(() => {
    const { direction, say } = createDashboardWords(language)
    document.documentElement.lang = language
    document.documentElement.dir = direction
    document.title = `SmartQueue — ${say('dash.title')}`
    localStorage.setItem(LANGUAGE_PLACE, language)
  }, [language])
  useEffect(() => {
    applyTheme(document.documentElement, isDark ? 'dark' : 'light')
    localStorage.setItem(DARK_PLACE, String(isDark))
  }, [isDark])
}

type Stand =
  | { readonly kind: 'opening' | 'failed' | 'unreachable' }
  | { readonly kind: 'open'; readonly session: Session }

interface AppProps {
  /** Once: a code is good for one use. */
  readonly openSession: (language: Language) => Promise<Session>
  /** Whether it failed for want of a line, not of a right. */
  readonly isUnreachable: (error: unknown) => boolean
  readonly steadyMs: () => number
}

export function App({ openSession, isUnreachable, steadyMs }: AppProps) {
  const [language, setLanguage] = useState(firstLanguage)
  const [isDark, setDark] = useState(firstDark)
  const [stand, setStand] = useState<Stand>({ kind: 'opening' })
  usePageDress(language, isDark)
  useEffect(() => {
    openSession(language).then(
      (session) => setStand({ kind: 'open', session }),
      (error: unknown) => setStand({ kind: isUnreachable(error) ? 'unreachable' : 'failed' }),
    )
  }, [])
  const session = stand.kind === 'open' ? stand.session : null
  const here = useMemo(
    () => (session === null ? null : { session, steadyMs, language, setLanguage, isDark, setDark }),
    [session, steadyMs, language, isDark],
  )
  const { direction } = createDashboardWords(language)
  return (
    // Everything it would write into the page itself stands in our style sheets: the policy allows no style in the page.
    <MantineProvider
      theme={theme}
      forceColorScheme={isDark ? 'dark' : 'light'}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <DirectionProvider key={direction} initialDirection={direction} detectDirection={false}>
        {here === null ? (
          <Before stand={stand.kind} language={language} />
        ) : (
          <QueryClientProvider client={client}>
            <HereProvider value={here}>
              <Router base="/dashboard">
                <Shell />
              </Router>
            </HereProvider>
          </QueryClientProvider>
        )}
      </DirectionProvider>
    </MantineProvider>
  )
}

/** Before anybody is known. */
function Before({ stand, language }: { readonly stand: Stand['kind']; readonly language: Language }) {
  const { say, sayProblem } = createDashboardWords(language)
  if (stand === 'opening')
    return (
      <main className="before">
        <p role="status">{say('dash.signingIn')}</p>
      </main>
    )
  const isUnreached = stand === 'unreachable'
  return (
    <main className="before">
      <h1>{say(isUnreached ? 'dash.unreachable' : 'dash.signInFailed')}</h1>
      <p>{isUnreached ? sayProblem('Unreachable') : say('dash.signInFailedHelp')}</p>
      <Button component="a" href="/dashboard/">
        {say('dash.again')}
      </Button>
    </main>
  )
}
