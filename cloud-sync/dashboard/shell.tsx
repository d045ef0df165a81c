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
const ReportsPage = lazy(async () => ({ default: (await import('./reports/reports-page.tsx')).ReportsPage }))
const MembersPage = lazy(async () => ({ default: (await import('./people/members-page.tsx')).MembersPage }))
const ProgramsPage = lazy(async () => ({ default: (await import('./people/programs-page.tsx')).ProgramsPage }))

/** The parts of the dashboard, for whoever may see them. */
function Parts() {
  const { session } = useHere()
  const { say } = useWords()
  const [location] = useLocation()
  const base = `/t/${session.slug}`
  const [part = ''] = location.slice(base.length + 1).split('/')
  const link = (to: string, text: string, isHere: boolean) => (
    <Link href={`${base}${to}`} aria-current={isHere ? 'page' : undefined}>
      {text}
    </Link>
  )
  return (
    <nav className="head-parts" aria-label={say('dash.parts')}>
      {link('', say('dash.branches'), ['', 'branches', 'new-branch'].includes(part))}
      <AlertsLink isHere={['alerts', 'daily'].includes(part)} />
      {session.scopes.includes('read:reports') && link('/reports', say('dash.reports'), part === 'reports')}
      {session.scopes.includes('read:agent') && link('/members', say('dash.members'), part === 'members')}
      {session.scopes.includes('manage:settings') && link('/programs', say('dash.programs'), part === 'programs')}
    </nav>
  )
}

/** How many nobody has said that she knows of stands beside it. */
function AlertsLink({ isHere }: { readonly isHere: boolean }) {
  const { session } = useHere()
  const { say } = useWords()
  const { alerts } = useLiveLine()
  const unseen = alerts?.unseenCount ?? 0
  return (
    <Link
      href={`/t/${session.slug}/alerts`}
      aria-current={isHere ? 'page' : undefined}
      className={unseen > 0 ? 'is-late' : ''}
    >
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
      <Parts />
      <div className="head-acts">
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
      </div>
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

/** The page at this address. */
function Pages() {
  const { session } = useHere()
  const { say } = useWords()
  return (
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
      <Route path="/t/:slug/reports/:report?">{({ report = '' }) => <ReportsPage report={report} />}</Route>
      <Route path="/t/:slug/members">
        <MembersPage />
      </Route>
      <Route path="/t/:slug/programs">
        <ProgramsPage />
      </Route>
      <Route path="/">
        <Redirect to={`/t/${session.slug}`} />
      </Route>
      <Route>
        <EmptyState title={say('dash.notFound')} text="" />
      </Route>
    </Switch>
  )
}

/** The frame of every page. */
export function Shell() {
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
            <Pages />
          </Suspense>
        </main>
      </div>
    </LiveProvider>
  )
}
