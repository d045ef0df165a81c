import { Button, NativeSelect } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { useHere, useWords } from './here.tsx'

interface HeadProps {
  readonly home: string
  /** Of the tenant, or the platform. */
  readonly name: string
  readonly parts: ReactNode
  /** Where else she may go. */
  readonly children?: ReactNode
}

/** What stands above every page: where she is, what there is, who she is. */
export function Head({ home, name, parts, children }: HeadProps) {
  const { session, language, setLanguage, isDark, setDark } = useHere()
  const { say } = useWords()
  return (
    <header className="head">
      <Link href={home} className="head-name">
        SmartQueue <bdi>{name}</bdi>
      </Link>
      {parts}
      <div className="head-acts">
        {children}
        {/* Her account is on pages of the sign-in itself: no program that acts for her comes there. */}
        <a href="/account" aria-label={say('dash.account', { name: session.name })}>
          <bdi>{session.name}</bdi>
        </a>
        <NativeSelect
          aria-label={say('dash.language')}
          data={LANGUAGES.map((it) => ({ value: it, label: LANGUAGE_NAMES[it] }))}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value as Language)}
        />
        <Button variant="default" onClick={() => setDark(!isDark)}>
          {say(isDark ? 'dash.light' : 'dash.dark')}
        </Button>
        <Button variant="subtle" onClick={() => void session.signOut()}>
          {say('dash.signOut')}
        </Button>
      </div>
    </header>
  )
}

/** Whoever listens hears that another page is there: its title has the focus. */
export function useFocusOnPage(): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null)
  const [location] = useLocation()
  const before = useRef(location)
  useEffect(() => {
    if (before.current !== location) main.current?.focus()
    before.current = location
  }, [location])
  return main
}
