import type { ClockReading } from '#shared/domain/clock.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import type { EpochMs, EventSeq, PriorityClassId, ServiceId, TicketId } from '#shared/domain/ids.ts'
import { waitingCountIn } from '#shared/domain/line.ts'
import { type BranchState, findService } from '#shared/domain/state.ts'
import type { ToldWait } from '#shared/domain/ticket-birth.ts'
import { happeningsOf, lookAt } from '#shared/wait/branch-happenings.ts'
import { type BranchScene, branchSceneAt } from '#shared/wait/branch-scene.ts'
import { daySoFar, inQueueOrder, meanTargetMs, oneCounter } from '#shared/wait/day-so-far.ts'
import { askFor, refresh } from '#shared/wait/estimate.ts'
import { lastLeavesMs } from '#shared/wait/last-leaves.ts'
import { learn } from '#shared/wait/learn.ts'
import type { Learned } from '#shared/wait/learned.ts'
import { type MeasuredError, measuredError, type WaitRange } from '#shared/wait/measured.ts'
import { WAITING_MAX } from '#shared/wait/replay.ts'
import { type DayFigures, replayDay } from '#shared/wait/replay-day.ts'
import type { Branch, Waist } from './execute.ts'
import type { Log } from './log.ts'

/** After an event the waits are reckoned anew, once nothing has happened for so long: whoever taps or calls goes first. */
const QUIET_MS = 250
/** In a rush without a pause they are reckoned all the same, after so many times that. */
const BUSY_LOOKS_MAX = 8
/** Time passes also where nothing happens. */
const IDLE_REFRESH_MS = 10_000
/** Customers between two looks who are told a wait reckoned for them; in a rush, further ones are told the last for all. */
const ASKED_AT_ONCE_MAX = 8
/** Events one reckoning learns from; in a rush beyond any branch's, the rest teaches nothing. */
const LEARNED_AT_ONCE_MAX = 500
const DAY_MS = 24 * 3_600_000

/** What is expected now, and the place in the log it is true at. */
export interface Waits {
  readonly seq: EventSeq
  readonly atMs: EpochMs
  /** For somebody who would join now, without priority; null where nothing honest can be said. */
  readonly services: readonly { readonly serviceId: ServiceId; readonly estimate: WaitRange | null }[]
  readonly tickets: ReadonlyMap<TicketId, WaitRange>
}

/** When the last customer would leave. Labels of the branch's clock. */
export interface LastLeaves {
  readonly midMs: number
  readonly highMs: number
}

/** The branch's own reckoning of waits: learns from each event, replays the live rules, and measures its error. */
export interface WaitBook {
  /** The wait to tell a customer who is about to get this ticket; null when nothing honest can be said. */
  tell(
    state: BranchState,
    asked: { readonly ticketId: TicketId; readonly serviceId: ServiceId; readonly priority: PriorityClassId | null },
  ): ToldWait | null
  now(): Waits
  /** @param stopAtMs - no ticket is given after it, a label of the branch's clock */
  lastLeaves(stopAtMs: number): LastLeaves | null
  /** The day so far, played again as it was and with one counter more or less; null when there is nothing to tell. */
  whatIf(change: 'more' | 'less'): { readonly asItWas: DayFigures; readonly changed: DayFigures } | null
  /** null while nothing has been measured. */
  error(): MeasuredError | null
  close(): void
}

interface Parts {
  readonly waist: Waist
  readonly readClock: () => ClockReading
  readonly learned: Learned
  readonly log: Log
}

/** Time since midnight in the branch's zone; an hour off on days when clocks change. */
export function dayMsAt({ day, catalogue }: BranchState, atMs: number): number {
  if (day === null || catalogue === null) return 0
  const [hours = 0, minutes = 0] = catalogue.body.branch.businessDayStartsAt.split(':').map(Number)
  const midnightMs = day.endsAtMs - (hours * 60 + minutes) * 60_000
  return (((atMs - midnightMs) % DAY_MS) + DAY_MS) % DAY_MS
}

function roundedOrNull(range: WaitRange | null): ToldWait | null {
  if (range === null) return null
  const { lowMs, midMs, highMs } = range
  return { lowMs: Math.round(lowMs), midMs: Math.round(midMs), highMs: Math.round(highMs) }
}

/** More wait than a replay follows: nothing is told, and nothing of it is looked at. */
function isTooFull({ lines }: BranchState): boolean {
  let count = 0
  for (const line of lines.values()) count += waitingCountIn(line)
  return count > WAITING_MAX
}

/** Above this a day is no branch's, and would keep customers waiting while it is played. */
const PLAYED_TICKETS_MAX = 4_000

function playAgain({ state, store }: Branch, nowMs: number, change: 'more' | 'less'): ReturnType<WaitBook['whatIf']> {
  if (state.day === null || state.tickets.size > PLAYED_TICKETS_MAX) return null
  const times = store
    .shiftsOn(state.day.date)
    .filter(({ isTraining }) => !isTraining)
    .map(({ counterId, sinceSteadyMs, signedInMs, breakMs }) => {
      const toMs = signedInMs === null ? null : sinceSteadyMs + signedInMs
      return { counterId, fromMs: sinceSteadyMs, toMs, breakMs }
    })
  const day = daySoFar(state, times, nowMs)
  const changed = oneCounter(day, change)
  if (changed === null || day.visits.length === 0) return null
  const targetMs = meanTargetMs(state)
  return {
    asItWas: replayDay(day, inQueueOrder, null, targetMs),
    changed: replayDay(day, inQueueOrder, changed, targetMs),
  }
}

export function createWaitBook({ waist, readClock, learned, log }: Parts): WaitBook {
  /** The state up to which everything was learned. */
  let watched = waist.branch().state
  let backlog: LogEvent[] = []
  /** Tickets that were asked for since the last reckoning. */
  let askedIds: TicketId[] = []
  let isScheduled = false
  let isBusy = false
  let seed = 1
  let askedCount = 0
  let waits: Waits = { seq: watched.seq, atMs: watched.now.atMs, services: [], tickets: new Map() }

  const sceneOf = (state: BranchState, { wallMs, steadyMs }: ClockReading): BranchScene =>
    branchSceneAt(state, steadyMs, dayMsAt(state, wallMs), (laneId) => learned.arrivals[laneId] !== undefined)

  /** Folds along, so that each event is learned from with the branch as it was before it. */
  function catchUp(): void {
    const events = backlog.slice(0, LEARNED_AT_ONCE_MAX)
    backlog = []
    const { state, store } = waist.branch()
    for (const event of events) {
      // A new epoch, or a file that was opened again: nothing before it is known here.
      if (event.epoch !== watched.epoch || event.seq !== watched.seq + 1) break
      for (const happening of happeningsOf(event, watched, dayMsAt(watched, event.atMs))) learn(learned, happening)
      watched = evolve(watched, event, store.catalogues.shelf)
    }
    // The same by now, unless there was too much to learn from; and this one is in memory already.
    watched = state
  }

  /** What was told with a ticket that was then refused: nothing will ever come of it. */
  function forgetRefused({ tickets }: BranchState, nowMs: number): void {
    for (const ticketId of askedIds)
      if (!tickets.has(ticketId)) learn(learned, { type: 'forgotten', ticketId, nowMs, dayMs: 0 })
    askedIds = []
  }

  function reckon(): void {
    isScheduled = false
    // Also when nothing was committed since: those whose tickets were refused asked, too.
    askedCount = 0
    catchUp()
    const { state } = waist.branch()
    const reading = readClock()
    forgetRefused(state, reading.steadyMs)
    const services = state.catalogue?.body.services ?? []
    if (isTooFull(state)) {
      const nothing = services.map(({ id }) => ({ serviceId: id, estimate: null }))
      waits = { seq: state.seq, atMs: reading.wallMs, services: nothing, tickets: new Map() }
      return
    }
    const { scene, rules, placeFor } = sceneOf(state, reading)
    learn(learned, lookAt(scene))
    const places = services.map(({ id, queueId }) => placeFor(id, queueId, 0))
    const known = places.filter((place) => place !== null)
    seed += 1
    const { waiting, joiners } = refresh(learned, scene, rules, known, seed)
    const estimates = places.map((place) => (place === null ? null : (joiners[known.indexOf(place)] ?? null)))
    waits = {
      seq: state.seq,
      atMs: reading.wallMs,
      services: services.map(({ id }, index) => ({ serviceId: id, estimate: estimates[index] ?? null })),
      tickets: waiting as ReadonlyMap<TicketId, WaitRange>,
    }
  }

  /** What is told of waits is a service to people: when it fails, tickets go on without it. */
  function safely<Result>(work: () => Result, otherwise: Result): Result {
    try {
      return work()
    } catch (error) {
      log.error({ err: error }, 'the waits could not be reckoned')
      const { state } = waist.branch()
      watched = state
      // A range that nobody reckons any more is no promise.
      waits = { seq: state.seq, atMs: state.now.atMs, services: [], tickets: new Map() }
      return otherwise
    }
  }

  function reckonWhenQuiet(looksLeft: number): void {
    isBusy = false
    setTimeout(() => {
      askedCount = 0
      if (isBusy && looksLeft > 0) reckonWhenQuiet(looksLeft - 1)
      else safely(reckon, undefined)
    }, QUIET_MS).unref()
  }

  const stopListening = waist.onCommit((_, events) => {
    if (backlog.length <= LEARNED_AT_ONCE_MAX) backlog.push(...events)
    isBusy = true
    if (isScheduled) return
    isScheduled = true
    reckonWhenQuiet(BUSY_LOOKS_MAX)
  })
  const idle = setInterval(() => safely(reckon, undefined), IDLE_REFRESH_MS).unref()
  safely(reckon, undefined)

  function ask(state: BranchState, ticketId: TicketId, serviceId: ServiceId, priorityValue: number): ToldWait | null {
    const service = findService(state, serviceId)
    if (service === undefined || state.day === null || state.day.isClosed) return null
    askedCount += 1
    if (askedCount > ASKED_AT_ONCE_MAX)
      return roundedOrNull(waits.services.find((it) => it.serviceId === serviceId)?.estimate ?? null)
    if (isTooFull(state)) return null
    const reading = readClock()
    catchUp()
    const { scene, rules, placeFor } = sceneOf(state, reading)
    const place = placeFor(serviceId, service.queueId, priorityValue)
    seed += 1
    askedIds.push(ticketId)
    const range = place === null ? null : askFor(learned, scene, rules, place, ticketId, seed)
    return roundedOrNull(range)
  }

  return {
    tell(state, { ticketId, serviceId, priority }) {
      const classes = state.catalogue?.body.priorityClasses ?? []
      const priorityValue = classes.find(({ id }) => id === priority)?.value ?? 0
      return safely(() => ask(state, ticketId, serviceId, priorityValue), null)
    },
    now: () => waits,
    lastLeaves(stopAtMs) {
      return safely(() => {
        const { state } = waist.branch()
        const reading = readClock()
        const { scene, rules } = sceneOf(state, reading)
        const stopMs = reading.steadyMs + Math.max(0, stopAtMs - reading.wallMs)
        const leaves = lastLeavesMs(scene, learned, rules, stopMs, seed)
        const labelOf = (steadyMs: number): number => Math.round(reading.wallMs + (steadyMs - reading.steadyMs))
        return leaves === null ? null : { midMs: labelOf(leaves.midMs), highMs: labelOf(leaves.highMs) }
      }, null)
    },
    whatIf: (change) => safely(() => playAgain(waist.branch(), readClock().steadyMs, change), null),
    error: () => measuredError(learned.measured),
    close() {
      stopListening()
      clearInterval(idle)
    },
  }
}
