import { Alert, Button } from '@mantine/core'
import { Link } from 'wouter'
import type { PresentBody } from '#shared/wire/sync.ts'
import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { formatDuration } from '#shared/words/format.ts'
import { useMayManage, useWords } from '../here.tsx'
import { LiveMark } from '../parts/live-mark.tsx'
import { EmptyState, Page, Table, Waiting } from '../parts/parts.tsx'
import { useCloudNowMs, useFloor } from '../queries.ts'
import { AWAY_MS, sayAge, sayMoment } from '../say-age.ts'
import { useDraft } from '../use-draft.ts'
import { CountersPart, type FloorPartProps, isLate, PeoplePart, QueuesPart } from './floor-parts.tsx'
import { MessagesPart } from './messages-part.tsx'

const KINDS: Readonly<Record<string, DashboardKey>> = {
  kiosk: 'dash.kind.kiosk',
  display: 'dash.kind.display',
  caller: 'dash.kind.caller',
}

function DevicesPart({ present }: { readonly present: PresentBody }) {
  const { say } = useWords()
  if (present.devices.length === 0) return <p className="page-help">{say('dash.noDevices')}</p>
  return (
    <Table
      label={say('dash.devicesTitle')}
      heads={[{ text: say('dash.device') }, { text: say('dash.state') }]}
      rows={present.devices.map(({ deviceId, kind, isInContact, paper }) => ({
        key: deviceId,
        cells: [
          say(KINDS[kind] ?? 'dash.device'),
          <span key="state" className={isInContact && paper === undefined ? '' : 'is-away'}>
            {say(isInContact ? 'dash.inContact' : 'dash.outOfContact')}
            {paper !== undefined &&
              ` · ${say('dash.live.paper', { state: say(paper === 'out' ? 'alert.paperOut' : 'alert.paperLow') })}`}
          </span>,
        ],
      }))}
    />
  )
}

function Totals({ floor, body, sinceSaidMs }: FloorPartProps) {
  const { say } = useWords()
  const { queues, counters, devices } = floor.present
  const waits = queues.flatMap(({ longestWaitMs }) => (longestWaitMs === null ? [] : [longestWaitMs + sinceSaidMs]))
  const countOf = (status: PresentBody['counters'][number]['status']): string =>
    String(counters.filter((it) => it.status === status).length)
  const ofAll = (count: number, all: number): string => say('dash.ofAll', { count: String(count), all: String(all) })
  const figures = [
    [say('dash.waiting'), String(queues.reduce((sum, it) => sum + it.waitingCount, 0))],
    ...(floor.tickets === null
      ? []
      : [[say('dash.live.lateCount'), String(floor.tickets.filter((it) => isLate(it, body, sinceSaidMs)).length)]]),
    [say('dash.longest'), waits.length === 0 ? say('dash.none') : formatDuration(Math.max(...waits))],
    [say('dash.counters'), ofAll(counters.filter(({ status }) => status !== 'closed').length, counters.length)],
    [say('dash.live.serving'), countOf('serving')],
    [say('dash.live.onBreak'), countOf('break')],
    [say('dash.devices'), ofAll(devices.filter((it) => it.isInContact).length, devices.length)],
  ]
  return (
    <dl className="totals">
      {figures.map(([label, figure]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  )
}

function FloorPart({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className="floor-part">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** A branch as it says that it is now, who is there, and how old that is. */
export function FloorPage({ branchId, base }: { readonly branchId: string; readonly base: string }) {
  const words = useWords()
  const { say } = words
  const mayManage = useMayManage()
  const now = useFloor(branchId)
  const nowMs = useCloudNowMs(now.data)
  const { answer, branch } = useDraft(branchId)
  if (now.data === undefined || branch === undefined) return <Waiting error={now.error} />
  const { floor, steadyMs } = now.data
  if (floor === null)
    return (
      <Page title={say('dash.floor')}>
        <EmptyState title={say('dash.floorNone')} text={say('dash.floorNoneHelp')}>
          <Button component={Link} href={`${base}/connect`}>
            {say('dash.toConnect')}
          </Button>
        </EmptyState>
      </Page>
    )
  const { present, receivedAtMs } = floor
  const at = { time: sayMoment(words, receivedAtMs, branch.timeZone), zone: branch.timeZone }
  const isAway = nowMs - receivedAtMs > AWAY_MS
  // Of a branch that is away nothing is known of now: its waits stand still at what they were.
  const part = { floor, body: answer?.latest?.body, sinceSaidMs: isAway ? 0 : Math.max(0, nowMs - receivedAtMs) }
  return (
    <Page title={say('dash.floor')} acts={<LiveMark steadyAtMs={steadyMs} />}>
      {isAway ? (
        <Alert color="orange" role="status">
          {say('dash.oldFigures', at)}
        </Alert>
      ) : (
        <p className="page-help">
          {say('dash.asOf', at)} · {sayAge(words, receivedAtMs, nowMs, branch.timeZone)}
        </p>
      )}
      {present.isClockDoubted && <Alert color="orange">{say('dash.clockDoubted')}</Alert>}
      {present.isIntakeStopped && <Alert color="orange">{say('dash.intakeStopped')}</Alert>}
      <Totals {...part} />
      <FloorPart title={say('dash.queues')}>
        <QueuesPart {...part} />
      </FloorPart>
      <FloorPart title={say('dash.countersTitle')}>
        <CountersPart {...part} />
      </FloorPart>
      <FloorPart title={say('dash.live.people')}>
        <PeoplePart {...part} />
      </FloorPart>
      <FloorPart title={say('dash.devicesTitle')}>
        <DevicesPart present={present} />
      </FloorPart>
      {mayManage && (
        <FloorPart title={say('dash.messages')}>
          <MessagesPart branchId={branchId} timeZone={branch.timeZone} body={part.body} />
        </FloorPart>
      )}
    </Page>
  )
}
