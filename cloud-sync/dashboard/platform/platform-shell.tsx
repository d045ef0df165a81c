import { Link, Route, Switch, useLocation } from 'wouter'
import { Head, useFocusOnPage } from '../head.tsx'
import { useWords } from '../here.tsx'
import { EmptyState } from '../parts/parts.tsx'
import { AuditPage } from '../people/audit-page.tsx'
import { TenantsPage } from './tenants-page.tsx'

/** The frame of what whoever runs the cloud sees of it. */
export function PlatformShell() {
  const { say } = useWords()
  const main = useFocusOnPage()
  const [location] = useLocation()
  const link = (href: string, text: string) => (
    <Link href={href} aria-current={location === href ? 'page' : undefined}>
      {text}
    </Link>
  )
  const parts = (
    <nav className="head-parts" aria-label={say('dash.parts')}>
      {link('/platform', say('dash.tenants'))}
      {link('/platform/audit', say('dash.audit'))}
    </nav>
  )
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {say('dash.skip')}
      </a>
      <Head home="/platform" name={say('dash.platform')} parts={parts} />
      <main id="content" ref={main} tabIndex={-1}>
        <Switch>
          <Route path="/platform">
            <TenantsPage />
          </Route>
          <Route path="/platform/audit">
            <AuditPage />
          </Route>
          <Route>
            <EmptyState title={say('dash.notFound')} text="" />
          </Route>
        </Switch>
      </main>
    </div>
  )
}
