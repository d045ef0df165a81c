import type { Dimension, Figures } from '../../shared/project/figures.ts'

/** The figures again, from nothing but raw events, slowly and as the definitions read: no code of the product's own. */

export interface RawEvent {
  readonly type: string
  readonly atMs: number
  readonly steadyMs: number
  readonly ticketId?: string
  readonly serviceId?: string
  readonly queueId?: string
  readonly toQueueId?: string
  readonly counterId?: string
  readonly agentId?: string
  readonly reason?: string | null
}

/** One thing that was seen: a ticket, a stay in a line, or time at a counter. */
export interface Seen {
  readonly dimension: Dimension
  readonly id: string
  readonly date: string
  readonly hour: number | null
  readonly issued: number
  readonly called: boolean
  readonly end: 'completed' | 'no_show' | 'cancelled' | null
  readonly isAbandoned: boolean
  readonly waitMs: number | null
  readonly toServiceMs: number | null
  readonly serviceMs: number | null
  readonly time: { readonly signedInMs: number; readonly breakMs: number; readonly servingMs: number } | null
}

/** A stretch of a stay: with one agent, or waiting. */
interface Stretch {
  agentId: string | null
  counterId: string | null
  waitMs: number | null
  toServiceMs: number | null
  servedMs: number
  end: 'open' | 'moved' | 'completed' | 'no_show' | 'cancelled' | 'abandoned'
}

interface Stay {
  readonly queueId: string
  readonly enteredMs: number
  readonly stretches: Stretch[]
}

interface Visit {
  readonly date: string
  readonly hour: number
  readonly serviceId: string
  readonly issuedMs: number
  readonly stays: Stay[]
  startedMs: number | null
}

export const CUT_OVER_HOUR = 4
export const TARGET_MS = 600_000

const formats = new Map<string, Intl.DateTimeFormat>()
function onTheWall(atMs: number, timeZone: string): { date: string; hour: number } {
  const options = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' } as const
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { ...options, hourCycle: 'h23' })
  formats.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]))
  return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, hour: Number(parts['hour']) }
}

function businessDate(atMs: number, timeZone: string): string {
  const { date, hour } = onTheWall(atMs, timeZone)
  if (hour >= CUT_OVER_HOUR) return date
  return new Date(Date.parse(`${date}T12:00:00Z`) - 24 * 3_600_000).toISOString().slice(0, 10)
}

const waiting = (): Stretch => ({
  ...{ agentId: null, counterId: null, waitMs: null, toServiceMs: null, servedMs: 0, end: 'open' },
})

function visitsOf(events: readonly RawEvent[], timeZone: string): readonly Visit[] {
  const visits = new Map<string, Visit>()
  for (const event of events) {
    const { type, steadyMs, ticketId = '' } = event
    if (type === 'TicketIssued')
      visits.set(ticketId, {
        ...{ date: businessDate(event.atMs, timeZone), hour: onTheWall(event.atMs, timeZone).hour },
        ...{ serviceId: event.serviceId ?? '', issuedMs: steadyMs, startedMs: null },
        stays: [{ queueId: event.queueId ?? '', enteredMs: steadyMs, stretches: [waiting()] }],
      })
    const visit = visits.get(ticketId)
    if (visit !== undefined) follow(visit, event)
  }
  return [...visits.values()]
}

function follow(visit: Visit, event: RawEvent): void {
  const { type, steadyMs } = event
  const stay = visit.stays.at(-1)
  const last = stay?.stretches.at(-1)
  if (stay === undefined || last === undefined) return
  const stopServing = (): void => {
    if (visit.startedMs !== null) last.servedMs += steadyMs - visit.startedMs
    visit.startedMs = null
  }
  if (type === 'TicketCalled') {
    const isFirst = stay.stretches.every(({ counterId }) => counterId === null)
    last.waitMs = isFirst ? steadyMs - stay.enteredMs : null
    last.counterId = event.counterId ?? null
    last.agentId = event.agentId ?? null
  } else if (type === 'ServiceStarted' || type === 'TicketResumed') {
    visit.startedMs = steadyMs
    const wasStarted = visit.stays.some(({ stretches }) => stretches.some((it) => it.toServiceMs !== null))
    if (!wasStarted) last.toServiceMs = steadyMs - visit.issuedMs
  } else if (type === 'TicketHeld') stopServing()
  else if (type === 'TicketReturned' || type === 'TicketReinstated') {
    last.end = 'moved'
    stay.stretches.push(waiting())
  } else if (type === 'TicketTransferred') {
    stopServing()
    last.end = 'moved'
    // A stay ends where the ticket leaves its line for another.
    if (event.toQueueId === stay.queueId) stay.stretches.push(waiting())
    else visit.stays.push({ queueId: event.toQueueId ?? '', enteredMs: steadyMs, stretches: [waiting()] })
  } else if (type === 'TicketCompleted') {
    stopServing()
    last.end = 'completed'
  } else if (type === 'TicketNoShow') last.end = 'no_show'
  else if (type === 'TicketCancelled') {
    const isAbandoned = last.counterId === null && event.reason !== 'staff'
    last.end = isAbandoned ? 'abandoned' : 'cancelled'
  }
}

const positive = (ms: number): number | null => (ms > 0 ? ms : null)

function seenOfStretches(dimension: Dimension, id: string, visit: Visit, stretches: readonly Stretch[]): Seen {
  const ended = stretches.find(({ end }) => end !== 'open' && end !== 'moved')?.end ?? null
  return {
    ...{
      dimension,
      id,
      date: visit.date,
      hour: visit.hour,
      issued: dimension === 'agent' || dimension === 'counter' ? 0 : 1,
    },
    // Whoever was served, or did not come, had been called: also one who waits on in a further line as the day ends.
    called: stretches.some(({ counterId, end }) => counterId !== null || end === 'completed' || end === 'no_show'),
    end: ended === 'abandoned' ? 'cancelled' : (ended as Seen['end']),
    isAbandoned: ended === 'abandoned',
    waitMs: stretches.find(({ waitMs }) => waitMs !== null)?.waitMs ?? null,
    toServiceMs: stretches.find(({ toServiceMs }) => toServiceMs !== null)?.toServiceMs ?? null,
    serviceMs: positive(stretches.reduce((sum, { end, servedMs }) => sum + (end === 'open' ? 0 : servedMs), 0)),
    time: null,
  }
}

function seenOfVisit(visit: Visit): readonly Seen[] {
  const all = visit.stays.flatMap(({ stretches }) => stretches)
  const isOver = !['open', 'moved'].includes(all.at(-1)?.end ?? 'open')
  const whole = { ...seenOfStretches('branch', '', visit, all), ...(!isOver && { serviceMs: null }) }
  const agents = ({ stretches }: Stay): readonly string[] =>
    [...new Set(stretches.map(({ agentId }) => agentId))].filter((id) => id !== null)
  return [
    whole,
    { ...whole, dimension: 'service', id: visit.serviceId },
    ...visit.stays.flatMap((stay) => [
      seenOfStretches('queue', stay.queueId, visit, stay.stretches),
      ...agents(stay).map((id) =>
        seenOfStretches(
          'agent',
          id,
          visit,
          stay.stretches.filter(({ agentId }) => agentId === id),
        ),
      ),
    ]),
  ]
}

interface Shift {
  readonly agentId: string
  readonly date: string
  readonly sinceMs: number
  breakSinceMs: number | null
  breakMs: number
  serving: { readonly ticketId: string; readonly sinceMs: number } | null
  servingMs: number
}

/** Counter time that has ended. */
function seenOfShifts(events: readonly RawEvent[], timeZone: string): readonly Seen[] {
  const open = new Map<string, Shift>()
  const seen: Seen[] = []
  const stop = (shift: Shift, steadyMs: number): void => {
    if (shift.serving !== null) shift.servingMs += steadyMs - shift.serving.sinceMs
    shift.serving = null
  }
  const end = (counterId: string, steadyMs: number): Shift | null => {
    const shift = open.get(counterId)
    if (shift === undefined) return null
    const before = { ...shift }
    open.delete(counterId)
    stop(shift, steadyMs)
    if (shift.breakSinceMs !== null) shift.breakMs += steadyMs - shift.breakSinceMs
    const { date, agentId, sinceMs, breakMs, servingMs } = shift
    const time = { signedInMs: steadyMs - sinceMs, breakMs, servingMs }
    const nothing = { issued: 0, called: false, end: null, isAbandoned: false, waitMs: null, toServiceMs: null }
    const of = { date, hour: null, ...nothing, serviceMs: null, time }
    seen.push({ dimension: 'branch', id: '', ...of }, { dimension: 'agent', id: agentId, ...of })
    return before
  }
  for (const { type, atMs, steadyMs, counterId = '', agentId = '', ticketId = '' } of events) {
    const shift = open.get(counterId)
    const fresh = { sinceMs: steadyMs, breakMs: 0, servingMs: 0 }
    if (type === 'CounterOpened') {
      end(counterId, steadyMs)
      open.set(counterId, { agentId, date: businessDate(atMs, timeZone), ...fresh, breakSinceMs: null, serving: null })
    } else if (type === 'CounterClosed') end(counterId, steadyMs)
    else if (type === 'DayOpened')
      for (const each of [...open.keys()]) {
        const before = end(each, steadyMs)
        if (before === null) continue
        const serving = before.serving === null ? null : { ...before.serving, sinceMs: steadyMs }
        const breakSinceMs = before.breakSinceMs === null ? null : steadyMs
        open.set(each, { agentId: before.agentId, date: businessDate(atMs, timeZone), ...fresh, breakSinceMs, serving })
      }
    else if (type === 'BreakStarted' && shift !== undefined) shift.breakSinceMs = steadyMs
    else if (type === 'BreakEnded' && shift !== undefined) {
      shift.breakMs += steadyMs - (shift.breakSinceMs ?? steadyMs)
      shift.breakSinceMs = null
    } else if ((type === 'ServiceStarted' || type === 'TicketResumed') && shift !== undefined)
      shift.serving = { ticketId, sinceMs: steadyMs }
    else if (['TicketHeld', 'TicketTransferred', 'TicketCompleted', 'TicketCancelled'].includes(type))
      for (const each of open.values()) if (each.serving?.ticketId === ticketId) stop(each, steadyMs)
  }
  return seen
}

/** All that a branch's log tells. */
export const seenIn = (events: readonly RawEvent[], timeZone: string): readonly Seen[] => [
  ...visitsOf(events, timeZone).flatMap(seenOfVisit),
  ...seenOfShifts(events, timeZone),
]

const known = (values: readonly (number | null)[]): readonly number[] => values.filter((value) => value !== null)

function summary(values: readonly number[]): Figures['wait'] {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null
  const sum = values.reduce((all, value) => all + value, 0)
  return {
    count: sorted.length,
    meanMs: sorted.length === 0 ? null : sum / sorted.length,
    medianMs: at(0.5),
    p90Ms: at(0.9),
  }
}

const over = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/** The figures of some things that were seen, each by its definition. */
export function slowFigures(seen: readonly Seen[]): Figures {
  const count = (is: (one: Seen) => boolean): number => seen.filter(is).length
  const timeOf = (of: 'signedInMs' | 'breakMs' | 'servingMs'): number =>
    seen.reduce((sum, { time }) => sum + (time?.[of] ?? 0), 0)
  const waits = known(seen.map(({ waitMs }) => waitMs))
  const [issued, called] = [seen.reduce((sum, one) => sum + one.issued, 0), count((one) => one.called)]
  const [completed, noShow, cancelled] = (['completed', 'no_show', 'cancelled'] as const).map((end) =>
    count((one) => one.end === end),
  ) as [number, number, number]
  const abandoned = count(({ isAbandoned }) => isAbandoned)
  const [signedInMs, breakMs, servingMs] = [timeOf('signedInMs'), timeOf('breakMs'), timeOf('servingMs')]
  return {
    ...{ issuedCount: issued, calledCount: called, completedCount: completed, noShowCount: noShow },
    ...{ cancelledCount: cancelled, abandonedCount: abandoned, wait: summary(waits) },
    timeToService: summary(known(seen.map(({ toServiceMs }) => toServiceMs))),
    serviceTime: summary(known(seen.map(({ serviceMs }) => serviceMs))),
    ...{ slaCompliance: over(waits.filter((ms) => ms <= TARGET_MS).length, waits.length), slaCount: waits.length },
    ...{ noShowRate: over(noShow, called), completionRate: over(completed, completed + noShow + cancelled) },
    ...{ abandonmentRate: over(abandoned, issued), utilisation: over(servingMs, signedInMs - breakMs) },
    ...{ occupancy: over(servingMs, signedInMs), signedInMs, breakMs, servingMs },
  }
}
