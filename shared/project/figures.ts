import type { Pass } from './passes.ts'
import type { Shift } from './shifts.ts'
import { addDuration, addSpread, emptySpread, type Grain, type Spread, type Summary, summaryOf } from './spread.ts'

/**
 * Every figure has its one definition here, whether it comes from raw rows or from rollups.
 *
 * The branch's and an hour's figures count tickets. A service's count services: a visit with a plan is one ticket, and
 * each service of the plan for itself. A queue's, a counter's and an agent's count stays: the stretch of a ticket's way
 * between its entering a line and its leaving it for another, as far as they had a hand in it.
 * Training tickets are in no figure, and neither are ghosts, whose paper nobody ever held.
 */
export const DIMENSIONS = ['branch', 'service', 'queue', 'counter', 'agent', 'hour'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** A ticket as figures see it. Durations are on steady time; null where there is nothing to measure yet, or ever. */
export interface TicketRow {
  readonly businessDate: string
  /** The service it was issued for. */
  readonly serviceId: string
  readonly status: string
  /** Issue to first call. */
  readonly waitMs: number | null
  /** Issue to first start. */
  readonly toServiceMs: number | null
  /** In all services of the visit. */
  readonly serviceMs: number
  /** Hour of issue in the branch's zone, 0 to 23; null for tickets of a version that did not note it. */
  readonly issuedHour: number | null
  /** What its wait was to be, as its service promised when it was called. */
  readonly targetMs: number | null
  readonly ending: 'abandoned' | 'superseded' | null
  readonly isTraining: boolean
  readonly passes: readonly Pass[]
}

export const COUNTS = [
  'issued',
  /** At least once. */
  'called',
  'completed',
  'noShow',
  'cancelled',
  /** Cancelled while waiting, by the customer or the end of the day. */
  'abandoned',
  /** Called after a wait that is known, by a service with a target; `onTarget`: within it. */
  'targeted',
  'onTarget',
] as const
export type Count = (typeof COUNTS)[number]
export const DURATIONS = ['wait', 'toService', 'service'] as const
export type Duration = (typeof DURATIONS)[number]
/** Counter time: a break is part of being signed in. */
export const TIMES = ['signedInMs', 'breakMs', 'servingMs'] as const
export type Time = (typeof TIMES)[number]

/** What one ticket, or one shift, adds to one cell. */
export interface Share {
  readonly dimension: Dimension
  readonly id: string
  readonly counts: Partial<Readonly<Record<Count, number>>>
  readonly durations: Partial<Readonly<Record<Duration, number | null>>>
  readonly times?: Readonly<Record<Time, number>>
}

/** The sum of shares of one cell. */
export interface Tally {
  readonly counts: Record<Count, number>
  readonly times: Record<Time, number>
  readonly spreads: Readonly<Record<Duration, Spread>>
}

const OVER: ReadonlySet<string> = new Set(['completed', 'no_show', 'cancelled'])
/** A service that still goes on would make the mean look short. */
export const isOver = (status: string): boolean => OVER.has(status)

const one = (isSo: boolean): number => (isSo ? 1 : 0)

function targetCounts(waitMs: number | null, targetMs: number | null): Share['counts'] {
  if (waitMs === null || targetMs === null) return {}
  return { targeted: 1, onTarget: one(waitMs <= targetMs) }
}

/** On a screen, or by voice while the branch server was away: whoever was served, or did not come, had been called. */
const wasCalled = ({ counterId, end }: Pass): boolean => counterId !== null || end === 'completed' || end === 'no_show'

function wholeTicket(row: TicketRow): Pick<Share, 'counts' | 'durations'> {
  const { status, waitMs, toServiceMs, serviceMs, ending, passes } = row
  return {
    counts: {
      issued: 1,
      called: one(waitMs !== null || passes.some(wasCalled)),
      completed: one(status === 'completed'),
      noShow: one(status === 'no_show'),
      cancelled: one(status === 'cancelled'),
      abandoned: one(ending === 'abandoned'),
      ...targetCounts(waitMs, row.targetMs),
    },
    durations: { wait: waitMs, toService: toServiceMs, service: isOver(status) && serviceMs > 0 ? serviceMs : null },
  }
}

const hasEnded = (passes: readonly Pass[], ...ends: readonly Pass['end'][]): number =>
  one(passes.some(({ end }) => ends.includes(end)))

/** Some passes as one share. */
function passShare(dimension: Dimension, id: string, passes: readonly Pass[]): Share {
  const first = passes.find((pass) => pass.waitMs !== null)
  const serviceMs = passes.reduce((sum, pass) => sum + (pass.end === 'open' ? 0 : pass.serviceMs), 0)
  return {
    dimension,
    id,
    counts: {
      issued: one(dimension === 'queue' || dimension === 'service'),
      called: one(passes.some(wasCalled)),
      completed: hasEnded(passes, 'completed'),
      noShow: hasEnded(passes, 'no_show'),
      cancelled: hasEnded(passes, 'cancelled', 'abandoned'),
      abandoned: hasEnded(passes, 'abandoned'),
      ...targetCounts(first?.waitMs ?? null, first?.targetMs ?? null),
    },
    durations: {
      wait: first?.waitMs ?? null,
      toService: passes.find((pass) => pass.toServiceMs !== null)?.toServiceMs ?? null,
      service: serviceMs > 0 ? serviceMs : null,
    },
  }
}

/** Passes in groups, each beginning with one that `begins`. */
function grouped(passes: readonly Pass[], begins: (pass: Pass, before: Pass) => boolean): readonly (readonly Pass[])[] {
  const groups: Pass[][] = []
  let before: Pass | undefined
  for (const pass of passes) {
    if (before === undefined || begins(pass, before)) groups.push([pass])
    else groups.at(-1)?.push(pass)
    before = pass
  }
  return groups
}

const OF_STAYS = [
  ['queue', ({ queueId }: Pass) => queueId],
  ['counter', ({ counterId }: Pass) => counterId],
  ['agent', ({ agentId }: Pass) => agentId],
] as const satisfies readonly (readonly [Dimension, (pass: Pass) => string | null])[]

function stayShares(stay: readonly Pass[]): readonly Share[] {
  return OF_STAYS.flatMap(([dimension, idOf]) => {
    const ids = [...new Set(stay.map(idOf))].filter((id) => id !== null)
    return ids.map((id) =>
      passShare(
        dimension,
        id,
        stay.filter((pass) => idOf(pass) === id),
      ),
    )
  })
}

/** The first service is told as the ticket is, wait from its issue; a further one of the plan from entering its line. */
function serviceShares(row: TicketRow, whole: Pick<Share, 'counts' | 'durations'>): readonly Share[] {
  const [first = [], ...further] = grouped(row.passes, (_, before) => before.end === 'completed')
  if (further.length === 0) return [{ dimension: 'service', id: row.serviceId, ...whole }]
  const { completed, noShow, cancelled, abandoned } = passShare('service', row.serviceId, first).counts
  const { service = null } = passShare('service', row.serviceId, first).durations
  return [
    {
      dimension: 'service',
      id: row.serviceId,
      counts: { ...whole.counts, completed, noShow, cancelled, abandoned } as Share['counts'],
      durations: { ...whole.durations, service },
    },
    ...further.map((passes) => passShare('service', passes[0]?.serviceId ?? row.serviceId, passes)),
  ]
}

const hourId = (hour: number): string => String(hour).padStart(2, '0')

const COUNTS_STAYS: ReadonlySet<Dimension> = new Set(['queue', 'counter', 'agent'])

/** Everything one ticket adds to the figures of its business date, in the dimensions that are asked for. */
export function sharesOf(row: TicketRow, dimensions: readonly Dimension[] = DIMENSIONS): readonly Share[] {
  if (row.isTraining || row.ending === 'superseded') return []
  const whole = wholeTicket(row)
  return [
    { dimension: 'branch', id: '', ...whole },
    ...serviceShares(row, whole),
    ...(row.issuedHour === null ? [] : [{ dimension: 'hour', id: hourId(row.issuedHour), ...whole } as const]),
    ...(dimensions.some((dimension) => COUNTS_STAYS.has(dimension))
      ? grouped(row.passes, ({ isEntry }) => isEntry).flatMap(stayShares)
      : []),
  ]
}

/** Everything a shift that has ended adds to the figures of its date. */
export function sharesOfShift(shift: Shift): readonly Share[] {
  const { counterId, agentId, isTraining, signedInMs, breakMs, servingMs } = shift
  if (signedInMs === null || isTraining) return []
  const times = { signedInMs, breakMs, servingMs }
  return [
    { dimension: 'branch', id: '', counts: {}, durations: {}, times },
    { dimension: 'counter', id: counterId, counts: {}, durations: {}, times },
    { dimension: 'agent', id: agentId, counts: {}, durations: {}, times },
  ]
}

const record = <Key extends string>(keys: readonly Key[]): Record<Key, number> =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>

export const emptyTally = (): Tally => ({
  counts: record(COUNTS),
  times: record(TIMES),
  spreads: { wait: emptySpread(), toService: emptySpread(), service: emptySpread() },
})

/** @param sign - -1 takes a share out that was added before */
export function addShare(tally: Tally, share: Share, grain: Grain, sign: 1 | -1 = 1): void {
  for (const key of COUNTS) tally.counts[key] += sign * (share.counts[key] ?? 0)
  for (const key of DURATIONS) {
    const ms = share.durations[key] ?? null
    if (ms !== null) addDuration(tally.spreads[key], ms, grain, sign)
  }
  if (share.times !== undefined) for (const key of TIMES) tally.times[key] += sign * share.times[key]
}

/** Both must have been counted by the same grain. */
export function addTally(into: Tally, other: Tally, sign: 1 | -1 = 1): void {
  for (const key of COUNTS) into.counts[key] += sign * other.counts[key]
  for (const key of TIMES) into.times[key] += sign * other.times[key]
  for (const key of DURATIONS) addSpread(into.spreads[key], other.spreads[key], sign)
}

export const isEmptyTally = ({ counts, times, spreads }: Tally): boolean =>
  COUNTS.every((key) => counts[key] === 0) &&
  TIMES.every((key) => times[key] === 0) &&
  DURATIONS.every((key) => spreads[key].countByKey.size === 0 && spreads[key].sumMs === 0)

/** All figures of one cell, or of many together. Ratios are shares of 1; null where there is nothing to divide by. */
export interface Figures {
  readonly issuedCount: number
  readonly calledCount: number
  readonly completedCount: number
  readonly noShowCount: number
  readonly cancelledCount: number
  readonly abandonedCount: number
  /** First called − issued; by queue, counter and agent: called − entered that line. */
  readonly wait: Summary
  /** Started − issued; by queue, counter and agent: of tickets that were started there. */
  readonly timeToService: Summary
  /** Time in service, holds left out, of services that have ended. */
  readonly serviceTime: Summary
  /** Waits within the service's target ÷ waits that are known; beside it how many those are. */
  readonly slaCompliance: number | null
  readonly slaCount: number
  /** No-shows ÷ called at least once. */
  readonly noShowRate: number | null
  /** Completed ÷ (completed + no-shows + cancelled). */
  readonly completionRate: number | null
  /** Cancelled while waiting, by the customer or the day's end ÷ issued. */
  readonly abandonmentRate: number | null
  /** Serving ÷ (signed in − breaks). */
  readonly utilisation: number | null
  /** Serving ÷ open, over the counters' time: the mean of "serving counters ÷ open counters" while any was open. */
  readonly occupancy: number | null
  readonly signedInMs: number
  readonly breakMs: number
  readonly servingMs: number
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

export function figuresOf({ counts, times, spreads }: Tally, grain: Grain): Figures {
  const { issued, called, completed, noShow, cancelled, abandoned, targeted, onTarget } = counts
  const { signedInMs, breakMs, servingMs } = times
  return {
    issuedCount: issued,
    calledCount: called,
    completedCount: completed,
    noShowCount: noShow,
    cancelledCount: cancelled,
    abandonedCount: abandoned,
    wait: summaryOf(spreads.wait, grain),
    timeToService: summaryOf(spreads.toService, grain),
    serviceTime: summaryOf(spreads.service, grain),
    slaCompliance: ratio(onTarget, targeted),
    slaCount: targeted,
    noShowRate: ratio(noShow, called),
    completionRate: ratio(completed, completed + noShow + cancelled),
    abandonmentRate: ratio(abandoned, issued),
    utilisation: ratio(servingMs, signedInMs - breakMs),
    occupancy: ratio(servingMs, signedInMs),
    ...{ signedInMs, breakMs, servingMs },
  }
}
