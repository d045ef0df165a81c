import { Badge, Button, TextInput } from '@mantine/core'
import { Link, useSearchParams } from 'wouter'
import type { FleetBranch } from '#shared/wire/draft.ts'
import type { DashboardWords } from '#shared/words/dashboard-words.ts'
import { formatDuration } from '#shared/words/format.ts'
import { readWords, useHere, useMayChange, useWords } from '../here.tsx'
import { LiveMark } from '../parts/live-mark.tsx'
import { EmptyState, Page, Table, Waiting } from '../parts/parts.tsx'
import { useCloudNowMs, useFleet } from '../queries.ts'
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

type Heard = NonNullable<FleetBranch['heard']>

interface ShownProps {
  readonly branches: readonly { readonly branch: FleetBranch; readonly name: string }[]
  readonly nowMs: number
}

const isHere = ({ atMs }: Heard, nowMs: number): boolean => nowMs - atMs <= AWAY_MS

/** It goes on while the branch says how it is, and stands still at what it was when that stopped. */
function longestWaitMs(heard: Heard | null, nowMs: number): number | null {
  if (heard === null || heard.longestWaitMs === null) return null
  return heard.longestWaitMs + (isHere(heard, nowMs) ? Math.max(0, nowMs - heard.atMs) : 0)
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** Of the branches that are shown, those that say how they are: a figure of last week is none of now. */
function Totals({ branches, nowMs }: ShownProps) {
  const { say } = useWords()
  const here = branches.flatMap(({ branch: { heard } }) => (heard !== null && isHere(heard, nowMs) ? [heard] : []))
  const waits = here.flatMap(({ longestWaitMs, atMs }) =>
    longestWaitMs === null ? [] : [longestWaitMs + nowMs - atMs],
  )
  const ofAll = (count: number, all: number): string => say('dash.ofAll', { count: String(count), all: String(all) })
  const away = branches.filter(({ branch }) => branch.isEnrolled).length - here.length
  const figures = [
    [say('dash.waiting'), String(sum(here.map(({ waitingCount }) => waitingCount)))],
    [say('dash.longest'), waits.length === 0 ? say('dash.none') : formatDuration(Math.max(...waits))],
    [
      say('dash.counters'),
      ofAll(sum(here.map(({ counters }) => counters.open)), sum(here.map(({ counters }) => counters.all))),
    ],
    [say('dash.live.serving'), String(sum(here.map(({ counters }) => counters.serving)))],
    [say('dash.live.onBreak'), String(sum(here.map(({ counters }) => counters.onBreak)))],
    [say('dash.live.away'), String(Math.max(0, away))],
  ]
  return (
    <dl className="totals" aria-label={say('dash.live.allBranches')}>
      {figures.map(([label, figure]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  )
}

function BranchesTable({ branches, nowMs }: ShownProps) {
  const words = useWords()
  const { say } = words
  const { session } = useHere()
  const ofAll = (counted: { readonly all: number } | undefined, count: number | undefined): string =>
    counted === undefined || count === undefined
      ? say('dash.none')
      : say('dash.ofAll', { count: String(count), all: String(counted.all) })
  const numbers = [
    ...[say('dash.waiting'), say('dash.longest'), say('dash.counters'), say('dash.live.serving')],
    ...[say('dash.devices'), say('dash.unsent')],
  ]
  return (
    <Table
      label={say('dash.branches')}
      heads={[
        { text: say('dash.branch') },
        { text: say('dash.lastContact') },
        ...numbers.map((text) => ({ text, isNumber: true })),
        { text: say('dash.version') },
      ]}
      rows={branches.map(({ branch, name }) => {
        const { heard } = branch
        const waitMs = longestWaitMs(heard, nowMs)
        return {
          key: branch.branchId,
          cells: [
            <Link key="name" href={`/t/${session.slug}/branches/${branch.branchId}`}>
              <bdi>{name}</bdi>
            </Link>,
            <Contact key="contact" branch={branch} nowMs={nowMs} />,
            heard?.waitingCount ?? say('dash.none'),
            waitMs === null ? say('dash.none') : formatDuration(waitMs),
            ofAll(heard?.counters, heard?.counters.open),
            heard?.counters.serving ?? say('dash.none'),
            ofAll(heard?.devices, heard?.devices.inContact),
            heard?.unsentCount ?? say('dash.none'),
            sayVersion(words, branch),
          ],
        }
      })}
    />
  )
}

/** Every branch at a glance, or those whose name holds what stands in the address. */
export function FleetPage() {
  const { say } = useWords()
  const { session, language } = useHere()
  const mayChange = useMayChange()
  const [search, setSearch] = useSearchParams()
  const fleet = useFleet()
  const nowMs = useCloudNowMs(fleet.data)
  if (fleet.data === undefined) return <Waiting error={fleet.error} />
  const { items, steadyMs } = fleet.data
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
  const filter = search.get('filter') ?? ''
  const branches = items
    .map((branch) => ({ branch, name: readWords(branch.name, language) }))
    .filter(({ name }) => name.toLocaleLowerCase(language).includes(filter.toLocaleLowerCase(language)))
    .toSorted((a, b) => a.name.localeCompare(b.name, language))
  const acts = (
    <>
      <LiveMark steadyAtMs={steadyMs} />
      {add}
    </>
  )
  return (
    <Page title={say('dash.branches')} acts={acts}>
      <TextInput
        className="filter"
        label={say('dash.live.filter')}
        value={filter}
        onChange={({ currentTarget: { value } }) => setSearch(value === '' ? {} : { filter: value }, { replace: true })}
      />
      <Totals branches={branches} nowMs={nowMs} />
      {branches.length === 0 ? (
        <p className="page-help">{say('dash.live.noneFound')}</p>
      ) : (
        <BranchesTable branches={branches} nowMs={nowMs} />
      )}
    </Page>
  )
}
