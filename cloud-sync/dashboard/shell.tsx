import { Button, NativeSelect } from '@mantine/core'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { useHere, useWords } from './here.tsx'
import { LiveProvider, useLiveLine } from './live-line.tsx'
import { EmptyState, Waiting } from './parts/parts.tsx'

// Each page comes when it is opened.
const FleetPage = lazy(async () => ({ default: (await import('./pages/fleet-page.tsx')).FleetPage }))
const NewBranchPage = lazy(async () => ({ default: (await import('./pages/new-branch-page.tsx')).NewBranchPage }))
const AlertsPage = lazy(async () => ({ default: (await import('./alerts/alerts-page.tsx')).AlertsPage }))
const DailyPage = lazy(async () => ({ default: (await import('./alerts/daily-page.tsx')).DailyPage }))
const BranchFrame = lazy(async () => ({ default: (await import('./pages/branch-frame.tsx')).BranchFrame }))

/** How many nobody has said that she knows of stands beside it. */
function AlertsLink() {
  const { session } = useHere()
  const { say } = useWords()
  const { alerts } = useLiveLine()
  const unseen = alerts?.unseenCount ?? 0
  return (
    <Link href={`/t/${session.slug}/alerts`} className={unseen > 0 ? 'is-late' : ''}>
      {say('dash.alerts')}
      {unseen > 0 && ` (${unseen})`}
    </Link>
  )
}

function Head() {
  const { session, language, setLanguage, isDark, setDark } = useHere()
  const { say } = useWords()
  return (
    <header className="head">
      <Link href={`/t/${session.slug}`} className="head-name">
        SmartQueue <span>{say('dash.title')}</span>
      </Link>
      <nav className="head-acts" aria-label={say('dash.title')}>
        <AlertsLink />
        <NativeSelect
          aria-label={say('dash.language')}
          data={LANGUAGES.map((it) => ({ value: it, label: LANGUAGE_NAMES[it] }))}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value as Language)}
        />
        <Button variant="default" onClick={() => setDark(!isDark)}>
          {say(isDark ? 'dash.light' : 'dash.dark')}
        </Button>
        <Button variant="subtle" title={session.name} onClick={() => void session.signOut()}>
          {say('dash.signOut')}
        </Button>
      </nav>
    </header>
  )
}

/** Whoever listens hears that another page is there: its title has the focus. */
function useFocusOnPage(): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null)
  const [location] = useLocation()
  const before = useRef(location)
  useEffect(() => {
    if (before.current !== location) main.current?.focus()
    before.current = location
  }, [location])
  return main
}

/** The frame of every page. */
export function Shell() {
  const { session } = useHere()
  const { say } = useWords()
  const main = useFocusOnPage()
  const [location] = useLocation()
  const branchId = /^\/t\/[^/]+\/branches\/([0-9a-f-]{36})/.exec(location)?.[1] ?? null
  return (
    <LiveProvider branchId={branchId}>
      <div className="shell">
        <a className="skip" href="#content">
          {say('dash.skip')}
        </a>
        <Head />
        <main id="content" ref={main} tabIndex={-1}>
          <Suspense fallback={<Waiting />}>
            <Switch>
              <Route path="/t/:slug">
                <FleetPage />
              </Route>
              <Route path="/t/:slug/new-branch">
                <NewBranchPage />
              </Route>
              <Route path="/t/:slug/alerts">
                <AlertsPage />
              </Route>
              <Route path="/t/:slug/daily">
                <DailyPage />
              </Route>
              <Route path="/t/:slug/branches/:branchId/*?">
                {(params) => <BranchFrame branchId={params.branchId ?? ''} rest={params['*'] ?? ''} />}
              </Route>
              <Route path="/">
                <Redirect to={`/t/${session.slug}`} />
              </Route>
              <Route>
                <EmptyState title={say('dash.notFound')} text="" />
              </Route>
            </Switch>
          </Suspense>
        </main>
      </div>
    </LiveProvider>
  )
}
