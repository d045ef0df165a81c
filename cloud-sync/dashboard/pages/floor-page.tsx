import { Alert, Badge, Button } from '@mantine/core'
import { Link } from 'wouter'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import type { PresentBody } from '#shared/wire/sync.ts'
import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { formatDuration } from '#shared/words/format.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import { EmptyState, Page, Table, Waiting } from '../parts/parts.tsx'
import { usePresent } from '../queries.ts'
import { AWAY_MS, sayAge, sayMoment } from '../say-age.ts'
import { useDraft } from '../use-draft.ts'

/** What the product takes for a service that says nothing. */
const TARGET_MS = 600_000
const ALMOST = 0.8

/** The least that a queue's services promise: whoever waits longer is late for somebody. */
function targetOf(body: CatalogueBody | undefined, queueId: string): number {
  const targets = (body?.services ?? [])
    .filter((it) => it.queueId === queueId)
    .map(({ slaSeconds }) => (slaSeconds === undefined ? TARGET_MS : slaSeconds * 1_000))
  return targets.length === 0 ? TARGET_MS : Math.min(...targets)
}

interface PartProps {
  readonly present: PresentBody
  readonly body: CatalogueBody | undefined
}

function Wait({ waitMs, targetMs }: { readonly waitMs: number | null; readonly targetMs: number }) {
  const { say } = useWords()
  if (waitMs === null) return <>{say('dash.none')}</>
  const tone = waitMs >= targetMs ? 'is-late' : waitMs >= targetMs * ALMOST ? 'is-almost' : ''
  return (
    <span className={tone}>
      {tone === 'is-late' && <span aria-hidden="true">▲ </span>}
      {formatDuration(waitMs)}
      {tone === 'is-late' && <span className="only-heard"> {say('dash.late')}</span>}
    </span>
  )
}

function QueuesPart({ present, body }: PartProps) {
  const { say } = useWords()
  const { language } = useHere()
  return (
    <Table
      label={say('dash.queues')}
      heads={[
        { text: say('dash.queue') },
        { text: say('dash.waiting'), isNumber: true },
        { text: say('dash.longest'), isNumber: true },
        { text: say('dash.state') },
      ]}
      rows={present.queues.map(({ queueId, waitingCount, longestWaitMs, isPaused, isClosed }) => ({
        key: queueId,
        cells: [
          <bdi key="name">{readWords(body?.queues.find((it) => it.id === queueId)?.name, language) || queueId}</bdi>,
          waitingCount,
          <Wait key="wait" waitMs={longestWaitMs} targetMs={targetOf(body, queueId)} />,
          say(isClosed ? 'dash.closed' : isPaused ? 'dash.paused' : 'dash.open'),
        ],
      }))}
    />
  )
}

const STATES: Readonly<Record<PresentBody['counters'][number]['status'], DashboardKey>> = {
  closed: 'dash.counter.closed',
  free: 'dash.counter.free',
  calling: 'dash.counter.calling',
  serving: 'dash.counter.serving',
  break: 'dash.counter.break',
}

function CountersPart({ present, body }: PartProps) {
  const { say } = useWords()
  const { language } = useHere()
  return (
    <Table
      label={say('dash.countersTitle')}
      heads={[{ text: say('dash.counter') }, { text: say('dash.state') }, { text: say('dash.agent') }]}
      rows={present.counters.map(({ counterId, status, agentId }) => ({
        key: counterId,
        cells: [
          <bdi key="name">
            {readWords(body?.counters.find((it) => it.id === counterId)?.name, language) || counterId}
          </bdi>,
          <Badge key="state" variant={status === 'closed' ? 'default' : 'light'} className={`counter-${status}`}>
            {say(STATES[status])}
          </Badge>,
          <bdi key="agent">
            {agentId === null ? say('dash.none') : (body?.agents.find((it) => it.id === agentId)?.name ?? agentId)}
          </bdi>,
        ],
      }))}
    />
  )
}

const KINDS: Readonly<Record<string, DashboardKey>> = {
  kiosk: 'dash.kind.kiosk',
  display: 'dash.kind.display',
  caller: 'dash.kind.caller',
}

function DevicesPart({ present }: PartProps) {
  const { say } = useWords()
  if (present.devices.length === 0) return <p className="page-help">{say('dash.noDevices')}</p>
  return (
    <Table
      label={say('dash.devicesTitle')}
      heads={[{ text: say('dash.device') }, { text: say('dash.state') }]}
      rows={present.devices.map(({ deviceId, kind, isInContact }) => ({
        key: deviceId,
        cells: [
          say(KINDS[kind] ?? 'dash.device'),
          <span key="state" className={isInContact ? '' : 'is-away'}>
            {say(isInContact ? 'dash.inContact' : 'dash.outOfContact')}
          </span>,
        ],
      }))}
    />
  )
}

function Totals({ present }: PartProps) {
  const { say } = useWords()
  const waits = present.queues.flatMap(({ longestWaitMs }) => (longestWaitMs === null ? [] : [longestWaitMs]))
  const open = present.counters.filter(({ status }) => status !== 'closed').length
  const figures = [
    [say('dash.waiting'), String(present.queues.reduce((sum, it) => sum + it.waitingCount, 0))],
    [say('dash.longest'), waits.length === 0 ? say('dash.none') : formatDuration(Math.max(...waits))],
    [say('dash.counters'), say('dash.ofAll', { count: String(open), all: String(present.counters.length) })],
    [
      say('dash.devices'),
      say('dash.ofAll', {
        count: String(present.devices.filter((it) => it.isInContact).length),
        all: String(present.devices.length),
      }),
    ],
  ] as const
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

/** A branch as it says that it is now, and how old that is. */
export function FloorPage({ branchId, base }: { readonly branchId: string; readonly base: string }) {
  const words = useWords()
  const { say } = words
  const now = usePresent(branchId)
  const { answer, branch } = useDraft(branchId)
  if (now.data === undefined || branch === undefined) return <Waiting error={now.error} />
  if (now.data === null)
    return (
      <Page title={say('dash.floor')}>
        <EmptyState title={say('dash.floorNone')} text={say('dash.floorNoneHelp')}>
          <Button component={Link} href={`${base}/connect`}>
            {say('dash.toConnect')}
          </Button>
        </EmptyState>
      </Page>
    )
  const { present, receivedAtMs, nowMs } = now.data
  const at = { time: sayMoment(words, receivedAtMs, branch.timeZone), zone: branch.timeZone }
  const part = { present, body: answer?.latest?.body }
  return (
    <Page title={say('dash.floor')}>
      {nowMs - receivedAtMs > AWAY_MS ? (
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
      <section className="floor-part">
        <h2>{say('dash.queues')}</h2>
        <QueuesPart {...part} />
      </section>
      <section className="floor-part">
        <h2>{say('dash.countersTitle')}</h2>
        <CountersPart {...part} />
      </section>
      <section className="floor-part">
        <h2>{say('dash.devicesTitle')}</h2>
        <DevicesPart {...part} />
      </section>
    </Page>
  )
}
