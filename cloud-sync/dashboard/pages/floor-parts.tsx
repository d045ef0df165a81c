import { Badge } from '@mantine/core'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import type { LiveFloor, LiveTicket } from '#shared/wire/live.ts'
import type { PresentBody } from '#shared/wire/sync.ts'
import type { DashboardKey, DashboardWords } from '#shared/words/dashboard-words.ts'
import { formatDuration, formatTimer } from '#shared/words/format.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import { Table } from '../parts/parts.tsx'

/** What the product takes for a service that says nothing. */
const TARGET_MS = 600_000
const ALMOST = 0.8
const MINUTE_MS = 60_000
/** Of those who are there, so many are drawn. */
const SHOWN_MAX = 200

export interface FloorPartProps {
  readonly floor: LiveFloor
  readonly body: CatalogueBody | undefined
  /** Time since the branch said how it is: waits go on by it. */
  readonly sinceSaidMs: number
}

const serviceTargetOf = (body: CatalogueBody | undefined, serviceId: string): number => {
  const seconds = body?.services.find((it) => it.id === serviceId)?.slaSeconds
  return seconds === undefined ? TARGET_MS : seconds * 1_000
}

/** The least that a queue's services promise: whoever waits longer is late for somebody. */
function queueTargetOf(body: CatalogueBody | undefined, queueId: string): number {
  const targets = (body?.services ?? []).filter((it) => it.queueId === queueId)
  return targets.length === 0 ? TARGET_MS : Math.min(...targets.map(({ id }) => serviceTargetOf(body, id)))
}

export const isLate = (ticket: LiveTicket, body: CatalogueBody | undefined, sinceSaidMs: number): boolean =>
  ticket.status === 'waiting' &&
  ticket.sinceMs !== null &&
  ticket.sinceMs + sinceSaidMs >= serviceTargetOf(body, ticket.serviceId)

export function Wait({ waitMs, targetMs }: { readonly waitMs: number | null; readonly targetMs: number }) {
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

/** A wait as it was told: in whole minutes, outward. */
function sayRange({ say }: DashboardWords, told: LiveTicket['told'] | undefined): string {
  if (told === null || told === undefined) return say('dash.none')
  return say('dash.live.range', {
    low: String(Math.floor(told.lowMs / MINUTE_MS)),
    high: String(Math.ceil(told.highMs / MINUTE_MS)),
  })
}

export function QueuesPart({ floor, body, sinceSaidMs }: FloorPartProps) {
  const words = useWords()
  const { say } = words
  const { language } = useHere()
  const tickets = floor.tickets ?? []
  return (
    <Table
      label={say('dash.queues')}
      heads={[
        { text: say('dash.queue') },
        { text: say('dash.waiting'), isNumber: true },
        { text: say('dash.live.lateCount'), isNumber: true },
        { text: say('dash.longest'), isNumber: true },
        { text: say('dash.live.told'), isNumber: true },
        { text: say('dash.state') },
      ]}
      rows={floor.present.queues.map(({ queueId, waitingCount, longestWaitMs, isPaused, isClosed }) => {
        const there = tickets.filter((it) => it.queueId === queueId && it.status === 'waiting')
        return {
          key: queueId,
          cells: [
            <bdi key="name">{readWords(body?.queues.find((it) => it.id === queueId)?.name, language) || queueId}</bdi>,
            waitingCount,
            floor.tickets === null ? say('dash.none') : there.filter((it) => isLate(it, body, sinceSaidMs)).length,
            <Wait
              key="wait"
              waitMs={longestWaitMs === null ? null : longestWaitMs + sinceSaidMs}
              targetMs={queueTargetOf(body, queueId)}
            />,
            sayRange(words, there.at(-1)?.told),
            say(isClosed ? 'dash.closed' : isPaused ? 'dash.paused' : 'dash.open'),
          ],
        }
      })}
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

export function CountersPart({ floor, body, sinceSaidMs }: FloorPartProps) {
  const { say } = useWords()
  const { language } = useHere()
  const atCounter = (counterId: string): LiveTicket | undefined =>
    floor.tickets?.find((it) => it.counterId === counterId && (it.status === 'called' || it.status === 'serving'))
  return (
    <Table
      label={say('dash.countersTitle')}
      heads={[
        { text: say('dash.counter') },
        { text: say('dash.state') },
        { text: say('dash.agent') },
        { text: say('dash.live.serves') },
        { text: say('dash.live.since'), isNumber: true },
      ]}
      rows={floor.present.counters.map(({ counterId, status, agentId }) => {
        const ticket = atCounter(counterId)
        const sinceMs = ticket?.sinceMs ?? null
        return {
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
            <bdi key="ticket">{ticket?.number ?? say('dash.none')}</bdi>,
            sinceMs === null ? say('dash.none') : formatTimer(sinceMs + sinceSaidMs),
          ],
        }
      })}
    />
  )
}

const STATUSES: Readonly<Record<LiveTicket['status'], DashboardKey>> = {
  waiting: 'dash.live.status.waiting',
  called: 'dash.live.status.called',
  serving: 'dash.live.status.serving',
  held: 'dash.live.status.held',
}

/** Everybody who is there: who waits longest stands first. */
export function PeoplePart({ floor, body, sinceSaidMs }: FloorPartProps) {
  const words = useWords()
  const { say } = words
  const { language } = useHere()
  if (floor.tickets === null) return <p className="page-help">{say('dash.live.peopleForbidden')}</p>
  if (floor.tickets.length === 0) return <p className="page-help">{say('dash.live.nobody')}</p>
  const order = ['waiting', 'called', 'serving', 'held'] as const
  const tickets = floor.tickets.toSorted(
    (a, b) => order.indexOf(a.status) - order.indexOf(b.status) || (b.sinceMs ?? 0) - (a.sinceMs ?? 0),
  )
  return (
    <>
      <Table
        label={say('dash.live.people')}
        heads={[
          { text: say('dash.live.ticket') },
          { text: say('dash.live.service') },
          { text: say('dash.state') },
          { text: say('dash.live.since'), isNumber: true },
          { text: say('dash.live.told'), isNumber: true },
        ]}
        rows={tickets.slice(0, SHOWN_MAX).map((ticket) => ({
          key: ticket.ticketId,
          cells: [
            <bdi key="number">{ticket.number}</bdi>,
            <bdi key="service">
              {readWords(body?.services.find((it) => it.id === ticket.serviceId)?.name, language) || ticket.serviceId}
            </bdi>,
            say(STATUSES[ticket.status]),
            <Wait
              key="since"
              waitMs={ticket.sinceMs === null ? null : ticket.sinceMs + sinceSaidMs}
              targetMs={ticket.status === 'waiting' ? serviceTargetOf(body, ticket.serviceId) : Infinity}
            />,
            sayRange(words, ticket.told),
          ],
        }))}
      />
      {(floor.isCut || tickets.length > SHOWN_MAX) && (
        <p className="page-help">{say('dash.live.cut', { count: String(Math.min(tickets.length, SHOWN_MAX)) })}</p>
      )}
    </>
  )
}
