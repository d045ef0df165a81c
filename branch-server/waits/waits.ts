import type { ClockReading } from '#shared/domain/clock.ts'
import type { PriorityClassId, ServiceId, TicketId } from '#shared/domain/ids.ts'
import { type BranchState, findService, shownKind } from '#shared/domain/state.ts'
import type { ToldWait } from '#shared/domain/ticket-birth.ts'
import { lastLeavesMs } from '#shared/wait/last-leaves.ts'
import type { Learned } from '#shared/wait/learned.ts'
import { type MeasuredError, measuredError, type WaitRange } from '#shared/wait/measured.ts'
import type { Log } from '../log.ts'
import type { Waist } from '../waist/execute.ts'
import { type PlayedAgain, playAgain } from '../waist/play-again.ts'
import { createAskGate } from './ask-gate.ts'
import { createWaitReckoner, type WaitReckoner, type Waits } from './wait-reckoner.ts'

export type { Waits } from './wait-reckoner.ts'

/** After an event the waits are reckoned anew, once nothing has happened for so long: whoever taps or calls goes first. */
const QUIET_MS = 250
/** In a rush without a pause they are reckoned all the same, after so many times that. */
const BUSY_LOOKS_MAX = 8
/** Time passes also where nothing happens: so often they are reckoned without any event. */
const IDLE_REFRESH_MS = 10_000
/** By the branch's clock, nobody is shown anything older: a machine that slept must not promise what was true before. */
const AGE_MAX_MS = 60_000

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
  whatIf(change: 'more' | 'less'): PlayedAgain | null
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

function roundedOrNull(range: WaitRange | null): ToldWait | null {
  if (range === null) return null
  const { lowMs, midMs, highMs } = range
  return { lowMs: Math.round(lowMs), midMs: Math.round(midMs), highMs: Math.round(highMs) }
}

/** When the waits are reckoned: not between a command and its answer, and at least so often that none grows old. */
function createDiary({ waist, readClock, log }: Parts, reckoner: WaitReckoner) {
  let isScheduled = false
  let isBusy = false
  const gate = createAskGate()
  let waits: Waits = nothingAt(waist.branch().state)
  let reckonedMs = Number.NEGATIVE_INFINITY

  /** What is told of waits is a service to people: when it fails, tickets go on without it. */
  function safely<Result>(work: () => Result, otherwise: Result): Result {
    try {
      return work()
    } catch (error) {
      log.error({ err: error }, 'the waits could not be reckoned')
      // A range that nobody reckons any more is no promise.
      waits = nothingAt(waist.branch().state)
      return otherwise
    }
  }

  function reckon(): void {
    safely(() => {
      const reading = readClock()
      reckonedMs = reading.steadyMs
      waits = reckoner.reckon(reading)
    }, undefined)
  }

  function reckonWhenQuiet(looksLeft: number): void {
    isBusy = false
    setTimeout(() => {
      gate.look()
      if (isBusy && looksLeft > 0) return reckonWhenQuiet(looksLeft - 1)
      isScheduled = false
      reckon()
    }, QUIET_MS).unref()
  }

  const stopListening = waist.onCommit((_, events) => {
    reckoner.note(events)
    isBusy = true
    if (isScheduled) return
    isScheduled = true
    reckonWhenQuiet(BUSY_LOOKS_MAX)
  })
  const idle = setInterval(() => {
    // Also when nothing was committed since: those whose tickets were refused asked, too.
    gate.look()
    reckon()
  }, IDLE_REFRESH_MS).unref()
  reckon()
  return {
    safely,
    waits(): Waits {
      if (readClock().steadyMs - reckonedMs > AGE_MAX_MS) reckon()
      return waits
    },
    mayAsk: () => gate.mayAsk(),
    close() {
      stopListening()
      clearInterval(idle)
    },
  }
}

const nothingAt = ({ seq, now }: BranchState): Waits => ({ seq, atMs: now.atMs, services: [], tickets: new Map() })

/**
 * Whoever announces a delay knows what no replay of the rules can, and during an emergency nobody is called: a range
 * beside either would be no honest one.
 */
const mayTell = (state: BranchState): boolean => !['delay', 'emergency'].includes(shownKind(state) ?? '')

export function createWaitBook(parts: Parts): WaitBook {
  const { waist, readClock, learned } = parts
  const reckoner = createWaitReckoner(waist, learned)
  const diary = createDiary(parts, reckoner)

  function ask(state: BranchState, ticketId: TicketId, serviceId: ServiceId, priorityValue: number): ToldWait | null {
    if (findService(state, serviceId) === undefined || state.day === null || state.day.isClosed) return null
    if (!mayTell(state)) return null
    return roundedOrNull(
      diary.mayAsk()
        ? reckoner.ask(ticketId, serviceId, priorityValue, readClock())
        : (diary.waits().services.find((it) => it.serviceId === serviceId)?.estimate ?? null),
    )
  }

  return {
    tell(state, { ticketId, serviceId, priority }) {
      const classes = state.catalogue?.body.priorityClasses ?? []
      const priorityValue = classes.find(({ id }) => id === priority)?.value ?? 0
      return diary.safely(() => ask(state, ticketId, serviceId, priorityValue), null)
    },
    now() {
      const { state } = waist.branch()
      return mayTell(state) ? diary.waits() : nothingAt(state)
    },
    lastLeaves(stopAtMs) {
      return diary.safely(() => {
        const reading = readClock()
        const { scene, rules } = reckoner.scene(reading)
        const stopMs = reading.steadyMs + Math.max(0, stopAtMs - reading.wallMs)
        const leaves = lastLeavesMs(scene, learned, rules, stopMs, reckoner.seed())
        const labelOf = (steadyMs: number): number => Math.round(reading.wallMs + (steadyMs - reading.steadyMs))
        return leaves === null ? null : { midMs: labelOf(leaves.midMs), highMs: labelOf(leaves.highMs) }
      }, null)
    },
    whatIf: (change) => diary.safely(() => playAgain(waist.branch(), readClock().steadyMs, change), null),
    error: () => measuredError(learned.measured),
    close: () => diary.close(),
  }
}
