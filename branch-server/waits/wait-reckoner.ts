import type { ClockReading } from '#shared/domain/clock.ts'
import { kioskFault } from '#shared/domain/decide-issue.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import type { EpochMs, EventSeq, ServiceId, TicketId } from '#shared/domain/ids.ts'
import { waitingCountIn } from '#shared/domain/line.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { happeningsOf, lookAt } from '#shared/wait/branch-happenings.ts'
import { type BranchScene, branchSceneAt } from '#shared/wait/branch-scene.ts'
import { askFor, refresh } from '#shared/wait/estimate.ts'
import { learn } from '#shared/wait/learn.ts'
import type { Learned } from '#shared/wait/learned.ts'
import type { WaitRange } from '#shared/wait/measured.ts'
import { WAITING_MAX } from '#shared/wait/replay.ts'
import type { Waist } from '../waist/execute.ts'

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

/** Learns from the events of one branch, and says from what it knows how long people wait. Decides nothing about when. */
export interface WaitReckoner {
  /** Events that were committed; learned from at the next reckoning. */
  note(events: readonly LogEvent[]): void
  reckon(reading: ClockReading): Waits
  /** @returns null when nothing honest can be said of somebody who is about to join */
  ask(ticketId: TicketId, serviceId: ServiceId, priorityValue: number, reading: ClockReading): WaitRange | null
  scene(reading: ClockReading): BranchScene
  /** Another one for each reckoning. */
  seed(): number
}

/** Time since midnight in the branch's zone; an hour off on days when clocks change. */
function dayMsAt({ day, catalogue }: BranchState, atMs: number): number {
  if (day === null || catalogue === null) return 0
  const [hours = 0, minutes = 0] = catalogue.body.branch.businessDayStartsAt.split(':').map(Number)
  const midnightMs = day.endsAtMs - (hours * 60 + minutes) * 60_000
  return (((atMs - midnightMs) % DAY_MS) + DAY_MS) % DAY_MS
}

/** More wait than a replay follows: nothing is told, and nothing of it is looked at. */
function isTooFull({ lines }: BranchState): boolean {
  let count = 0
  for (const line of lines.values()) count += waitingCountIn(line)
  return count > WAITING_MAX
}

/** The waits of a hall of which nothing is said. */
function nothingIn(state: BranchState, atMs: EpochMs): Waits {
  const services = state.catalogue?.body.services ?? []
  const estimates = services.map(({ id }) => ({ serviceId: id, estimate: null }))
  return { seq: state.seq, atMs, services: estimates, tickets: new Map() }
}

/** Whom a service takes in now: past its hours, or once the day is over, nobody joins, and no wait is told. */
const takesNobody = (state: BranchState, service: Parameters<typeof kioskFault>[1], atMs: EpochMs): boolean =>
  state.day === null || state.day.isClosed || kioskFault(state, service, atMs) !== null

/** The events of the log that nobody has learned from yet, and the branch as it was before them. */
function createPupil(waist: Waist, learned: Learned): { note(events: readonly LogEvent[]): void; catchUp(): void } {
  let watched = waist.branch().state
  let backlog: LogEvent[] = []
  return {
    note(events) {
      if (backlog.length <= LEARNED_AT_ONCE_MAX) backlog.push(...events)
    },
    /** Folds along, so that each event is learned from with the branch as it was before it. */
    catchUp() {
      const events = backlog.slice(0, LEARNED_AT_ONCE_MAX)
      backlog = []
      const { state, store } = waist.branch()
      let before = watched
      // The same in the end, unless there was too much to learn from; and this one is in memory already. Also when one
      // event cannot be learned from: the next ones shall be.
      watched = state
      for (const event of events) {
        // A new epoch, or a file that was opened again: nothing before it is known here.
        if (event.epoch !== before.epoch || event.seq !== before.seq + 1) break
        for (const happening of happeningsOf(event, before, dayMsAt(before, event.atMs))) learn(learned, happening)
        before = evolve(before, event, store.catalogues.shelf)
      }
    },
  }
}

export function createWaitReckoner(waist: Waist, learned: Learned): WaitReckoner {
  const pupil = createPupil(waist, learned)
  /** Tickets that were asked for since the last reckoning. */
  let askedIds: TicketId[] = []
  let seed = 1

  const sceneOf = (state: BranchState, { wallMs, steadyMs }: ClockReading): BranchScene =>
    branchSceneAt(state, steadyMs, dayMsAt(state, wallMs), (laneId) => learned.arrivals[laneId] !== undefined)

  /** What was told with a ticket that was then refused: nothing will ever come of it. */
  function forgetRefused({ tickets }: BranchState, nowMs: number): void {
    for (const ticketId of askedIds)
      if (!tickets.has(ticketId)) learn(learned, { type: 'forgotten', ticketId, nowMs, dayMs: 0 })
    askedIds = []
  }

  return {
    note: (events) => pupil.note(events),
    seed: () => seed,
    scene: (reading) => sceneOf(waist.branch().state, reading),
    reckon(reading) {
      pupil.catchUp()
      const { state } = waist.branch()
      forgetRefused(state, reading.steadyMs)
      if (isTooFull(state)) return nothingIn(state, reading.wallMs)
      const { scene, rules, placeFor } = sceneOf(state, reading)
      learn(learned, lookAt(scene))
      const services = state.catalogue?.body.services ?? []
      const places = services.map((service) =>
        takesNobody(state, service, reading.wallMs) ? null : placeFor(service.id, service.queueId, 0),
      )
      const known = places.filter((place) => place !== null)
      seed += 1
      const { waiting, joiners } = refresh(learned, scene, rules, known, seed)
      const estimates = places.map((place) => (place === null ? null : (joiners[known.indexOf(place)] ?? null)))
      return {
        seq: state.seq,
        atMs: reading.wallMs,
        services: services.map(({ id }, index) => ({ serviceId: id, estimate: estimates[index] ?? null })),
        tickets: waiting as ReadonlyMap<TicketId, WaitRange>,
      }
    },
    ask(ticketId, serviceId, priorityValue, reading) {
      const { state } = waist.branch()
      const queueId = state.catalogue?.body.services.find(({ id }) => id === serviceId)?.queueId
      if (queueId === undefined || isTooFull(state)) return null
      pupil.catchUp()
      const { scene, rules, placeFor } = sceneOf(state, reading)
      const place = placeFor(serviceId, queueId, priorityValue)
      seed += 1
      askedIds.push(ticketId)
      return place === null ? null : askFor(learned, scene, rules, place, ticketId, seed)
    },
  }
}
