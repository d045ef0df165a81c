import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import type { TenantHere } from '#shared/wire/tenant.ts'
import { ask } from './ask.ts'
import { Head, useFocusOnPage } from './head.tsx'
import { readWords, useHere, useWords } from './here.tsx'
import { LiveProvider, useLiveLine } from './live-line.tsx'
import { EmptyState, Waiting } from './parts/parts.tsx'
import { PLATFORM_PATH } from './session.ts'

// Each page comes when it is opened.
const FleetPage = lazy(async () => ({ default: (await import('./pages/fleet-page.tsx')).FleetPage }))
const NewBranchPage = lazy(async () => ({ default: (await import('./pages/new-branch-page.tsx')).NewBranchPage }))
const AlertsPage = lazy(async () => ({ default: (await import('./alerts/alerts-page.tsx')).AlertsPage }))
const DailyPage = lazy(async () => ({ default: (await import('./alerts/daily-page.tsx')).DailyPage }))
const BranchFrame = lazy(async () => ({ default: (await import('./pages/branch-frame.tsx')).BranchFrame }))
const ReportsPage = lazy(async () => ({ default: (await import('./reports/reports-page.tsx')).ReportsPage }))
const MembersPage = lazy(async () => ({ default: (await import('./people/members-page.tsx')).MembersPage }))
const ProgramsPage = lazy(async () => ({ default: (await import('./people/programs-page.tsx')).ProgramsPage }))
const IssuersPage = lazy(async () => ({ default: (await import('./people/issuers-page.tsx')).IssuersPage }))
const AuditPage = lazy(async () => ({ default: (await import('./people/audit-page.tsx')).AuditPage }))
const PlatformShell = lazy(async () => ({ default: (await import('./platform/platform-shell.tsx')).PlatformShell }))

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
      {session.scopes.includes('manage:settings') && (
        <>
          {link('/programs', say('dash.programs'), part === 'programs')}
          {link('/sign-in', say('dash.issuers'), part === 'sign-in')}
          {link('/audit', say('dash.audit'), part === 'audit')}
        </>
      )}
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
      <Route path="/t/:slug/sign-in">
        <IssuersPage />
      </Route>
      <Route path="/t/:slug/audit">
        <AuditPage />
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

/** Which tenant it is, and where else she may go. */
function TenantHead() {
  const { session, language } = useHere()
  const { say } = useWords()
  const tenant = useQuery({
    queryKey: ['tenant', session.slug],
    queryFn: async () => (await ask<TenantHere>(session, 'GET', '')).body,
  }).data
  return (
    <Head home={`/t/${session.slug}`} name={readWords(tenant?.name, language) || say('dash.title')} parts={<Parts />}>
      {/* Another tenant is another sign-in, which answers without a word: the page is left for it. */}
      {tenant?.hasOtherPlaces === true && <a href="/dashboard/">{say('dash.switchTenant')}</a>}
      {tenant?.runsPlatform === true && <a href={PLATFORM_PATH}>{say('dash.platform')}</a>}
    </Head>
  )
}

/** The frame of every page of a tenant. */
function TenantShell() {
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
        <TenantHead />
        <main id="content" ref={main} tabIndex={-1}>
          <Suspense fallback={<Waiting />}>
            <Pages />
          </Suspense>
        </main>
      </div>
    </LiveProvider>
  )
}

export function Shell() {
  const { session } = useHere()
  if (session.slug !== '') return <TenantShell />
  return (
    <Suspense fallback={<Waiting />}>
      <PlatformShell />
    </Suspense>
  )
}
