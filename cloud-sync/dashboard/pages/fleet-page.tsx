import { Badge, Button } from '@mantine/core'
import { Link } from 'wouter'
import type { FleetBranch } from '#shared/wire/draft.ts'
import type { DashboardWords } from '#shared/words/dashboard-words.ts'
import { formatDuration } from '#shared/words/format.ts'
import { readWords, useHere, useMayChange, useWords } from '../here.tsx'
import { EmptyState, Page, Table, Waiting } from '../parts/parts.tsx'
import { useFleet } from '../queries.ts'
import { AWAY_MS, sayAge } from '../say-age.ts'

function sayVersion({ say }: DashboardWords, { publishedVersion, heard }: FleetBranch): string {
  if (publishedVersion === 0) return say('dash.versionNone')
  const there = heard?.catalogueVersion ?? 0
  return there >= publishedVersion
    ? say('dash.versionAt', { version: String(there) })
    : say('dash.versionBehind', { version: String(there), latest: String(publishedVersion) })
}

function Contact({ branch, nowMs }: { readonly branch: FleetBranch; readonly nowMs: number }) {
  const words = useWords()
  const { heard, isEnrolled, timeZone } = branch
  if (heard === null) return <Badge variant="default">{words.say(isEnrolled ? 'dash.never' : 'dash.notJoined')}</Badge>
  const isAway = nowMs - heard.atMs > AWAY_MS
  return <span className={isAway ? 'is-away' : ''}>{sayAge(words, heard.atMs, nowMs, timeZone)}</span>
}

/** Every branch at a glance. */
export function FleetPage() {
  const words = useWords()
  const { say } = words
  const { session, language } = useHere()
  const mayChange = useMayChange()
  const fleet = useFleet()
  if (fleet.data === undefined) return <Waiting error={fleet.error} />
  const { items, nowMs } = fleet.data
  const add = mayChange && (
    <Button component={Link} href={`/t/${session.slug}/new-branch`}>
      {say('dash.newBranch')}
    </Button>
  )
  if (items.length === 0)
    return (
      <Page title={say('dash.branches')}>
        <EmptyState title={say('dash.noBranches')} text={say('dash.noBranchesHelp')}>
          {add}
        </EmptyState>
      </Page>
    )
  const ofAll = (counted: { readonly all: number } | undefined, count: number | undefined): string =>
    counted === undefined || count === undefined
      ? say('dash.none')
      : say('dash.ofAll', { count: String(count), all: String(counted.all) })
  const rows = items
    .map((branch) => ({ branch, name: readWords(branch.name, language) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, language))
    .map(({ branch, name }) => {
      const { heard } = branch
      return {
        key: branch.branchId,
        cells: [
          <Link key="name" href={`/t/${session.slug}/branches/${branch.branchId}`}>
            <bdi>{name}</bdi>
          </Link>,
          <Contact key="contact" branch={branch} nowMs={nowMs} />,
          heard?.waitingCount ?? say('dash.none'),
          heard === null || heard.longestWaitMs === null ? say('dash.none') : formatDuration(heard.longestWaitMs),
          ofAll(heard?.counters, heard?.counters.open),
          ofAll(heard?.devices, heard?.devices.inContact),
          heard?.unsentCount ?? say('dash.none'),
          sayVersion(words, branch),
        ],
      }
    })
  return (
    <Page title={say('dash.branches')} acts={add}>
      <Table
        label={say('dash.branches')}
        heads={[
          { text: say('dash.branch') },
          { text: say('dash.lastContact') },
          ...[
            say('dash.waiting'),
            say('dash.longest'),
            say('dash.counters'),
            say('dash.devices'),
            say('dash.unsent'),
          ].map((text) => ({ text, isNumber: true })),
          { text: say('dash.version') },
        ]}
        rows={rows}
      />
    </Page>
  )
}
