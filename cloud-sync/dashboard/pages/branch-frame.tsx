import { Button } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { Link, Redirect, useLocation } from 'wouter'
import { readWords, useHere, useWords } from '../here.tsx'
import { EmptyState, Page, Waiting } from '../parts/parts.tsx'
import { useFleet } from '../queries.ts'
import { BranchSettingsPage } from '../setup/branch-page.tsx'
import { EntryPage } from '../setup/entry-page.tsx'
import { ListPage } from '../setup/list-page.tsx'
import { LIST_SPECS, LISTS, type ListName } from '../setup/specs.ts'
import { useDraft } from '../use-draft.ts'
import { ConnectPage } from './connect-page.tsx'
import { DevicesPage } from './devices-page.tsx'
import { FilePage } from './file-page.tsx'
import { FloorPage } from './floor-page.tsx'
import { PublishPage } from './publish-page.tsx'
import { VersionsPage } from './versions-page.tsx'

// With it comes what composes paper.
const SlipPage = lazy(async () => ({ default: (await import('../setup/slip-page.tsx')).SlipPage }))

const isList = (it: string): it is ListName => (LISTS as readonly string[]).includes(it)

interface SetupProps {
  readonly branchId: string
  readonly base: string
  readonly list: string
  readonly place: string | undefined
}

function SetupPart({ branchId, base, list, place }: SetupProps) {
  if (list === 'branch') return <BranchSettingsPage branchId={branchId} />
  if (list === 'slip')
    return (
      <Suspense fallback={<Waiting />}>
        <SlipPage branchId={branchId} />
      </Suspense>
    )
  if (!isList(list)) return <Redirect to={`${base}/setup/branch`} />
  const props = { branchId, list, base: `${base}/setup` }
  return place === undefined ? <ListPage {...props} /> : <EntryPage {...props} place={decodeURIComponent(place)} />
}

/** The pages of a branch, beside what is on the one that is open. */
function BranchNav({
  base,
  here,
  hasDraft,
}: {
  readonly base: string
  readonly here: string
  readonly hasDraft: boolean
}) {
  const { say } = useWords()
  const [isOpen, setOpen] = useState(false)
  const link = (path: string, text: string, more = '') => (
    <li>
      <Link href={`${base}${path}`} aria-current={here === path ? 'page' : undefined} onClick={() => setOpen(false)}>
        {text}
        {more !== '' && (
          <span className="nav-mark" aria-hidden="true">
            {more}
          </span>
        )}
      </Link>
    </li>
  )
  return (
    <nav className="branch-nav" aria-label={say('dash.menu')}>
      <Button className="nav-switch" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {say('dash.menu')}
      </Button>
      <ul className={isOpen ? 'is-open' : ''}>
        {link('', say('dash.floor'))}
        {link('/devices', say('dash.orders.page'))}
        {link('/publish', say('dash.publishTitle'), hasDraft ? '●' : '')}
        {link('/setup/branch', say('dash.settings'))}
        {link('/setup/slip', say('dash.slip'))}
        {LISTS.map((list) => (
          <NavLine key={list}>{link(`/setup/${list}`, say(LIST_SPECS[list].title))}</NavLine>
        ))}
        {link('/versions', say('dash.versions'))}
        {link('/connect', say('dash.toConnect'))}
        {link('/file', say('dash.copyAndFile'))}
      </ul>
    </nav>
  )
}

const NavLine = ({ children }: { readonly children: React.ReactNode }) => <>{children}</>

/** One branch: who it is, its pages, and the one that is open. */
export function BranchFrame({ branchId, rest }: { readonly branchId: string; readonly rest: string }) {
  const { session, language } = useHere()
  const { say } = useWords()
  useLocation()
  const fleet = useFleet()
  const { answer } = useDraft(branchId)
  const base = `/t/${session.slug}/branches/${branchId}`
  const branch = fleet.data?.items.find((it) => it.branchId === branchId)
  if (fleet.data === undefined) return <Waiting error={fleet.error} />
  if (branch === undefined)
    return (
      <Page title={say('dash.branches')}>
        <EmptyState title={say('dash.notFound')} text={say('dash.noBranchesHelp')} />
      </Page>
    )
  const [part = '', list = '', place] = rest.split('/').filter((it) => it !== '')
  const here = part === '' ? '' : part === 'setup' ? `/setup/${list}` : `/${part}`
  const pages: Readonly<Record<string, React.ReactNode>> = {
    '': <FloorPage branchId={branchId} base={base} />,
    devices: <DevicesPage branchId={branchId} />,
    publish: <PublishPage branchId={branchId} base={base} />,
    versions: <VersionsPage branchId={branchId} />,
    connect: <ConnectPage branchId={branchId} />,
    file: <FilePage branchId={branchId} />,
    setup: <SetupPart branchId={branchId} base={base} list={list} place={place} />,
  }
  return (
    <div className="branch-frame">
      <aside>
        <p className="branch-name">
          <bdi>{readWords(branch.name, language)}</bdi>
        </p>
        <BranchNav base={base} here={here} hasDraft={answer?.isDraft === true} />
      </aside>
      <div className="branch-page">{pages[part] ?? <Redirect to={base} />}</div>
    </div>
  )
}
